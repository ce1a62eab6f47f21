"""Whom a consultation asks, until when, who answered what, who was reminded, and who has not answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some
from portfolio.core import revision
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.core.frames import frame_of
from portfolio.core.rulebook import Rulebook
from portfolio.journal import service as journal
from portfolio.ledger.checks import date_faults
from portfolio.reporting.rules import days_left
from portfolio.rolling.entries import open_edition
from portfolio.rolling.queries import get_edition
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Addressee, Comment, Edition, EditionEntry
from portfolio.scheme.directory import UnitDirectory, unit_directory

BOOK = Rulebook(Path(__file__).parent / "data", ("consultation",))
WAITING, NO_OBJECTION, COMMENTED = "waiting", "no_objection", "commented"
ANSWERS = (WAITING, NO_OBJECTION, COMMENTED)
COLUMNS = (
    *("unit", "person", "due_on", "days_left", "answer", "comments", "answered_at", "answered_by"),
    *("asked_at", "asked_by", "reminders", "reminded_at"),
)
LONGEST = 80


@dataclass(frozen=True)
class Invitation:
    """Whom a consultation asks: units (codes) with the person it is for there, or nobody; to answer by `due_on`."""

    units: Mapping[str, str] = field(default_factory=dict)
    due_on: str = ""


@dataclass(frozen=True)
class Addressed:
    """A unit that is asked, with its answer: `waiting`, `no_objection` or `commented` (`comments` of them stand)."""

    unit: str
    person: str
    due_on: str
    answer: str
    comments: int
    answered_at: datetime | None
    answered_by: str
    asked_at: datetime
    asked_by: str
    reminders: int
    reminded_at: datetime | None

    @property
    def days_left(self) -> int:
        """Whole days until the answer is due; negative once that is past."""
        return days_left(self.due_on, today())


def usual_invitation(session: Session, code: str) -> Invitation:
    """The units that lead what stands in an edition, as they are today, and the usual day."""
    edition, units = get_edition(session, code), unit_directory(session)
    here = (col(EditionEntry.edition_id) == edition.id, standing(), col(EditionEntry.lead_unit).is_not(None))
    led = session.execute(select(col(EditionEntry.lead_unit)).where(*here).distinct()).scalars()
    days = int(BOOK.by_code("consultation")["answer_days"]["value"])
    due_on = (today() + timedelta(days=days)).isoformat()
    return Invitation(dict.fromkeys(sorted(units.heir_today(one) for one in led), ""), due_on)


def ask(session: Session, actor: Actor, edition: Edition, invitation: Invitation, afresh: bool = False) -> list[str]:
    """Ask the units of an invitation; returns those asked, as they are today. The caller has checked the actor.

    What they answered before is asked again; `afresh` lets go of whom an earlier round asked.
    Raises `InvalidError` for a unit nobody knows, and for a day that is none or is past.
    """
    directory = unit_directory(session)
    found = _faults(directory, invitation)
    if found:
        raise InvalidError("rolling.invalid", found)
    asked = {directory.heir_today(unit): person.strip() for unit, person in invitation.units.items()}
    again = () if afresh else (col(Addressee.unit).in_(asked),)
    session.execute(delete(Addressee).where(col(Addressee.edition_id) == edition.id, *again))
    fixed: dict[str, Any] = {"edition_id": edition.id, "due_on": invitation.due_on, "asked_at": utc_now()}
    fixed |= {"asked_by": actor.name, "reminders": 0, "no_objection": False, "answered_by": ""}
    rows = [{**fixed, "unit": unit, "person": person} for unit, person in sorted(asked.items())]
    if rows:
        session.connection().execute(insert(_addressees), rows)
    told = {"units": sorted(asked), "due_on": invitation.due_on}
    journal.record(session, actor, "rolling", [journal.Entry(edition.code, "ask", None, told)])
    session.expire_all()
    return sorted(asked)


def _faults(directory: UnitDirectory, invitation: Invitation) -> list[FieldError]:
    found = [FieldError("due_on", fault.code, fault.params) for fault in date_faults(invitation.due_on)]
    if not found and days_left(invitation.due_on, today()) < 0:
        found.append(FieldError("due_on", "rolling.day_past", {"value": invitation.due_on}))
    for unit, person in invitation.units.items():
        if unit not in directory.by_code:
            found.append(FieldError("units", "field.unknown_code", {"value": unit}))
        if len(person) > LONGEST:
            found.append(FieldError("person", "field.too_long", {"limit": LONGEST}))
    return found


def address(session: Session, actor: Actor, code: str, invitation: Invitation) -> list[str]:
    """Ask further units, or some again with another day, while an edition is under consultation."""
    require(actor, "edition.roll")
    revision.bump(session)
    edition = _under_consultation(session, code)
    if not invitation.units:
        raise InvalidError("rolling.invalid", [FieldError("units", "field.required")])
    return ask(session, actor, edition, invitation)


def remind(session: Session, actor: Actor, code: str, units: Iterable[str] = ()) -> list[str]:
    """Remind units (all, when none is named) that have not answered; returns those reminded.

    Raises `ConflictError` (`rolling.all_answered`) when none of them owes an answer.
    """
    require(actor, "edition.roll")
    revision.bump(session)
    edition, named = _under_consultation(session, code), frozenset(units)
    owing = [one.unit for one in addressed(session, code) if one.answer == WAITING]
    reminded = [unit for unit in owing if not named or unit in named]
    if not reminded:
        raise ConflictError("rolling.all_answered", code=code)
    here = (_addressees.c.edition_id == edition.id) & _addressees.c.unit.in_(reminded)
    fresh = {"reminders": _addressees.c.reminders + 1, "reminded_at": utc_now()}
    session.connection().execute(update(_addressees).where(here).values(**fresh))
    journal.record(session, actor, "rolling", [journal.Entry(code, "remind", None, {"units": reminded})])
    session.expire_all()
    return reminded


def answer_no_objection(session: Session, actor: Actor, code: str, unit: str) -> None:
    """Answer 无意见 for a unit that is asked: by itself, or put down for it by who runs the consultation.

    Raises `ConflictError` when it has answered so already, or has a comment that stands open.
    """
    require_some(actor, "edition.comment")
    revision.bump(session)
    edition = _under_consultation(session, code)
    held = next((one for one in addressed(session, code) if one.unit == unit), None)
    if held is None:
        raise NotFoundError("rolling.not_asked", value=unit)
    if unit not in actor.own_units:
        require(actor, "edition.answer")
    if held.answer == NO_OBJECTION:
        raise ConflictError("rolling.answered_so", unit=unit)
    if _stands_open(session, edition, unit):
        raise ConflictError("rolling.comment_stands", unit=unit)
    here = (_addressees.c.edition_id == edition.id) & (_addressees.c.unit == unit)
    fresh = {"no_objection": True, "answered_at": utc_now(), "answered_by": actor.name}
    session.connection().execute(update(_addressees).where(here).values(**fresh))
    journal.record(session, actor, "rolling", [journal.Entry(code, NO_OBJECTION, None, {"unit": unit})])
    session.expire_all()


def _under_consultation(session: Session, code: str) -> Edition:
    edition = open_edition(session, code)
    if edition.state != "consultation":
        raise ConflictError("rolling.not_in_consultation", code=code)
    return edition


def _stands_open(session: Session, edition: Edition, unit: str) -> bool:
    here = (col(Comment.edition_id) == edition.id, col(Comment.state) == "open")
    units, present = unit_directory(session), session.execute(select(col(Comment.unit)).where(*here)).scalars()
    return unit in {units.heir_today(one) for one in present}


def addressed(session: Session, code: str) -> list[Addressed]:
    """The units an edition's consultation asks, those that have not answered first, the earliest day before."""
    edition, units = get_edition(session, code), unit_directory(session)
    said = _comments(session, edition, units)
    rows = session.execute(select(Addressee).where(col(Addressee.edition_id) == edition.id)).scalars().all()
    found = []
    for row in rows:
        of_unit = said.get(units.heir_today(row.unit), [])
        found.append(_addressed(row, [one for one in of_unit if one.made_at >= row.asked_at]))
    return sorted(found, key=lambda one: (ANSWERS.index(one.answer), one.due_on, one.unit))


