"""`/tasks`, `/units`, `/regions`, `/items`, `/codes`: what projects refer to."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlalchemy import select
from sqlmodel import Session, col

from api.door.context import By, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import UNIT, answer, page
from api.schemas.answers.library import (
    CodeOut,
    ItemDetail,
    ItemOut,
    LeadSet,
    RegionOut,
    TaskDetail,
    TaskOut,
    UnitDetail,
    UnitOut,
)
from api.schemas.answers.listed import Listed
from api.schemas.values import Strict
from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import records
from portfolio.core.plain_text import searchable
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.leading import Lead, set_task_lead
from portfolio.projects.queries import count_projects
from portfolio.scheme import queries
from portfolio.vocabulary.codes import LISTS, entries
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region
from portfolio.vocabulary.tree import Node

router = APIRouter()
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str | None, Query(max_length=100)]
Search = Annotated[str, Query(max_length=100)]


def sliced(rows: list[dict[str, Any]], key: str, limit: int, after: str | None, q: str = "") -> Response:
    """A page of a short list: rows after the one whose key is `after`."""
    if q:
        word = searchable(q)
        rows = [row for row in rows if any(word in searchable(str(value)) for value in row.values())]
    keys = [str(row[key]) for row in rows]
    start = keys.index(after) + 1 if after in keys else 0
    chosen = rows[start : start + limit]
    more = start + limit < len(rows)
    return page(chosen, keys[start + limit - 1] if more else None, len(rows))


@router.get("/tasks", response_model=Listed[TaskOut], tags=["tasks"], operation_id="list_tasks")
@reads
def tasks(session: Reading, scope: Within, q: Search = "", limit: Limit = 100, after: After = None) -> Response:
    """The scheme's task items with their responsible units in order."""
    return sliced(records(queries.tasks(session, scope)), "id", limit, after, q)


@router.get("/tasks/{task_id}", tags=["tasks"], response_model=TaskDetail, operation_id="get_task")
@reads
def task(task_id: str, session: Reading, scope: Within) -> Response:
    """One task with the number of its projects."""
    found = queries.task(session, scope, task_id)
    return answer({**found, "projects": count_projects(session, scope, ProjectFilters(task=(task_id,)))})


class LeadIn(Strict):
    """The unit that is to lead, why, and who decides it where nobody signs in."""

    unit: str
    reason: str = Field(max_length=500)
    person: str = Field("", max_length=80)


@router.put("/tasks/{task_id}/lead", tags=["tasks"], response_model=LeadSet, operation_id="set_task_lead")
def lead(task_id: str, body: LeadIn, session: Writing, actor: By) -> Response:
    """Set who leads a task that clause 三(二) gives no lead; its projects without a lead follow."""
    reached = set_task_lead(session, actor, task_id, Lead(body.unit, body.reason, body.person))
    return answer({"task": task_id, "unit": body.unit, "projects": reached})


@router.get("/units", response_model=Listed[UnitOut], tags=["units"], operation_id="list_units")
@reads
def units(session: Reading, scope: Within, q: Search = "", limit: Limit = 200, after: After = None) -> Response:
    """Responsible units, with the number of tasks each leads and serves."""
    return sliced(records(queries.units(session, scope)), "code", limit, after, q)


@router.get("/units/{code}", tags=["units"], response_model=UnitDetail, operation_id="get_unit")
@reads
def unit(code: str, session: Reading, scope: Within) -> Response:
    """One unit with the number of projects it leads and serves."""
    found = queries.unit(session, scope, code)
    led = count_projects(session, scope, ProjectFilters(lead_unit=(code,)))
    return answer({**found, "projects_led": led, "projects": _served(session, scope, code)})


def _served(session: Session, scope: Scope, code: str) -> int:
    return count_projects(session, scope, ProjectFilters(unit=(code,)))


@router.get("/regions", response_model=Listed[RegionOut], tags=["regions"], operation_id="list_regions")
@reads
def regions(session: Reading, q: Search = "", limit: Limit = 200, after: After = None) -> Response:
    """Regions of GB/T 2260 and local areas under them."""
    rows = [row.model_dump() for row in session.execute(select(Region).order_by(col(Region.code))).scalars()]
    return sliced(rows, "code", limit, after, q)


@router.get("/regions/{code}", tags=["regions"], response_model=RegionOut, operation_id="get_region")
@reads
def region(code: str, session: Reading) -> Response:
    """One region with the city it is counted under."""
    found = session.get(Region, code)
    if found is None:
        raise NotFoundError("region.not_found", code=code)
    return answer(found.model_dump())


@router.get("/items", response_model=Listed[ItemOut], tags=["items"], operation_id="list_items")
@reads
def items(session: Reading, q: Search = "", limit: Limit = 200, after: After = None) -> Response:
    """The element tree, parents before children."""
    return sliced([_item(node) for node in element_tree(session).nodes], "code", limit, after, q)


@router.get("/items/{code}", tags=["items"], response_model=ItemDetail, operation_id="get_item")
@reads
def item(code: str, session: Reading) -> Response:
    """One item of the element tree with its children."""
    tree = element_tree(session)
    if code not in tree.by_code:
        raise NotFoundError("item.not_found", value=code)
    children = [child.code for child in tree.children(code)]
    return answer({**_item(tree.by_code[code]), "children": children, "path": [node.code for node in tree.path(code)]})


def _item(node: Node) -> dict[str, Any]:
    threshold = node.national_threshold_m2
    return {
        "code": node.code,
        "parent": node.parent,
        "dimension": node.dimension,
        "unit": UNIT[node.dimension],
        "name_zh": node.name_zh,
        "name_en": node.name_en,
        "depth": node.depth,
        "leaf": node.leaf,
        "flags": sorted(node.flags),
        "national_threshold_ha": None if threshold is None else threshold / 10_000,
    }


@router.get("/codes/{name}", response_model=Listed[CodeOut], tags=["codes"], operation_id="list_codes")
@reads
def codes(name: str) -> Response:
    """A code list: kinds, sectors, stages, natures, approval_types, unit_kinds, bases."""
    if name not in LISTS:
        raise NotFoundError("request.not_found")
    rows = [dict(row) for row in entries(name).values()]
    return page(rows, None, len(rows))
