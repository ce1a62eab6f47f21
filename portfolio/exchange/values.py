"""Read the text of a cell strictly: what offices mean is guessed only to say it in the remedy."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal

from portfolio.core.units import NotExactError, to_base
from portfolio.exchange.findings import Place

NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,10})?$")
MONTH = re.compile(r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")
DAY = re.compile(r"^((19|20)\d{2}-(0[1-9]|1[0-2]))-01( 00:00:00)?$")
LOOSE_MONTH = re.compile(r"^((?:19|20)\d{2})\s*[年./\-]\s*(\d{1,2})\s*月?(?:\s*\d{1,2}\s*日?)?$")
AMOUNT_WITH_UNIT = re.compile(r"^(-?[\d,.]+)\s*(亿元?|万元?|元|公顷|亩|平方米)$")
YES = {"1", "是", "yes", "true", "y"}
NO = {"0", "否", "no", "false", "n"}
TOTALS = {"合计", "总计", "小计", "共计", "total", "subtotal", "sum"}
NEUTRALISED = re.compile(r"^'[=+\-@\t\r]")
INJECTED = ("=", "+", "-", "@", "\t", "\r")


def text(cell: str, column: str, place: Place) -> str:
    """A text cell; a neutralised one gets its first character back, a formula is refused."""
    if NEUTRALISED.match(cell):
        return cell[1:]
    if cell.startswith("="):
        place.report("formula", column, cell)
    return cell.strip()


def number(cell: str, column: str, place: Place) -> Decimal | None:
    """A plain number (`1234.5`), None when blank; anything else is reported with what it seems to mean."""
    plain = cell.strip()
    if not plain:
        return None
    if NUMBER.match(plain) and plain.isascii():
        return Decimal(plain)
    _report_number(plain, column, place)
    return None


def _report_number(cell: str, column: str, place: Place) -> None:
    narrow = unicodedata.normalize("NFKC", cell).strip()
    with_unit = AMOUNT_WITH_UNIT.match(narrow)
    if cell.startswith("="):
        place.report("formula", column, cell)
    elif with_unit:
        place.report("amount_with_unit", column, cell, unit=with_unit.group(2))
    elif narrow != cell and NUMBER.match(narrow.replace(",", "")):
        place.report("full_width", column, cell, plain=narrow.replace(",", ""))
    elif NUMBER.match(narrow.replace(",", "").replace(" ", "")):
        place.report("thousands_marks", column, cell, plain=narrow.replace(",", "").replace(" ", ""))
    else:
        place.report("not_a_number", column, cell)


def quantity(cell: str, unit: str, column: str, place: Place) -> int | None:
    """A quantity in `unit` as whole base units (yuan, m², m), None when blank or reported."""
    value = number(cell, column, place)
    if value is None:
        return None
    if value < 0:
        place.report("negative", column, cell)
        return None
    try:
        return to_base(value, unit)
    except NotExactError:
        place.report("too_many_decimals", column, cell)
    except ValueError:
        place.report("too_large", column, cell)
    return None


def month(cell: str, column: str, place: Place) -> str | None:
    """A month `2024-03` (also the first day of it, which is what a spreadsheet makes of a month), None when blank."""
    plain = cell.strip()
    if not plain or MONTH.match(plain):
        return plain or None
    first_day = DAY.match(plain)
    if first_day:
        return first_day.group(1)
    loose = LOOSE_MONTH.match(unicodedata.normalize("NFKC", plain))
    if loose and 1 <= int(loose.group(2)) <= 12:
        place.report("loose_month", column, cell, plain=f"{loose.group(1)}-{int(loose.group(2)):02d}")
    else:
        place.report("bad_month", column, cell)
    return None


def flag(cell: str, column: str, place: Place) -> bool | None:
    """`1`/`0` (是/否), None when blank."""
    plain = cell.strip().casefold()
    if plain in YES:
        return True
    if plain in NO:
        return False
    if plain:
        place.report("bad_flag", column, cell)
    return None


def coded(cell: str, resolve: Callable[[str], str | None], column: str, place: Place) -> str | None:
    """A code, or a name `resolve` knows, as the code; None when blank or reported."""
    plain = cell.strip()
    if not plain:
        return None
    code = resolve(plain)
    if code is None:
        place.report("unknown_code", column, cell)
    return code


def listed(cell: str, resolve: Callable[[str], str | None], column: str, place: Place) -> list[str]:
    """A `;`-separated list of codes or names as codes, in their order; `；` and `、` are read as well."""
    parts = [part for part in re.split(r"[;；、]", cell) if part.strip()]
    codes = [coded(part, resolve, column, place) for part in parts]
    return [code for code in codes if code is not None]


def is_totals_row(cells: Sequence[str]) -> bool:
    """Whether the row's first filled cell says it is a totals row."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return re.sub(r"[\s:：]", "", first).casefold() in TOTALS
