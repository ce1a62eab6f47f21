"""Write editions: roll a draft from its parent, send it round, issue it, drop it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.persons import person_of, typed_faults
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.clock import local_day, today, utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.needs.tables import Need
from portfolio.rolling import targets
from portfolio.rolling.addressees import Invitation, ask, usual_invitation
from portfolio.rolling.entries import open_edition, write_chunk
from portfolio.rolling.inputs import read_chunks
from portfolio.rolling.queries import get_edition
from portfolio.rolling.rules.closing import first_open_year
from portfolio.rolling.rules.editions import (
    BOOK,
    FROZEN,
    MAX_YEARS,
    RUNNING,
    batch_fits,
    is_supplement,
    rule_values,
    within_year,
)
from portfolio.rolling.rules.roll import Calendar, Proposal, head, lines, roll_case
from portfolio.rolling.tables import (
    Addressee,
    Comment,
    CurvePoint,
    Edition,
    EditionEntry,
    EditionNeed,
    Milestone,
    VetoDecision,
)

NEXT = {"draft": "consultation", "consultation": "draft", "approved": "issued"}
NAMED = 20
PARTS = (Addressee, Comment, VetoDecision, CurvePoint, Milestone, EditionNeed, EditionEntry)


@dataclass(frozen=True)
class NewEdition:
    """A draft to be rolled; `parent` is the code of a frozen edition, none to found the first.

    `later_years`: running projects may need money after the window; it is then shown apart. `closed_by` and
    `closed_reason`: who declares the running year closed, and why; without them it is open. `maker` names who answers
    for the draft where nobody signs in.
    """

    code: str
    base_year: int
    years: int = 3
    batch: str = "annual"
    parent: str | None = None
    note: str = ""
    later_years: bool = False
    closed_by: str = ""
    closed_reason: str = ""
    maker: str = ""


def roll_edition(session: Session, actor: Actor, scope: Scope, data: NewEdition) -> int:
    """Make a draft by rolling its parent forward; returns the number of entries.

    Raises `InvalidError` (`rolling.invalid`) for a bad window or batch, a parent that is not frozen, or a window that
    does not cover what running projects need; `ConflictError` when the code is taken.
    """
    require(actor, "edition.roll")
    revision.bump(session)
    parent = get_edition(session, data.parent) if data.parent else None
    _require_fitting(session, data, parent, typed_faults(actor, data.maker, "maker"))
    values = {**_head_values(session, data, parent), "maker": person_of(actor, data.maker).name}
    edition = insert_edition(session, actor, values)
    made = session.get_one(Edition, edition)
    calendar = calendar_of(made, parent)
    count, beyond = 0, list[str]()
    rules, sum_ = rule_values(), hashlib.sha256(head(calendar, rule_values()))
    for chunk in read_chunks(session, scope, parent, calendar):
        cases = chunk.inputs.cases()
        for line in lines(cases):
            sum_.update(line)
        found = [one for one in (roll_case(calendar, rules, case) for case in cases) if one is not None]
        write_chunk(session, edition, found, chunk)
        count += len(found)
        beyond += [one.code for one in found if _beyond(one, calendar)]
    _require_covering(data, beyond)
    session.connection().execute(
        update(_editions).where(_editions.c.id == edition).values(inputs_hash=sum_.hexdigest())
    )
    session.expire(made)
    if parent is not None:
        targets.inherit(session, parent, edition, within_year(data.batch))
    told = {**values, "entries": count, "inputs_hash": sum_.hexdigest()}
    journal.record(session, actor, "rolling", [journal.Entry(data.code, "roll", None, told)])
    return count


def _head_values(session: Session, data: NewEdition, parent: Edition | None) -> dict[str, Any]:
    return {
        "code": data.code,
        "base_year": data.base_year,
        "years": data.years,
        "batch": data.batch,
        "note": data.note,
        "later_years": data.later_years,
        "parent_id": parent.id if parent else None,
        "basis": _basis(session, parent),
        "open_year": _open_year(data, parent),
        "closed_by": data.closed_by.strip(),
        "closed_reason": data.closed_reason.strip(),
    }


def _open_year(data: NewEdition, parent: Edition | None) -> int | None:
    """The first year that is not over; a supplement copies its parent, with what that knew."""
    if parent is not None and is_supplement(data.batch):
        return parent.open_year
    return first_open_year(data.base_year, today(), bool(data.closed_by.strip()))


def calendar_of(edition: Edition, parent: Edition | None) -> Calendar:
    """The calendar an edition was rolled by; one made before open years were asked for goes by its base year alone."""
    before = None if parent is None else parent.open_year or parent.base_year
    asked = edition.open_year is not None
    as_of = f"{local_day(edition.made_at):%Y-%m}" if asked else None
    return Calendar(edition.base_year, edition.years, before, edition.batch, edition.open_year, as_of)


def insert_edition(session: Session, actor: Actor, values: dict[str, Any]) -> int:
    """Write the head of a new draft and return its id."""
    fixed: dict[str, Any] = {
        "state": "draft",
        "doc_no": "",
        "approved_on": None,
        "inputs_hash": "",
        "version": 1,
        "origin": "rolled",
        "open_year": None,
        "closed_by": "",
        "closed_reason": "",
        "maker": "",
        "approver": "",
    }
    fixed |= {"rules_version": BOOK.version, "made_at": utc_now(), "actor": actor.name}
    made = session.connection().execute(insert(_editions).values(**{**fixed, **values}))
    return int(next(iter(made.inserted_primary_key or ())))


def _basis(session: Session, parent: Edition | None) -> str:
    """`illustrative` when any illustrative figure, or an edition made of some, went into the roll."""
    made_up = select(col(Need.project_id)).where(col(Need.basis) == "illustrative").limit(1)
    if (parent is not None and parent.basis == "illustrative") or session.execute(made_up).first():
        return "illustrative"
    return "reported"


def _require_fitting(session: Session, data: NewEdition, parent: Edition | None, persons: Sequence[FieldError]) -> None:
    found = [*_shape_faults(data), *_closing_faults(data, parent), *persons]
    if parent is not None and parent.state not in FROZEN:
        found.append(FieldError("parent", "rolling.parent_is_draft", {"value": parent.code}))
    if parent is not None and data.base_year < parent.base_year:
        found.append(FieldError("base_year", "rolling.before_parent", {"value": str(data.base_year)}))
    if batch_fits(data.batch) and within_year(data.batch) and (parent is None or parent.base_year != data.base_year):
        found.append(FieldError("batch", "rolling.amends_its_year", {"value": data.batch}))
    if found:
        raise InvalidError("rolling.invalid", found)
    require_free_code(session, data.code)


def require_free_code(session: Session, code: str) -> None:
    """Raise `ConflictError` when an edition has this code."""
    if session.execute(select(col(Edition.id)).where(col(Edition.code) == code)).first():
        raise ConflictError("rolling.edition_exists", code=code)


def _shape_faults(data: NewEdition) -> list[FieldError]:
    found: list[FieldError] = []
    if not data.code.strip() or "/" in data.code:
        found.append(FieldError("code", "field.required"))
    if not 1 <= data.years <= MAX_YEARS:
        found.append(FieldError("years", "rolling.bad_window", {"value": str(data.years), "most": str(MAX_YEARS)}))
    if len(data.maker) > 80:
        found.append(FieldError("maker", "field.too_long", {"limit": 80}))
    if not batch_fits(data.batch):
        found.append(FieldError("batch", "field.unknown_code", {"value": data.batch}))
    return found


def _closing_faults(data: NewEdition, parent: Edition | None) -> list[FieldError]:
    """A year that still runs is declared closed by a person and with a reason, or not at all."""
    told = {"closed_by": data.closed_by, "closed_reason": data.closed_reason}
    if not any(said.strip() for said in told.values()):
        return []
    found = [FieldError(name, "field.required") for name, said in told.items() if not said.strip()]
    for name, limit in (("closed_by", 80), ("closed_reason", 500)):
        if len(told[name]) > limit:
            found.append(FieldError(name, "field.too_long", {"limit": limit}))
    undeclared = replace(data, closed_by="")
    if _open_year(undeclared, parent) == _open_year(data, parent):
        found.append(FieldError("closed_by", "rolling.nothing_to_close", {"value": str(data.base_year)}))
    return found


def _beyond(one: Proposal, calendar: Calendar) -> bool:
    """Whether a running project needs money after the window."""
    if one.category not in RUNNING or one.change in ("exited", "completed"):
        return False
    end = calendar.base_year + calendar.years
    return any(amount and year >= end and item.split(".")[0] == "fund" for (item, year), amount in one.needs.items())


def _require_covering(data: NewEdition, beyond: list[str]) -> None:
    if beyond and not data.later_years:
        named = [FieldError("years", "rolling.beyond_window", {"value": code}) for code in beyond[:NAMED]]
        raise InvalidError("rolling.invalid", named)


def send_round(session: Session, actor: Actor, code: str, invitation: Invitation | None = None) -> str:
    """Send a draft out for consultation, call it back, or issue an approved edition; returns the new state.

    Sent out, it asks the units of `invitation`: those that lead its entries by the usual day, when none is given.
    """
    require(actor, "edition.roll")
    revision.bump(session)
    edition = get_edition(session, code)
    state = NEXT.get(edition.state)
    if state is None:
        raise ConflictError("rolling.no_step", code=code)
    set_state(session, actor, edition, {"state": state})
    if state == "consultation":
        ask(session, actor, get_edition(session, code), invitation or usual_invitation(session, code), afresh=True)
    return state


def drop_edition(session: Session, actor: Actor, code: str) -> None:
    """Drop a draft with its entries; the journal keeps that it was."""
    require(actor, "edition.roll")
    revision.bump(session)
    edition = open_edition(session, code)
    if _in_use(session, edition):
        raise ConflictError("rolling.edition_in_use", code=code)
    before = {"base_year": edition.base_year, "years": edition.years, "batch": edition.batch}
    for table in PARTS:
        session.execute(delete(table).where(col(table.edition_id) == edition.id))
    session.connection().execute(delete(_editions).where(_editions.c.id == edition.id))
    session.expire_all()
    journal.record(session, actor, "rolling", [journal.Entry(code, "drop", before, None)])


def _in_use(session: Session, edition: Edition) -> bool:
    """Whether a row of a higher room (a scenario of the allocation) refers to the edition."""
    own = {"editions", *(table.__tablename__ for table in PARTS)}
    for table in Edition.metadata.sorted_tables:
        for key in table.foreign_keys if table.name not in own else ():
            if key.column is _editions.c.id:
                referring = select(key.parent).where(key.parent == edition.id).limit(1)
                if session.execute(referring).first() is not None:
                    return True
    return False


def set_state(session: Session, actor: Actor, edition: Edition, fresh: dict[str, Any]) -> None:
    """Change an edition's head; journalled."""
    before = {name: getattr(edition, name) for name in fresh}
    values = {**fresh, "version": edition.version + 1}
    session.connection().execute(update(_editions).where(_editions.c.id == edition.id).values(**values))
    journal.record(session, actor, "rolling", [journal.Entry(edition.code, "state", before, fresh)])
    session.expire(edition)


_editions = Edition.metadata.tables["editions"]
