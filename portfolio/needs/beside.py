"""A project's needs as they would be: what is proposed laid over what was accepted."""

from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.frames import records
from portfolio.core.records import records_of
from portfolio.needs.changes import changes_in, held_needs, proposed_over
from portfolio.needs.queries import not_applicable, project_needs
from portfolio.needs.records import NeedRecord
from portfolio.projects import proposals
from portfolio.projects.beside import may_see
from portfolio.projects.proposals import proposed
from portfolio.projects.queries import get_project
from portfolio.vocabulary.elements import element_tree


@dataclass(frozen=True)
class NeedsBeside:
    """Needs in the order of the tree, the items a project says it needs none of, and the keys that are proposed."""

    rows: list[NeedRecord]
    not_applicable: list[str]
    keys: tuple[str, ...] = ()


def needs_beside(session: Session, scope: Scope, code: str) -> NeedsBeside:
    """The needs of one project with what is proposed, where the reader may see that; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    stored = records_of(NeedRecord, records(project_needs(session, scope, code)))
    closed = not_applicable(session, scope, code)
    part = proposed(session, project["id"], proposals.NEEDS) if may_see(session, scope, project) else {}
    if not part:
        return NeedsBeside(stored, closed)
    tree = element_tree(session)
    held = proposed_over(session, tree, project["id"], held_needs(session, project["id"]))
    kept = {(row["item"], row["year"]): row["revision"] for row in stored}
    place = {node.id: number for number, node in enumerate(tree.nodes)}
    rows = []
    for (item, year), (required, basis) in sorted(held.needs.items(), key=lambda one: (place[one[0][0]], one[0][1])):
        node = tree.by_id[item]
        told = {"project": code, "item": node.code, "year": year, "required": required, "basis": basis}
        rows.append({**told, "dimension": node.dimension, "revision": kept.get((node.code, year))})
    shut = [tree.by_id[item].code for item in sorted(held.closed, key=place.__getitem__)]
    return NeedsBeside(records_of(NeedRecord, rows), shut, tuple(change.key for change in changes_in(tree, part)))
