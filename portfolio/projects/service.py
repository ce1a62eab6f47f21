"""Write the project library: create, change and remove, each checked, journalled and counted in the revision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Row, Scope, allows, offers, require, require_some, row_of
from portfolio.attachments.queries import count_below
from portfolio.core import plain_text, revision
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from portfolio.core.kept import KeptUntilWholesale
from portfolio.core.records import picked, record_of
from portfolio.journal import service as journal
from portfolio.journal.tables import JournalEntry
from portfolio.projects.gate import begin, pass_gate, require_open
from portfolio.projects.identity import refused_by_the_database, require_own_code
from portfolio.projects.moving import require_free_to_move
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules import facts as rules
from portfolio.projects.rules import national_code
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.rules.workflow import WITH_OFFICE
from portfolio.projects.states import Standing, standing
from portfolio.projects.tables import (
    BASIS_OF,
    FACTS,
    LENGTHS,
    LINKS,
    Project,
    ProjectData,
    ProjectRegion,
    ProjectTask,
    ProjectUnit,
)
from portfolio.projects.whose import require_keeping
from portfolio.scheme.tables import Task, Unit
from portfolio.vocabulary.codes import entries
from portfolio.vocabulary.tables import Region

REPORTED = "reported"
DERIVED_FROM = {"city_code": ("region_codes",), "search_text": rules.SEARCHED, "name_key": ("name_zh",)}
_references = KeptUntilWholesale()
_LINK_COLUMNS: dict[str, tuple[Any, str]] = {
    "region_codes": (ProjectRegion, "region_code"),
    "task_ids": (ProjectTask, "task_id"),
    "units": (ProjectUnit, "unit_code"),
}


@dataclass(frozen=True)
class References:
    """The codes a record may name, each region's city and each city's government, read once for a batch of writes."""

    known: rules.Known
    city_of: Mapping[str, str | None]
    government_of: Mapping[str | None, str]


def load_references(session: Session) -> References:
    """The references of the session's database, read again only after code lists may have changed."""
    return _references.get(session, lambda: _read_references(session))


def _read_references(session: Session) -> References:
    lists = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
    cities = {code: city for code, city in session.execute(select(col(Region.code), col(Region.city_code)))}
    codes: dict[str, set[str]] = {name: set(entries(source)) for name, source in lists.items()}
    codes["region_codes"] = set(cities)
    codes["task_ids"] = set(session.execute(select(col(Task.id))).scalars())
    codes["units"] = set(session.execute(select(col(Unit.code))).scalars())
    governments = select(col(Unit.region_code), col(Unit.code)).where(col(Unit.kind) == "CITY_GOV")
    return References(rules.Known(codes, LENGTHS), cities, {city: code for city, code in session.execute(governments)})


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
    stated = data.model_dump()
    facts = _prepared({name: stated[name] for name in (*FACTS, *LINKS)}, {})
    facts["code"] = facts["code"] or next_code(session)
    facts["office_unit"] = facts["office_unit"] or _first_office(actor, facts, references)
    _require_valid(facts, references)
    require(actor, "project.create", _row(facts, references))
    _require_free(session, facts["code"])
    require_own_code(session, actor, facts)
    project_id = _insert(session, facts, references, number)
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

    A figure changed by hand is a reported one unless the change says otherwise.
    """
    require_some(actor, "project.edit")
    number = revision.bump(session)
    held = get_project(session, scope, code)
    require(actor, "project.edit", row_of(held))
    if version is not None and version != held["version"]:
        raise StaleError("project.stale", held, code=code)
    before = picked(held, (*FACTS, *LINKS))
    facts = _prepared({**before, **changes}, changes, before)
    changed = {name for name in facts if _plain(facts[name]) != _plain(before[name])}
    if not changed:
        return held
    references = references or load_references(session)
    _require_valid(facts, references)
    if "code" in changed:
        raise InvalidError("project.code_is_for_life", code=code)
    if "office_unit" in changed:
        require(actor, "project.transfer", row_of(held))
    else:
        # Nobody writes a project out of their own reach, or into somebody else's.
        require(actor, "project.edit", _row(facts, references))
    if changed & {"lead_unit", "region_codes"}:
        placed = {**facts, "city_code": rules.reporting_city(facts["region_codes"], references.city_of)}
        require_keeping(session, actor, held, placed, reason)
        require_free_to_move(session, held, placed)
    if "national_code" in changed:
        require_own_code(session, actor, facts)
    pass_gate(session, actor, held, "facts", lambda: before)
    _write(session, held["id"], facts, changed, references, number)
    revision.touch(session, [held["id"]])
    entry = journal.Entry(code, "update", {n: before[n] for n in changed}, {n: facts[n] for n in changed})
    journal.record(session, actor, "projects", [entry], reason)
    return _written(held, facts, references)


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


def _prepared(
    facts: dict[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Facts with codes normalised and every stated figure given its basis."""
    prepared: dict[str, Any] = {name: list(value) if name in LINKS else value for name, value in facts.items()}
    for name in LENGTHS:
        prepared[name] = plain_text.stated(prepared[name] or "")
    for name in LINKS:
        prepared[name] = list(dict.fromkeys(prepared[name]))
    stated = (prepared.get("national_code") or "").strip()
    prepared["national_code"] = national_code.normalise(stated) or stated or None
    for basis in dict.fromkeys(BASIS_OF.values()):
        prepared[basis] = _basis(basis, prepared, changes, before or {})
    return prepared


