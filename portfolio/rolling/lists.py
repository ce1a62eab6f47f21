"""Lists that projects are named in: 自治区统筹推进重大项目 (三(三)) and the near-term regional list (三(四)).

The near-term list is proposed by any of its three units and stands once all three have said so; to propose is to
confirm. Each speaks for itself, under a document of its own, and sees what the others proposed. A withdrawal by one of
them takes the project off again.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.persons import person_of, typed_faults
from portfolio.access.rules import Actor, Scope, offers, require, require_some
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, ForbiddenError, InvalidError
from portfolio.core.frames import frame_of
from portfolio.journal import service as journal
from portfolio.ledger.checks import date_faults
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.rolling.rules.editions import BOOK, batch_fits
from portfolio.rolling.tables import Listing

COORDINATED, NEAR_TERM = "coordinated", "near_term"
ACTS = {COORDINATED: ("included", "removed"), NEAR_TERM: ("proposed", "confirmed", "withdrawn")}
SAID_YES = ("proposed", "confirmed", "included")
SAID = ("act", "doc_no", "on_date", "person")
LONGEST = {"doc_no": 80, "person": 80}


@dataclass(frozen=True)
class Act:
    """What is said of a project in a list of a year, by a unit where the list has some, under a document.

    `person` speaks for the unit where nobody signs in; else it is the account.
    """

    project: str
    list: str
    year: int
    act: str
    on_date: str
    unit: str = ""
    batch: str = "annual"
    doc_no: str = ""
    person: str = ""


def units_of(name: str) -> tuple[str, ...]:
    """The units that must all confirm a list; none for a list that a document decides."""
    return tuple(row["unit"] for row in BOOK.rows("lists") if row["list"] == name and row["unit"])


def say(session: Session, actor: Actor, scope: Scope, act: Act) -> None:
    """Put down what is said; refused when it says nothing new, is said by another unit, or before it was proposed."""
    require_some(actor, "list.speak" if units_of(act.list) else "list.say")
    revision.bump(session)
    _require_own_voice(actor, act)
    project = get_project(session, reach_of(actor, scope, act.list), act.project)
    held = _said(session, project["id"], act.list, act.year)
    found = _faults(act) + typed_faults(actor, act.person, "person")
    if units_of(act.list) and actor.user_id is None and not act.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    if act.act == "confirmed" and not any(held.get(unit) in SAID_YES for unit in units_of(act.list)):
        found.append(FieldError("act", "rolling.not_proposed", {"value": act.project}))
    if found:
        raise InvalidError("rolling.invalid", found)
    if held.get(act.unit) == act.act or (act.act in SAID_YES and held.get(act.unit) in SAID_YES):
        raise ConflictError("rolling.already_said", code=act.project)
    said = {**vars(act), "person": person_of(actor, act.person).name}
    made = {**said, "project_id": project["id"], "made_at": utc_now(), "actor": actor.name}
    made.pop("project")
    _forget(session, project["id"], act)
    session.connection().execute(insert(_listings).values(**made))
    revision.touch(session, [project["id"]])
    journal.record(session, actor, "rolling", [journal.Entry(act.project, "list", dict(held), said)])


def voices(actor: Actor, name: str) -> tuple[str, ...]:
    """The units of a list for which the actor may speak: their own, or any where nobody signs in."""
    return tuple(unit for unit in units_of(name) if actor.user_id is None or unit in actor.own_units)


def reach_of(actor: Actor, scope: Scope, name: str) -> Scope:
    """The projects a person may look at in a list: a unit of the list must know what the others proposed."""
    return EVERYTHING if voices(actor, name) and offers(actor, "list.speak") else scope


def _require_own_voice(actor: Actor, act: Act) -> None:
    """A list by document is the planners'; in a list of units each speaks for itself and for no other."""
    if not units_of(act.list):
        require(actor, "list.say")
    elif act.unit in units_of(act.list) and act.unit not in voices(actor, act.list):
        raise ForbiddenError("rolling.not_your_voice", unit=act.unit)


