"""Settings, read from the environment (or a `.env` file in the folder where the command is started)."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_DATABASE_URL = "sqlite:///var/portfolio.db"
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")


def _database_url(text: str) -> str:
    """An address that this product can open; another one is told without it, since it may hold a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    known = url is not None and url.drivername in DRIVERS and url.database not in (None, "", ":memory:")
    if not known:
        raise PydanticCustomError("database_url", "sqlite:///… or postgresql+psycopg://…")
    return text


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
LogLevel = Annotated[
    Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG", "TRACE"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
]


class Settings(BaseSettings):
    """The product's settings; each field is an environment variable of the same name in capitals.

    The language alone is `PORTFOLIO_LANGUAGE`, since systems use `LANGUAGE` for something else.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: DatabaseUrl = DEFAULT_DATABASE_URL
    host: str = "127.0.0.1"
    port: int = Field(8050, ge=1, le=65535)
    language: Literal["zh", "en"] = Field("zh", validation_alias="PORTFOLIO_LANGUAGE")
    max_upload_mb: int = 50
    max_import_mb: int = 100
    attachments_dir: str = ""
    trusted_proxies: str = ""
    imports_dir: str = ""
    read_threads: int = Field(2, ge=1)
    read_wait_seconds: int = Field(3, ge=1, le=60)
    write_wait_seconds: int = Field(15, ge=1, le=120)
    solve_workers: int = Field(1, ge=1, le=16)
    log_level: LogLevel = "INFO"
    sign_in: Literal["auto", "on", "off"] = "auto"
    session_idle_minutes: int = 60
    session_hours: int = 12
    session_warning_minutes: int = Field(5, ge=1)
    password_length: int = 10
    password_memory_mib: int = Field(64, ge=8, le=1024)
    password_rounds: int = Field(3, ge=1, le=20)
    address_failures: int = Field(20, ge=1, le=10_000)
    failure_fades_minutes: int = Field(60, ge=1, le=1440)
    totp_for_administrators: bool = False
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_claim: str = "preferred_username"
    oidc_label: str = ""
    imports_per_hour: int = 60
    sqlite_synchronous: Literal["full", "normal"] = "full"
    postgres_programs: str = ""
    reader_memory_mb: int = Field(1024, ge=256)
    reader_seconds: int = Field(6, ge=1)
    reader_cells: int = Field(20_000_000, ge=1000)


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def body_limit() -> int:
    """The most bytes a request may send: an upload with what a form adds around it."""
    return (get_settings().max_upload_mb + 1) << 20


def attachments_dir(database: URL) -> Path:
    """The folder of attached files: the setting, else `attachments` beside an SQLite file, else `var/attachments`."""
    stated = get_settings().attachments_dir
    if stated:
        return Path(stated)
    beside = database.database if database.get_backend_name() == "sqlite" else None
    return (Path(beside).parent if beside and beside != ":memory:" else Path("var")) / "attachments"


def seeds_dir() -> Path:
    """The folder that holds the scheme's seeds (`projects.csv`, `tasks.csv`, `units.csv`)."""
    return Path(__file__).resolve().parents[2] / "seeds"
