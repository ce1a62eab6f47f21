"""Envelopes: what each level's budget can carry in a year, and how the undelivered rest rolls into the next."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_read
from portfolio.core import revision
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import FieldError, InvalidError
from portfolio.finance.records import EnvelopeRecord, RolledEnvelope
from portfolio.finance.rules.books import LEVELS, MARKET, carry_percent, level_of
from portfolio.finance.tables import Envelope
from portfolio.journal import service as journal
from portfolio.ledger.summary import asked_and_granted
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.filters import NO_FILTERS, ProjectFilters


@dataclass(frozen=True)
class EnvelopeData:
    """A level's own budget for a year (yuan), by a document."""

    level: str
    year: int
    own_yuan: int
    doc_no: str
    note: str = ""
    basis: str = "reported"


def set_envelope(session: Session, actor: Actor, data: EnvelopeData) -> None:
    """Set a level's own amount for a year; what was carried into it stays."""
    require(actor, "budget.edit")
    revision.bump(session)
    faults = [] if data.doc_no.strip() else [FieldError("doc_no", "ledger.document_required")]
    if data.level not in LEVELS or data.level == MARKET:
        faults.append(FieldError("level", "field.unknown_code", {"value": data.level}))
    if not FIRST_YEAR <= data.year <= LAST_YEAR:
        faults.append(FieldError("year", "need.bad_year", {"value": str(data.year), "first": "2000", "last": "2060"}))
    if data.own_yuan < 0:
        faults.append(FieldError("own_yuan", "field.negative"))
    if faults:
        raise InvalidError("finance.invalid", faults)
    held = newest(session).get((data.level, data.year))
    _append(session, actor, {**data.__dict__, "carried_yuan": held.carried_yuan if held else 0}, held)


@dataclass(frozen=True)
class Closing:
    """Who declares a running year closed, and why."""

    person: str = ""
    reason: str = ""


NOT_DECLARED = Closing()


def roll_forward(
    session: Session, actor: Actor, scope: Scope, year: int, note: str = "", closing: Closing = NOT_DECLARED
) -> list[RolledEnvelope]:
    """Carry what each level's envelope of `year` is known not to have delivered into the next, by the level's rule.

    The year must be over, or declared closed. Of a level to which the ledger granted nothing it is not known what was
    delivered, and nothing is carried. It may be repeated when more actuals have come in: the carried part is worked out
    anew, the own part stays.
    """
    require(actor, "budget.edit")
    revision.bump(session)
    _require_over(year, closing)
    delivered = _delivered(session, scope, year)
    rolled: list[RolledEnvelope] = []
    for (level, of_year), envelope in sorted(newest(session).items()):
        if of_year != year:
            continue
        known = delivered.get(level)
        if known is None:
            rolled.append({"level": level, "year": year, "delivered": None, "carried": None})
            continue
        rest = max(0, envelope.own_yuan + envelope.carried_yuan - known)
        carried = rest * carry_percent(level) // 100
        following = newest(session).get((level, year + 1))
        values = {
            "level": level,
            "year": year + 1,
            "own_yuan": following.own_yuan if following else 0,
            "carried_yuan": carried,
            "doc_no": following.doc_no if following else "",
            "note": (note or " ".join((f"{year} → {year + 1}", closing.person, closing.reason)).strip())[:500],
            "basis": envelope.basis,
        }
        rolled.append({"level": level, "year": year, "delivered": known, "carried": carried})
        if following is None or following.carried_yuan != carried:
            _append(session, actor, values, following)
    return rolled


def _require_over(year: int, closing: Closing) -> None:
    """A year that is not over is closed by a person and with a reason, or not at all; one to come never is."""
    if year < today().year:
        return
    told = {"closed_by": closing.person, "closed_reason": closing.reason}
    if year > today().year or not any(said.strip() for said in told.values()):
        raise InvalidError("finance.invalid", [FieldError("year", "finance.year_not_over", {"value": str(year)})])
    lacking = [FieldError(name, "field.required") for name, said in told.items() if not said.strip()]
    if lacking:
        raise InvalidError("finance.invalid", lacking)


def newest(session: Session) -> dict[tuple[str, int], Envelope]:
    """The envelope that counts of every level and year."""
    last = select(func.max(col(Envelope.id))).group_by(col(Envelope.level), col(Envelope.year))
    rows = session.execute(select(Envelope).where(col(Envelope.id).in_(last))).scalars()
    return {(row.level, row.year): row for row in rows}


def envelope_rows(session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS) -> list[EnvelopeRecord]:
    """By level and year: own, carried, total, asked, granted, delivered and what the total leaves free (yuan)."""
    require_read(scope, "budget.read")
    frame = asked_and_granted(session, scope, ("year",), depth=9, element="fund", filters=filters)
    frame["level"] = [level_of(item) for item in frame["item"]]
    sums = frame.groupby(["level", "year"])[["asked", "granted", "delivered"]].sum().to_dict("index")
    rows: list[EnvelopeRecord] = []
    for (level, year), envelope in sorted(
        newest(session).items(), key=lambda pair: (pair[0][1], LEVELS.index(pair[0][0]))
    ):
        amounts = sums.get((level, year), {})
        asked, granted, delivered = (int(amounts.get(name, 0)) for name in ("asked", "granted", "delivered"))
        total = envelope.own_yuan + envelope.carried_yuan
        if total == 0 and envelope.basis == "illustrative":
            continue
        rows.append(
            {
                "level": level,
                "year": year,
                "own": envelope.own_yuan,
                "carried": envelope.carried_yuan,
                "total": total,
                "asked": asked,
                "granted": granted,
                "delivered": delivered,
                "free": total - granted,
                "doc_no": envelope.doc_no,
                "basis": envelope.basis,
            }
        )
    return rows


def _delivered(session: Session, scope: Scope, year: int) -> dict[str, int]:
    """What was delivered by each level of which the ledger knows anything."""
    frame = asked_and_granted(session, scope, ("year",), depth=9, element="fund")
    frame = frame[(frame["year"] == year) & (frame["granted"] + frame["delivered"] > 0)]
    found: dict[str, int] = {}
    for item, amount in zip(frame["item"], frame["delivered"], strict=True):
        found[level_of(item)] = found.get(level_of(item), 0) + int(amount)
    return found


def _append(session: Session, actor: Actor, values: dict[str, Any], held: Envelope | None) -> None:
    session.connection().execute(insert(_envelopes).values(**values, at=utc_now(), actor=actor.name))
    before = {"own_yuan": held.own_yuan, "carried_yuan": held.carried_yuan} if held else None
    entry = journal.Entry(f"{values['level']} {values['year']}", "envelope", before, values)
    journal.record(session, actor, "finance", [entry])


_envelopes = Envelope.metadata.tables["envelopes"]
