"""Migrations as earlier versions ran them on SQLite: in the driver's own transactions, foreign keys on."""

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.exc import PendingRollbackError

from portfolio.core.database import make_engine
from portfolio.core.schema import MIGRATIONS

CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


class Ended(BaseException):
    """The process is no more: nothing catches it, and what was not committed is lost."""


def old_upgrade(url: str, revision: str, statements: int | None = None) -> list[str]:
    """Upgrade the old way, ended by force before the statement after `statements`; returns those that were run."""
    engine = make_engine(url)
    run: list[str] = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.lstrip()[:6].upper().startswith(CHANGES):
            if len(run) == statements:
                raise Ended
            run.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except (Ended, PendingRollbackError):  # what unwinds meanwhile finds the connection gone
        if statements is None:
            raise
    finally:
        engine.dispose()
    return run
