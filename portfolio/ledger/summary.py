"""Reserved, granted, delivered and used by year, item and attributes of projects, from the resident copies."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.ledger.cube import PLACE, Holdings, holdings
from portfolio.needs.cube import ATTRIBUTES, Snapshot, snapshot
from portfolio.needs.summary import SummaryQuery, exact_sums, needs_summary
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.queries import project_ids
from portfolio.vocabulary.elements import element_tree

STAGES = ("reserved", "granted", "delivered", "used")
OF_STAGE = {
    "reserved": ("preallocated", "locked"),
    "granted": ("granted", "delivered", "used"),
    "delivered": ("delivered", "used"),
    "used": ("used",),
}
DIMENSIONS = ("year", "item", *ATTRIBUTES)
Ints = NDArray[np.int64]


def stage_amounts(held: Holdings, stage: str) -> Ints:
    """Of each account what has reached `stage`: granted holds delivered and used, delivered holds used."""
    places = [PLACE[bucket] for bucket in OF_STAGE[stage]]
    amounts: Ints = held.held[:, places].sum(axis=1)
    return amounts


def granted_summary(
    session: Session,
    scope: Scope,
    by: tuple[str, ...],
    depth: int = 0,
    element: str | None = None,
    filters: ProjectFilters = NO_FILTERS,
) -> pd.DataFrame:
    """Columns: `by`, then `STAGES` in base units; `item` is cut at `depth` and always there (money is not area)."""
    names = tuple(dict.fromkeys((*by, "item")))
    unknown = [name for name in names if name not in DIMENSIONS]
    if unknown:
        raise InvalidError("summary.bad_dimension", value=unknown[0], allowed="、".join(DIMENSIONS))
    held, cube = holdings(session), snapshot(session)
    keep = _kept(session, scope, held, element, filters)
    columns = [_column(session, held, cube, name, depth) for name in names]
    places = [codes if keep is None else codes[keep] for codes, _ in columns]
    shape = tuple(max(1, len(labels)) for _, labels in columns)
    groups = np.ravel_multi_index(places, shape) if len(places[0]) else np.zeros(0, np.int64)
    size = int(np.prod(shape))
    amounts = {stage: stage_amounts(held, stage) for stage in STAGES}
    sums = {s: exact_sums(groups, a if keep is None else a[keep], size) for s, a in amounts.items()}
    found = np.flatnonzero(sum(sums.values()))
    unravelled = np.unravel_index(found, shape)
    frame = {
        n: np.array(labels or [None], dtype=object)[p]
        for n, (_, labels), p in zip(names, columns, unravelled, strict=True)
    }
    return pd.DataFrame({**frame, **{stage: sums[stage][found] for stage in STAGES}}, columns=[*names, *STAGES])


def asked_and_granted(
    session: Session,
    scope: Scope,
    by: tuple[str, ...],
    depth: int = 0,
    element: str | None = None,
    filters: ProjectFilters = NO_FILTERS,
) -> pd.DataFrame:
    """The matrix of asked beside reserved, granted, delivered and used: `by` with `item`, `asked`, `STAGES`."""
    names = list(dict.fromkeys((*by, "item")))
    query = SummaryQuery(tuple(names), (element,) if element else (), depth, filters=filters)
    asked = needs_summary(session, scope, query)[[*names, "required"]].rename(columns={"required": "asked"})
    both = pd.concat([asked, granted_summary(session, scope, by, depth, element, filters)], ignore_index=True)
    both[["asked", *STAGES]] = both[["asked", *STAGES]].fillna(0).astype("int64")
    return both.groupby(names, as_index=False, dropna=False, sort=True)[["asked", *STAGES]].sum()


def _kept(
    session: Session, scope: Scope, held: Holdings, element: str | None, filters: ProjectFilters
) -> NDArray[np.bool_] | None:
    keep = None
    if not (scope.everything and filters.empty):
        keep = np.isin(held.project, np.array(project_ids(session, scope, filters), np.int64))
    if element is not None:
        tree = element_tree(session)
        wanted = np.zeros(max(max(tree.by_id) + 1, 1), np.bool_)
        wanted[[n.id for n in tree.nodes if n.code == element or n.code.startswith(element + ".")]] = True
        under = wanted[held.pool_item[held.pool]]
        keep = under if keep is None else keep & under
    return keep


def _column(session: Session, held: Holdings, cube: Snapshot, name: str, depth: int) -> tuple[Ints, list[Any]]:
    if name == "year":
        years = held.pool_year[held.pool]
        first = int(years.min()) if len(years) else 0
        return years - first, list(range(first, int(years.max()) + 1)) if len(years) else []
    if name == "item":
        return _item_codes(session, held, depth)
    attribute = cube.attributes[name]
    return attribute.codes[np.searchsorted(cube.ids, held.project)].astype(np.int64), list(attribute.labels)


def _item_codes(session: Session, held: Holdings, depth: int) -> tuple[Ints, list[Any]]:
    tree = element_tree(session)
    labels: dict[str, int] = {}
    places = np.zeros(max(tree.by_id) + 1, np.int64)
    for node in tree.nodes:
        places[node.id] = labels.setdefault(tree.at_depth(node.code, depth).code, len(labels))
    return places[held.pool_item[held.pool]], list(labels)
