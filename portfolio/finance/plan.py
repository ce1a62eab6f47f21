"""The three-year capital plan, how sure each project's money is, and where the gaps are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import frame_of
from portfolio.finance.rules.books import MARKET, level_of
from portfolio.finance.rules.funding import CERTAINTIES
from portfolio.finance.tables import Financing
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
OF_OTHERS = ("policy_loan", "commercial_loan", "ppp")
SIGNED = ("signed", "drawn")


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


def signed_amounts(session: Session, year: int | None = None) -> dict[int, int]:
    """What others signed to bring, by project (id), in yuan: contracts that begin by `year`, all of them by default."""
    columns: list[Any] = [Financing.project_id, func.sum(Financing.amount_yuan)]
    here: list[Any] = [col(Financing.instrument).in_(OF_OTHERS), col(Financing.status).in_(SIGNED)]
    if year is not None:
        here.append(col(Financing.first_year) <= year)
    statement = select(*columns).where(*here).group_by(col(Financing.project_id))
    return {project: int(amount) for project, amount in session.execute(statement)}


def certainty(asked: Ints, settled: Ints, granted: Ints) -> NDArray[np.str_]:
    """How sure each project's money is: what it asks, what of that names a source, what was granted or signed."""
    return np.select([(granted > 0) & (granted >= asked), granted > 0, settled > 0], CERTAINTIES[:3], CERTAINTIES[3])


def funding(
    session: Session, scope: Scope, year: int | None = None, filters: ProjectFilters = NO_FILTERS
) -> pd.DataFrame:
    """A row a project (id): `asked`, `settled` (source named), `granted`, `signed`, `gap` (yuan), `certainty`.

    The gap is `gap_fiscal`, what finance is asked and did not grant, and `gap_other`, what others are to bring and is
    not `signed`: of a loan only the contract counts.
    """
    cube, held, funds = snapshot(session), holdings(session), _funds(session)
    nodes = element_tree(session).nodes
    unsettled = [node.id for node in nodes if "unsettled" in node.flags]
    fiscal = [node.id for node in nodes if node.element == "fund" and level_of(node.code) != MARKET]
    keep = funds[cube.item] & (True if year is None else cube.year == year)
    size = len(cube.ids)
    asked = exact_sums(cube.project[keep].astype(np.int64), cube.required[keep], size)
    named = keep & ~np.isin(cube.item, unsettled)
    settled = exact_sums(cube.project[named].astype(np.int64), cube.required[named], size)
    mine = funds[held.pool_item[held.pool]] & (True if year is None else held.pool_year[held.pool] == year)
    places = np.searchsorted(cube.ids, held.project[mine])
    granted = exact_sums(places, stage_amounts(held, "granted")[mine], size)
    of_finance = keep & np.isin(cube.item, fiscal)
    asked_fiscal = exact_sums(cube.project[of_finance].astype(np.int64), cube.required[of_finance], size)
    others = asked - asked_fiscal
    contracts = signed_amounts(session, year)
    signed = np.minimum(others, np.array([contracts.get(int(one), 0) for one in cube.ids], np.int64))
    certain = certainty(asked, settled, granted + signed)
    frame = pd.DataFrame(
        {"project": cube.ids, "asked": asked, "settled": settled, "granted": granted, "signed": signed}
        | {"certainty": certain, "gap_fiscal": (asked_fiscal - granted).clip(0)}
    )
    frame["gap_other"] = (others - (granted - asked_fiscal).clip(0) - signed).clip(0)
    frame["gap"] = frame["gap_fiscal"] + frame["gap_other"]
    frame = frame[cube.alive & ((asked > 0) | (granted > 0))]
    if not (scope.everything and filters.empty):
        frame = frame[frame["project"].isin(project_ids(session, scope, filters))]
    return frame.reset_index(drop=True)


def fiscal_gaps(session: Session, scope: Scope, projects: Sequence[int]) -> pd.DataFrame:
    """`project` (id, as they are given), `year`, `gap_fiscal` (yuan): finance's own gap in every year that has money.

    Each year's figure is that of `funding`: what others are to bring is no gap of finance.
    """
    cube, held, funds = snapshot(session), holdings(session), _funds(session)
    mine = funds[held.pool_item[held.pool]]
    years = {*cube.year[funds[cube.item]].tolist(), *held.pool_year[held.pool[mine]].tolist()}
    parts = []
    for year in sorted(int(one) for one in years):
        frame = funding(session, scope, year)
        parts.append(frame.loc[frame["project"].isin(projects), ["project", "gap_fiscal"]].assign(year=year))
    names = ["project", "year", "gap_fiscal"]
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def named_projects(session: Session, ids: list[int]) -> pd.DataFrame:
    """`project` (id), `code`, `name_zh`, `name_en`, `city`, `kind`, `total_investment` of those projects."""
    names = ("id", "code", "name_zh", "name_en", "city_code", "kind", "total_investment_yuan")
    rows: list[tuple[object, ...]] = []
    selected = [getattr(Project, name) for name in names]
    for start in range(0, len(ids), 500):
        part = select(*selected).where(col(Project.id).in_(ids[start : start + 500]))
        rows += [tuple(row) for row in session.execute(part)]
    return frame_of(rows, ["project", "code", "name_zh", "name_en", "city", "kind", "total_investment"])
