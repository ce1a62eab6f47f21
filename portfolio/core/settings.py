"""Settings, read from the environment (or a `.env` file beside the command)."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE_URL = "sqlite:///var/portfolio.db"


class Settings(BaseSettings):
    """The product's settings; each field is an environment variable of the same name in capitals.

    The language alone is `PORTFOLIO_LANGUAGE`, since systems use `LANGUAGE` for something else.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = DEFAULT_DATABASE_URL
    host: str = "127.0.0.1"
    port: int = 8050
    language: Literal["zh", "en"] = Field("zh", validation_alias="PORTFOLIO_LANGUAGE")
    max_upload_mb: int = 50
    max_import_mb: int = 100
    imports_dir: str = ""
    read_threads: int = 2
    log_level: str = "INFO"


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def seeds_dir() -> Path:
    """The folder that holds the scheme's seeds (`projects.csv`, `tasks.csv`, `units.csv`)."""
    return Path(__file__).resolve().parents[2] / "seeds"
