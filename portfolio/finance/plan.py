"""The three-year capital plan, how sure each project's money is, and where the gaps are."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import frame_of
from portfolio.finance.rules.books import level_of
from portfolio.finance.rules.funding import CERTAINTIES
from portfolio.ledger.cube import holdings
from portfolio.ledger.summary import granted_summary, stage_amounts
from portfolio.needs.cube import snapshot
from portfolio.needs.summary import SummaryQuery, exact_sums, needs_summary
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.queries import project_ids
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree

Ints = NDArray[np.int64]
GROUPS = ("item", "level", "city", "sector")
WINDOW = 3


@dataclass(frozen=True)
class PlanQuery:
    """A plan from `year` on, grouped by one of `GROUPS` or by `project`."""

    year: int
    by: str = "project"
    filters: ProjectFilters = field(default=NO_FILTERS)


def columns(year: int) -> list[str]:
    """The plan's amount columns: before, three years, after, total; then what is granted of the three years."""
    years = [f"y{year + n}" for n in range(WINDOW)]
    return ["prior", *years, "beyond", "total", *(f"granted_{name}" for name in years)]


def capital_plan(session: Session, scope: Scope, query: PlanQuery) -> pd.DataFrame:
    """`query.by` with `columns(year)` in yuan; every row adds up to its total, and the rows to the portfolio's."""
    if query.by not in (*GROUPS, "project"):
        raise InvalidError("summary.bad_dimension", value=query.by, allowed="、".join((*GROUPS, "project")))
    long = project_years(session, scope, query.filters) if query.by == "project" else _by_group(session, scope, query)
    names = columns(query.year)
    if long.empty:
        return pd.DataFrame(columns=[query.by, *names])
    first, last = query.year, query.year + WINDOW - 1
    place = np.where(
        long["year"] < first, "prior", np.where(long["year"] > last, "beyond", "y" + long["year"].astype(str))
    )
    asked = long.assign(place=place).pivot_table(
        index=query.by, columns="place", values="asked", aggfunc="sum", fill_value=0
    )
    asked = asked.reindex(columns=names[: WINDOW + 2], fill_value=0)
    asked["total"] = asked.sum(axis=1)
    window = long[long["year"].between(first, last)].assign(place=lambda f: "granted_y" + f["year"].astype(str))
    granted = window.pivot_table(index=query.by, columns="place", values="granted", aggfunc="sum", fill_value=0)
    granted = granted.reindex(index=asked.index, columns=names[WINDOW + 3 :], fill_value=0)
    return asked.join(granted).astype("int64").reset_index()[[query.by, *names]]


def _by_group(session: Session, scope: Scope, query: PlanQuery) -> pd.DataFrame:
    by = () if query.by in ("item", "level") else (query.by,)
    needs = needs_summary(session, scope, SummaryQuery(("year", "item", *by), ("fund",), filters=query.filters))
    needs = needs.rename(columns={"required": "asked"})
    granted = granted_summary(session, scope, ("year", *by), 9, "fund", query.filters)
    both = pd.concat([needs, granted], ignore_index=True)
    both["level"] = [level_of(item) for item in both["item"]]
    both[["asked", "granted"]] = both[["asked", "granted"]].fillna(0)
    both[query.by] = both[query.by].fillna("")
    return both[[query.by, "year", "asked", "granted"]]


def project_years(session: Session, scope: Scope, filters: ProjectFilters = NO_FILTERS) -> pd.DataFrame:
    """`project` (id), `year`, `asked`, `granted` (yuan): a row for each need and account of funds."""
    cube, held, funds = snapshot(session), holdings(session), _funds(session)
    keep = funds[cube.item]
    asked = pd.DataFrame(
        {"project": cube.ids[cube.project[keep]], "year": cube.year[keep], "asked": cube.required[keep]}
    )
    mine = funds[held.pool_item[held.pool]]
    granted = pd.DataFrame(
        {
            "project": held.project[mine],
            "year": held.pool_year[held.pool[mine]],
            "granted": stage_amounts(held, "granted")[mine],
        }
    )
    both = pd.concat([asked, granted], ignore_index=True).fillna(0)
    if scope.everything and filters.empty:
        return both
    return both[both["project"].isin(project_ids(session, scope, filters))]


def _funds(session: Session) -> NDArray[np.bool_]:
    tree = element_tree(session)
    found = np.zeros(max(tree.by_id) + 1, np.bool_)
    found[[node.id for node in tree.nodes if node.element == "fund"]] = True
    return found


def certainty(asked: Ints, settled: Ints, granted: Ints) -> NDArray[np.str_]:
    """How sure each project's money is, by what it asks, what of that names a source, and what was granted (yuan)."""
    return np.select([(granted > 0) & (granted >= asked), granted > 0, settled > 0], CERTAINTIES[:3], CERTAINTIES[3])


def funding(
    session: Session, scope: Scope, year: int | None = None, filters: ProjectFilters = NO_FILTERS
) -> pd.DataFrame:
    """A row a project: `project` (id), `asked`, `settled` (source named), `granted`, `gap` (yuan), `certainty`."""
    cube, held, funds = snapshot(session), holdings(session), _funds(session)
    unsettled = [node.id for node in element_tree(session).nodes if "unsettled" in node.flags]
    keep = funds[cube.item] & (True if year is None else cube.year == year)
    size = len(cube.ids)
    asked = exact_sums(cube.project[keep].astype(np.int64), cube.required[keep], size)
    named = keep & ~np.isin(cube.item, unsettled)
    settled = exact_sums(cube.project[named].astype(np.int64), cube.required[named], size)
    mine = funds[held.pool_item[held.pool]] & (True if year is None else held.pool_year[held.pool] == year)
    places = np.searchsorted(cube.ids, held.project[mine])
    granted = exact_sums(places, stage_amounts(held, "granted")[mine], size)
    certain = certainty(asked, settled, granted)
    frame = pd.DataFrame(
        {"project": cube.ids, "asked": asked, "settled": settled, "granted": granted, "certainty": certain}
    )
    frame["gap"] = (frame["asked"] - frame["granted"]).clip(lower=0)
    frame = frame[cube.alive & ((asked > 0) | (granted > 0))]
    if not (scope.everything and filters.empty):
        frame = frame[frame["project"].isin(project_ids(session, scope, filters))]
    return frame.reset_index(drop=True)


def named_projects(session: Session, ids: list[int]) -> pd.DataFrame:
    """`project` (id), `code`, `name_zh`, `name_en`, `city`, `kind`, `total_investment` of those projects."""
    names = ("id", "code", "name_zh", "name_en", "city_code", "kind", "total_investment_yuan")
    rows: list[tuple[object, ...]] = []
    selected = [getattr(Project, name) for name in names]
    for start in range(0, len(ids), 500):
        part = select(*selected).where(col(Project.id).in_(ids[start : start + 500]))
        rows += [tuple(row) for row in session.execute(part)]
    return frame_of(rows, ["project", "code", "name_zh", "name_en", "city", "kind", "total_investment"])
