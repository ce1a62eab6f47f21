"""Write the review: open a round, propose, return, ask again, comment; single lines or a filtered set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, literal, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import About, ConflictError, FieldError, InvalidError, NotFoundError, StaleError, of_part
from portfolio.core.records import picked
from portfolio.finance import lines as reading
from portfolio.finance.records import LineRecord
from portfolio.finance.rules.books import by_code
from portfolio.finance.rules.funding import trimmed
from portfolio.finance.tables import Decision, Line, Round
from portfolio.journal import service as journal
from portfolio.needs.tables import Need
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.naming import about
from portfolio.projects.reach import require_for
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree

BULK = 5_000
CLOSED_STAGE = "withdrawn"


@dataclass(frozen=True)
class Verdict:
    """What a reviewer decides: `amount` in yuan or `percent` of what is asked; trims and returns need a reason."""

    kind: str
    amount: int | None = None
    percent: Decimal | None = None
    reason: str = ""
    note: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Taken:
    """A decision as it is appended."""

    kind: str
    amount: int | None = None
    reason: str = ""
    note: str = ""
    doc_no: str = ""
    entry_id: int | None = None


def open_round(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    year: int,
    last_year: int | None = None,
    name: str = "",
    basis: str = "reported",
) -> int:
    """Open a round and copy into lines what projects ask of funds for its years; returns how many lines."""
    require(actor, "review.open")
    revision.bump(session)
    last = year if last_year is None else last_year
    faults = [] if code.strip() else [FieldError("code", "field.required")]
    if not year <= last <= year + 4:
        faults.append(FieldError("last_year", "finance.bad_years", {"value": str(last)}))
    if faults:
        raise InvalidError("finance.invalid", faults)
    if session.execute(select(col(Round.id)).where(col(Round.code) == code)).first():
        raise ConflictError("finance.round_exists", code=code)
    values = {"code": code, "year": year, "last_year": last, "name": name, "state": "open", "basis": basis}
    made = session.connection().execute(insert(_rounds).values(**values, opened_at=utc_now(), actor=actor.name))
    number = int(next(iter(made.inserted_primary_key or ())))
    leaves = [leaf.id for leaf in element_tree(session).leaves_under("fund")]
    columns: list[Any] = [Need.project_id, Need.item_id, Need.year, Need.required]
    asked = (
        select(literal(number), *columns, literal("asked"), literal(1))
        .join(Project, col(Project.id) == col(Need.project_id))
        .where(
            *conditions(NO_FILTERS, scope),
            col(Project.stage).is_(None) | (col(Project.stage) != CLOSED_STAGE),
            col(Need.item_id).in_(leaves),
            col(Need.year).between(year, last),
            col(Need.required) > 0,
        )
        .order_by(col(Need.project_id), col(Need.item_id), col(Need.year))
    )
    names = ["round_id", "project_id", "item_id", "year", "asked", "state", "version"]
    session.connection().execute(insert(_lines).from_select(names, asked))
    count = session.execute(select(func.count()).where(col(Line.round_id) == number)).scalar_one()
    journal.record(session, actor, "finance", [journal.Entry(code, "open", None, {**values, "lines": count})])
    return int(count)


def close_round(session: Session, actor: Actor, code: str) -> None:
    """Close a round: its lines take no more decisions."""
    require(actor, "review.open")
    revision.bump(session)
    held = reading.require_open(session, code)
    session.connection().execute(update(_rounds).where(_rounds.c.id == held.id).values(state="closed"))
    session.expire(held)
    journal.record(session, actor, "finance", [journal.Entry(code, "close", {"state": "open"}, {"state": "closed"})])


def decide(session: Session, actor: Actor, scope: Scope, ids: Sequence[int], verdict: Verdict) -> int:
    """Propose, return or comment on lines, all or none; returns how many were decided.

    Raises `InvalidError` (`finance.invalid`) with the fault of each line as `<line>.<field>`.
    """
    return decide_each(session, actor, scope, dict.fromkeys(ids, verdict))


def decide_each(session: Session, actor: Actor, scope: Scope, verdicts: Mapping[int, Verdict]) -> int:
    """`decide` with a verdict of its own for each line (by number)."""
    require_some(actor, "review.decide")
    revision.bump(session)
    faults = [fault for verdict in dict.fromkeys(verdicts.values()) for fault in verdict_faults(verdict)]
    if faults:
        raise InvalidError("finance.invalid", faults)
    held = held_lines(session, scope, list(verdicts))
    require_for(session, actor, "review.decide", (line["project_id"] for line in held))
    found = [
        fault
        for line in held
        for fault in of_part(_faults(line, verdicts[line["id"]]), line["id"], about_line(session, line))
    ]
    if found:
        raise InvalidError("finance.invalid", found)
    told = [_apply(session, actor, line, verdicts[line["id"]]) for line in held]
    notes = {verdict.note for verdict in verdicts.values()}
    journal.record(session, actor, "finance", told, notes.pop() or None if len(notes) == 1 else None)
    return len(held)


def about_line(session: Session, line: LineRecord) -> About:
    """What people call a line: its project, source and year."""
    node = element_tree(session).by_code[line["item"]]
    return about(line["project"], line["name_zh"], line["name_en"], node, line["year"])


def verdict_faults(verdict: Verdict) -> list[FieldError]:
    """What is wrong with a verdict whatever the line."""
    found: list[FieldError] = []
    if verdict.kind not in ("propose", "return", "comment"):
        return [FieldError("kind", "field.unknown_code", {"value": verdict.kind})]
    if verdict.kind == "propose" and (verdict.amount is None) == (verdict.percent is None):
        found.append(FieldError("amount", "finance.amount_or_percent"))
    if verdict.percent is not None and not 0 <= verdict.percent <= 100:
        found.append(FieldError("percent", "finance.bad_percent", {"value": str(verdict.percent)}))
    known = verdict.reason in by_code("reasons")
    if verdict.reason and not known:
        found.append(FieldError("reason", "field.unknown_code", {"value": verdict.reason}))
    if verdict.kind == "return" and not verdict.reason:
        found.append(FieldError("reason", "finance.reason_required"))
    if verdict.kind == "comment" and not verdict.note.strip():
        found.append(FieldError("note", "field.required"))
    return found


def _faults(line: LineRecord, verdict: Verdict) -> list[FieldError]:
    found: list[FieldError] = []
    if verdict.version is not None and verdict.version != line["version"]:
        raise StaleError("finance.stale", line, id=str(line["id"]))
    if line["round_state"] != "open":
        return [FieldError("state", "finance.round_closed")]
    if verdict.kind == "propose":
        amount = proposed_amount(line["asked"], verdict)
        if line["state"] == "returned":
            found.append(FieldError("state", "finance.line_returned"))
        if amount > line["asked"]:
            found.append(FieldError("amount", "finance.more_than_asked"))
        if amount < line["granted"]:
            found.append(FieldError("amount", "finance.less_than_granted"))
        if amount < line["asked"] and not verdict.reason:
            found.append(FieldError("reason", "finance.reason_required"))
    if verdict.kind == "return" and line["granted"]:
        found.append(FieldError("state", "finance.granted_not_returned"))
    return found


def proposed_amount(asked_yuan: int, verdict: Verdict) -> int:
    """What a verdict proposes for a line."""
    if verdict.percent is not None:
        return trimmed(asked_yuan, verdict.percent)
    return verdict.amount or 0


def _apply(session: Session, actor: Actor, line: LineRecord, verdict: Verdict) -> journal.Entry:
    amount: int | None = None
    fresh: dict[str, Any] = {"version": line["version"] + 1}
    if verdict.kind == "propose":
        amount = proposed_amount(line["asked"], verdict)
        fresh |= {"proposed": amount, "state": "granted" if line["granted"] else "proposed"}
    elif verdict.kind == "return":
        fresh |= {"proposed": None, "state": "returned"}
    decision = Taken(kind=verdict.kind, amount=amount, reason=verdict.reason, note=verdict.note)
    return write_step(session, actor.name, line, fresh, decision)


def ask_again(session: Session, actor: Actor, scope: Scope, ids: Sequence[int], note: str) -> list[int]:
    """Answer returns, all or none: each line asks what its project's need is now; returns the amounts (yuan).

    Raises `InvalidError` (`finance.invalid`) with the fault of each line as `<line>.state`.
    """
    require_some(actor, "review.ask")
    revision.bump(session)
    held = held_lines(session, scope, ids)
    require_for(session, actor, "review.ask", (line["project_id"] for line in held))
    found = list[FieldError]()
    for line in held:
        if line["round_state"] != "open" or line["state"] != "returned":
            code = "finance.round_closed" if line["round_state"] != "open" else "finance.not_returned"
            found += of_part([FieldError("state", code)], line["id"], about_line(session, line))
    if found:
        raise InvalidError("finance.invalid", found)
    amounts, told = list[int](), list[journal.Entry]()
    for line in held:
        key = (col(Need.project_id) == line["project_id"], col(Need.item_id) == line["item_id"])
        asked = session.execute(select(col(Need.required)).where(*key, col(Need.year) == line["year"])).scalar() or 0
        fresh = {"asked": int(asked), "state": "asked", "version": line["version"] + 1}
        told.append(write_step(session, actor.name, line, fresh, Taken(kind="resubmit", amount=int(asked), note=note)))
        amounts.append(int(asked))
    journal.record(session, actor, "finance", told, note or None)
    return amounts


def held_lines(session: Session, scope: Scope, ids: Sequence[int]) -> list[LineRecord]:
    """The lines of those numbers, at most `BULK`; raises `NotFoundError` when the scope lacks one."""
    wanted = list(dict.fromkeys(ids))
    if not 0 < len(wanted) <= BULK:
        raise InvalidError("finance.invalid", [FieldError("lines", "finance.bad_count", {"most": str(BULK)})])
    held = reading.lines_by_id(session, scope, wanted)
    missing = set(wanted) - {line["id"] for line in held}
    if missing:
        raise NotFoundError("finance.no_line", id=str(min(missing)))
    return held


def write_step(session: Session, by: str, line: LineRecord, fresh: dict[str, Any], decision: Taken) -> journal.Entry:
    """Change a line and append the decision of whoever `by` names; returns what the journal is to say. The caller has
    asked whether they may."""
    session.connection().execute(update(_lines).where(_lines.c.id == line["id"]).values(**fresh))
    session.connection().execute(
        insert(_decisions).values(**vars(decision), line_id=line["id"], at=utc_now(), actor=by)
    )
    place = picked(line, ("round", "item", "year")) | {"line": line["id"]}
    taken = {name: value for name, value in vars(decision).items() if value not in (None, "")}
    before = place | picked(line, fresh)
    return journal.Entry(line["project"], "decide", before, place | fresh | {"decision": taken})


_rounds = Round.metadata.tables["review_rounds"]
_lines = Line.metadata.tables["review_lines"]
_decisions = Decision.metadata.tables["review_decisions"]
