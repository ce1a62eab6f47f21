"""Facts that are sums of needs: money in 万元, areas in 公顷, not known where an element was not answered."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.core.units import BASE_PER_OUTER
from portfolio.needs.cube import Snapshot, snapshot
from portfolio.needs.summary import exact_sums
from portfolio.needs.tables import NotApplicable
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree, Node

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CAPITAL = "capital_wan"
AREAS = ("land", "sea", "forest")


@dataclass(frozen=True)
class Sum:
    """A fact that adds up leaves; a project that declares `anchor` or what is above it 不涉及 has zero of it."""

    anchor: str
    wanted: Callable[[Node], bool]


def _any(_: Node) -> bool:
    return True


def _flagged(flag: str) -> Callable[[Node], bool]:
    return lambda node: flag in node.flags


def _under(code: str) -> Callable[[Node], bool]:
    return lambda node: node.code == code or node.code.startswith(code + ".")


def _capital(node: Node) -> bool:
    """Money without debt: what the tree marks as capital, and fiscal money that is no bond."""
    return "capital" in node.flags or ("fiscal" in node.flags and "bond" not in node.flags)


SUMS = {
    "funds_wan": Sum("fund", _any),
    "tbd_wan": Sum("fund", _flagged("unsettled")),
    "foreign_wan": Sum("fund.foreign", _under("fund.foreign")),
    "special_bond_wan": Sum("fund.bond", lambda node: node.code.startswith("fund.bond.special")),
    CAPITAL: Sum("fund", _capital),
    "land_ha": Sum("land", _any),
    "land_new_ha": Sum("land", _flagged("new_construction")),
    "pbf_ha": Sum("land.agri.arable.pbf", _under("land.agri.arable.pbf")),
    "sea_ha": Sum("sea", _any),
    "reclamation_ha": Sum("sea.reclamation", _flagged("reclamation")),
    "forest_ha": Sum("forest", _any),
    "forest_grade1_ha": Sum("forest.grade1", _flagged("grade_1")),
}


def need_facts(session: Session, year: int) -> pd.DataFrame:
    """The facts of `SUMS`, `year_wan`, `funds_stated` and `areas_stated` by project id."""
    cube, tree = snapshot(session), element_tree(session)
    closed = _closed(session, tree, cube)
    answered = {element: _answered(cube, tree, element) for element in ("fund", *AREAS)}
    found: dict[str, Floats] = {}
    for name, wanted in SUMS.items():
        element = wanted.anchor.split(".", 1)[0]
        known = answered[element] | _declared(closed, tree, wanted.anchor, len(cube.ids))
        found[name] = _sum(cube, tree, element, wanted, known)
    in_year = _sum(cube, tree, "fund", SUMS["funds_wan"], ~np.isnan(found["funds_wan"]), year)
    said = {element: answered[element] | _said(closed, tree, element, len(cube.ids)) for element in answered}
    areas = said["land"] & said["sea"] & said["forest"]
    flags = {"funds_stated": said["fund"].astype(np.float64), "areas_stated": areas.astype(np.float64)}
    return pd.DataFrame({**found, "year_wan": in_year, **flags}, index=cube.ids)


def _places(tree: ElementTree, element: str, wanted: Callable[[Node], bool]) -> Bools:
    """Which item ids are leaves of the element that are wanted."""
    found = np.zeros(max(tree.by_id) + 1, np.bool_)
    found[[node.id for node in tree.leaves_under(element) if wanted(node)]] = True
    return found


def _answered(cube: Snapshot, tree: ElementTree, element: str) -> Bools:
    """Which projects have reported a need of the element, zero included."""
    found = np.zeros(len(cube.ids), np.bool_)
    found[cube.project[_places(tree, element, _any)[cube.item]]] = True
    return found


def _sum(cube: Snapshot, tree: ElementTree, element: str, wanted: Sum, known: Bools, year: int | None = None) -> Floats:
    keep = _places(tree, element, wanted.wanted)[cube.item]
    if year is not None:
        keep &= cube.year == year
    sums = exact_sums(cube.project[keep].astype(np.int64), cube.required[keep], len(cube.ids))
    return np.where(known, sums / BASE_PER_OUTER, np.nan)


def _closed(session: Session, tree: ElementTree, cube: Snapshot) -> dict[str, Bools]:
    """Item code → which projects declared it 不涉及."""
    place = {int(number): where for where, number in enumerate(cube.ids)}
    found: dict[str, Bools] = {}
    for project, item in session.execute(select(col(NotApplicable.project_id), col(NotApplicable.item_id))):
        if project in place:
            held = found.setdefault(tree.by_id[item].code, np.zeros(len(cube.ids), np.bool_))
            held[place[project]] = True
    return found


def _declared(closed: dict[str, Bools], tree: ElementTree, anchor: str, size: int) -> Bools:
    found = np.zeros(size, np.bool_)
    for node in tree.path(anchor):
        found |= closed.get(node.code, np.zeros(size, np.bool_))
    return found


def _said(closed: dict[str, Bools], tree: ElementTree, element: str, size: int) -> Bools:
    """Which projects declared the element, or anything of it, 不涉及."""
    found = np.zeros(size, np.bool_)
    for code, held in closed.items():
        if tree.by_code[code].element == element:
            found |= held
    return found
