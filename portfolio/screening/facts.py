"""The named facts of every project (`data/facts.csv`), gathered from the rooms below; NaN is not known."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.kept import Kept
from portfolio.core.units import BASE_PER_OUTER
from portfolio.finance.plan import funding
from portfolio.finance.rules.books import by_code, capital_ratio
from portfolio.finance.tables import Financing
from portfolio.needs.tables import NeedDetail
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, ever_accepted
from portfolio.projects.queries import project_ids
from portfolio.projects.tables import Project, ProjectRegion, ProjectTask
from portfolio.readiness.queries import readiness_frame
from portfolio.screening.rules import books
from portfolio.screening.sums import CAPITAL, need_facts
from portfolio.screening.tables import Criterion
from portfolio.vocabulary.codes import WHOLE_REGION, entries, sector_of

INDUSTRIAL = ("industry", "energy", "ict", "logistics", "agriculture")
BEGUN = ("under_construction", "completed", "suspended")
NAMED = ("code", "sector")
READ = (
    "id",
    "code",
    "kind",
    "stage",
    "start_month",
    "finish_month",
    "actual_start_month",
    "total_investment_yuan",
    "approval_type",
    "owner",
    "lead_unit",
    "national_code",
    "city_code",
    "cross_province",
    "co_agreed",
    "co_agreed_doc",
    "sea_related",
)
DETAILS = {"ecological_redline": "redline_ha", "protected_area": "protected_area", "natural_forest": "natural_forest"}
_kept = Kept(8)


def fact_frame(
    session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS, as_of: date | None = None
) -> pd.DataFrame:
    """`code`, `sector` and every fact (float) by project id, in the order of codes; own criteria stand last.

    `as_of` gives the present year and the day starts are seen from (today by default).
    """
    day = as_of or today()
    frame: pd.DataFrame = _kept.get(session, ("facts", day), lambda: _whole(session, day))
    if scope.everything and filters.empty:
        return frame
    return frame[frame.index.isin(project_ids(session, scope, filters))]


def columns_of(frame: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """The facts of a frame as the arrays that expressions are worked out on."""
    return {str(name): frame[name].to_numpy(np.float64) for name in frame.columns if name not in NAMED}


def known_facts(session: Session) -> set[str]:
    """The facts an expression may name: the catalogue and the criteria offices added."""
    return {*books.facts(), *session.execute(select(col(Criterion.criterion)).distinct()).scalars()}


def _whole(session: Session, day: date) -> pd.DataFrame:
    frame = _projects(session)
    frame = frame.join(need_facts(session, day.year))
    frame = _detailed(session, frame)
    frame = _financed(session, frame)
    frame = _readied(session, frame, day)
    frame = frame.join(_stated(session))
    if "protected_core" in frame:
        outside = frame["protected_core"].isna() & (frame["protected_area"] == 0)
        frame.loc[outside, "protected_core"] = 0.0
    own = [name for name in frame.columns if name not in books.facts() and name.startswith(books.OWN)]
    return frame.reindex(columns=[*NAMED, *books.facts(), *sorted(own)])


def _projects(session: Session) -> pd.DataFrame:
    columns = [getattr(Project, name) for name in READ]
    rows = session.execute(select(*columns).where(ever_accepted()).order_by(col(Project.code))).all()
    raw = pd.DataFrame([tuple(row) for row in rows], columns=list(READ), dtype=object).set_index("id")
    raw.index = raw.index.astype(np.int64)
    raw["cities"], raw["task_hits"] = _counts(session)
    sectors = raw["kind"].map(sector_of)
    start, finish = raw["start_month"].map(_month_number), raw["finish_month"].map(_month_number)
    total = raw["total_investment_yuan"].astype(float) / BASE_PER_OUTER
    ranks = raw["stage"].map(lambda stage: float(entries("stages")[stage]["rank"]) if stage else np.nan)
    cities = raw["cities"].fillna(0)
    return pd.DataFrame(
        {
            "code": raw["code"],
            "sector": sectors,
            "kind": raw["kind"],
            "start_month": raw["start_month"],
            "total_wan": total,
            "stage_rank": ranks.astype(float),
            "started": _started(raw),
            "months": finish - start + 1,
            "start_after_finish": (start > finish).astype(float).where(start.notna() & finish.notna()),
            "task_hits": raw["task_hits"].fillna(0).astype(float),
            "cities": cities.astype(float).where(cities > 0),
            "cross_city": ((cities > 1) | (raw["city_code"] == WHOLE_REGION))
            .astype(float)
            .where(raw["city_code"].notna()),
            **{name: raw[name].astype(float) for name in ("cross_province", "co_agreed", "sea_related")},
            "industrial": sectors.isin(INDUSTRIAL).astype(float).where(sectors.notna()),
            **_statements(raw),
        },
        index=raw.index,
    )


def _started(raw: pd.DataFrame) -> "pd.Series[float]":
    """Whether works began: by the stage, or since the month is stated in which they did; else not known."""
    said = raw["stage"].map(lambda stage: float(stage in BEGUN) if stage else np.nan).astype(float)
    return said.mask(raw["actual_start_month"].map(bool), 1.0)


def _statements(raw: pd.DataFrame) -> dict[str, Any]:
    """Flags that are always known: whether a column was filled in."""
    fields = {
        "co_agreed_doc_stated": "co_agreed_doc",
        "kind_stated": "kind",
        "owner_stated": "owner",
        "approval_stated": "approval_type",
        "region_stated": "city_code",
        "lead_stated": "lead_unit",
        "code_stated": "national_code",
    }
    found = {name: raw[field].map(bool).astype(float) for name, field in fields.items()}
    both = raw["start_month"].map(bool) & raw["finish_month"].map(bool)
    return {
        **found,
        "schedule_stated": both.astype(float),
        "total_stated": raw["total_investment_yuan"].notna().astype(float),
    }


def _counts(session: Session) -> tuple["pd.Series[Any]", "pd.Series[Any]"]:
    """How many cities each project touches (a county counts for its city), and how many tasks it serves."""
    city = func.substr(col(ProjectRegion.region_code), 1, 4)
    owner, task = col(ProjectRegion.project_id), col(ProjectTask.project_id)
    whole = col(ProjectRegion.region_code) != WHOLE_REGION
    cities = session.execute(select(owner, func.count(city.distinct())).where(whole).group_by(owner)).all()
    tasks = session.execute(select(task, func.count()).group_by(task)).all()
    return pd.Series(dict(map(tuple, cities)), dtype=float), pd.Series(dict(map(tuple, tasks)), dtype=float)


def _month_number(month: str | None) -> float:
    return int(month[:4]) * 12 + int(month[5:7]) if month else np.nan


def _detailed(session: Session, frame: pd.DataFrame) -> pd.DataFrame:
    """Redline, protected area and natural forest; a project without land, sea and forest touches none of them."""
    statement = select(col(NeedDetail.project_id), col(NeedDetail.attribute), col(NeedDetail.value))
    rows = session.execute(statement.where(col(NeedDetail.attribute).in_(DETAILS))).all()
    landless = frame["land_ha"] == 0
    nowhere = landless & (frame["sea_ha"] == 0) & (frame["forest_ha"] == 0)
    zero = {"redline_ha": landless, "protected_area": nowhere, "natural_forest": frame["forest_ha"] == 0}
    for attribute, name in DETAILS.items():
        said = {row.project_id: float(row.value) for row in rows if row.attribute == attribute}
        values = pd.Series(said, dtype=float).reindex(frame.index)
        frame[name] = values.where(values.notna() | ~zero[name], 0.0)
    frame["redline_ha"] /= BASE_PER_OUTER
    return frame


def _financed(session: Session, frame: pd.DataFrame) -> pd.DataFrame:
    money = funding(session, EVERYTHING).set_index("project").reindex(frame.index)
    asked = money["asked"].where(money["asked"] > 0).astype(float)
    in_place = money["granted"] + money["signed"]
    frame["settled_share"], frame["granted_share"] = money["settled"] / asked, (in_place / asked).clip(upper=1)
    ratios = {kind: capital_ratio(kind, sector_of(kind)) for kind in set(frame["kind"].dropna())}
    least = {kind: ratio.percent - ratio.short_board_points if ratio else 0 for kind, ratio in ratios.items()}
    frame["capital_required"] = frame["kind"].map(least).astype(float)
    frame["capital_share"] = 100 * frame[CAPITAL] / frame["total_wan"].where(frame["total_wan"] > 0)
    frame["sources_gap_wan"] = (frame["funds_wan"] - frame["total_wan"]).abs()
    return _bonds(session, frame)


def _bonds(session: Session, frame: pd.DataFrame) -> pd.DataFrame:
    """Special bonds by the records: the larger amount, the worst use and cover, and whether in both libraries."""
    names = ("project_id", "amount_yuan", "bond_use", "cover_milli", "in_national_library", "in_debt_library")
    statement = select(*(getattr(Financing, name) for name in names)).where(col(Financing.instrument) == "special_bond")
    rows = pd.DataFrame([tuple(row) for row in session.execute(statement)], columns=list(names))
    uses = {code: float(row["negative"]) for code, row in by_code("bond_uses").items()}
    rows["use"] = rows["bond_use"].map(uses).astype(float)
    rows["cover"] = rows["cover_milli"].astype(float) / 1000
    both = [rows[name].astype(float) for name in ("in_national_library", "in_debt_library")]
    rows["libraries"] = both[0] * both[1]
    for name in ("in_national_library", "in_debt_library"):
        rows.loc[rows[name].astype(float) == 0, "libraries"] = 0.0
    grouped = rows.groupby("project_id")
    amount = grouped["amount_yuan"].sum().reindex(frame.index).astype(float) / BASE_PER_OUTER
    frame["special_bond_wan"] = np.fmax(frame["special_bond_wan"], amount)
    worst = {
        "bond_use_negative": ("use", "max"),
        "bond_cover": ("cover", "min"),
        "bond_libraries": ("libraries", "min"),
    }
    for name, (column, how) in worst.items():
        frame[name] = _worst(grouped[column], how).reindex(frame.index)
    return frame


def _worst(values: Any, how: str) -> "pd.Series[Any]":
    """The worst of each group; not known when any of it is not known and none of it decides alone."""
    found, unknown = values.agg(how), values.agg(lambda group: group.isna().any())
    decides = found == 1 if how == "max" else found == 0
    result: pd.Series[Any] = found.astype(float).where(~unknown.astype(bool) | decides)
    return result


def _readied(session: Session, frame: pd.DataFrame, day: date) -> pd.DataFrame:
    ready = readiness_frame(session, EVERYTHING, day).set_index("project_id").reindex(frame.index)
    steps = ready["steps"].astype(float)
    frame["ready_share"] = ready["done"].astype(float) / steps.where(steps > 0)
    planned = frame["start_month"].map(
        lambda month: (date.fromisoformat(f"{month}-01") - day).days if month else np.nan
    )
    frame["start_slack_days"] = planned.astype(float) - ready["days_left"].astype(float)
    return frame


def _stated(session: Session) -> pd.DataFrame:
    """Criteria values as columns."""
    rows = session.execute(select(col(Criterion.project_id), col(Criterion.criterion), col(Criterion.value))).all()
    long = pd.DataFrame([tuple(row) for row in rows], columns=["project", "criterion", "value"])
    wide: pd.DataFrame = long.pivot(index="project", columns="criterion", values="value").astype(float)
    return wide