def _faults(act: Act) -> list[FieldError]:
    found = []
    if act.act not in ACTS.get(act.list, ()):
        found.append(FieldError("act", "field.unknown_code", {"value": f"{act.list} {act.act}"}))
    units = units_of(act.list)
    if (units and act.unit not in units) or (not units and act.unit):
        found.append(FieldError("unit", "rolling.not_their_list", {"value": act.unit}))
    if (units or act.act == "included") and not act.doc_no.strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    found += date_faults(act.on_date)
    for field, limit in LONGEST.items():
        if len(getattr(act, field)) > limit:
            found.append(FieldError(field, "field.too_long", {"limit": limit}))
    if not batch_fits(act.batch):
        found.append(FieldError("batch", "field.unknown_code", {"value": act.batch}))
    return found


def _forget(session: Session, project: int, act: Act) -> None:
    """The same act may be said again after it was taken back; the journal keeps the first."""
    where = (_listings.c.project_id == project) & (_listings.c.list == act.list) & (_listings.c.year == act.year)
    where &= (_listings.c.unit == act.unit) & (_listings.c.act == act.act)
    session.connection().execute(_listings.delete().where(where))


def _said(session: Session, project: int, name: str, year: int) -> dict[str, str]:
    """The last act of each unit."""
    wanted = (col(Listing.project_id) == project, col(Listing.list) == name, col(Listing.year) == year)
    rows = session.execute(select(col(Listing.unit), col(Listing.act)).where(*wanted).order_by(col(Listing.id)))
    return {unit: act for unit, act in rows}


def marks_of(session: Session, year: int) -> dict[int, tuple[str, ...]]:
    """The lists of `year` each project (id) stands in."""
    names = (col(Listing.project_id), col(Listing.list), col(Listing.unit), col(Listing.act))
    last: dict[tuple[int, str], dict[str, str]] = {}
    rows = session.execute(select(*names).where(col(Listing.year) == year).order_by(col(Listing.id)))
    for project, name, unit, act in rows:
        last.setdefault((project, name), {})[unit] = act
    found: dict[int, tuple[str, ...]] = {}
    for (project, name), said in sorted(last.items()):
        if is_listed(name, said):
            found[project] = (*found.get(project, ()), name)
    return found


def is_listed(name: str, said: dict[str, str]) -> bool:
    """Whether the last acts, by unit, put a project into the list."""
    units = units_of(name) or ("",)
    return all(said.get(unit) in SAID_YES for unit in units)


def list_frame(session: Session, scope: Scope, name: str, year: int) -> pd.DataFrame:
    """A list of a year by project: `code`, names, what each unit said last (column a unit), `said`, `doc_no`, `listed`.

    `said` tells unit → `act`, `doc_no`, `on_date` and `person`; `doc_no` is the last document.
    """
    units = units_of(name) or ("",)
    told: list[Any] = [Listing.act, Listing.doc_no, Listing.on_date, Listing.person]
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en, Listing.unit, *told]
    scope = reach_of(scope.reader, scope, name) if scope.reader is not None else scope
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(Listing.project_id))
        .where(col(Listing.list) == name, col(Listing.year) == year, *conditions(NO_FILTERS, scope))
        .order_by(col(Listing.id))
    )
    rows: dict[str, dict[str, Any]] = {}
    for code, name_zh, name_en, unit, *told in session.execute(statement):
        said = dict(zip(SAID, told, strict=True))
        names = {"code": code, "name_zh": name_zh, "name_en": name_en}
        row = rows.setdefault(code, {**names, **dict.fromkeys(units), "said": {}})
        row |= {unit: said["act"], "doc_no": said["doc_no"] or row.get("doc_no", "")}
        row["said"][unit] = said
    for row in rows.values():
        row["listed"] = is_listed(name, {unit: row[unit] for unit in units})
    heads = ["code", "name_zh", "name_en", *units, "said", "doc_no", "listed"]
    return frame_of([rows[code] for code in sorted(rows)], heads)


_listings = Listing.metadata.tables["project_lists"]
