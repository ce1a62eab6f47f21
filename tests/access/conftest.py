"""Four projects told apart by whose they are, what can be done to them prepared, and an actor of each role."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import ROLES, Actor
from portfolio.core.database import make_engine, transaction
from portfolio.core.settings import get_settings
from portfolio.finance.lines import LineFilters, line_ids
from portfolio.finance.rounds import Verdict, decide, open_round
from portfolio.ledger.service import open_pool
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.people.account import NewToken, make_token
from portfolio.people.service import NewUser, add_user, get_user
from portfolio.projects.service import create_project
from portfolio.projects.tables import ProjectData
from portfolio.rolling.consultation import Said, comment
from portfolio.rolling.service import NewEdition, roll_edition, send_round
from tests.ledger.conftest import FUND, LAND, pool
from tests.support.databases import Databases

MINE, THEIRS, HERE, ELSEWHERE = "GX-DOT", "GX-DWR", "450100", "450600"
SECRET = "他人机密工程甲乙丙"
CODES = {"own_unit": "GX-2018-9001", "own_lead": "GX-2018-9002", "own_city": "GX-2018-9003", "foreign": "GX-2018-9004"}
PLACES = {
    "own_unit": (MINE, THEIRS, ELSEWHERE),
    "own_lead": (THEIRS, MINE, ELSEWHERE),
    "own_city": (THEIRS, THEIRS, HERE),
    "foreign": (THEIRS, THEIRS, ELSEWHERE),
}
ELEMENT = {"finance": "fund", "element_authority": "land"}
LINES = {"fund.own": "asked", "fund.tbd": "proposed", "fund.other": "returned"}
PASSWORD = "correct horse battery"


def actor_of(role: str) -> Actor:
    return Actor(f"u.{role}".replace("_", "-"), role, MINE, HERE, element=ELEMENT.get(role))


def data_of(place: str, code: str = "") -> ProjectData:
    unit, lead, city = PLACES[place]
    name = SECRET if place == "foreign" else f"工程 {place}"
    return ProjectData(
        code=code or CODES[place],
        name_zh=f"{name}{code}",
        kind="berth",
        stage="under_construction",
        start_month="2026-01",
        finish_month="2027-12",
        total_investment_yuan=987_654_320_000,
        office_unit=unit,
        lead_unit=lead,
        region_codes=(city,),
    )


def prepare(session: Session) -> None:
    for place, code in CODES.items():
        create_project(session, LOCAL_OWNER, data_of(place))
        needs = [NeedEdit(item, 2026, 3_000_000) for item in LINES]
        save_needs(session, LOCAL_OWNER, EVERYTHING, code, [*needs, NeedEdit("land.built", 2026, 50)])
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(LAND, "land", 1000, year=2026))
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund", 10**9, year=2026, kind="budget"))
    open_round(session, LOCAL_OWNER, EVERYTHING, "R1", 2026)
    every = line_ids(session, EVERYTHING, LineFilters("R1", item="fund.tbd"))
    decide(session, LOCAL_OWNER, EVERYTHING, every, Verdict("propose", 3_000_000))
    every = line_ids(session, EVERYTHING, LineFilters("R1", item="fund.other"))
    decide(session, LOCAL_OWNER, EVERYTHING, every, Verdict("return", reason="not_ready"))
    roll_edition(session, LOCAL_OWNER, EVERYTHING, NewEdition("E1", 2026))
    send_round(session, LOCAL_OWNER, "E1")
    for code in CODES.values():
        comment(session, LOCAL_OWNER, "E1", Said(code, MINE, f"意见 {SECRET if code == CODES['foreign'] else ''}"))


@dataclass(frozen=True)
class World:
    """The database with its four projects, and a token of each role's account."""

    engine: Engine
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def world(sqlite_databases: Databases) -> Iterator[World]:
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    tokens = {}
    with transaction(engine) as session:
        prepare(session)
        for role in ROLES:
            one = actor_of(role)
            element = None if role == "finance" else one.element
            add_user(session, LOCAL_OWNER, NewUser(one.name, role, "", MINE, HERE, element, PASSWORD, None, False))
            user = get_user(session, one.name)
            tokens[role] = make_token(session, LOCAL_OWNER, NewToken("matrix", may_write=True), user)[1]
    yield World(engine, tokens)
    engine.dispose()


@pytest.fixture
def signing_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who comes must sign in once there are accounts."""
    monkeypatch.setenv("SIGN_IN", "auto")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()
