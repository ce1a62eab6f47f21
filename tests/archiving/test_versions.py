"""An archive of every earlier schema, with rows in it, comes back as a library of today's."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.attachments import store
from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.upkeep.archiving.backup import backup
from portfolio.upkeep.archiving.restore import Wanted, restore
from tests.archiving.conftest import Elsewhere, fill, point_at
from tests.archiving.versions import columns_of, make_at, rows_of_today, told
from tests.attachments.files import PDF
from tests.ledger.conftest import PROJECT
from tests.support.databases import Databases

REVISIONS = schema.revisions()
# On PostgreSQL the first, every third, and those on both sides of the move of the files and of the journal's chain.
ON_POSTGRESQL = sorted({*REVISIONS[::3], "0011", "0012"})
CASES = [("sqlite", one) for one in REVISIONS] + [("postgresql", one) for one in ON_POSTGRESQL]


@dataclass(frozen=True)
class Today:
    """The rows of a library of today, and where its files lie."""

    base: Path
    rows: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def today(both_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Today]:
    base = tmp_path_factory.mktemp("today")
    with pytest.MonkeyPatch.context() as patch:
        point_at(patch, base)
        engine = fill(make_engine(both_databases.make("sqlite", "scheme")), base)
        yield Today(base, rows_of_today(engine))
        engine.dispose()
    get_settings.cache_clear()


@pytest.mark.parametrize(("backend", "revision"), CASES, indirect=["backend"])
def test_a_library_of_an_earlier_schema_comes_back(
    revision: str,
    today: Today,
    backend: str,
    both_databases: Databases,
    elsewhere: Elsewhere,
    folders: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    folders(str(today.base))
    url = both_databases.empty(backend)
    old = make_at(url, revision, today.rows)
    columns = columns_of(old)
    if revision < "0012":
        columns.pop("attachments", None)  # moved out of the database on the way up: looked for in the folder below
    if "scenario_projects" in columns:  # a sum of land, sea and forest, which do not add
        columns["scenario_projects"] = [one for one in columns["scenario_projects"] if one != "area_m2"]
    columns.pop("accepted_parts", None)  # went back into the records (tests/upgrades/test_drafts_turned.py)
    before = told(old, columns)
    assert {name for name, rows in before.items() if rows} >= {"projects", "needs", "items", "journal"}
    manifest = backup(old, tmp_path / "b.zip")
    old.dispose()
    both_databases.drop(url)
    assert manifest.schema == revision
    folders("there")
    fresh = elsewhere()
    done = restore(fresh, tmp_path / "b.zip", Wanted())
    assert (done.done, [one for one in done.findings if not one.warning]) == (True, [])
    assert schema.held(fresh) == schema.head()
    after = told(fresh, columns)
    restored = set(after.pop("journal")) - set(before.pop("journal"))
    assert len(restored) == 1
    assert [name for name in after if after[name] != before[name]] == []
    if revision >= "0004":
        assert store.fault(Path(get_settings().attachments_dir), hashlib.sha256(PDF).hexdigest()) is None
    with Session(fresh) as session:
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.own", 2035, 10_000)])
        session.commit()
