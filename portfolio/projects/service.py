"""Write the project library: create, change and remove, each checked, journalled and counted in the revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Scope, allows, offers, require, require_some, row_of
from portfolio.attachments.queries import count_below
from portfolio.core import revision
from portfolio.core.errors import ConflictError, InvalidError, StaleError
from portfolio.core.records import picked, record_of
from portfolio.journal import service as journal
from portfolio.journal.tables import JournalEntry
from portfolio.projects import proposals
from portfolio.projects.accepting import accepts
from portfolio.projects.gate import begin, pass_gate, proposes, require_open
from portfolio.projects.identity import require_own_code
from portfolio.projects.moving import require_free_to_move
from portfolio.projects.preparing import REPORTED, plain, prepared
from portfolio.projects.proposals import Part, laid_over, propose, proposed
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.references import References, load_references, placed, reach_of
from portfolio.projects.rules import facts as rules
from portfolio.projects.rules.workflow import WITH_OFFICE
from portfolio.projects.states import Standing, standing
from portfolio.projects.storing import insert_record, write_record
from portfolio.projects.tables import FACTS, LINKS, Project, ProjectData
from portfolio.projects.whose import require_keeping


def create_project(
    session: Session,
    actor: Actor,
    data: ProjectData,
    reason: str | None = None,
    references: References | None = None,
) -> ProjectRecord:
    """Create a project and return it as stored; without a code it gets the next internal one.

    Without a reporting unit it gets that of the project office writing it, else its lead unit or its city's government.
    """
    require_some(actor, "project.create")
    number = revision.bump(session)
    references = references or load_references(session)
    facts = prepared(picked(data.model_dump(), (*FACTS, *LINKS)), {})
    facts["code"] = facts["code"] or next_code(session)
    facts["lead_unit"] = facts["lead_unit"] or references.lead_of_tasks(facts["task_ids"])
    facts["office_unit"] = facts["office_unit"] or _first_office(actor, facts, references)
    _require_valid(facts, references)
    require(actor, "project.create", reach_of(facts, references))
    _require_free(session, facts["code"])
    require_own_code(session, actor, facts)
    project_id = insert_record(session, facts, references, number)
    revision.touch(session, [project_id])
    journal.record(session, actor, "projects", [journal.Entry(facts["code"], "create", None, _stated(facts))], reason)
    made = get_project(session, EVERYTHING, facts["code"])
    begin(session, actor, made)
    return made


def update_project(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    changes: Mapping[str, Any],
    reason: str | None = None,
    version: int | None = None,
    references: References | None = None,
) -> ProjectRecord:
    """Change the named facts of a project; a `version` that is no longer current raises `StaleError` with the record.

    A figure changed by hand is a reported one unless the change says otherwise. What somebody without the last word
    changes in an accepted record is a proposal: the record returned says what is proposed, the stored one does not.
    """
    require_some(actor, "project.edit")
    revision.bump(session)
    stored = get_project(session, scope, code)
    stands = standing(session, stored["id"])
    held = seen_by(session, actor, stored, stands)
    require(actor, "project.edit", row_of(held))
    if version is not None and version != held["version"]:
        raise StaleError("project.stale", held, code=code)
    change = _change(held, changes)
    if not change.names:
        return held
    references = references or load_references(session)
    _require_valid(change.facts, references)
    _require_allowed(session, actor, held, change, references, reason)
    if pass_gate(session, actor, stored, stands, reason):
        _propose(session, actor, stored, change, reason)
    else:
        _write_facts(session, actor, stored, change, references, reason)
    return _written(held, change.facts, references)


@dataclass(frozen=True)
class _Change:
    """The facts a record had and those it is to have, and the names of those that differ."""

    before: dict[str, Any]
    facts: dict[str, Any]
    names: set[str]

    @property
    def entry(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the journal tells: the changed facts before and after."""
        return {n: self.before[n] for n in self.names}, {n: self.facts[n] for n in self.names}


def _change(held: Mapping[str, Any], changes: Mapping[str, Any]) -> _Change:
    before = picked(held, (*FACTS, *LINKS))
    facts = prepared({**before, **changes}, changes, before)
    return _Change(before, facts, {name for name in facts if plain(facts[name]) != plain(before[name])})


