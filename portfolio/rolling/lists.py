"""Lists that projects are named in: 自治区统筹推进重大项目 (三(三)) and the near-term regional list (三(四)).

The near-term list is proposed by any of its three units and stands once all three have said so; to propose is to
confirm. A withdrawal by one of them takes the project off again.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.core.frames import frame_of
from portfolio.journal import service as journal
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project
from portfolio.rolling.rules.editions import BOOK, batch_fits
from portfolio.rolling.tables import Listing

COORDINATED, NEAR_TERM = "coordinated", "near_term"
ACTS = {COORDINATED: ("included", "removed"), NEAR_TERM: ("proposed", "confirmed", "withdrawn")}
SAID_YES = ("proposed", "confirmed", "included")


@dataclass(frozen=True)
class Act:
    """What is said of a project in a list of a year, by a unit where the list has some, under a document."""

    project: str
    list: str
    year: int
    act: str
    on_date: str
    unit: str = ""
    batch: str = "annual"
    doc_no: str = ""


def units_of(name: str) -> tuple[str, ...]:
    """The units that must all confirm a list; none for a list that a document decides."""
    return tuple(row["unit"] for row in BOOK.rows("lists") if row["list"] == name and row["unit"])


def say(session: Session, actor: Actor, scope: Scope, act: Act) -> None:
    """Put down what is said; refused when it says nothing new, is said by another unit, or before it was proposed."""
    require(actor, "list.say")
    revision.bump(session)
    project = get_project(session, scope, act.project)
    held = _said(session, project["id"], act.list, act.year)
    found = _faults(act)
    if act.act == "confirmed" and not any(held.get(unit) in SAID_YES for unit in units_of(act.list)):
        found.append(FieldError("act", "rolling.not_proposed", {"value": act.project}))
    if found:
        raise InvalidError("rolling.invalid", found)
    if held.get(act.unit) == act.act or (act.act in SAID_YES and held.get(act.unit) in SAID_YES):
        raise ConflictError("rolling.already_said", code=act.project)
    made = {**vars(act), "project_id": project["id"], "made_at": utc_now(), "actor": actor.name}
    made.pop("project")
    _forget(session, project["id"], act)
    session.connection().execute(insert(_listings).values(**made))
    revision.touch(session, [project["id"]])
    journal.record(session, actor, "rolling", [journal.Entry(act.project, "list", dict(held), vars(act))])


def _faults(act: Act) -> list[FieldError]:
    found = []
    if act.act not in ACTS.get(act.list, ()):
        found.append(FieldError("act", "field.unknown_code", {"value": f"{act.list} {act.act}"}))
    units = units_of(act.list)
    if (units and act.unit not in units) or (not units and act.unit):
        found.append(FieldError("unit", "rolling.not_their_list", {"value": act.unit}))
    if act.list == COORDINATED and act.act == "included" and not act.doc_no.strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
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
    """A list of a year by project: `code`, names, what each unit said last (column a unit), `listed`."""
    units = units_of(name) or ("",)
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en, Listing.unit, Listing.act, Listing.doc_no]
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(Listing.project_id))
        .where(col(Listing.list) == name, col(Listing.year) == year, *conditions(NO_FILTERS, scope))
        .order_by(col(Listing.id))
    )
    rows: dict[str, dict[str, Any]] = {}
    for code, name_zh, name_en, unit, act, doc_no in session.execute(statement):
        row = rows.setdefault(code, {"code": code, "name_zh": name_zh, "name_en": name_en, **dict.fromkeys(units)})
        row |= {unit: act, "doc_no": doc_no or row.get("doc_no", "")}
    for row in rows.values():
        row["listed"] = is_listed(name, {unit: row[unit] for unit in units})
    names = ["code", "name_zh", "name_en", *units, "doc_no", "listed"]
    return frame_of([rows[code] for code in sorted(rows)], names)


_listings = Listing.metadata.tables["project_lists"]
