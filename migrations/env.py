"""Alembic's environment: the URL comes from `portfolio.migrate`, or from the settings when Alembic is run by hand."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from portfolio.tables import ROOMS

assert ROOMS


def run() -> None:
    """Run the migrations in the transaction of the connection that was given, or each run in one of its own."""
    opened = context.config.attributes.get("connection")
    if opened is not None:
        _migrate(opened)
        return
    url = context.config.attributes.get("url") or get_settings().database_url
    engine = make_engine(url)
    with engine.connect() as connection:
        _migrate(connection)
    engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run()
