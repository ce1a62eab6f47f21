"""`/rounds`: the review of what is asked: lines, decisions, grants, totals."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door.context import By, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, base, page
from api.schemas.answers.accounts import StateOut
from api.schemas.answers.listed import Listed
from api.schemas.answers.review import (
    AskedOut,
    DecisionOut,
    GrantedOut,
    LineOut,
    LineTotal,
    ReviewedOut,
    RoundOpened,
    RoundOut,
)
from api.schemas.finance import FilterIn, GrantIn, LinesIn, NoteIn, ReviewRoundIn, VerdictIn
from api.schemas.values import Number
from portfolio.access.rules import Scope
from portfolio.core.errors import ConflictError, InvalidError
from portfolio.core.frames import records
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import AMOUNTS, LineFilters, decisions, line_ids, list_lines, list_rounds, totals
from portfolio.finance.records import DecisionRecord, LineRecord
from portfolio.finance.rounds import Verdict, ask_again, close_round, decide, open_round
from portfolio.projects.filters import ProjectFilters
from portfolio.scenarios.following.review import line_defaults, line_reasons, propose_as_arranged
from portfolio.screening.gates import worst_by_project

router = APIRouter(tags=["finance"])


@router.get("/rounds", response_model=Listed[RoundOut], operation_id="list_rounds")
@reads
def index(session: Reading, scope: Within) -> Response:
    """Every round with the number of lines in each state."""
    rows = [{**row, "opened_at": row["opened_at"].isoformat()} for row in list_rounds(session, scope)]
    return page(rows, None, len(rows))


@router.post("/rounds", status_code=201, response_model=RoundOpened, operation_id="open_round")
def open_(body: ReviewRoundIn, session: Writing, scope: Within, actor: By) -> Response:
    """Open a round: what projects ask for its years is copied into lines."""
    lines = open_round(session, actor, scope, body.code, body.year, body.last_year, body.name)
    return answer({"code": body.code, "lines": lines}, 201)


@router.post("/rounds/{code}/closing", response_model=StateOut, operation_id="close_round")
def close(code: str, session: Writing, scope: Within, actor: By) -> Response:
    """Close a round: its lines take no more decisions."""
    close_round(session, actor, code)
    return answer({"code": code, "state": "closed"})


@router.get("/rounds/{code}/lines", response_model=Listed[LineOut], operation_id="list_lines")
@reads
def lines(
    code: str,
    parameters: Annotated[FilterIn, Query()],
    session: Reading,
    scope: Within,
    lang: Language,
) -> Response:
    """All lines of a filtered set (up to 5,000): what each was granted, the gravest gate of its project, and what the
    approved scenario proposes for it."""
    rows, total = list_lines(session, scope, line_filters(code, parameters), 5000)
    gates = worst_by_project(session, {row["project"] for row in rows})
    arranged = _arranged(session, scope, rows, lang)
    beside = ({"gate": gates.get(row["project"]), "arranged": arranged.get(row["id"])} for row in rows)
    return page([{**line_json(row), **more} for row, more in zip(rows, beside, strict=True)], None, total)


def _arranged(session: Session, scope: Scope, rows: list[LineRecord], lang: str) -> dict[int, dict[str, Any]]:
    """Line → what the approved scenario says of it, as JSON."""
    defaults = line_defaults(session, scope, rows)
    why = line_reasons(session, scope, defaults, lang)
    return {
        number: {
            "scenario": one.arranged.by.code,
            "supported": one.arranged.supported,
            "state": one.arranged.state,
            "reason": why.get((one.arranged.by.code, one.arranged.project), ""),
            "default_wan": outer_number(one.default.amount, "money") if one.default else None,
            "why": one.default.why if one.default else None,
        }
        for number, one in defaults.items()
    }


@router.get("/rounds/{code}/totals/{by}", response_model=Listed[LineTotal], operation_id="round_totals")
@reads
def sums(code: str, by: str, parameters: Annotated[FilterIn, Query()], session: Reading, scope: Within) -> Response:
    """Asked, proposed, granted, trimmed and gap by source (`item`), level, city, sector, year, state (or `all`)."""
    names = () if by == "all" else tuple(by.split(","))
    rows = records(totals(session, scope, line_filters(code, parameters), names))
    for row in rows:
        row.update({f"{n}_wan": outer_number(int(row.pop(n)), "money") for n in AMOUNTS if n != "lines"})
    return page(rows, None, len(rows))


@router.get("/rounds/{code}/lines/{line}/decisions", response_model=Listed[DecisionOut], operation_id="list_decisions")
@reads
def steps(code: str, line: Number, session: Reading, scope: Within) -> Response:
    """A line's decisions, the oldest first."""
    rows = [decision_json(row) for row in decisions(session, scope, line)]
    return page(rows, None, len(rows))


