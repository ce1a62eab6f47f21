"""Sums and counts of needs by any of year, item, city, kind, sector, stage and lead unit, answered from the cube."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import absent_as_none
from portfolio.core.kept import Kept
from portfolio.needs.cube import ATTRIBUTES, NO_AMOUNT, Ints, Snapshot, snapshot
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.queries import project_ids
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

DIMENSIONS = ("year", "item", "basis", *ATTRIBUTES)
PROJECT_DIMENSIONS = ATTRIBUTES
EXACT_AS_FLOAT = 2**53
_answers = Kept(256)


@dataclass(frozen=True)
class SummaryQuery:
    """What to group by and to keep. `item` is a node (all under it), `depth` how deep the item dimension goes.

    Every row names an item, since money and areas are never added: without the `item` dimension it is the element.
    Without `count_projects`, which costs more than the sums, `projects` is the number of needs.
    """

    by: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    depth: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    basis: str | None = None
    filters: ProjectFilters = field(default=NO_FILTERS)
    count_projects: bool = True


def needs_summary(session: Session, scope: Scope, query: SummaryQuery) -> pd.DataFrame:
    """Columns: `by` (with `item` always), `required` (base units), `projects`, `needs`, `illustrative` (any such need).

    Raises `InvalidError` for an unknown dimension or item. Groups without a need are absent.
    """
    by = tuple(dict.fromkeys((*query.by, "item")))
    require_dimensions(by, DIMENSIONS)
    content = snapshot(session).content
    return _answers.get(session, (scope, query), lambda: _needs_summary(session, scope, query, by), content).copy()


def project_summary(
    session: Session, scope: Scope, by: tuple[str, ...], filters: ProjectFilters = NO_FILTERS
) -> pd.DataFrame:
    """Columns: `by`, `projects`, `total_investment` (yuan, of those that state it), `stated`, `illustrative`."""
    require_dimensions(by, PROJECT_DIMENSIONS)
    key = (scope, by, filters)
    content = snapshot(session).content
    return _answers.get(session, key, lambda: _project_summary(session, scope, by, filters), content).copy()


def require_dimensions(by: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    """Raise `InvalidError` (`summary.bad_dimension`) for a name that nothing can be grouped by."""
    for name in by:
        if name not in allowed:
            raise InvalidError("summary.bad_dimension", value=name, allowed="、".join(allowed))


def _needs_summary(session: Session, scope: Scope, query: SummaryQuery, by: tuple[str, ...]) -> pd.DataFrame:
    cube, tree = snapshot(session), element_tree(session)
    nodes = _item_codes(tree, query, "item" in query.by)
    keep = _kept_needs(session, scope, cube, query, nodes)
    project = cube.project if keep is None else cube.project[keep]
    required = cube.required if keep is None else cube.required[keep]
    marks = cube.illustrative if keep is None else cube.illustrative[keep]
    item = cube.item if keep is None else cube.item[keep]
    year = cube.year if keep is None else cube.year[keep]
    columns: dict[str, tuple[Ints | NDArray[np.int32], list[Any]]] = {
        "item": (nodes.places[item], list(nodes.labels)),
        "year": _year_codes(year),
        "basis": (marks.astype(np.int32), ["reported", "illustrative"]),
    }
    for name in ATTRIBUTES:
        if name in by:
            held = cube.attributes[name]
            columns[name] = (held.codes[project], list(held.labels))
    groups, shape = _combined([columns[name] for name in by])
    unique_rows = not query.count_projects or ("year" in by and query.depth is None and "item" in query.by)
    values = _grouped(groups, int(np.prod(shape)), project, required, marks, unique_rows, len(cube.ids))
    return _labelled(by, [columns[name][1] for name in by], shape, values)


@dataclass(frozen=True)
class _ItemCodes:
    """`places[item id]` is the group's place in `labels`, -1 for an item not asked for."""

    places: NDArray[np.int32]
    labels: tuple[str, ...]
    all_asked: bool


def _year_codes(years: NDArray[np.int32]) -> tuple[NDArray[np.int32], list[Any]]:
    if not len(years):
        return years, []
    first, last = int(years.min()), int(years.max())
    return years - first, list(range(first, last + 1))


def _item_codes(tree: ElementTree, query: SummaryQuery, by_item: bool) -> _ItemCodes:
    asked = [node for code in query.item for node in [tree.by_code.get(code)] if node is not None]
    if len(asked) != len(query.item):
        unknown = next(code for code in query.item if code not in tree.by_code)
        raise InvalidError("item.not_found", value=unknown)
    depth = (query.depth if query.depth is not None else tree.depth) if by_item else 0
    roots = [node.code for node in asked]
    places = np.full(max(tree.by_id) + 1, -1, np.int32)
    labels: dict[str, int] = {}
    for node in tree.nodes:
        if not roots or any(node.code == root or node.code.startswith(root + ".") for root in roots):
            group = tree.at_depth(node.code, depth).code
            places[node.id] = labels.setdefault(group, len(labels))
    return _ItemCodes(places, tuple(labels), not roots)


