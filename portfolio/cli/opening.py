"""Which database a command works on. A missing SQLite file is told with its place, never made by reading it."""

from pathlib import Path

import typer
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from portfolio.cli.telling import language
from portfolio.core.errors import NotFoundError
from portfolio.core.i18n import t
from portfolio.core.schema import own_engine
from portfolio.core.settings import get_settings


def looked_at() -> str:
    """The database as people find it: the absolute path of an SQLite file, else the address without its password."""
    url = make_url(get_settings().database_url)
    file = sqlite_file()
    return str(file) if file else url.render_as_string(hide_password=True)


def sqlite_file() -> Path | None:
    """The absolute path of the SQLite file; None for a server, or what lies in memory."""
    url = make_url(get_settings().database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database).absolute()


def require_there() -> None:
    """Raise `NotFoundError` (`library.absent`) where the SQLite file is missing: opening it would make an empty one."""
    file = sqlite_file()
    if file is not None and not file.exists():
        raise NotFoundError("library.absent", place=str(file))


def open_library() -> Engine:
    """An engine on a database that is there and of this program's schema."""
    require_there()
    return own_engine(get_settings().database_url)


def read_library() -> Engine:
    """The same for a command that only reads: it says beside its answer what it looked at."""
    engine = open_library()
    typer.echo(t("cli-looked-at", language(), place=looked_at()), err=True)
    return engine
