"""The national project code (投资项目统一代码, GB/T 40058): 4-6-2-2-6 digits, two generations."""

import re
import unicodedata

_SHAPE = re.compile(r"^(\d{4})-?(\d{6})-?(\d{2})-?(\d{2})-?(\d{6})$")
OLD_YEARS = range(2015, 2021)


def normalise(text: str) -> str | None:
    """The code with its hyphens (`2404-450100-04-01-123456`), or None when the structure is wrong."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("–", "-")
    match = _SHAPE.match(plain)
    return "-".join(match.groups()) if match else None


def check_digit(digits: str) -> int:
    """The ISO 7064 MOD 11,10 check digit of `digits` (19 of them in a national code)."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = 2 * total % 11
    return (1 - product) % 10


def fault(code: str) -> str | None:
    """What is wrong with a normalised code: `structure`, `month`, `check_digit`, or None.

    Codes that begin with a year 2015–2020 are of the old form and carry no check digit.
    """
    normal = normalise(code)
    if normal is None:
        return "structure"
    digits = normal.replace("-", "")
    if int(digits[:4]) in OLD_YEARS:
        return None
    if not 1 <= int(digits[2:4]) <= 12:
        return "month"
    return None if check_digit(digits[:19]) == int(digits[19]) else "check_digit"


def region_of(code: str) -> str:
    """The region code inside a normalised national code."""
    return code[5:11]
