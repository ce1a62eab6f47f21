"""Illustrative details of land and forest (`seeds/demonstration_details.csv`), the same every time, all marked."""

import csv
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.rulebook import Row
from portfolio.core.settings import seeds_dir
from portfolio.needs.details import DetailEdit, project_details, save_details
from portfolio.needs.queries import project_needs
from portfolio.projects.queries import iterate_projects

FILE = "demonstration_details.csv"
MARK = "illustrative"
OFFICES_STEP_M2 = 100
Tell = Callable[[], None]


def add_details(session: Session, actor: Actor, scope: Scope, tell: Tell = lambda: None) -> int:
    """State illustrative details of elements that projects need and nobody described; returns how many projects."""
    count = 0
    for project in list(iterate_projects(session, scope)):
        code = project["code"]
        held, made = project_details(session, scope, code), details(code, _areas_m2(session, scope, code))
        edits = [DetailEdit(*key, value, MARK) for key, value in made.items() if key not in held]
        if edits:
            save_details(session, actor, scope, code, edits)
            count += 1
        tell()
    return count


def _areas_m2(session: Session, scope: Scope, code: str) -> dict[str, int]:
    """What the project needs of each element, all years together."""
    needs = project_needs(session, scope, code)
    elements = needs["item"].str.split(".").str[0]
    return {str(element): int(sum_) for element, sum_ in needs["required"].groupby(elements).sum().items()}


def details(code: str, areas_m2: Mapping[str, int]) -> dict[tuple[str, str], str]:
    """(element, attribute) → value of a project that needs `areas_m2`; its code alone is the source of chance."""
    seed = hashlib.sha256(f"{code} details".encode()).digest()[:8]
    chance = Random(int.from_bytes(seed, "big"))
    found: dict[tuple[str, str], str] = {}
    for row in _rows():
        silent, touched, draw = chance.random() * 100, chance.random() * 100, chance.random()
        area_m2 = areas_m2.get(row["item"], 0)
        if area_m2 and silent >= int(row["silent_percent"]):
            found[row["item"], row["attribute"]] = _value(row, touched < int(row["percent"]), draw, area_m2)
    return found


def _value(row: Row, touched: bool, draw: float, area_m2: int) -> str:
    if row["shape"] == "flag" or not touched:
        return str(int(touched))
    percent = int(row["low"]) + draw * (int(row["high"]) - int(row["low"]))
    return str(max(1, int(area_m2 * percent / 100) // OFFICES_STEP_M2) * OFFICES_STEP_M2)


@lru_cache
def _rows() -> tuple[Row, ...]:
    with (seeds_dir() / FILE).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
