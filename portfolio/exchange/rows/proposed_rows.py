"""Rows of an export with what is proposed laid over them and marked, for who enters or reviews it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.needs.beside import needs_beside
from portfolio.needs.queries import iterate_needs, iterate_not_applicable
from portfolio.needs.records import NeedRecord
from portfolio.projects.beside import Beside, beside
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.proposals import NEEDS
from portfolio.projects.queries import iterate_projects
from portfolio.vocabulary.elements import element_tree

BATCH = 500
MARK = "1"


def projects_seen(
    session: Session, scope: Scope, filters: ProjectFilters, sort: str, proposed: bool = False
) -> Iterator[Beside]:
    """The projects of a list as they were accepted, or as they would be, a batch at a time."""
    found = iterate_projects(session, scope, filters, sort)
    if not proposed:
        yield from map(Beside, found)
        return
    while part := list(islice(found, BATCH)):
        yield from beside(session, scope, part)


@dataclass(frozen=True)
class NeedSeen:
    """A need as it would be, and whether it is proposed; `amount` None is a statement that would be taken back."""

    project: str
    item: str
    year: int | None
    amount: int | None
    basis: str
    dimension: str
    proposed: bool


def needs_seen(
    session: Session, scope: Scope, filters: ProjectFilters, item: str | None, years: tuple[int, ...]
) -> Iterator[NeedSeen]:
    """The needs of a list as they would be; 不涉及 has no year. `filters` let those in that were never accepted."""
    changed, fresh = set[str](), set[str]()
    for seen in projects_seen(session, scope, filters, "code", proposed=True):
        if any(key.startswith(f"{NEEDS}.") for key in seen.keys):
            changed.add(seen.project["code"])
        elif not seen.accepted:
            fresh.add(seen.project["code"])
    dimension = {node.code: node.dimension for node in element_tree(session).nodes}
    if item is None and not years:
        for project, closed, basis in iterate_not_applicable(session, scope, filters):
            if project not in changed:
                yield NeedSeen(project, closed, None, None, basis, dimension[closed], project in fresh)
    for need in iterate_needs(session, scope, filters, item, years):
        if need["project"] not in changed:
            yield _stored(need, need["project"] in fresh)
    for code in sorted(changed):
        yield from _changed(session, scope, code, dimension, item, years)


def _changed(
    session: Session, scope: Scope, code: str, dimension: dict[str, str], item: str | None, years: tuple[int, ...]
) -> Iterator[NeedSeen]:
    found = needs_beside(session, scope, code)
    keys = set(found.keys)
    if item is None and not years:
        for closed in found.not_applicable:
            yield NeedSeen(code, closed, None, None, "reported", dimension[closed], closed in keys)
    for need in found.rows:
        key = f"{need['item']} {need['year']}"
        if _asked(need["item"], need["year"], item, years):
            yield _stored(need, key in keys)
        keys.discard(key)
    for key in sorted(keys):
        leaf, _, year = key.partition(" ")
        if year and _asked(leaf, int(year), item, years):
            yield NeedSeen(code, leaf, int(year), None, "", dimension[leaf], True)


def _asked(leaf: str, year: int, item: str | None, years: tuple[int, ...]) -> bool:
    return (item is None or leaf == item or leaf.startswith(f"{item}.")) and (not years or year in years)


def _stored(need: NeedRecord, proposed: bool) -> NeedSeen:
    names = (need["project"], need["item"], need["year"], need["required"], need["basis"], need["dimension"])
    return NeedSeen(*names, proposed)
