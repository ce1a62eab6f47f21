"""Every page opens and every reading address answers on an upgraded database, as on one that was never older."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from portfolio.core import schema
from portfolio.core.database import make_engine
from portfolio.core.i18n import t
from portfolio.core.settings import attachments_dir, get_settings
from portfolio.upkeep import migrate
from tests.support.databases import Databases
from tests.support.lived import Lived
from tests.support.revisions import give
from tests.support.walking import answers, pages

# What rooms say that came after a revision, or grew: all other answers are the same to the byte.
# What a later revision brought, by the revision it is asked of; one that ends in / stands for all below it.
LATER = {
    "0010": {"batches/", "home", "imports/", "journal/", "projects/", "queue", "rounds-of-reporting/", "users/"}
    | {"exports/projects.csv", "editions/2026/entries", "scenarios/S1/pools"}
    # Until revision 0021 nobody decided on vetoes.
    | {"editions/2026/annual-list"}
    # Until revision 0012 only a step had files.
    | {"attachments/"}
    # Until revision 0022 no edition said which year was open when it was rolled, and no project its years.
    | {"editions", "editions/2026"}
    # Until revision 0026 a consultation asked nobody by name; accounts came with 0011.
    | {"editions/2026/addressees", "editions/2026/addressees.csv", "units/GX-DOT/hand-over"}
    # Until revision 0025 nobody kept what columns mean, until 0026 land, sea and forest of an answer were one sum.
    | {"import-profiles", "scenarios/S1/projects"},
    # Until revision 0020 what is proposed lay in the record itself, so that nothing waits beside it.
    "0015": {"scenarios/S1/pools", "queue", "editions/2026/annual-list", "editions", "editions/2026"}
    | {"editions/2026/entries", "projects/GX-2018-0206/yearly"}
    | {"editions/2026/addressees", "editions/2026/addressees.csv"}
    | {"import-profiles", "scenarios/S1/projects"},
}
# Revisions that kept files in the database itself.
WITH_CONTENT = {"0010"}
SCENARIO = "/allocation?scenario=S1"


@pytest.fixture(scope="module", autouse=True)
def _files_beside_their_database() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ATTACHMENTS_DIR")
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


def at(revision: str, databases: Databases, lived: Lived) -> Engine:
    """A database with the rows and files of `revision`, brought to today's schema.

    It lies in a folder of its own: files lie beside a database, and a server removes those that its own does not name.
    """
    folder = databases.folder / f"at-{uuid4().hex}"
    folder.mkdir()
    url = replace(databases, folder=folder).empty("sqlite")
    migrate.upgrade(url, revision)
    give(url, lived)
    engine = make_engine(url)
    if revision not in WITH_CONTENT:
        _lay(attachments_dir(engine.url), lived.files)
    migrate.upgrade(url)
    return engine


def _lay(place: Path, files: Mapping[str, bytes]) -> None:
    for sha256, content in files.items():
        (place / sha256[:2]).mkdir(parents=True, exist_ok=True)
        (place / sha256[:2] / sha256).write_bytes(content)


@pytest.fixture(scope="module")
def today(sqlite_databases: Databases, lived: Lived) -> dict[str, tuple[int, bytes]]:
    engine = at(schema.head(), sqlite_databases, lived)
    found = answers(engine)
    engine.dispose()
    return found


def _brought(address: str, known: str) -> bool:
    return address == known or (known.endswith("/") and f"{address}/".startswith(known))


@pytest.mark.parametrize("revision", LATER)
def test_addresses_answer_as_they_would_have(
    revision: str, sqlite_databases: Databases, lived: Lived, today: dict[str, tuple[int, bytes]]
) -> None:
    engine = at(revision, sqlite_databases, lived)
    found = answers(engine)
    other = {name for name in today if found.get(name) != today[name]}
    rooms = {name.removeprefix("/api/v1/") for name in other}
    assert {one for one in rooms if not any(_brought(one, known) for known in LATER[revision])} == set()
    assert len(today) > 90
    assert "/api/v1/attachments/1" in today
    assert {name for name, (status, _) in found.items() if status >= 500} == set()
    engine.dispose()


@pytest.mark.parametrize("revision", LATER)
def test_pages_open(revision: str, sqlite_databases: Databases, lived: Lived) -> None:
    engine = at(revision, sqlite_databases, lived)
    for address, words in pages(engine, SCENARIO).items():
        assert t("state-failed-title", address[:2]) not in words, address
        assert t("state-not-found", address[:2]) not in words, address
    engine.dispose()
