"""The workload's database: 100,000 projects and 1,000,000 needs, the same every time."""

import csv
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, insert, text
from sqlmodel import Session

from portfolio.core.database import make_engine
from portfolio.needs.tables import Need
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.tables import Project, ProjectRegion, ProjectTask, ProjectUnit
from portfolio.upkeep.setup import initialise
from portfolio.vocabulary.codes import entries
from portfolio.vocabulary.elements import element_tree

CITIES = ("450100", "450500", "450600", "450700", "450900", "451400")
FIRST_YEAR, YEARS = 2024, 5
BATCH = 5_000


def make(folder: Path, projects: int, needs_each: int) -> Path:
    """A database with `projects` projects and `needs_each` needs of each; returns its path."""
    path = folder / f"bench-{projects}.db"
    if path.exists():
        return path
    engine = make_engine(f"sqlite:///{path}")
    fill(engine, projects, needs_each)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


def fill(engine: Engine, projects: int, needs_each: int) -> None:
    """Bring an empty database to the scheme's code lists with `projects` projects and `needs_each` needs of each."""
    initialise(engine, "scheme")
    with Session(engine) as session:
        connection = session.connection()
        connection.execute(text("UPDATE revision SET service_open = true"))
        for table in ("needs", "project_regions", "project_tasks", "project_units", "projects"):
            connection.execute(text(f"DELETE FROM {table}"))
        leaves = [leaf.id for leaf in element_tree(session).leaves]
        for start in range(0, projects, BATCH):
            _write(connection, range(start + 1, min(start + BATCH, projects) + 1), leaves, needs_each)
        connection.execute(text("UPDATE revision SET service_open = false"))
        session.commit()
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _write(connection: Connection, ids: range, leaves: list[int], needs_each: int) -> None:
    chance = Random(ids.start)
    kinds, stages = list(entries("kinds")), list(entries("stages"))
    made = [_project(number, chance, kinds, stages) for number in ids]
    connection.execute(insert(Project), made)
    regions = [{"project_id": p["id"], "position": 1, "region_code": p["city_code"]} for p in made]
    connection.execute(insert(ProjectRegion), regions)
    tasks = [{"project_id": p["id"], "position": 1, "task_id": f"T{1 + p['id'] % 51:02d}"} for p in made]
    connection.execute(insert(ProjectTask), tasks)
    units = [
        {"project_id": p["id"], "position": place, "unit_code": code}
        for p in made
        for place, code in enumerate((p["lead_unit"], f"CITY-{p['city_code']}"), 1)
    ]
    connection.execute(insert(ProjectUnit), units)
    if needs_each:
        rows = [row for p in made for row in need_rows(p["id"], leaves, needs_each)]
        names = ("project_id", "item_id", "year", "required", "basis", "revision")
        connection.execute(insert(Need), [dict(zip(names, (*row, 1), strict=True)) for row in rows])


def _project(number: int, chance: Random, kinds: list[str], stages: list[str]) -> dict[str, Any]:
    name, start = (
        f"第{number}号{chance.choice(('泊位', '铁路', '水库', '产业园', '污水处理厂'))}工程",
        chance.randint(2020, 2028),
    )
    return {
        "id": number,
        "code": f"GX-2018-{number:06d}",
        "name_zh": name,
        "name_key": plain_name(name),
        "name_en": f"Works no. {number}",
        "kind": chance.choice(kinds),
        "capacity_zh": "",
        "section": "二(三)1 水运方面",
        "lead_unit": chance.choice(("GX-DRC", "GX-DOT", "GX-BBW")),
        "owner": f"第{number % 900}公司",
        "stage": chance.choice(stages),
        "stage_basis": "reported",
        "start_month": f"{start}-{chance.randint(1, 12):02d}",
        "finish_month": f"{start + 3}-06",
        "schedule_basis": "reported",
        "total_investment_yuan": chance.randint(1_000, 900_000) * 10_000,
        "investment_basis": "reported",
        "cross_province": False,
        "co_agreed": False,
        "co_agreed_doc": "",
        "sea_related": False,
        "source": "bench",
        "city_code": chance.choice(CITIES),
        "search_text": f"gx-2018-{number:06d} {name}",
        "version": 1,
        "needs_version": 1,
        "revision": 1,
    }


def need_rows(project: int, leaves: list[int], count: int) -> list[tuple[int, int, int, int, str]]:
    """`count` needs of one project: distinct leaves and years, whole 万元."""
    return [
        (
            project,
            leaves[(project * 7 + place // YEARS) % len(leaves)],
            FIRST_YEAR + place % YEARS,
            (1 + (project * 31 + place * 17) % 90_000) * 10_000,
            "reported",
        )
        for place in range(count)
    ]


def write_needs_csv(
    database: Path, target: Path, projects: int, needs_each: int
) -> list[tuple[int, int, int, int, str]]:
    """The same needs as an import file; returns them as rows of the table as well."""
    engine = make_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        tree = element_tree(session)
    engine.dispose()
    leaves, rows = [leaf.id for leaf in tree.leaves], []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("project", "item", "year", "required", "basis"))
        for project in range(1, projects + 1):
            for row in need_rows(project, leaves, needs_each):
                rows.append(row)
                writer.writerow((f"GX-2018-{project:06d}", tree.by_id[row[1]].code, row[2], row[3] // 10_000, row[4]))
    return rows
