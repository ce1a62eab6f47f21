"""The filters of project lists as query parameters, named as the fields."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.door.context import Reading
from api.door.shapes import base
from api.schemas.values import Asked, MonthOrNone, Year
from portfolio.core.paging import DEFAULT_LIMIT, MAX_LIMIT
from portfolio.needs.queries import needing
from portfolio.projects.filters import FILTER_NAMES, ProjectFilters
from portfolio.projects.rules.workflow import STATES
from portfolio.reporting.narrowing import COMPLETE_BANDS, READY, STANDINGS, narrowings


class ProjectParameters(Asked):
    """Filters (repeat a parameter for "any of"; `-` means not stated), sort and page of a project list."""

    q: str = Field("", max_length=200, description="search in code, names, scale and owner")
    code: list[str] = []
    kind: list[str] = []
    sector: list[str] = []
    form: list[str] = Field([], description="form of work: works programme service unknown")
    nature: list[str] = []
    approval_type: list[str] = []
    stage: list[str] = []
    lead_unit: list[str] = []
    city: list[str] = Field([], description="reporting city of sums")
    region: list[str] = Field([], description="touches this region; a city includes its counties")
    task: list[str] = []
    unit: list[str] = []
    section: str = Field("", max_length=200)
    owner: str = Field("", max_length=120)
    cross_province: bool | None = None
    co_agreed: bool | None = None
    sea_related: bool | None = None
    illustrative: bool | None = None
    start_from: MonthOrNone = ""
    start_to: MonthOrNone = ""
    finish_from: MonthOrNone = ""
    finish_to: MonthOrNone = ""
    investment_min_wan: float | None = Field(None, ge=0)
    investment_max_wan: float | None = Field(None, ge=0)
    item: str | None = Field(None, description="needs something of this element")
    year: list[Year] = Field([], description="… in these years")
    state: str = Field("", description="where the record stands: " + " ".join(STATES))
    complete: str = Field("", description="band of completeness: " + " ".join(COMPLETE_BANDS))
    ready: str = Field("", description="when works could begin: " + " ".join(READY))
    waits: str = Field("", description="`any` for what has not begun, or the step it waits for: `step.place`")
    standing: str = Field("", description="what is proposed: " + " ".join(STANDINGS))
    lang: str | None = Field(None, pattern="^(zh|en)$")


class ProjectPage(ProjectParameters):
    """The filters with sort and page."""

    include: Literal["proposed"] | None = Field(None, description="`proposed` adds what is proposed")

    sort: str = Field("code", description="a field, with - before it for descending")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    after: str | None = Field(None, max_length=1000)


def project_filters(parameters: ProjectParameters, session: Any) -> ProjectFilters:
    """The domain's filters for what was asked."""
    given: dict[str, Any] = {}
    for name in parameters.model_fields_set & set(FILTER_NAMES):
        value = getattr(parameters, name)
        given[name] = tuple(value) if isinstance(value, list) else value
    for bound in ("min", "max"):
        amount = getattr(parameters, f"investment_{bound}_wan")
        if amount is not None:
            given[f"investment_{bound}_yuan"] = base(amount, "money", f"investment_{bound}_wan")
    named = ("state", "complete", "ready", "standing", "waits")
    narrowing = narrowings(session, **{name: getattr(parameters, name) for name in named})
    if parameters.item is not None:
        narrowing.append(needing(session, parameters.item, tuple(parameters.year)))
    given["narrowing"] = tuple(narrowing)
    return ProjectFilters(**given)


def narrowed(parameters: Annotated[ProjectParameters, Query()], session: Reading) -> ProjectFilters:
    """The filters alone, for routes without pages."""
    return project_filters(parameters, session)


Narrowed = Annotated[ProjectFilters, Depends(narrowed)]
