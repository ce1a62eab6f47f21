"""A library that was lived in: what persons of every room did, as plain rows that any older schema can be given."""

import fcntl
import pickle
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, SQLModel

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import scope_of
from portfolio.attachments.service import attach
from portfolio.core.database import make_engine, transaction
from portfolio.core.settings import attachments_dir
from portfolio.finance.financing import save_record
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.service import save_needs
from portfolio.readiness.service import save_step
from portfolio.reporting.drafts import keep_draft
from portfolio.scenarios.pins import pin_project
from portfolio.scenarios.service import copy_scenario
from portfolio.upkeep.tables import ROOMS
from tests.allocation.conftest import FIRST
from tests.journal import acts
from tests.journal.test_everything_is_journalled import library, money, programme
from tests.ledger.conftest import PROJECT
from tests.reporting.people import OFFICE
from tests.support.databases import Databases

assert ROOMS
ME = (LOCAL_OWNER, EVERYTHING)
STEP = f"{PROJECT}/eia"


@dataclass(frozen=True)
class Lived:
    """Rows by table as this version keeps them, and the attached files by hash."""

    rows: dict[str, list[dict[str, Any]]]
    files: dict[str, bytes]


def lived_in(databases: Databases) -> Lived:
    """The rows, made once for all processes of a run."""
    kept = databases.shared / "lived.pickle"
    with kept.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not kept.exists():
            engine = make_engine(databases.make("sqlite", "scheme"))
            found = _live(engine, databases.folder)
            engine.dispose()
            kept.write_bytes(pickle.dumps(found))
    lived: Lived = pickle.loads(kept.read_bytes())
    return lived


def _live(engine: Engine, folder: Path) -> Lived:
    with Session(engine, expire_on_commit=False) as session:
        rooms = (library(session, folder), money(session), programme(session), acts.entry_and_review(session))
        above = (acts.screening(session), acts.planning(session), acts.importing(session, folder))
        for _, act in chain(*rooms, *above, acts.accounts(session, acts.Person(session))):
            act()
            session.commit()
    with transaction(engine) as session:
        save_step(session, *ME, PROJECT, "eia", {"status": "approved", "actual_on": "2024-06-01", "doc_no": "环审1号"})
        attach(session, LOCAL_OWNER, "step", STEP, "批复.pdf", b"%PDF-1.7 of the step")
        bond = {"instrument": "general_bond", "amount_yuan": 50_000, "first_year": 2026, "status": "planned"}
        save_record(session, *ME, PROJECT, bond)
        save_needs(session, *ME, PROJECT, [NeedEdit("sea", None, NOT_APPLICABLE)])
        copy_scenario(session, LOCAL_OWNER, "S1", "S3")
        pin_project(session, *ME, "S3", FIRST, True, "续建")
        keep_draft(session, OFFICE, scope_of(OFFICE), "new", {"name_zh": "未存"}, {})
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in SQLModel.metadata.sorted_tables
        }
    _thin(rows)
    place = attachments_dir(engine.url)
    files = {row["sha256"]: (place / row["sha256"][:2] / row["sha256"]).read_bytes() for row in rows["attachments"]}
    return Lived(rows, files)


# Who carries a project's number and says no more of it than hundreds of others do.
MANY = ("project_regions", "project_tasks", "project_units", "scores", "changes")
KEPT_BESIDE = 8


def _thin(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Leave out projects of the scheme of which nobody did anything, but for a few."""
    told = {
        row["project_id"]
        for name, table in rows.items()
        for row in table
        if name not in MANY and row.get("project_id") is not None
    }
    kept = told | {row["id"] for row in rows["projects"][:KEPT_BESIDE]}
    rows["projects"] = [row for row in rows["projects"] if row["id"] in kept]
    for name in MANY:
        rows[name] = [row for row in rows[name] if row["project_id"] in kept]