def _comments(session: Session, edition: Edition, units: UnitDirectory) -> dict[str, list[Comment]]:
    """By unit, as it is today, what was said and not withdrawn."""
    here = (col(Comment.edition_id) == edition.id, col(Comment.state) != "withdrawn")
    found: dict[str, list[Comment]] = {}
    for one in session.execute(select(Comment).where(*here).order_by(col(Comment.id))).scalars():
        found.setdefault(units.heir_today(one.unit), []).append(one)
    return found


def _addressed(row: Addressee, said: list[Comment]) -> Addressed:
    answer = COMMENTED if said else NO_OBJECTION if row.no_objection else WAITING
    at, by = (said[0].made_at, said[0].actor) if said else (row.answered_at, row.answered_by)
    fixed = (row.asked_at, row.asked_by, row.reminders, row.reminded_at)
    return Addressed(row.unit, row.person, row.due_on, answer, len(said), at, by, *fixed)


def addressee_frame(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """As `COLUMNS` the units an edition's consultation asks, those that have not answered first."""
    rows = [[getattr(one, name) for name in COLUMNS] for one in addressed(session, code)]
    return frame_of(rows, COLUMNS)


def name_instead(session: Session, actor: Actor, former: str, name: str) -> None:
    """Ask another person wherever an edition under consultation asks `former`; the hand-over has asked."""
    open_ = select(col(Edition.id)).where(col(Edition.state) == "consultation")
    here = (_addressees.c.person == former) & _addressees.c.edition_id.in_(open_)
    session.connection().execute(update(_addressees).where(here).values(person=name))


@dataclass(frozen=True)
class Owed:
    """An answer that is asked of the reader's unit: in which edition, and how it stands."""

    edition: str
    asked: Addressed


def owed(session: Session, actor: Actor) -> list[Owed]:
    """What consultations still ask of the actor's own unit, or of the actor by name, the next due first."""
    running = session.execute(select(col(Edition.code)).where(col(Edition.state) == "consultation")).scalars().all()
    found = [Owed(code, one) for code in running for one in addressed(session, code) if one.answer == WAITING]
    mine = [one for one in found if one.asked.unit in actor.own_units or one.asked.person == actor.name]
    return sorted(mine, key=lambda one: (one.asked.due_on, one.edition))


_addressees = Addressee.metadata.tables["edition_addressees"]
