"""What a list of projects is narrowed by, and the condition each filter stands for."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlmodel import col

from portfolio.access.rules import Row, Scope
from portfolio.core.plain_text import searchable
from portfolio.projects.naming_search import may_name, of_named
from portfolio.projects.state_tables import ProjectState
from portfolio.projects.tables import Project, ProjectRegion, ProjectTask, ProjectUnit
from portfolio.scheme.heirs import regions_under, units_under
from portfolio.vocabulary.codes import UNKNOWN_FORM, kinds_of, kinds_of_form

NONE = "-"


@dataclass(frozen=True)
class Narrowing:
    """A condition another room adds, with the key that names it in caches.

    `proposed` says that it may mean projects that were never accepted, so that they are not left out beforehand.
    """

    key: Hashable
    condition: ColumnElement[bool] = field(compare=False)
    proposed: bool = False


@dataclass(frozen=True)
class ProjectFilters:
    """Filters of the library; a tuple means any of its values, `-` in it means "not stated".

    `city` is the reporting city of sums; `region` finds what touches a region (a city includes its counties).
    Projects that were never accepted are left out (False), among the others (None) or alone (True), and then only
    those that the reader enters or reviews.
    """

    q: str = ""
    code: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    nature: tuple[str, ...] = ()
    approval_type: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    lead_unit: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    section: str = ""
    owner: str = ""
    cross_province: bool | None = None
    co_agreed: bool | None = None
    sea_related: bool | None = None
    illustrative: bool | None = None
    start_from: str = ""
    start_to: str = ""
    finish_from: str = ""
    finish_to: str = ""
    investment_min_yuan: int | None = None
    investment_max_yuan: int | None = None
    narrowing: tuple[Narrowing, ...] = ()
    proposed: bool | None = False

    @property
    def empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == ProjectFilters()


NO_FILTERS = ProjectFilters()
WITH_PROPOSED = ProjectFilters(proposed=None)
_PLAIN = ("code", "kind", "nature", "approval_type", "stage")
_FLAGS = ("cross_province", "co_agreed", "sea_related")


def conditions(filters: ProjectFilters, scope: Scope) -> list[ColumnElement[bool]]:
    """The WHERE conditions on `projects` for a reader's scope and filters.

    The scope comes last: a database that judges in the order of the text asks it only of what the filters leave.
    """
    found = [*_code_conditions(filters), *_link_conditions(filters)]
    found += [*_text_conditions(filters), *_range_conditions(filters), *_flag_conditions(filters)]
    found += [narrowing.condition for narrowing in filters.narrowing]
    return [*found, *_acceptance(filters, scope), *_scope_conditions(scope)]


def ever_accepted(project_id: Any = None) -> ColumnElement[bool]:
    """The projects that are in the library or once were: all but those that are a proposal only."""
    if project_id is None:
        return _EVER
    wanted: ColumnElement[bool] = project_id.not_in(_NEVER)
    return wanted


def enters(scope: Scope, row: Row) -> bool:
    """Whether the reader enters or reviews such a record, so that what is proposed is shown to them."""
    return scope.reader is None or any(reach.covers(row) for reach in scope.entering)


def _acceptance(filters: ProjectFilters, scope: Scope) -> list[ColumnElement[bool]]:
    if filters.proposed is False and not any(narrowing.proposed for narrowing in filters.narrowing):
        return [ever_accepted()]
    reaches = [_scope_conditions(reach) for reach in scope.entering] if scope.reader else [()]
    everywhere = not all(reaches)
    own = true() if everywhere else or_(*(one for reach in reaches for one in reach))
    if filters.proposed:
        return [col(Project.id).in_(_NEVER), own]
    return [] if everywhere else [or_(ever_accepted(), own)]


@lru_cache(256)
def _scope_conditions(scope: Scope) -> Sequence[ColumnElement[bool]]:
    """The same for every request of the same scope, so made once."""
    if scope.everything:
        return ()
    allowed: list[ColumnElement[bool]] = []
    if scope.cities:
        allowed.append(col(Project.city_code).in_(sorted(scope.cities)))
        allowed.append(_with_reviewer(col(ProjectState.reviewer_city), scope.cities))
    if scope.lead_units:
        allowed.append(col(Project.lead_unit).in_(sorted(scope.lead_units)))
        allowed.append(_with_reviewer(col(ProjectState.reviewer_unit), scope.lead_units))
    if scope.office_units:
        allowed.append(col(Project.office_unit).in_(sorted(scope.office_units)))
    return (or_(*allowed),) if allowed else (false(),)


def _with_reviewer(column: Any, values: frozenset[str]) -> ColumnElement[bool]:
    """What waits for a reviewer is seen by them, also when it was passed on to them from elsewhere (转办)."""
    return col(Project.id).in_(select(col(ProjectState.project_id)).where(column.in_(sorted(values))))


def _any_of(column: Any, values: tuple[str, ...]) -> ColumnElement[bool]:
    stated = [value for value in values if value != NONE]
    chosen: list[ColumnElement[bool]] = [column.in_(stated)] if stated else []
    if NONE in values:
        chosen.append(column.is_(None))
    # A sector nobody knows has no kinds: that is nothing, not everything.
    return or_(false(), *chosen)


def _code_conditions(filters: ProjectFilters) -> list[ColumnElement[bool]]:
    found = [_any_of(getattr(Project, name), getattr(filters, name)) for name in _PLAIN if getattr(filters, name)]
    if filters.lead_unit:
        found.append(_of_units(col(Project.lead_unit), filters.lead_unit))
    if filters.city:
        found.append(_any_of(col(Project.city_code), filters.city))
    if filters.form:
        formed = tuple(kind for form in filters.form for kind in kinds_of_form(form))
        found.append(_any_of(col(Project.kind), formed + ((NONE,) if UNKNOWN_FORM in filters.form else ())))
    if filters.sector:
        kinds = tuple(kind for sector in filters.sector for kind in kinds_of(sector))
        found.append(_any_of(col(Project.kind), kinds + ((NONE,) if NONE in filters.sector else ())))
    return found


def _of_units(column: Any, units: tuple[str, ...]) -> ColumnElement[bool]:
    """Borne by one of the units, or by one that it took over (自然资源厅 also finds what 国土资源厅 bears)."""
    stated = tuple(unit for unit in units if unit != NONE)
    chosen: list[ColumnElement[bool]] = [column.in_(units_under(stated))] if stated else []
    return or_(false(), *chosen, *([column.is_(None)] if NONE in units else []))


def _link_conditions(filters: ProjectFilters) -> list[ColumnElement[bool]]:
    links: tuple[tuple[tuple[str, ...], Any, Any], ...] = (
        (filters.task, ProjectTask.project_id, ProjectTask.task_id),
        (filters.unit, ProjectUnit.project_id, ProjectUnit.unit_code),
    )
    found: list[ColumnElement[bool]] = []
    for wanted, owner, value in links:
        if wanted:
            meant = units_under(wanted) if owner is ProjectUnit.project_id else wanted
            found.append(col(Project.id).in_(select(owner).where(value.in_(meant))))
    if filters.region:
        found.append(_touching(filters.region))
    return found


def _touching(regions: tuple[str, ...]) -> ColumnElement[bool]:
    code = col(ProjectRegion.region_code)
    whole = [code.startswith(region[:4]) for region in regions if region.endswith("00")]
    single = tuple(region for region in regions if not region.endswith("00"))
    under = [*whole, *([code.in_(regions_under(single))] if single else [])]
    return col(Project.id).in_(select(col(ProjectRegion.project_id)).where(or_(*under)))


def _text_conditions(filters: ProjectFilters) -> list[ColumnElement[bool]]:
    words = searchable(filters.q).split()
    found: list[ColumnElement[bool]] = []
    if words:
        said = and_(*(col(Project.search_text).contains(word, autoescape=True) for word in words))
        named = of_named(filters.q) if may_name(filters.q) else None
        found = [said if named is None else or_(said, named)]
    if filters.section:
        found.append(col(Project.section).contains(filters.section, autoescape=True))
    if filters.owner:
        found.append(col(Project.owner).contains(filters.owner, autoescape=True))
    return found


def _range_conditions(filters: ProjectFilters) -> list[ColumnElement[bool]]:
    start, finish, amount = col(Project.start_month), col(Project.finish_month), col(Project.total_investment_yuan)
    bounds: tuple[tuple[Any, Any, bool], ...] = (
        (filters.start_from, start, True),
        (filters.start_to, start, False),
        (filters.finish_from, finish, True),
        (filters.finish_to, finish, False),
        (filters.investment_min_yuan, amount, True),
        (filters.investment_max_yuan, amount, False),
    )
    return [column >= value if low else column <= value for value, column, low in bounds if value not in ("", None)]


def _flag_conditions(filters: ProjectFilters) -> list[ColumnElement[bool]]:
    found = [
        getattr(Project, name).is_(getattr(filters, name)) for name in _FLAGS if getattr(filters, name) is not None
    ]
    if filters.illustrative is not None:
        marked = or_(
            *(
                and_(column.is_not(None), column == "illustrative")
                for column in (col(Project.stage_basis), col(Project.schedule_basis), col(Project.investment_basis))
            )
        )
        found.append(marked if filters.illustrative else ~marked)
    return found


_NEVER: Any = select(col(ProjectState.project_id)).where(col(ProjectState.accepted).is_(False))
_EVER: ColumnElement[bool] = col(Project.id).not_in(_NEVER)
FILTER_NAMES = tuple(item.name for item in fields(ProjectFilters) if item.name not in ("narrowing", "proposed"))
