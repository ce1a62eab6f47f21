"""What the command says: texts in the reader's language, and one JSON object last where it is asked for."""

import os
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError

from portfolio.core.i18n import choose_language, t
from portfolio.core.settings import get_settings
from portfolio.exchange.sheets.findings import Finding

AsJson = Annotated[bool, typer.Option("--json")]


def language() -> str:
    """The reader's language: the setting, or what the environment says of it where another setting is wrong."""
    try:
        return get_settings().language
    except ValidationError:
        return choose_language(os.environ.get("PORTFOLIO_LANGUAGE"))


def say(key: str, **params: object) -> None:
    """Say the text `key` on the standard output."""
    typer.echo(t(key, language(), **params))


def say_record(asked: bool, record: Mapping[str, Any]) -> None:
    """Say `record` as one line of JSON where `--json` was given: the last line of a command."""
    if asked:
        typer.echo(orjson.dumps(record).decode())


def finding_line(finding: Finding, lang: str) -> str:
    """Place, reason and remedy of a finding in one line."""
    place = (finding.file, finding.sheet, finding.row, finding.head(lang))
    shown = ":".join(str(part) for part in place if part)
    return f"{shown}  {finding.reason(lang)}  →  {finding.remedy(lang)}"
