"""Which schema this program knows, at which one a database stands, and engines on none but its own."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from portfolio.core.database import make_engine
from portfolio.core.errors import NotReadyError
from portfolio.core.schema_guard import guard_writes

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config_for(connection: Connection | None = None) -> Config:
    """Where the migrations lie, and the connection they run on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@lru_cache(1)
def revisions() -> tuple[str, ...]:
    """Every revision that this program knows, the first one first."""
    return tuple(script.revision for script in _scripts().walk_revisions())[::-1]


def head() -> str:
    """The newest schema revision this product knows."""
    return revisions()[-1]


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config_for())


def held(engine: Engine) -> str | None:
    """The schema revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return held_by(connection)


def held_by(connection: Connection) -> str | None:
    """The schema revision of the database behind `connection`; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def standing(there: str | None) -> str:
    """How revision `there` of a database stands to this program: `current`, `empty`, `older` or `newer`."""
    if there is None:
        return "empty"
    if there not in revisions():
        return "newer"
    return "current" if there == head() else "older"


def require_current(engine: Engine) -> None:
    """Raise `NotReadyError` (`schema.empty`, `schema.older`, `schema.newer`) unless the schema is this program's."""
    there = held(engine)
    stands = standing(there)
    if stands != "current":
        raise NotReadyError(f"schema.{stands}", held=there or "-", own=head())


def own_engine(url: str) -> Engine:
    """An engine on a database whose schema is this program's; it also refuses to write once that has changed.

    Raises `NotReadyError` as `require_current` does.
    """
    engine = make_engine(url)
    require_current(engine)
    guard_writes(engine, head())
    return engine
