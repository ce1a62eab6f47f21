"""Grant review lines by a document: reserves of a line are granted first, the rest comes from a pool that is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require_some
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, of_part
from portfolio.core.units import outer_text
from portfolio.finance.records import LineRecord
from portfolio.finance.reserved import held_for
from portfolio.finance.rounds import Taken, about_line, held_lines, write_step
from portfolio.finance.rules.paying import drawn, for_line
from portfolio.journal import service as journal
from portfolio.ledger.rules import FREE
from portfolio.ledger.service import Posting, post
from portfolio.projects.reach import require_for


@dataclass(frozen=True)
class Grant:
    """By which document and day lines are granted; `amount` in yuan of each (none: all that was proposed).

    `pool` gives what the reserves of a line lack; none is needed where they suffice.
    """

    pool: str
    doc_no: str
    on_date: str
    amount: int | None = None
    note: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Granted:
    """What was granted: the ledger's entries, and in yuan how much came out of reserves and how much was free."""

    entries: tuple[int, ...]
    from_reserve: int
    from_free: int


@dataclass(frozen=True)
class _Part:
    line: LineRecord
    pool: str
    source: str
    quantity: int


def grant(session: Session, actor: Actor, scope: Scope, ids: Sequence[int], data: Grant) -> Granted:
    """Grant proposed lines by a document, all or none: reserves become grants, the rest comes from the pool.

    Raises `InvalidError` (`finance.invalid`) with the faults of each line as `<line>.<field>`.
    """
    require_some(actor, "review.grant")
    revision.bump(session)
    held = held_lines(session, scope, ids)
    require_for(session, actor, "review.grant", (line["project_id"] for line in held))
    found = [fault for line in held for fault in _named(session, line, _faults(line, _amount(line, data)))]
    if found:
        raise InvalidError("finance.invalid", found)
    parts = _parts(session, held, data)
    made = _posted(session, actor, scope, parts, data)
    told = []
    for part, entry in zip(parts, made, strict=True):
        fresh = {"state": "granted", "version": part.line["version"] + 1}
        decision = Taken(kind="grant", amount=part.quantity, note=data.note, doc_no=data.doc_no, entry_id=entry)
        told.append(write_step(session, actor.name, part.line, fresh, decision))
    journal.record(session, actor, "finance", told, data.note or None)
    free = sum(part.quantity for part in parts if part.source == FREE)
    return Granted(tuple(made), sum(part.quantity for part in parts) - free, free)


def _amount(line: LineRecord, data: Grant) -> int:
    return (line["proposed"] or 0) - line["granted"] if data.amount is None else data.amount


def _faults(line: LineRecord, amount: int) -> list[FieldError]:
    if line["round_state"] != "open":
        return [FieldError("state", "finance.round_closed")]
    if line["proposed"] is None:
        return [FieldError("state", "finance.not_proposed")]
    if amount <= 0 or line["granted"] + amount > line["proposed"]:
        return [FieldError("amount", "finance.more_than_proposed")]
    return []


def _named(session: Session, line: LineRecord, faults: Iterable[FieldError]) -> list[FieldError]:
    return of_part(faults, line["id"], about_line(session, line))


def _parts(session: Session, held: Sequence[LineRecord], data: Grant) -> list[_Part]:
    """What each line is granted, from which pool and bucket; lines of one reserve share it in their order."""
    reserved = held_for(session, {line["project_id"] for line in held})
    left: dict[int, dict[tuple[str, str], int]] = {}
    parts, found = list[_Part](), list[FieldError]()
    for line in held:
        own = for_line(reserved.get(line["project_id"], ()), line["item"], line["year"])
        rests = left.setdefault(line["project_id"], {})
        amount = _amount(line, data)
        taken = drawn(own, amount, rests)
        for one in own:
            rests[one.key] = rests.get(one.key, one.quantity) - taken.get(one.key, 0)
        parts += [_Part(line, pool, bucket, quantity) for (pool, bucket), quantity in taken.items()]
        rest = amount - sum(taken.values())
        if rest and not data.pool:
            told = {"reserved": outer_text(amount - rest, "money"), "rest": outer_text(rest, "money")}
            found += _named(session, line, [FieldError("pool", "finance.reserve_too_small", told)])
        elif rest:
            parts.append(_Part(line, data.pool, FREE, rest))
    if found:
        raise InvalidError("finance.invalid", found)
    return parts


def _posted(session: Session, actor: Actor, scope: Scope, parts: Sequence[_Part], data: Grant) -> list[int]:
    """The parts in the ledger; what it refuses is told of the line."""
    postings = [
        Posting(
            "grant",
            part.pool,
            part.quantity,
            data.on_date,
            part.line["project"],
            part.line["item"],
            part.line["year"],
            data.doc_no,
            f"{part.line['round']} {data.note}".strip(),
            part.source,
            confirmed=data.confirmed,
        )
        for part in parts
    ]
    try:
        return post(session, actor, scope, postings)
    except InvalidError as error:
        found: list[FieldError] = []
        for fault in error.fields:
            place, _, field = fault.field.partition(".")
            line = parts[int(place)].line
            found += _named(session, line, [FieldError(field, fault.code, fault.params)])
        raise InvalidError("finance.invalid", found) from error