def _basis(basis: str, facts: Mapping[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    figures = [name for name, of in BASIS_OF.items() if of == basis]
    if all(facts.get(name) is None for name in figures):
        return None
    if basis in changes and changes[basis] is not None:
        return str(changes[basis])
    touched = any(name in changes and changes[name] != before.get(name) for name in figures)
    return REPORTED if touched else facts.get(basis) or REPORTED


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


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


def _row(facts: Mapping[str, Any], references: References) -> Row:
    return row_of({**facts, "city_code": rules.reporting_city(facts["region_codes"], references.city_of)})


def _derived(facts: Mapping[str, Any], references: References) -> dict[str, Any]:
    return {
        "city_code": rules.reporting_city(facts["region_codes"], references.city_of),
        "search_text": rules.search_text(facts),
        "name_key": plain_name(facts["name_zh"]),
    }


def _insert(session: Session, facts: Mapping[str, Any], references: References, number: int) -> int:
    values = {name: facts[name] for name in FACTS} | _derived(facts, references)
    table = Project.metadata.tables["projects"]
    insertion = insert(table).values(**values, version=1, needs_version=1, revision=number)
    try:
        result = session.connection().execute(insertion)
    except IntegrityError as error:
        raise refused_by_the_database(error, facts) from error
    project_id = int((result.inserted_primary_key or (0,))[0])
    _write_links(session, project_id, facts, LINKS)
    return project_id


def _write(
    session: Session, project_id: int, facts: Mapping[str, Any], changed: set[str], references: References, number: int
) -> None:
    names = tuple(name for name in FACTS if name in changed)
    # City and text lie in many indexes: they are written only when something they follow from was.
    derived = tuple(name for name, sources in DERIVED_FROM.items() if changed & set(sources))
    values = {**facts, **(_derived(facts, references) if derived else {}), "number": number, "project": project_id}
    chosen = {name: values[name] for name in ("number", "project", *names, *derived)}
    try:
        result = session.connection().execute(_changing((*names, *derived)), chosen)
    except IntegrityError as error:
        raise refused_by_the_database(error, facts) from error
    if result.rowcount != 1:
        raise NotFoundError("project.not_found", code=facts["code"])
    _write_links(session, project_id, facts, [name for name in LINKS if name in changed])


@lru_cache(256)
def _changing(names: tuple[str, ...]) -> Update:
    """The statement that changes the columns `names` of project `project` under revision `number`."""
    table = Project.metadata.tables["projects"]
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    raised = {"version": table.c.version + 1, "revision": bindparam("number")}
    return update(table).where(table.c.id == bindparam("project")).values(**values, **raised)


def _write_links(session: Session, project_id: int, facts: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        table, column = _LINK_COLUMNS[name]
        session.execute(delete(table).where(table.project_id == project_id))
        rows = [
            {"project_id": project_id, "position": position, column: value}
            for position, value in enumerate(facts[name], 1)
        ]
        if rows:
            session.execute(insert(table), rows)
