"""Who a consultation asks and who has not answered, as a table for people: CSV or XLSX."""

from pathlib import Path

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.clock import local_day, today
from portfolio.core.errors import InvalidError
from portfolio.core.i18n import t
from portfolio.exchange.sheets.writing import write_csv, write_xlsx
from portfolio.rolling.addressees import Addressed, addressed
from portfolio.rolling.queries import edition_head
from portfolio.scheme.directory import UnitDirectory, unit_directory

HEADS = ("unit", "person", "due_on", "days_left", "answer", "comments", "answered", "reminders", "reminded_on")
NUMERIC = frozenset((3, 5, 7))


def write_answers_due(session: Session, scope: Scope, path: Path, code: str, lang: str) -> int:
    """Write whom the consultation of an edition asks to `path` (.csv, .xlsx), those that have not answered first.

    Returns how many are asked.
    """
    held, units = edition_head(session, scope, code), unit_directory(session)
    heading = [t(f"asked-{name}", lang) for name in HEADS]
    rows = [_row(one, units, lang) for one in addressed(session, code)]
    if path.suffix == ".csv":
        return write_csv(path, heading, rows)
    if path.suffix == ".xlsx":
        title = t("asked-file-title", lang, code=held["code"], day=today().isoformat())
        return write_xlsx(path, t("asked-sheet", lang), heading, rows, NUMERIC, title)
    raise InvalidError("export.bad_suffix", value=path.suffix)


def _row(one: Addressed, units: UnitDirectory, lang: str) -> list[object]:
    """The unit under the name valid on the day by which it answers."""
    days = [local_day(at).isoformat() if at else "" for at in (one.answered_at, one.reminded_at)]
    unit = units.name(units.heir_on(one.unit, one.due_on[:7]), lang)
    answer = t(f"asked-{one.answer}", lang)
    left = "" if days[0] else one.days_left
    return [unit, one.person, one.due_on, left, answer, one.comments, days[0], one.reminders, days[1]]