@router.post("/rounds/{code}/decisions", response_model=ReviewedOut, operation_id="decide")
def verdict(code: str, body: VerdictIn, session: Writing, scope: Within, actor: By) -> Response:
    """Propose, return or comment on lines or on a filtered set, all or none; `arranged` proposes for each line nobody
    reviewed what the approved scenario says, and leaves the others (`left`)."""
    if body.kind == "arranged":
        done = propose_as_arranged(session, actor, scope, chosen(session, scope, code, body), body.note)
        return answer({"decided": done.decided, "left": done.left})
    amount = None if body.amount_wan is None else base(body.amount_wan, "money", "amount_wan")
    percent = None if body.percent is None else Decimal(str(body.percent))
    made = Verdict(body.kind, amount, percent, body.reason, body.note, body.version)
    return answer({"decided": decide(session, actor, scope, chosen(session, scope, code, body), made)})


@router.post("/rounds/{code}/grants", status_code=201, response_model=GrantedOut, operation_id="grant_lines")
def give(code: str, body: GrantIn, session: Writing, scope: Within, actor: By) -> Response:
    """Grant what was proposed by a document, all or none: what is reserved first, the rest from the pool that is named.

    A line that draws on several reserves, or on one and on the pool, makes as many entries."""
    amount = None if body.amount_wan is None else base(body.amount_wan, "money", "amount_wan")
    data = Grant(body.pool, body.doc_no, body.on_date.isoformat(), amount, body.note, body.confirmed)
    made = grant(session, actor, scope, chosen(session, scope, code, body), data)
    amounts = {"from_reserve_wan": made.from_reserve, "from_free_wan": made.from_free}
    told = {name: outer_number(yuan, "money") for name, yuan in amounts.items()}
    return answer({"ids": list(made.entries), **told}, 201)


@router.post("/rounds/{code}/lines/{line}/resubmission", response_model=AskedOut, operation_id="ask_again")
def again(code: str, line: Number, body: NoteIn, session: Writing, scope: Within, actor: By) -> Response:
    """A returned line asks again, for what the project's need is now."""
    return answer({"asked_wan": outer_number(ask_again(session, actor, scope, [line], body.note)[0], "money")})


def line_filters(code: str, sent: FilterIn) -> LineFilters:
    """The domain's filters for what was asked."""
    projects = ProjectFilters(
        city=tuple(sent.city),
        kind=tuple(sent.kind),
        sector=tuple(sent.sector),
        code=tuple(sent.code),
        lead_unit=tuple(sent.lead_unit),
    )
    return LineFilters(code, sent.state, sent.item, sent.year, projects)


def chosen(session: Session, scope: Scope, code: str, body: LinesIn) -> list[int]:
    """The numbers of the lines a body means; a filtered set must hold as many as were looked at."""
    if body.filter is None:
        return body.lines
    found = line_ids(session, scope, line_filters(code, body.filter))
    if body.expected is None:
        raise InvalidError("finance.expected_required")
    if len(found) != body.expected:
        raise ConflictError("ledger.list_changed", listed=str(len(found)), expected=str(body.expected))
    return found


def line_json(row: LineRecord) -> dict[str, Any]:
    """A line as JSON."""
    names = ("id", "round", "project", "name_zh", "city_code", "item", "year", "state", "version")
    amounts = picked(row, ("asked", "proposed", "granted", "reserved"))
    return {**picked(row, names), **{f"{name}_wan": outer_number(yuan, "money") for name, yuan in amounts.items()}}


def decision_json(row: DecisionRecord) -> dict[str, Any]:
    """A decision on a line as JSON."""
    shown = {name: value for name, value in row.items() if name != "amount"}
    return {**shown, "amount_wan": outer_number(row["amount"], "money"), "at": row["at"].isoformat()}
