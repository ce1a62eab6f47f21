"""Fifty clients draw on one pool at once, on both databases: exactly as many succeed as the pool can bear."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.core.errors import InvalidError
from portfolio.ledger.queries import get_pool
from portfolio.ledger.service import open_pool
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import LAND, OTHER, PROJECT, entry, pool, posted

CLIENTS, HOLDS, EACH = 50, 310, 10


def test_no_pool_is_overdrawn_by_fifty_clients(engine: Engine) -> None:
    with transaction(engine) as session:
        open_pool(session, LOCAL_OWNER, EVERYTHING, pool(LAND, "land", HOLDS))

    def draw(client: int) -> str:
        try:
            with transaction(engine) as session:
                posted(session, entry("lock", EACH, project=(PROJECT, OTHER)[client % 2]))
        except InvalidError as error:
            return " ".join(fault.code for fault in error.fields)
        return "posted"

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(draw, range(CLIENTS)))
    succeeded = answers.count("posted")
    assert set(answers) == {"posted", "ledger.overdrawn"}
    with Session(engine) as session:
        held = get_pool(session, EVERYTHING, LAND)
    assert (succeeded, held["free"], held["locked"]) == (HOLDS // EACH, HOLDS % EACH, HOLDS - HOLDS % EACH)
    assert [one for one in breaches(engine) if one.code.startswith("ledger")] == []


def test_no_reserve_is_granted_twice(engine: Engine) -> None:
    with transaction(engine) as session:
        open_pool(session, LOCAL_OWNER, EVERYTHING, pool(LAND, "land", 1000))
        posted(session, entry("lock", 70))

    def grant(_client: int) -> bool:
        try:
            with transaction(engine) as session:
                posted(session, entry("grant", EACH, source="locked"))
        except InvalidError:
            return False
        return True

    with ThreadPoolExecutor(CLIENTS) as clients:
        assert sum(clients.map(grant, range(CLIENTS))) == 7
