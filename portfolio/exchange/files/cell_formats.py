"""What a workbook's number formats say of a cell's value: a date, a month, a time, a percentage or nothing."""

import re
from datetime import date, timedelta
from enum import Enum

# What stands in a format but does not shape the value: quoted words, escaped signs, fillers, colours and conditions.
_ASIDE = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
_LAST_DAY = 2_958_465  # 9999-12-31, the last a spreadsheet shows


class Form(Enum):
    """How a number is shown, as far as it changes what the number means."""

    PLAIN = 0
    DATE = 1
    MONTH = 2
    TIME = 3
    PERCENT = 4


_MONTHS = frozenset((17, 27, 36, 50, 52, 57))
_DATES = frozenset((14, 15, 16, 22, 28, 29, 30, 31, 51, 53, 54, 58))
_TIMES = frozenset((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56))
_PERCENTS = frozenset((9, 10))


def built_in(number: int) -> Form:
    """The form of a format that every spreadsheet knows by its number, in its Chinese reading."""
    if number in _MONTHS:
        return Form.MONTH
    if number in _DATES:
        return Form.DATE
    if number in _TIMES:
        return Form.TIME
    return Form.PERCENT if number in _PERCENTS else Form.PLAIN


def form_of(code: str) -> Form:
    """The form a format's code gives, told by its first section."""
    shape = _ASIDE.sub("", code).split(";")[0].casefold()
    if "%" in shape:
        return Form.PERCENT
    hours = "h" in shape or "s" in shape
    if "d" in shape or (hours and "y" in shape):
        return Form.DATE
    if hours:
        return Form.TIME
    if "y" in shape and "m" in shape:
        return Form.MONTH
    return Form.DATE if "y" in shape or "m" in shape else Form.PLAIN


def day_of(serial: float, since_1904: bool) -> str | None:
    """The day a spreadsheet counts as `serial`, ISO; None for what it cannot show as a day."""
    if not 0 <= serial <= _LAST_DAY:
        return None
    if since_1904:
        return (date(1904, 1, 1) + timedelta(int(serial))).isoformat() if serial <= _LAST_DAY - 1462 else None
    # Day 60 is a 29 February 1900 that never was; up to it days are counted from one day later.
    start = date(1899, 12, 31) if serial < 60 else date(1899, 12, 30)
    return (start + timedelta(int(serial))).isoformat()


def time_of(serial: float) -> str | None:
    """The time of day of a serial number, `12:30:00`; None for what is no day's share."""
    if not 0 <= serial <= _LAST_DAY:
        return None
    seconds = round((serial % 1) * 86_400) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
