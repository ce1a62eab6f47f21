"""A database put back to an earlier revision: only tests of the way up go down."""

from alembic import command

from portfolio.core.schema import config_for
from portfolio.core.schema_change import changing


def downgrade(url: str, revision: str) -> None:
    """Migrate the database at `url` down to `revision` (`base` empties it); all of the way or none of it."""
    with changing(url) as connection:
        command.downgrade(config_for(connection), revision)
