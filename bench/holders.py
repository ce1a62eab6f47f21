"""Who asks: accounts with a personal token for the product, and the same token in a table of the peers' own."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from portfolio.access.local import LOCAL_OWNER
from portfolio.core.database import make_engine, transaction
from portfolio.people.account import NewToken, make_token
from portfolio.people.service import NewUser, add_user, get_user

CITY, UNIT = "450700", "GX-DOT"
PLACES = {
    "city_reviewer": {"city": CITY},
    "lead_reviewer": {"unit": UNIT},
    "project_office": {"unit": UNIT},
}


def token_of(database: Path, role: str) -> str:
    """The secret of a writing token of an account of `role`."""
    engine = make_engine(f"sqlite:///{database}")
    name = f"bench.{role}".replace("_", "-")
    place: dict[str, Any] = {**PLACES.get(role, {})}
    with transaction(engine) as session:
        add_user(session, LOCAL_OWNER, NewUser(name, role, must_change=False, **place))
        _, secret = make_token(session, LOCAL_OWNER, NewToken("bench", may_write=True), get_user(session, name))
    engine.dispose()
    return secret


def tell_peers(database: Path, secret: str) -> None:
    """Let the peers know `secret` too: its digest, and the city whose projects its holder may change."""
    connection = sqlite3.connect(database)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    with connection:
        connection.execute("CREATE TABLE bench_tokens (digest TEXT PRIMARY KEY, name TEXT, city_code TEXT)")
        connection.execute("INSERT INTO bench_tokens VALUES (?, 'bench', ?)", (digest, CITY))
    connection.close()


def bearer(secret: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {secret}"}
