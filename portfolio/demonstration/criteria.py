"""Illustrative criteria values (`seeds/demonstration_criteria.csv`), the same every time, all marked."""

import csv
import hashlib
from collections.abc import Callable
from functools import lru_cache
from random import Random

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.rulebook import Row
from portfolio.core.settings import seeds_dir
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.screening.criteria import Statement, iterate_criteria, save_many_criteria
from portfolio.vocabulary.codes import sector_of

FILE = "demonstration_criteria.csv"
YUAN_PER_YI = 100_000_000
Tell = Callable[[], None]


def add_criteria(session: Session, actor: Actor, scope: Scope, tell: Tell = lambda: None) -> int:
    """Give every project illustrative values of the criteria nobody stated; returns how many projects got any."""
    stated = {(code, criterion) for code, criterion, _, _ in iterate_criteria(session, scope)}
    said = []
    for project in iterate_projects(session, scope):
        code = project["code"]
        made = {name: value for name, value in criteria(project).items() if (code, name) not in stated}
        said += [Statement(project["id"], code, name, value, "illustrative") for name, value in made.items()]
        tell()
    save_many_criteria(session, actor, said)
    return len({one.project_id for one in said})


def criteria(project: ProjectRecord) -> dict[str, float]:
    """The illustrative values of a project; its code alone is the source of chance."""
    seed = hashlib.sha256(f"{project['code']} criteria".encode()).digest()[:8]
    chance, sector = Random(int.from_bytes(seed, "big")), sector_of(project["kind"])
    yi = (project["total_investment_yuan"] or 0) / YUAN_PER_YI
    found: dict[str, float] = {}
    for row in _rows():
        silent, draw = chance.random() * 100 < int(row["silent_percent"]), chance.random()
        if not silent and (row["sectors"] == "*" or sector in row["sectors"].split("|")):
            found[row["criterion"]] = _value(row, draw, yi)
    return found


def _value(row: Row, draw: float, yi: float) -> float:
    low = int(row["low"])
    if row["shape"] == "flag":
        return float(draw * 100 < low)
    whole = low + draw * (int(row["high"]) - low)
    return float(round(whole * yi if row["shape"] == "per_yi" else whole))


@lru_cache
def _rows() -> tuple[Row, ...]:
    with (seeds_dir() / FILE).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