def _require_allowed(
    session: Session,
    actor: Actor,
    held: Mapping[str, Any],
    change: _Change,
    references: References,
    reason: str | None,
) -> None:
    """Who may say this of the record: its code is for life, its place and its unit have rules of their own."""
    if "code" in change.names:
        raise InvalidError("project.code_is_for_life", code=held["code"])
    if "office_unit" in change.names:
        require(actor, "project.transfer", row_of(held))
    else:
        # Nobody writes a project out of their own reach, or into somebody else's.
        require(actor, "project.edit", reach_of(change.facts, references))
    if change.names & {"lead_unit", "region_codes"}:
        require_keeping(session, actor, held, placed(change.facts, references), reason)
    _require_possible(session, actor, held, change, references)


def _require_possible(
    session: Session, actor: Actor, held: Mapping[str, Any], change: _Change, references: References
) -> None:
    """What must hold whoever says it: no quota is left behind, no other project has the code."""
    if change.names & {"lead_unit", "region_codes"}:
        require_free_to_move(session, held, placed(change.facts, references))
    if "national_code" in change.names:
        require_own_code(session, actor, change.facts)


@accepts(proposals.FACTS)
def accept_facts(session: Session, actor: Actor, project: ProjectRecord, part: Part, reason: str | None) -> None:
    """Write proposed facts into a record that is being accepted; the caller has checked that the actor may accept.

    Raises `InvalidError` and `ConflictError` as `update_project` does when they no longer fit.
    """
    references = load_references(session)
    change = _change(project, {name: now for name, (_, now) in part.items()})
    if not change.names:
        return
    _require_valid(change.facts, references)
    _require_possible(session, actor, project, change, references)
    _write_facts(session, actor, project, change, references, reason)


def seen_by(session: Session, actor: Actor, project: ProjectRecord, stands: Standing) -> ProjectRecord:
    """The record that the actor's next change starts from: with what is proposed when the change is a proposal."""
    return with_proposal(session, project) if proposes(actor, project, stands) else project


def with_proposal(session: Session, project: ProjectRecord) -> ProjectRecord:
    """A record of the library with what is proposed laid over its facts, its reporting city among them."""
    part = proposed(session, project["id"], proposals.FACTS)
    if not part:
        return project
    over = laid_over(project, part)
    if "region_codes" in part:
        over["city_code"] = rules.reporting_city(over["region_codes"], load_references(session).city_of)
    return record_of(ProjectRecord, over)


def _propose(session: Session, actor: Actor, stored: Mapping[str, Any], change: _Change, reason: str | None) -> None:
    was, now = change.entry
    entry = journal.Entry(stored["code"], proposals.FACTS, was, now)
    propose(session, actor, stored, proposals.FACTS, stored, now, entry, reason)


def _write_facts(
    session: Session,
    actor: Actor,
    stored: Mapping[str, Any],
    change: _Change,
    references: References,
    reason: str | None,
) -> None:
    number = revision.bump(session)
    write_record(session, stored["id"], change.facts, change.names, references, number)
    revision.touch(session, [stored["id"]])
    entry = journal.Entry(stored["code"], "update", *change.entry)
    journal.record(session, actor, "projects", [entry], reason)


def _written(held: Mapping[str, Any], facts: Mapping[str, Any], references: References) -> ProjectRecord:
    """The record as it now is in the database, without reading it again."""
    links = {name: list(facts[name]) for name in LINKS}
    moved = links["region_codes"] != list(held["region_codes"])
    city = rules.reporting_city(facts["region_codes"], references.city_of) if moved else held["city_code"]
    fresh = {**held, **facts, **links, "city_code": city, "version": held["version"] + 1}
    return record_of(ProjectRecord, fresh)


def remove_project(
    session: Session, actor: Actor, scope: Scope, code: str, reason: str | None = None, version: int | None = None
) -> None:
    """Remove a project with its links; the journal keeps what it was (`needs.removal` removes one with its needs).

    A draft that was never accepted is thrown away by whoever may write it, while it is not locked; any other record is
    removed by a planner.
    Raises `ConflictError` (`project.in_use`) when the ledger or a review names it, or files lie beside it: such a
    project exits instead.
    """
    require_removing(actor)
    revision.bump(session)
    held = get_project(session, scope, code)
    _require_removal(session, actor, held)
    if version is not None and version != held["version"]:
        raise StaleError("project.stale", held, code=code)
    if count_below(session, (*rules.FILED, "step"), code):
        raise ConflictError("project.in_use", code=code)
    revision.touch(session, [held["id"]])
    try:
        session.execute(delete(Project).where(col(Project.id) == held["id"]))
    except IntegrityError as error:
        raise ConflictError("project.in_use", code=code) from error
    before = picked(held, (*FACTS, *LINKS))
    journal.record(session, actor, "projects", [journal.Entry(code, "remove", before, None)], reason)


