"""Where a year's money and the hectares or permits it needs do not meet."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.ledger.cube import Holdings, holdings
from portfolio.ledger.summary import stage_amounts
from portfolio.needs.cube import Snapshot, snapshot
from portfolio.needs.summary import exact_sums
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.readiness.queries import readiness_frame, start_day
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
AREAS = ("land", "sea", "forest")
COLUMNS = ["project", "year", "kind", "element", "money", "area_needed", "area_granted"]


def mismatches(
    session: Session, scope: Scope, year: int, as_of: date, filters: ProjectFilters = NO_FILTERS
) -> pd.DataFrame:
    """`COLUMNS` by kind and money: projects (ids) whose money and areas of `year` do not meet; yuan and m².

    - `money_without_area`: money is granted (or, with none granted, asked) for the year, but the hectares needed up to
      that year are not all granted;
    - `money_before_start`: money is granted for the year, but works cannot begin within it;
    - `area_without_money`: hectares of the year are granted, and no money at all is granted or asked for it.
    """
    cube, held, tree = snapshot(session), holdings(session), element_tree(session)
    ready = readiness_frame(session, scope, as_of, filters)
    places = np.searchsorted(cube.ids, ready["project_id"].to_numpy(np.int64))
    asked = _needed(cube, _items(tree, "fund"), cube.year == year)[places]
    granted = _granted(cube, held, _items(tree, "fund"), held.pool_year[held.pool] == year)[places]
    money = np.where(granted > 0, granted, asked)
    parts = []
    for element in AREAS:
        items = _items(tree, element)
        needed = _needed(cube, items, cube.year <= year)[places]
        given = _granted(cube, held, items, held.pool_year[held.pool] <= year)[places]
        this_year = _granted(cube, held, items, held.pool_year[held.pool] == year)[places]
        short = (money > 0) & (needed > given) & ~ready["started"].to_numpy(bool)
        idle = (this_year > 0) & (granted == 0) & (asked == 0)
        for kind, chosen in (("money_without_area", short), ("area_without_money", idle)):
            parts.append(_rows(ready, chosen, year, kind, element, money, needed, given))
    late = ready["days_left"].map(lambda days: start_day(as_of, int(days)).year).to_numpy() > year
    chosen = (granted > 0) & late & ~ready["started"].to_numpy(bool)
    nothing = np.zeros(len(ready), np.int64)
    parts.append(_rows(ready, chosen, year, "money_before_start", "", money, nothing, nothing))
    frame = pd.concat(parts, ignore_index=True)
    return frame.sort_values(["kind", "money", "project"], ascending=[True, False, True]).reset_index(drop=True)


def _rows(
    ready: pd.DataFrame, chosen: Mask, year: int, kind: str, element: str, money: Ints, needed: Ints, given: Ints
) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "project": ready["project_id"].to_numpy()[chosen],
        "year": year,
        "kind": kind,
        "element": element,
        "money": money[chosen],
        "area_needed": needed[chosen],
        "area_granted": given[chosen],
    }
    return pd.DataFrame(columns, columns=COLUMNS)


def _items(tree: ElementTree, element: str) -> Mask:
    found = np.zeros(max(tree.by_id) + 1, np.bool_)
    found[[node.id for node in tree.nodes if node.element == element]] = True
    return found


def _needed(cube: Snapshot, items: Mask, when: Mask) -> Ints:
    keep = items[cube.item] & when
    return exact_sums(cube.project[keep].astype(np.int64), cube.required[keep], len(cube.ids))


def _granted(cube: Snapshot, held: Holdings, items: Mask, when: Mask) -> Ints:
    keep = items[held.pool_item[held.pool]] & when
    places = np.searchsorted(cube.ids, held.project[keep])
    return exact_sums(places, stage_amounts(held, "granted")[keep], len(cube.ids))
