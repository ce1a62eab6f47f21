"""Reserved, granted, delivered and used by year, item and attributes of projects, from the resident copies."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import absent_as_none
from portfolio.ledger.cube import PLACE, Holdings, holdings
from portfolio.ledger.totals import Totals, totals
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
    attributes = tuple(name for name in names if name in ATTRIBUTES)
    if scope.everything and filters.empty:
        sums = totals(session, attributes)
        if sums is not None:
            return _grouped(session, names, *_of_totals(session, sums, attributes, depth, element))
    held, cube = holdings(session), snapshot(session)
    keep = _kept(session, scope, held, element, filters)
    columns = {name: _column(session, held, cube, name, depth) for name in names}
    if keep is not None:
        columns = {name: (codes[keep], labels) for name, (codes, labels) in columns.items()}
    amounts = {stage: stage_amounts(held, stage) for stage in STAGES}
    return _grouped(session, names, columns, {s: a if keep is None else a[keep] for s, a in amounts.items()})


Columns = dict[str, tuple[Ints, list[Any]]]


def _of_totals(
    session: Session, sums: Totals, attributes: tuple[str, ...], depth: int, element: str | None
) -> tuple[Columns, dict[str, Ints]]:
    """Columns and amounts from the kept sums: a row a pool and combination of attributes that holds anything."""
    cells = np.flatnonzero(sums.sums.any(axis=1))
    pool, code = cells // sums.width, cells % sums.width
    if element is not None:
        keep = _under(session, element)[sums.pool_item[pool]]
        cells, pool, code = cells[keep], pool[keep], code[keep]
    columns: Columns = {"year": _years(sums.pool_year[pool])}
    places, labels = _item_places(session, depth)
    columns["item"] = (places[sums.pool_item[pool]], labels)
    for name, names in reversed(list(zip(attributes, sums.labels, strict=True))):
        columns[name] = (code % max(1, len(names)), list(names))
        code = code // max(1, len(names))
    amounts = {s: sums.sums[cells][:, [PLACE[b] for b in OF_STAGE[s]]].sum(axis=1) for s in STAGES}
    return columns, amounts


def _grouped(session: Session, names: tuple[str, ...], columns: Columns, amounts: dict[str, Ints]) -> pd.DataFrame:
    shape = tuple(max(1, len(columns[name][1])) for name in names)
    places = [columns[name][0] for name in names]
    groups = np.ravel_multi_index(places, shape) if len(places[0]) else np.zeros(0, np.int64)
    size = int(np.prod(shape))
    sums = {stage: exact_sums(groups, amount, size) for stage, amount in amounts.items()}
    found = np.flatnonzero(sum(sums.values()))
    frame = {
        name: np.array(columns[name][1] or [None], dtype=object)[place]
        for name, place in zip(names, np.unravel_index(found, shape), strict=True)
    }
    made = pd.DataFrame({**frame, **{stage: sums[stage][found] for stage in STAGES}}, columns=[*names, *STAGES])
    return absent_as_none(made)


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
    query = SummaryQuery(tuple(names), (element,) if element else (), depth, filters=filters, count_projects=False)
    asked = needs_summary(session, scope, query)[[*names, "required"]].rename(columns={"required": "asked"})
    both = pd.concat([asked, granted_summary(session, scope, by, depth, element, filters)], ignore_index=True)
    both[["asked", *STAGES]] = both[["asked", *STAGES]].fillna(0).astype("int64")
    return absent_as_none(both.groupby(names, as_index=False, dropna=False, sort=True)[["asked", *STAGES]].sum())


def _kept(
    session: Session, scope: Scope, held: Holdings, element: str | None, filters: ProjectFilters
) -> NDArray[np.bool_] | None:
    keep = None
    if not (scope.everything and filters.empty):
        keep = np.isin(held.project, np.array(project_ids(session, scope, filters), np.int64))
    if element is not None:
        under = _under(session, element)[held.pool_item[held.pool]]
        keep = under if keep is None else keep & under
    return keep


def _under(session: Session, element: str) -> NDArray[np.bool_]:
    """By item id, whether it is `element` or under it."""
    tree = element_tree(session)
    wanted = np.zeros(max(tree.by_id) + 1, np.bool_)
    wanted[[n.id for n in tree.nodes if n.code == element or n.code.startswith(element + ".")]] = True
    return wanted


def _years(years: Ints) -> tuple[Ints, list[Any]]:
    first = int(years.min()) if len(years) else 0
    return years - first, list(range(first, int(years.max()) + 1)) if len(years) else []


def _column(session: Session, held: Holdings, cube: Snapshot, name: str, depth: int) -> tuple[Ints, list[Any]]:
    if name == "year":
        return _years(held.pool_year[held.pool])
    if name == "item":
        places, labels = _item_places(session, depth)
        return places[held.pool_item[held.pool]], labels
    attribute = cube.attributes[name]
    return attribute.codes[np.searchsorted(cube.ids, held.project)].astype(np.int64), list(attribute.labels)


def _item_places(session: Session, depth: int) -> tuple[Ints, list[Any]]:
    """By item id, the place of its ancestor at `depth` among the labels."""
    tree = element_tree(session)
    labels: dict[str, int] = {}
    places = np.zeros(max(tree.by_id) + 1, np.int64)
    for node in tree.nodes:
        places[node.id] = labels.setdefault(tree.at_depth(node.code, depth).code, len(labels))
    return places, list(labels)
