"""Hand over a unit's accounts and projects to its successor, or an account's work to another, as one act."""

from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, require
from portfolio.access.tables import User
from portfolio.core import revision
from portfolio.core.clock import today
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.people import service as people
from portfolio.people.sign_in_journal import subject_of
from portfolio.projects.queries import get_project
from portfolio.projects.service import restate
from portfolio.reporting.drafts import pass_drafts
from portfolio.reporting.rounds import pass_on
from portfolio.rolling.addressees import name_instead
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.succession.queries import Borne, Held, borne, held_by

LONGEST = {"doc_no": 80, "reason": 500}
HAND_OVER = "hand_over"


@dataclass(frozen=True)
class HandOver:
    """From whom to whom (codes of units, or names of accounts), why, and under which document if any."""

    giver: str
    taker: str
    reason: str
    doc_no: str = ""

    @property
    def words(self) -> str:
        """Reason and document, as the journal keeps them with every change."""
        return " ".join(part for part in (self.reason.strip(), self.doc_no.strip()) if part)


def hand_over_unit(session: Session, actor: Actor, data: HandOver) -> Borne:
    """Hand what a unit that ended still bears to the unit that took it over; returns what was handed over.

    Its accounts become the successor's and are signed out; projects are reported, led and answered for by the
    successor; running rounds ask the successor. All of it, or with an error nothing. Raises `InvalidError`
    (`succession.invalid`) for units that are not each other's, `ConflictError` (`succession.nothing`).
    """
    require(actor, "unit.hand_over")
    revision.bump(session)
    found = unit_faults(session, data)
    if found:
        raise InvalidError("succession.invalid", found)
    moved = borne(session, EVERYTHING, data.giver)
    if not moved.anything:
        raise ConflictError("succession.nothing", value=unit_directory(session).name(data.giver))
    for name in moved.accounts:
        people.move_to_unit(session, actor, name, data.taker, data.words[:500])
    for code in moved.projects:
        _pass_project(session, actor, code, data)
    pass_on(session, actor, data.giver, data.taker)
    counts = {"accounts": len(moved.accounts), "projects": len(moved.projects), "rounds": len(moved.rounds)}
    told = {"to": data.taker, "doc_no": data.doc_no.strip(), **counts}
    journal.record(session, actor, "scheme", [journal.Entry(data.giver, HAND_OVER, None, told)], data.reason.strip())
    session.expire_all()
    return moved


def unit_faults(session: Session, data: HandOver) -> list[FieldError]:
    """Why a hand-over between units is refused."""
    units, found = unit_directory(session), _plain_faults(data)
    for name in ("giver", "taker"):
        if getattr(data, name) not in units.by_code:
            found.append(FieldError(name, "field.unknown_code", {"value": getattr(data, name)}))
    if not found or all(fault.field not in ("giver", "taker") for fault in found):
        found += _not_following(units, data)
    return found


def _not_following(units: UnitDirectory, data: HandOver) -> list[FieldError]:
    giver, taker = units.by_code[data.giver], units.by_code[data.taker]
    names = {"value": giver.name_zh, "taker": taker.name_zh}
    if giver.successor is None:
        return [FieldError("giver", "succession.not_ended", names)]
    if giver.valid_to and today().isoformat()[:7] < giver.valid_to[:7]:
        return [FieldError("giver", "succession.not_yet", {**names, "on": giver.valid_to})]
    if taker.successor is not None:
        heir = units.name(units.heir_today(data.taker))
        return [FieldError("taker", "unit.ended", {"value": taker.name_zh, "on": taker.valid_to or "", "heir": heir})]
    if data.taker not in units.line_of(data.giver):
        heir = units.name(units.heir_today(data.giver))
        return [FieldError("taker", "succession.not_heir", {**names, "heir": heir})]
    return []


def _plain_faults(data: HandOver) -> list[FieldError]:
    found = [] if data.reason.strip() else [FieldError("reason", "rolling.reason_required")]
    return found + [
        FieldError(name, "field.too_long", {"limit": limit})
        for name, limit in LONGEST.items()
        if len(getattr(data, name)) > limit
    ]


def _pass_project(session: Session, actor: Actor, code: str, data: HandOver) -> None:
    """The record with the successor wherever it names the unit."""
    project = get_project(session, EVERYTHING, code)
    changes = {name: data.taker for name in ("office_unit", "lead_unit") if project[name] == data.giver}
    units = [data.taker if unit == data.giver else unit for unit in project["units"]]
    restate(session, actor, project, {**changes, "units": list(dict.fromkeys(units))}, data.words[:500])


def hand_over_account(session: Session, actor: Actor, data: HandOver, disable: bool = False) -> Held:
    """Hand an account's unsaved drafts and what consultations ask of it by name to another account.

    On request the first is disabled in the same act. Raises `InvalidError` (`succession.invalid`) when the other one
    could not go on with it: another role, unit, city or element, disabled, or drafts of the same records of its own.
    """
    require(actor, "user.manage")
    revision.bump(session)
    giver, taker = people.get_user(session, data.giver), people.get_user(session, data.taker)
    moved = held_by(session, EVERYTHING, giver.name)
    found = _plain_faults(data) + _unfit(session, giver, taker, moved)
    if found:
        raise InvalidError("succession.invalid", found)
    if not moved.anything and not disable:
        raise ConflictError("succession.nothing", value=giver.name)
    pass_drafts(session, actor, giver.name, taker.name)
    name_instead(session, actor, giver.name, taker.name)
    if disable:
        people.change_user(session, actor, giver.name, {"disabled": True})
    counts = {"drafts": len(moved.drafts), "consultations": len(moved.consultations), "disabled": disable}
    entry = journal.Entry(subject_of(giver.name), HAND_OVER, None, {"to": taker.name, **counts})
    journal.record(session, actor, "people", [entry], data.words[:500])
    session.expire_all()
    return moved


def _unfit(session: Session, giver: User, taker: User, moved: Held) -> list[FieldError]:
    if giver.name == taker.name:
        return [FieldError("taker", "succession.same", {"value": taker.name})]
    if taker.disabled:
        return [FieldError("taker", "succession.disabled", {"value": taker.name})]
    line = unit_directory(session).line_of(giver.unit) if giver.unit else ()
    if giver.unit not in (None, taker.unit) and taker.unit not in line:
        return [FieldError("taker", "succession.other_unit", {"value": taker.name, "giver": giver.name})]
    if any(getattr(giver, name) != getattr(taker, name) for name in ("role", "city", "element")):
        return [FieldError("taker", "succession.other_reach", {"value": taker.name, "giver": giver.name})]
    both = sorted({*moved.drafts} & {*held_by(session, EVERYTHING, taker.name).drafts})
    return (
        [FieldError("taker", "succession.both_typed", {"value": taker.name, "codes": ", ".join(both)})] if both else []
    )
