"""Accounts for the workload: pools, ten accounts of every project, two entries each, and steps of preparation."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from portfolio.core.database import make_engine
from portfolio.vocabulary.elements import element_tree

REGIONS = ("450000", "450100", "450500", "450600", "450700", "450900", "451400")
YEARS = range(2024, 2029)
EACH, STEPS = 10, ("project_code", "proposal", "land_precheck", "stability", "energy_review", "feasibility", "eia")
BATCH = 50_000
GRANTED, DELIVERED = 70_000, 30_000
POOLS = (
    "INSERT INTO pools (id, code, name, item_id, year, region_code, level, kind, doc_no, basis,"
    " free, preallocated, locked, granted, delivered, used) VALUES (?, ?, '', ?, ?, ?, 'region', 'budget', 'bench',"
    " 'reported', ?, 0, 0, ?, ?, 0)"
)
ACCOUNTS = (
    "INSERT INTO ledger_accounts (pool_id, project_id, preallocated, locked, granted, delivered, used)"
    f" VALUES (?, ?, 0, 0, {GRANTED - DELIVERED}, {DELIVERED}, 0)"
)
ENTRIES = (
    "INSERT INTO ledger_entries (kind, pool_id, project_id, item_id, year, quantity, source, target, doc_no, note,"
    " on_date, posted_at, actor, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'bench', '', ?,"
    " '2026-01-01 00:00:00.000000', 'bench', 1)"
)
STEP_ROWS = (
    "INSERT INTO project_steps (project_id, step, status, actual_on, valid_until, doc_no, authority, note, basis,"
    " revision) VALUES (?, ?, 'approved', '2025-01-01', ?, 'bench', '', '', 'reported', 1)"
)


def add(path: Path, projects: int) -> int:
    """Add accounts and steps to the database unless it has them; returns the number of entries."""
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        held = session.execute(text("SELECT count(*) FROM ledger_entries")).scalar_one()
        if not held:
            nodes = [node.id for node in element_tree(session).nodes if node.leaf]
            raw = session.connection().connection.dbapi_connection
            session.execute(text("UPDATE revision SET service_open = 1"))
            held = _fill(raw, projects, nodes)
            session.execute(text("UPDATE revision SET service_open = 0, value = value + 1"))
            session.commit()
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return int(held)


def _fill(raw: Any, projects: int, nodes: list[int]) -> int:
    keys = [(node, year, region) for node in nodes for year in YEARS for region in REGIONS]
    chosen = [
        (project, (project * 7 + place * 101) % len(keys))
        for project in range(1, projects + 1)
        for place in range(EACH)
    ]
    in_pool = [0] * len(keys)
    for _, place in chosen:
        in_pool[place] += 1
    raw.executemany(
        POOLS,
        (
            (n + 1, f"B{n}", node, year, region, 10**12, count * (GRANTED - DELIVERED), count * DELIVERED)
            for n, ((node, year, region), count) in enumerate(zip(keys, in_pool, strict=True))
        ),
    )
    _many(raw, ACCOUNTS, ((place + 1, project) for project, place in chosen))
    entries = (
        (kind, place + 1, project, keys[place][0], keys[place][1], quantity, source, target, day)
        for project, place in chosen
        for kind, quantity, source, target, day in (
            ("grant", GRANTED, "free", "granted", "2025-03-01"),
            ("deliver", DELIVERED, "granted", "delivered", "2025-06-01"),
        )
    )
    _many(raw, ENTRIES, entries)
    steps = (
        (project, step, None if step == "stability" else "2027-12-31")
        for project in range(1, projects + 1)
        for step in STEPS[: 1 + project % len(STEPS)]
    )
    _many(raw, STEP_ROWS, steps)
    return len(chosen) * 2


def _many(raw: Any, statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    while batch := list(islice(rows, BATCH)):
        raw.executemany(statement, batch)
