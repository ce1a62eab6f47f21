"""Alembic's environment: the URL comes from `portfolio.migrate`, or from the settings when Alembic is run by hand."""

from alembic import context
from sqlmodel import SQLModel

from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
from portfolio.tables import ROOMS

assert ROOMS


def run() -> None:
    """Run the migrations, each run in one transaction."""
    url = context.config.attributes.get("url") or get_settings().database_url
    engine = make_engine(url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