def _kept_needs(
    session: Session, scope: Scope, cube: Snapshot, query: SummaryQuery, nodes: _ItemCodes
) -> NDArray[np.bool_] | None:
    """Which needs are kept; None means all of them."""
    keep: NDArray[np.bool_] | None = None
    allowed = _kept_projects(session, scope, cube, query.filters)
    if allowed is not None:
        keep = allowed[cube.project]
    if not nodes.all_asked:
        keep = _both(keep, nodes.places[cube.item] >= 0)
    if query.first_year is not None:
        keep = _both(keep, cube.year >= query.first_year)
    if query.last_year is not None:
        keep = _both(keep, cube.year <= query.last_year)
    if query.basis is not None:
        keep = _both(keep, cube.illustrative == (query.basis == "illustrative"))
    return keep


def _both(first: NDArray[np.bool_] | None, second: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return second if first is None else first & second


def _kept_projects(session: Session, scope: Scope, cube: Snapshot, filters: ProjectFilters) -> NDArray[np.bool_] | None:
    if scope.everything and filters.empty:
        return None
    ids = np.array(project_ids(session, scope, filters), np.int64)
    return np.isin(cube.ids, ids)


def _combined(columns: list[tuple[Any, list[Any]]]) -> tuple[Ints, tuple[int, ...]]:
    shape = tuple(max(1, len(labels)) for _, labels in columns)
    groups = columns[0][0].astype(np.int64)
    for (codes, _), size in zip(columns[1:], shape[1:], strict=True):
        groups = groups * size + codes
    return groups, shape


def _grouped(
    groups: Ints,
    size: int,
    project: NDArray[np.int32],
    required: Ints,
    marks: NDArray[np.bool_],
    unique_rows: bool,
    projects: int,
) -> dict[str, NDArray[Any]]:
    needs = np.bincount(groups, minlength=size)
    distinct = needs
    if not unique_rows:
        pairs = pd.unique(groups * projects + project)
        distinct = np.bincount(pairs // max(1, projects), minlength=size)
    illustrative = np.bincount(groups[marks], minlength=size) > 0
    return {
        "required": exact_sums(groups, required, size),
        "projects": distinct,
        "needs": needs,
        "illustrative": illustrative,
    }


def exact_sums(groups: Ints, values: Ints, size: int) -> Ints:
    """Sums of integers by group, exact also where a float would not be."""
    if len(values) and float(np.abs(values).sum(dtype=np.float64)) >= EXACT_AS_FLOAT / 2:
        sums = np.zeros(size, np.int64)
        np.add.at(sums, groups, values)
        return sums
    return np.bincount(groups, weights=values, minlength=size).astype(np.int64)


def _labelled(
    by: tuple[str, ...], labels: list[list[Any]], shape: tuple[int, ...], values: dict[str, NDArray[Any]]
) -> pd.DataFrame:
    found = np.flatnonzero(values["needs"] if "needs" in values else values["projects"])
    places = np.unravel_index(found, shape)
    columns: dict[str, Any] = {
        name: np.array(names or [None], dtype=object)[place]
        for name, names, place in zip(by, labels, places, strict=True)
    }
    columns |= {name: column[found] for name, column in values.items()}
    return absent_as_none(pd.DataFrame(columns, columns=[*by, *values]))


def _project_summary(session: Session, scope: Scope, by: tuple[str, ...], filters: ProjectFilters) -> pd.DataFrame:
    cube = snapshot(session)
    allowed = _kept_projects(session, scope, cube, filters)
    keep = cube.alive if allowed is None else cube.alive & allowed
    columns = [(cube.attributes[name].codes[keep], list(cube.attributes[name].labels)) for name in by]
    columns = columns or [(np.zeros(int(keep.sum()), np.int64), [None])]
    groups, shape = _combined(columns)
    size, amount = int(np.prod(shape)), cube.amount_yuan[keep]
    stated = amount != NO_AMOUNT
    values: dict[str, NDArray[Any]] = {
        "projects": np.bincount(groups, minlength=size),
        "total_investment": exact_sums(groups[stated], amount[stated], size),
        "stated": np.bincount(groups[stated], minlength=size),
        "illustrative": np.bincount(groups[cube.amount_illustrative[keep]], minlength=size) > 0,
    }
    if not by:
        return pd.DataFrame({name: column[:1] for name, column in values.items()})
    return _labelled(by, [labels for _, labels in columns], shape, values)
