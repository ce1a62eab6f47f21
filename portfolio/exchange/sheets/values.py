"""Read the text of a cell strictly: what offices mean is guessed only to say it in the remedy."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from portfolio.core.number_reading import NumberFault, read_number
from portfolio.core.units import UNITS, NotExactError, to_base
from portfolio.exchange.sheets.findings import Place

NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,10})?$")
MONTH = re.compile(r"^(19|20)\d{2}-(0[1-9]|1[0-2])$", re.ASCII)
DAY = re.compile(r"^((19|20)\d{2}-(0[1-9]|1[0-2]))-01( 00:00:00)?$", re.ASCII)
LOOSE_MONTH = re.compile(
    r"^((?:19|20)\d{2})\s*(?:[年./\-]\s*(\d{1,2})\s*月?(?:\s*[./\-]?\s*\d{1,2}\s*日?(?: [\d:]+)?)?|([01]\d))$", re.ASCII
)
POINT_ONE = re.compile(r"^((?:19|20)\d{2})\s*\.\s*(?:1|10)$", re.ASCII)
YEAR_ALONE = re.compile(r"^((?:19|20)\d{2})\s*年?度?$", re.ASCII)
PERIOD = re.compile(r"^(?:19|20)\d{2}\D{0,2}[\d.年月/]{0,6}\s*(?:-|—|–|~|至|到)+\s*(?:19|20)\d{2}.{0,6}$", re.ASCII)
LONGEST_MONTH = 40
YES = {"1", "是", "yes", "true", "y"}
NO = {"0", "否", "no", "false", "n"}
NEUTRALISED = re.compile(r"^'[=+\-@\t\r]")
INJECTED = ("=", "+", "-", "@", "\t", "\r")


def text(cell: str, column: str, place: Place) -> str:
    """A text cell; a neutralised one gets its first character back, a formula is refused."""
    if NEUTRALISED.match(cell):
        return cell[1:]
    if cell.startswith("="):
        place.report("formula", column, cell)
    return cell.strip()


def number(cell: str, column: str, place: Place, unit: str | None = None) -> Decimal | None:
    """An exact number, None when blank; anything else is reported with what it may mean (in `unit`)."""
    read = read_number(cell, unit)
    if isinstance(read, NumberFault):
        place.report(read.code, column, cell.strip(), **read.params)
        return None
    return read


def quantity(cell: str, unit: str, column: str, place: Place) -> int | None:
    """A quantity in `unit` as whole base units (yuan, m², m), None when blank or reported."""
    value = number(cell, column, place, unit)
    if value is None:
        return None
    if value < 0:
        place.report("negative", column, cell)
        return None
    try:
        return to_base(value, unit)
    except NotExactError:
        decimals = len(str(UNITS[unit].factor.numerator)) - 1
        rounded = format(round(value, decimals), "f")
        place.report("too_many_decimals", column, cell, decimals=str(decimals), plain=rounded)
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
    _report_month(plain, column, place)
    return None


def _report_month(cell: str, column: str, place: Place) -> None:
    if len(cell) > LONGEST_MONTH:
        place.report("bad_month", column, cell)
        return
    narrow = unicodedata.normalize("NFKC", cell).strip()
    point, loose, year = POINT_ONE.match(narrow), LOOSE_MONTH.match(narrow), YEAR_ALONE.match(narrow)
    if point:
        # As a number 2018.10 is 2018.1: whichever was typed, the other may be meant.
        place.report("two_months", column, cell, first=f"{point[1]}-10", second=f"{point[1]}-01")
    elif loose and 1 <= int(loose[2] or loose[3]) <= 12:
        place.report("loose_month", column, cell, plain=f"{loose[1]}-{int(loose[2] or loose[3]):02d}")
    elif year:
        place.report("year_alone", column, cell, year=year[1])
    elif PERIOD.match(narrow):
        place.report("period_in_month", column, cell)
    else:
        place.report("bad_month", column, cell)


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
