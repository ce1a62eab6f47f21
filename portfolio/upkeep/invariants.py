"""What must always hold in a database, recomputed from the tables: the `portfolio check` command."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING, SYSTEM
from portfolio.attachments.queries import damaged
from portfolio.core import revision, schema
from portfolio.exchange.rows.scheme_import import credit_code_warning
from portfolio.exchange.uploads.queries import list_imports
from portfolio.exchange.uploads.store import folder_of, holds
from portfolio.finance.lines import overdrawn_lines
from portfolio.journal.queries import chain_status
from portfolio.journal.tables import JournalEntry
from portfolio.ledger.places import held_elsewhere
from portfolio.ledger.recount import miscounts
from portfolio.ledger.timing import untimely
from portfolio.needs import cube
from portfolio.needs.tables import Need, NotApplicable
from portfolio.projects.identity import displaced, misnamed
from portfolio.projects.queries import iterate_projects
from portfolio.projects.references import load_references
from portfolio.projects.rules import facts as rules
from portfolio.projects.states import misplaced
from portfolio.rolling.recount import faults_of_editions
from portfolio.scenarios.recount import faults_of_scenarios
from portfolio.scheme.tables import Unit
from portfolio.screening.recount import miscounted
from portfolio.vocabulary.elements import element_tree

EVERY = 1 << 31


@dataclass(frozen=True)
class Breach:
    """A broken invariant: catalogue text `check-<code>` with its subject; a warning does not fail the check."""

    code: str
    subject: str
    warning: bool = False


def breaches(engine: Engine) -> Iterator[Breach]:
    """Every breach of every invariant."""
    held = schema.held(engine)
    stands = schema.standing(held)
    if stands != "current":
        yield Breach("schema_newer" if stands == "newer" else "schema", held or "-")
        return
    with Session(engine) as session:
        yield from breaches_within(session)


def breaches_within(session: Session) -> Iterator[Breach]:
    """Every breach of every invariant as the session's transaction sees a database of the current schema."""
    for check in CHECKS:
        yield from check(session)


def _projects(session: Session) -> Iterator[Breach]:
    references = load_references(session)
    for project in iterate_projects(session, EVERYTHING):
        for fault in rules.faults(project, references.known):
            yield Breach("project_fault", f"{project['code']} {fault.field}")
        for fault in rules.warnings(project):
            yield Breach("project_warning", f"{project['code']} {fault.field}", warning=True)
        if project["city_code"] != rules.reporting_city(project["region_codes"], references.city_of):
            yield Breach("project_city", project["code"])


def _needs_on_leaves(session: Session) -> Iterator[Breach]:
    tree = element_tree(session)
    leaves = [leaf.id for leaf in tree.leaves]
    for item in session.execute(select(col(Need.item_id)).where(col(Need.item_id).not_in(leaves)).distinct()).scalars():
        yield Breach("need_on_parent", tree.by_id[item].code)
    for project in session.execute(select(col(Need.project_id)).where(col(Need.required) < 0)).scalars():
        yield Breach("need_negative", str(project))
    for project, item in session.execute(select(col(NotApplicable.project_id), col(NotApplicable.item_id))):
        under = [leaf.id for leaf in tree.leaves_under(tree.by_id[item].code)]
        answered = select(col(Need.year)).where(col(Need.project_id) == project, col(Need.item_id).in_(under))
        if session.execute(answered.limit(1)).first():
            yield Breach("need_both", f"{project} {tree.by_id[item].code}")


def _cube(session: Session) -> Iterator[Breach]:
    """The resident copy against sums made by the database."""
    kept = cube.snapshot(session)
    held = {int(i): int(kept.required[kept.item == i].sum()) for i in np.unique(kept.item)}
    rows = session.execute(select(col(Need.item_id), func.sum(col(Need.required))).group_by(col(Need.item_id)))
    stored = {int(item): int(total) for item, total in rows}
    for item in sorted(held.keys() | stored.keys()):
        if held.get(item) != stored.get(item):
            yield Breach("cube", str(item))


def _journal(session: Session) -> Iterator[Breach]:
    newest = session.execute(select(func.max(col(JournalEntry.revision)))).scalar() or 0
    if newest > revision.current(session):
        yield Breach("journal_ahead", str(newest))
    chain = chain_status(session)
    if chain.broken is not None:
        yield Breach("journal_broken", str(chain.broken))
    if chain.cut:
        yield Breach("journal_cut", f"{chain.rows} / {chain.expected}")


def _attachments(session: Session) -> Iterator[Breach]:
    for kind, subject in damaged(session):
        yield Breach(f"attachment_{kind}", subject)


def _units(session: Session) -> Iterator[Breach]:
    for code, credit in session.execute(select(col(Unit.code), col(Unit.credit_code))):
        if credit_code_warning(credit):
            yield Breach("credit_code", code, warning=True)


def _ledger(session: Session) -> Iterator[Breach]:
    for kind, subject in miscounts(session):
        yield Breach(f"ledger_{kind}", subject)
    for kind, subject in untimely(session):
        yield Breach(f"ledger_{kind}", subject)
    for subject in held_elsewhere(session):
        yield Breach("ledger_elsewhere", subject)


def _review(session: Session) -> Iterator[Breach]:
    for line in overdrawn_lines(session):
        yield Breach("review_line", str(line))


def _editions(session: Session) -> Iterator[Breach]:
    for kind, subject in faults_of_editions(session):
        yield Breach(f"edition_{kind}", subject)


def _scores(session: Session) -> Iterator[Breach]:
    for subject in miscounted(session):
        yield Breach("score", subject)


def _scenarios(session: Session) -> Iterator[Breach]:
    for kind, subject in faults_of_scenarios(session):
        yield Breach(f"scenario_{kind}", subject)


def _imports(session: Session) -> Iterator[Breach]:
    """The files of what was applied, read through; and that its revision is one that was."""
    folder = folder_of(session.get_bind().engine)
    for record, files in list_imports(session, SYSTEM, limit=EVERY, state="applied"):
        for file in files:
            if not holds(folder, file):
                yield Breach("import_file", f"{record.id} {file.name}")
        if not record.revision or record.revision > revision.current(session):
            yield Breach("import_revision", str(record.id))


def _identities(session: Session) -> Iterator[Breach]:
    for code, national, holder in displaced(session):
        yield Breach("code_displaced", f"{code} {national} ({holder})", warning=True)
    for code in misnamed(session):
        yield Breach("project_name_key", code)


def _states(session: Session) -> Iterator[Breach]:
    for code in misplaced(session):
        yield Breach("state_of_record", code)


CHECKS: tuple[Callable[[Session], Iterator[Breach]], ...] = (
    _projects,
    _needs_on_leaves,
    _cube,
    _journal,
    _attachments,
    _units,
    _ledger,
    _review,
    _editions,
    _scores,
    _scenarios,
    _imports,
    _states,
    _identities,
)
