"""`/summary`: sums of what is required and counts, by any dimensions; `/summary/projects`: counts and investment."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.door.context import Reading, Within
from api.door.lane import reads
from api.door.shapes import UNIT, page
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.answers.library import NeedTotal, ProjectTotal
from api.schemas.answers.listed import Listed
from api.schemas.values import Year
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.units import outer_number
from portfolio.needs.summary import DIMENSIONS, PROJECT_DIMENSIONS, SummaryQuery, needs_summary, project_summary
from portfolio.needs.summary_beside import NEEDS_ADDED, PROJECTS_ADDED, needs_added, projects_added
from portfolio.vocabulary.elements import element_tree

router = APIRouter(prefix="/summary", tags=["summary"])
INCLUDE = "`proposed` adds, figure by figure, what acceptance would change, for who enters or reviews it"
ALIASES = {"region": "city"}


class SummaryParameters(ProjectParameters):
    """What to group by, how deep the item dimension goes, and what to keep."""

    by: list[str] = Field([], description=f"any of {', '.join(DIMENSIONS)} (region = reporting city)")
    depth: int | None = Field(None, ge=0, le=9, description="of the item dimension: 0 elements, none for the leaves")
    items: list[str] = Field([], alias="within", description="only under these items")
    first_year: Year | None = None
    last_year: Year | None = None
    basis: str | None = Field(None, pattern="^(reported|illustrative)$")
    include: Literal["proposed"] | None = Field(None, description=INCLUDE)


class ProjectSummaryParameters(ProjectParameters):
    """What to group projects by."""

    by: list[str] = Field([], description=f"any of {', '.join(PROJECT_DIMENSIONS)} (region = reporting city)")
    include: Literal["proposed"] | None = Field(None, description=INCLUDE)


def _asked(by: list[str]) -> tuple[str, ...]:
    names = [name for part in by for name in part.split(",") if name]
    return tuple(ALIASES.get(name, name) for name in names)


@router.get("", response_model=Listed[NeedTotal], operation_id="summary")
@reads
def needs(parameters: Annotated[SummaryParameters, Query()], session: Reading, scope: Within) -> Response:
    """Sums of required (in `unit`), distinct projects and needs of each group; a group without needs is absent."""
    filters = project_filters(parameters.model_copy(update={"item": None, "year": []}), session)
    within = [*parameters.items, *([parameters.item] if parameters.item else [])]
    years = parameters.year
    query = SummaryQuery(
        _asked(parameters.by),
        tuple(within),
        parameters.depth,
        parameters.first_year or min(years, default=None),
        parameters.last_year or max(years, default=None),
        parameters.basis,
        filters,
    )
    if len(years) > 1 and len(years) != max(years) - min(years) + 1:
        raise InvalidError("list.bad_filter", name="year", value=", ".join(str(year) for year in years))
    frame = needs_summary(session, scope, query)
    dimension = {node.code: node.dimension for node in element_tree(session).nodes}
    rows = _need_rows(frame, dimension, "required")
    if parameters.include is None:
        return page(rows, None, len(rows))
    added = _need_rows(needs_added(session, scope, query), dimension, "proposed_required")
    nothing = {"required": 0, "projects": 0, "needs": 0, "illustrative": False}
    rows = _beside(rows, added, nothing, NEEDS_ADDED)
    return page(rows, None, len(rows))


Figures = list[dict[str, Any]]


def _beside(rows: Figures, added: Figures, nothing: dict[str, Any], names: tuple[str, ...]) -> Figures:
    """The rows with what is proposed beside each figure; a group that has only proposals stands with `nothing`."""

    def group(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(sorted((name, str(value)) for name, value in row.items() if name not in (*nothing, *names)))

    changes = {group(row): row for row in added}
    zero = dict.fromkeys(names, 0)
    found = [{**row, **zero, **changes.pop(group(row), {})} for row in rows]
    return [*found, *({**nothing, **row} for row in changes.values())]


def _need_rows(frame: pd.DataFrame, dimension: dict[str, str], figure: str) -> Figures:
    columns = {name: frame[name].tolist() for name in frame.columns}
    kinds = [dimension[item] for item in columns["item"]]
    pairs = zip(columns[figure], kinds, strict=True)
    columns[figure] = [outer_number(value, kind) for value, kind in pairs]
    columns["unit"] = [UNIT[kind] for kind in kinds]
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@router.get("/projects", response_model=Listed[ProjectTotal], operation_id="project_summary")
@reads
def projects(parameters: Annotated[ProjectSummaryParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects and total investment (万元, of the `stated` ones) of each group."""
    filters, by = project_filters(parameters, session), _asked(parameters.by)
    rows = _in_wan(records(project_summary(session, scope, by, filters)), "total_investment")
    if parameters.include is not None:
        added = _in_wan(records(projects_added(session, scope, by, filters)), PROJECTS_ADDED[0])
        nothing = {"projects": 0, "stated": 0, "illustrative": False, "total_investment_wan": 0}
        rows = _beside(rows, added, nothing, (f"{PROJECTS_ADDED[0]}_wan", PROJECTS_ADDED[1]))
    return page(rows, None, len(rows))


def _in_wan(rows: Iterable[Mapping[Any, Any]], figure: str) -> Figures:
    """Rows with an amount in yuan as one in 万元, under the name that says so."""
    found = [dict(row) for row in rows]
    for row in found:
        row[f"{figure}_wan"] = outer_number(row.pop(figure), "money")
    return found
