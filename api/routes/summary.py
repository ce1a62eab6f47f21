"""`/summary`: sums of what is required and counts, by any dimensions; `/summary/projects`: counts and investment."""

from typing import Annotated, Any

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
from portfolio.vocabulary.elements import element_tree

router = APIRouter(prefix="/summary", tags=["summary"])
ALIASES = {"region": "city"}


class SummaryParameters(ProjectParameters):
    """What to group by, how deep the item dimension goes, and what to keep."""

    by: list[str] = Field([], description=f"any of {', '.join(DIMENSIONS)} (region = reporting city)")
    depth: int | None = Field(None, ge=0, le=9, description="of the item dimension: 0 elements, none for the leaves")
    items: list[str] = Field([], alias="within", description="only under these items")
    first_year: Year | None = None
    last_year: Year | None = None
    basis: str | None = Field(None, pattern="^(reported|illustrative)$")


class ProjectSummaryParameters(ProjectParameters):
    """What to group projects by."""

    by: list[str] = Field([], description=f"any of {', '.join(PROJECT_DIMENSIONS)} (region = reporting city)")


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
    return page(_need_rows(frame, dimension), None, len(frame))


def _need_rows(frame: pd.DataFrame, dimension: dict[str, str]) -> list[dict[str, Any]]:
    columns = {name: frame[name].tolist() for name in frame.columns}
    kinds = [dimension[item] for item in columns["item"]]
    pairs = zip(columns["required"], kinds, strict=True)
    columns["required"] = [outer_number(value, kind) for value, kind in pairs]
    columns["unit"] = [UNIT[kind] for kind in kinds]
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@router.get("/projects", response_model=Listed[ProjectTotal], operation_id="project_summary")
@reads
def projects(parameters: Annotated[ProjectSummaryParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects and total investment (万元, of the `stated` ones) of each group."""
    filters = project_filters(parameters, session)
    frame = project_summary(session, scope, _asked(parameters.by), filters)
    rows = records(frame)
    for row in rows:
        row["total_investment_wan"] = outer_number(row.pop("total_investment"), "money")
    return page(rows, None, len(rows))
