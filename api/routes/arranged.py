"""What approved scenarios arranged, as other routes show it; where an edition stands; what is reserved."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.door.context import Reading, Within
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.accounts import ReserveHeld
from api.schemas.answers.listed import Listed
from api.schemas.answers.programme import WayOut
from api.schemas.values import Year
from portfolio.access.rules import Scope
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.ledger.reserved import reserves
from portfolio.rolling.queries import edition_head
from portfolio.scenarios.following.arranged import Arranged, arrangements, reasons
from portfolio.scenarios.following.way import year_way
from portfolio.scenarios.rules.way import next_step
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import Node

router = APIRouter(tags=["editions"])
NAMED = ("project", "name_zh", "name_en", "pool", "item", "year", "level", "doc_no", "note", "on_date")


@router.get("/editions/{code}/way", response_model=WayOut, operation_id="edition_way")
@reads
def steps(code: str, session: Reading, scope: Within) -> Response:
    """Where an edition stands from draft to publication, what is next and who has to act."""
    edition_head(session, scope, code)
    found = year_way(session, code)
    following = next_step(found.steps)
    told = {"edition": code, "scenario": found.scenario, "round": found.round}
    told["next"] = following.name if following else None
    return answer({**told, "steps": [vars(one) for one in found.steps]})


@router.get("/reserves", response_model=Listed[ReserveHeld], operation_id="list_reserves", tags=["ledger"])
@reads
def reserved(
    session: Reading,
    scope: Within,
    element: Annotated[Literal["fund", "land", "sea", "forest"] | None, Query()] = None,
    year: Annotated[Year | None, Query()] = None,
) -> Response:
    """What is reserved for projects and not granted yet, by project, year and pool, with the newest document."""
    rows = [
        picked(row, NAMED)
        | {name: outer_number(quantity, row["dimension"]) for name, quantity in picked(row, AMOUNTS).items()}
        for row in reserves(session, scope, element or "", year)
    ]
    return page(rows, None, len(rows))


AMOUNTS = ("preallocated", "locked", "reserved", "granted")


def arranged_in(
    session: Session, scope: Scope, edition: str, projects: Collection[str], lang: str
) -> dict[str, dict[str, Any]]:
    """Project → what the approved scenario of an edition decided on it, as JSON; those it knows."""
    found = arrangements(session, scope, edition, projects)
    why, tree = reasons(session, scope, found, lang), element_tree(session).by_code
    return {code: arranged_json(one, why.get(code, ""), tree) for code, one in found.projects.items()}


def arranged_json(one: Arranged, reason: str, tree: Mapping[str, Node]) -> dict[str, Any]:
    """A decision as JSON; quantities in 万元 and 公顷."""
    amounts = [
        {"item": item, "year": year, "quantity": outer_number(quantity, tree[item].dimension)}
        for (item, year), quantity in sorted(one.decision.amounts.items())
    ]
    head = {"scenario": one.by.code, "doc_no": one.by.doc_no, "approved_on": one.by.approved_on}
    at = one.changed_at.isoformat() if one.changed_at else None
    said = {"supported": one.supported, "delay": one.decision.delay, "reason": reason, "state": one.state}
    return {**head, **said, "changed_at": at, "amounts": amounts}
