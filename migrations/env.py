"""Alembic's environment: in the transaction that `portfolio.upkeep.migrate` opened, or in its own when run by hand."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from portfolio.core.schema_change import changing
from portfolio.core.settings import get_settings
from portfolio.upkeep.tables import ROOMS

assert ROOMS


def run() -> None:
    """Run the migrations, all of them in one transaction."""
    opened = context.config.attributes.get("connection")
    if opened is not None:
        _migrate(opened)
        return
    with changing(get_settings().database_url) as connection:
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
