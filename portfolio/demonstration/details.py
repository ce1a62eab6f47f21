"""Illustrative details of land and forest (`seeds/demonstration_details.csv`), the same every time, all marked."""

import csv
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.rulebook import Row
from portfolio.core.settings import seeds_dir
from portfolio.needs.details import DetailEdit, save_details
from portfolio.needs.tables import Need, NeedDetail
from portfolio.projects.queries import iterate_projects
from portfolio.vocabulary.elements import element_tree

FILE = "demonstration_details.csv"
MARK = "illustrative"
OFFICES_STEP_M2 = 100
Tell = Callable[[], None]


def add_details(session: Session, actor: Actor, scope: Scope, tell: Tell = lambda: None) -> int:
    """State illustrative details of elements that projects need and nobody described; returns how many projects."""
    areas_m2, stated, count = _areas_m2(session), _stated(session), 0
    for project in list(iterate_projects(session, scope)):
        made = details(project["code"], areas_m2.get(project["id"], {}))
        fresh = {key: value for key, value in made.items() if (project["id"], *key) not in stated}
        if fresh:
            edits = [DetailEdit(item, attribute, value, MARK) for (item, attribute), value in fresh.items()]
            save_details(session, actor, scope, project["code"], edits)
            count += 1
        tell()
    return count


def _areas_m2(session: Session) -> dict[int, dict[str, int]]:
    """Project id → element → what the project needs of it, all years together."""
    tree, found = element_tree(session), dict[int, dict[str, int]]()
    summed = select(col(Need.project_id), col(Need.item_id), func.sum(col(Need.required)))
    for project, item, m2 in session.execute(summed.group_by(col(Need.project_id), col(Need.item_id))):
        element = tree.by_id[item].element
        of_project = found.setdefault(project, {})
        of_project[element] = of_project.get(element, 0) + int(m2)
    return found


def _stated(session: Session) -> set[tuple[int, str, str]]:
    """(project id, item, attribute) of every detail there is."""
    tree = element_tree(session)
    columns = (col(NeedDetail.project_id), col(NeedDetail.item_id), col(NeedDetail.attribute))
    return {
        (project, tree.by_id[item].code, attribute) for project, item, attribute in session.execute(select(*columns))
    }


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
