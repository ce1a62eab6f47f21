"""The reminder list of a round of reporting as a table for people: CSV or XLSX."""

from pathlib import Path

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.i18n import t
from portfolio.exchange.sheets.writing import write_csv, write_xlsx
from portfolio.reporting.rounds import BY_UNIT, get_round, reminders
from portfolio.scheme.directory import unit_directory

NUMERIC = frozenset(range(2, len(BY_UNIT)))


def write_reminders(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write who still owes what in a round to `path` (.csv, .xlsx); returns the number of units."""
    held, names = get_round(session, code), unit_directory(session)
    heading = [t(f"reminders-{name}", lang) for name in BY_UNIT]
    rows = [
        [names.name(row["unit"], lang) or t("reminders-nobody", lang), *(row[name] for name in BY_UNIT[1:])]
        for row in records(reminders(session, scope, code))
    ]
    title = held["title_en"] or held["title_zh"] if lang == "en" else held["title_zh"]
    if path.suffix == ".csv":
        return write_csv(path, heading, rows)
    if path.suffix == ".xlsx":
        return write_xlsx(path, t("reminders-title", lang), heading, rows, NUMERIC, f"{title} {held['due_on']}")
    raise InvalidError("export.bad_suffix", value=path.suffix)