def removal(held: Standing) -> str:
    """What somebody must be allowed to do for a record that stands so to be taken away by them."""
    return "project.discard" if held.state in WITH_OFFICE and not held.accepted else "project.remove"


def require_removing(actor: Actor) -> None:
    """Raise `ForbiddenError` when the actor may neither remove records nor throw drafts away."""
    if not offers(actor, "project.remove"):
        require_some(actor, "project.discard")


def _require_removal(session: Session, actor: Actor, held: Mapping[str, Any]) -> None:
    if not allows(actor, "project.remove", row_of(held)):
        require(actor, removal(standing(session, held["id"])), row_of(held))
        require_open(session, actor, held)


def restage(session: Session, actor: Actor, project: Mapping[str, Any], stage: str | None, reason: str) -> None:
    """Set the stage of a record that exits, is put off or comes back; the workflow has asked who may."""
    number = revision.bump(session)
    table = Project.metadata.tables["projects"]
    fresh = {"stage": stage, "stage_basis": REPORTED if stage else None}
    changed = {name: value for name, value in fresh.items() if value != project[name]}
    if not changed:
        return
    values = {**changed, "version": table.c.version + 1, "revision": number}
    session.connection().execute(update(table).where(table.c.id == project["id"]).values(**values))
    revision.touch(session, [project["id"]])
    entry = journal.Entry(project["code"], "update", {name: project[name] for name in changed}, changed)
    journal.record(session, actor, "projects", [entry], reason)


def restate(
    session: Session, actor: Actor, project: ProjectRecord, changes: Mapping[str, Any], reason: str | None
) -> bool:
    """Write facts that an act of its own decides (a task's lead, a hand-over) into the record; the act has asked.

    Whatever stands beside the record goes on standing there. Returns whether anything changed.
    """
    change = _change(project, changes)
    if change.names:
        _write_facts(session, actor, project, change, load_references(session), reason)
    return bool(change.names)


def next_code(session: Session) -> str:
    """The next internal code, `GX-2018-` and four digits or more; a removed project's code is not given again."""
    prefix = "GX-2018-"
    used = [_highest(session, col(Project.code), prefix), _highest(session, col(JournalEntry.subject), prefix)]
    return f"{prefix}{max(used) + 1:04d}"


def _highest(session: Session, code: Any, prefix: str) -> int:
    ours = code.startswith(prefix)
    longest = session.execute(select(func.max(func.length(code))).where(ours)).scalar() or 0
    last = session.execute(select(func.max(code)).where(ours, func.length(code) == longest)).scalar()
    digits = last.removeprefix(prefix) if last else "0"
    return int(digits) if digits.isdigit() else 0


def mark_needs_changed(session: Session, project_ids: Iterable[int]) -> None:
    """Raise the needs version of projects whose needs were written (their ETag of the needs list)."""
    number = revision.bump(session)
    table = Project.metadata.tables["projects"]
    ids = list(project_ids)
    for start in range(0, len(ids), 500):
        chosen = table.c.id.in_(ids[start : start + 500])
        session.execute(update(table).where(chosen).values(needs_version=table.c.needs_version + 1, revision=number))


def _stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "", [], ())}


def _require_valid(facts: Mapping[str, Any], references: References) -> None:
    found = rules.faults(facts, references.known)
    if found:
        raise InvalidError("project.invalid", found)


def _require_free(session: Session, code: str) -> None:
    if session.execute(select(col(Project.id)).where(col(Project.code) == code)).first():
        raise ConflictError("project.code_taken", code=code)


def _first_office(actor: Actor, facts: Mapping[str, Any], references: References) -> str | None:
    if actor.role == "project_office":
        return actor.unit
    city = rules.reporting_city(facts["region_codes"], references.city_of)
    return facts["lead_unit"] or references.government_of.get(city)
