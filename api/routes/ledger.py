"""`/pools`, `/ledger`, `/recoveries`: quotas and budgets as accounts, and every entry against them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import UNIT, answer, base, page
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.answers.accounts import AccountOut, EntryOut, LifeOut, PoolOut, PostedOut, RecoveredOut, RecoveryOut
from api.schemas.answers.listed import Listed
from api.schemas.ledger import PoolIn, PostingBatchIn, PostingIn, RecoveryIn, ReversalIn
from api.schemas.values import Day, Number, Year
from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.core.frames import records
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.ledger.queries import BUCKETS, get_pool, list_entries, list_pools, pool_on_day, project_life
from portfolio.ledger.records import EntryRecord
from portfolio.ledger.recovery import Due, due, recover, rules_version
from portfolio.ledger.service import PoolData, Posting, open_pool, post, reverse
from portfolio.ledger.summary import DIMENSIONS, STAGES, asked_and_granted
from portfolio.projects.queries import get_project
from portfolio.vocabulary.elements import element_tree

router = APIRouter(tags=["ledger"])


@router.get("/pools", response_model=Listed[PoolOut], operation_id="list_pools")
@reads
def pools(
    session: Reading,
    scope: Within,
    element: str | None = None,
    year: Year | None = None,
    region: str | None = None,
) -> Response:
    """Pools with what is free, reserved, granted, delivered and used of each (in `unit`)."""
    rows = [pool_json(pool) for pool in list_pools(session, scope, element, year, region)]
    return page(rows, None, len(rows))


@router.post("/pools", status_code=201, response_model=PoolOut, operation_id="open_pool")
def open_(body: PoolIn, session: Writing, scope: Within, actor: By) -> Response:
    """Open a pool with its quantity, by a document."""
    sent = body.model_dump()
    sent["quantity"] = base(body.quantity, _dimension(session, body.item), "quantity")
    sent["on_date"] = sent["on_date"].isoformat()
    sent["valid_until"] = sent["valid_until"].isoformat() if sent["valid_until"] else None
    open_pool(session, actor, scope, PoolData(**sent))
    return answer(pool_json(get_pool(session, scope, body.code)), 201)


@router.get("/pools/{code}", response_model=PoolOut, operation_id="get_pool")
@reads
def pool(code: str, session: Reading, scope: Within, on: Day | None = None) -> Response:
    """One pool; with `on`, its balances at the end of that day by the dates of the documents."""
    found: Mapping[str, Any] = get_pool(session, scope, code)
    if on is not None:
        held = pool_on_day(session, scope, code, on.isoformat())
        found = {**found, **held, "total": sum(held.values()), "on": on.isoformat()}
    return answer(pool_json(found))


@router.get("/ledger", response_model=Listed[EntryOut], operation_id="list_entries")
@reads
def entries(
    session: Reading,
    scope: Within,
    project: str | None = None,
    pool: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Number | None = None,
) -> Response:
    """Entries, the newest first; `next` is the number of the last one read."""
    rows = list_entries(session, scope, project, pool, limit + 1, after)
    shown = [entry_json(row) for row in rows[:limit]]
    return page(shown, str(shown[-1]["id"]) if len(rows) > limit else None, len(shown))


@router.post("/ledger", status_code=201, response_model=PostedOut, operation_id="post_entries")
def post_(body: PostingBatchIn, session: Writing, scope: Within, actor: By) -> Response:
    """Post entries in their order, all or none; a fault names its entry as `<place>.<field>`."""
    postings = [_posting(session, scope, place, sent) for place, sent in enumerate(body.entries)]
    return answer({"ids": post(session, actor, scope, postings)}, 201)


@router.post("/ledger/{entry}/reversal", status_code=201, response_model=PostedOut, operation_id="reverse_entry")
def undo(entry: Number, body: ReversalIn, session: Writing, scope: Within, actor: By) -> Response:
    """Undo one entry by a reversing one."""
    made = reverse(session, actor, scope, entry, body.on_date.isoformat(), body.doc_no, body.note)
    return answer({"ids": [made]}, 201)


@router.get("/projects/{code}/ledger", response_model=Listed[LifeOut], operation_id="project_ledger")
@reads
def life(code: str, session: Reading, scope: Within) -> Response:
    """Asked, reserved, granted, delivered and used of one project, by element and year."""
    get_project(session, scope, code)
    rows = matrix_rows(session, project_life(session, scope, code))
    return page(rows, None, len(rows))


class MatrixParameters(ProjectParameters):
    """What to group by, how deep the item goes, and which element."""

    by: list[str] = Field([], description=f"any of {', '.join(DIMENSIONS)}")
    depth: int = Field(0, ge=0, le=9)
    element: str | None = None


@router.get("/accounts", response_model=Listed[AccountOut], operation_id="accounts")
@reads
def matrix(parameters: Annotated[MatrixParameters, Query()], session: Reading, scope: Within) -> Response:
    """Asked beside reserved, granted, delivered and used (in `unit`), by any dimensions; an item is always named."""
    filters = project_filters(parameters.model_copy(update={"item": None, "year": []}), session)
    by = tuple(name for part in parameters.by for name in part.split(",") if name)
    frame = asked_and_granted(session, scope, by, parameters.depth, parameters.element, filters)
    rows = matrix_rows(session, frame)
    return page(rows, None, len(rows))


@router.get("/recoveries", response_model=Listed[RecoveryOut], operation_id="list_recoveries")
@reads
def recoveries(session: Reading, scope: Within, by: Day | None = None) -> Response:
    """Reserves that fall back to their pools up to the day `by` (today)."""
    rows = [_due_json(session, one) for one in due(session, scope, (by or today()).isoformat())]
    return page(rows, None, len(rows))


@router.post("/recoveries", status_code=201, response_model=RecoveredOut, operation_id="recover")
def take_back(body: RecoveryIn, session: Writing, scope: Within, actor: By) -> Response:
    """Take back what the list of that day holds; refused when it is no longer the list that was looked at."""
    listed = due(session, scope, body.by.isoformat())
    if len(listed) != body.expected:
        raise ConflictError("ledger.list_changed", listed=str(len(listed)), expected=str(body.expected))
    made = recover(session, actor, scope, listed, body.on_date.isoformat(), body.doc_no)
    return answer({"ids": made, "rules": rules_version()}, 201)


def pool_json(pool: Mapping[str, Any]) -> dict[str, Any]:
    """A pool row as JSON."""
    dimension = pool["dimension"]
    shown = {name: value for name, value in pool.items() if name not in ("id", "dimension")}
    shown |= {name: outer_number(pool[name], dimension) for name in (*BUCKETS, "total")}
    return {**shown, "unit": UNIT[dimension]}


def entry_json(entry: EntryRecord) -> dict[str, Any]:
    """An entry row as JSON."""
    names = ("id", "kind", "pool", "counter_pool", "project", "item", "year", "source", "target", "doc_no", "note")
    shown = picked(entry, names)
    shown |= {"quantity": outer_number(entry["quantity"], entry["dimension"]), "unit": UNIT[entry["dimension"]]}
    shown |= {"on_date": entry["on_date"], "posted_at": entry["posted_at"].isoformat()}
    return shown | {"actor": entry["actor"], "reverses": entry["reverses_id"]}


def matrix_rows(session: Session, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the matrix as JSON."""
    tree, rows = element_tree(session), records(frame)
    for row in rows:
        dimension = tree.by_code[row["item"]].dimension
        for name in ("asked", *STAGES):
            row[name] = outer_number(row[name], dimension)
        row["unit"] = UNIT[dimension]
    return rows


def _due_json(session: Session, one: Due) -> dict[str, Any]:
    dimension = _dimension(session, one.item)
    return {**asdict(one), "quantity": outer_number(one.quantity, dimension), "unit": UNIT[dimension]}


def _posting(session: Session, scope: Scope, place: int, sent: PostingIn) -> Posting:
    try:
        dimension = get_pool(session, scope, sent.pool)["dimension"]
    except NotFoundError:
        fault = FieldError(f"{place}.pool", "ledger.pool_not_found", {"value": sent.pool})
        raise InvalidError("ledger.invalid", [fault]) from None
    values = sent.model_dump()
    values |= {"quantity": base(sent.quantity, dimension, f"{place}.quantity"), "on_date": sent.on_date.isoformat()}
    return Posting(**values)


def _dimension(session: Session, item: str) -> str:
    node = element_tree(session).by_code.get(item)
    if node is None:
        raise InvalidError("ledger.invalid", [FieldError("item", "item.not_found", {"value": item})])
    return node.dimension
