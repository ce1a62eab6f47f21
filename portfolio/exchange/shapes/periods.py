"""Months and periods as people write them: `2023.06-2027.12`, `2025—2028年`, `2024年3月`, `202503`."""

import re
from typing import NamedTuple

from portfolio.core.number_reading import narrow

_PART = (
    r"((?:19|20)\d{2})(?:(?:\s*[年./-]\s*(1[0-2]|0?[1-9])(?!\d)\s*月?|(0[1-9]|1[0-2])(?!\d))|\s*年)?(?:\s*底|\s*初)?"
)
_BETWEEN = r"\s*(?:[-~]+|至|到|起至)\s*"
_PERIOD = re.compile(rf"{_PART}{_BETWEEN}{_PART}", re.ASCII)
_ONE = re.compile(rf"{_PART}(?:\s*[./-]\s*\d{{1,2}}|\s*\d{{1,2}}\s*日)?(?:\s+[\d:.]+)?", re.ASCII)
_YEAR = re.compile(r"\d{4}\s*年?\s*[底初]?", re.ASCII)
_LOST = re.compile(r"\d{4}\s*\.\s*(?:1|10)", re.ASCII)  # as a number 2018.10 is 2018.1
_LONGEST = 40
FIRST, LAST = "01", "12"


class Month(NamedTuple):
    """A month `2024-03`; `whole_year` where only the year was written."""

    text: str
    whole_year: bool


class Period(NamedTuple):
    """First and last month of the works."""

    start: Month
    finish: Month


def read_period(text: str) -> Period | None:
    """The period a cell states; a year alone begins in January and ends in December. None when it states none."""
    found = _PERIOD.fullmatch(_bare(text))
    if found is None:
        return None
    start, finish = _month(found.groups()[:3], FIRST), _month(found.groups()[3:], LAST)
    return Period(start, finish) if start.text <= finish.text else None


def read_month(text: str, last: bool = False) -> Month | None:
    """The month a cell states: a day's month, `2024年3月`, `202403`; of a year alone its first month, or its `last`.

    None where it states none, or may mean two (`2018.1`).
    """
    bare = _bare(text)
    found = None if _LOST.fullmatch(bare) else _ONE.fullmatch(bare)
    if found and not (found[2] or found[3]) and not _YEAR.fullmatch(bare):
        return None  # a day without a month: 2018-13
    return _month(found.groups()[:3], LAST if last else FIRST) if found else None


def _bare(text: str) -> str:
    return narrow(text).strip() if len(text) <= _LONGEST else ""


def _month(parts: tuple[str | None, ...], otherwise: str) -> Month:
    year, marked, joined = parts
    month = marked or joined
    return Month(f"{year}-{int(month):02d}" if month else f"{year}-{otherwise}", month is None)
