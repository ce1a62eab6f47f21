"""Read a typed number: what is exact is read; what may mean two things, or nothing exact, is told with its readings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.core.plain_text import clean, says_nothing
from portfolio.core.units import UNIT_WORDS, UNITS, from_base, to_base

# Full width and half width are one digit; ² and ① are none, so this is no general folding.
_HALF = {0xFF01 + n: 0x21 + n for n in range(94)} | dict.fromkeys(map(ord, "\u3000\u00a0\u2007\u2009\u202f\n"), " ")
_HALF |= {ord("−"): "-", ord("–"): "-", ord("—"): "-", ord("～"): "~", ord("￥"): "¥"}
_NUM = r"[+-]?(?:\d[\d, ]*(?:\.\d+)?|\.\d+)"
_PLAIN = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{1,40})?|\.\d{1,40})", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d{1,40})?", re.ASCII)
_COMMA_LAST = re.compile(r"[+-]?\d[\d.]*,\d+", re.ASCII)
_MARKED = re.compile(r"[+-]?\d[\d,. ]*", re.ASCII)
_PERCENT = re.compile(rf"({_NUM})\s*[%‰]", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}", re.ASCII)
_WORDS = "亿元|亿|万元|千元|百万|千万|万|元|公顷|亩|平方公里|平方米|㎡|m²|m2|km2|ha|吨|米|公里|%"
_WITH_UNIT = re.compile(rf"[¥$]?\s*({_NUM})\s*({_WORDS})?", re.ASCII)
_ABOUT = (
    "约|大约|大概|近|将近|接近|超过|超|逾|不足|不少于|不超过|不低于|至少|最多|估计|估算|预计|暂估|暂定|拟|[><≥≤≈~]=?"
)
_ABOUT_AFTER = r"左右|上下|余|多|以上|以下|以内|以外|起|约|\+|[(](?:估|暂估|暂定|估算|预计|约)[)]"
_VAGUE = re.compile(
    rf"(?:(?P<before>{_ABOUT})\s*)?(?P<number>{_NUM})\s*(?P<more>{_ABOUT_AFTER})?(?P<word>{_WORDS})?"
    rf"\s*(?P<after>{_ABOUT_AFTER})?",
    re.ASCII,
)
_RANGE = re.compile(rf"({_NUM})\s*({_WORDS})?\s*(?:-|~|至|到)+\s*({_NUM})\s*({_WORDS})?", re.ASCII)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?|\s*月)(?: \d\d:\d\d:\d\d)?", re.ASCII
)
_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|GETTING_DATA|BLOCKED!)?#*", re.I)
_LONGEST = 100  # what is longer is no number, and patterns with blanks would look at it for long
UNSAID = "none"  # as the texts know it
_BOOLEANS = frozenset(("true", "false"))


@dataclass(frozen=True)
class NumberFault:
    """Why a text is no exact number: `code` names the texts, `params` fill them."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


def narrow(text: str) -> str:
    """`text` cleaned, with half-width digits and marks and plain blanks."""
    return clean(text).translate(_HALF).strip()


def is_error_value(text: str) -> bool:
    """Whether a cell shows an error (`#REF!`), or its column was too narrow to show the number (`####`)."""
    return text.startswith("#") and len(text) > 1 and _ERROR.fullmatch(text.strip()) is not None


def read_number(text: str, unit: str | None = None) -> Decimal | NumberFault | None:
    """The number a text states, None when it states nothing, else why it is none.

    Full-width digits, and thousands in threes by comma or blank, are exact. `unit` is what the number is asked in, so
    that an amount with a unit of its own can be told as it would be there.
    """
    if text.isascii() and text.isdigit() and len(text) <= 40:
        return Decimal(text)
    bare = narrow(text)
    if not bare or says_nothing(bare):
        return None
    if len(bare) > _LONGEST:
        return NumberFault("not_a_number")
    if _PLAIN.fullmatch(bare):
        return Decimal(bare)
    if _GROUPED.fullmatch(bare):
        return Decimal(_without_marks(bare))
    return _fault(bare, unit)


def _without_marks(number: str) -> str:
    return number.replace(",", "").replace(" ", "")


def _fault(bare: str, unit: str | None) -> NumberFault:
    if bare.startswith("="):
        return NumberFault("formula")
    if is_error_value(bare):
        return NumberFault("error_value")
    if bare.casefold() in _BOOLEANS:
        return NumberFault("boolean_cell")
    percent = _PERCENT.fullmatch(bare)
    if percent:
        return NumberFault("percent", {"plain": _without_marks(percent[1])})
    if _DATE.fullmatch(bare):
        return NumberFault("date_in_number")
    if _SCIENTIFIC.fullmatch(bare):
        return NumberFault("scientific", {"plain": format(Decimal(bare), "f")})
    return _marked(bare) or _united(bare, unit) or _vague(bare, unit) or NumberFault("not_a_number")


def _marked(bare: str) -> NumberFault | None:
    """Digits with marks that are not those of thousands in threes."""
    if _COMMA_LAST.fullmatch(bare):
        with_point = bare.replace(".", "").replace(",", ".")
        without = bare.replace(",", "")
        if without.count(".") <= 1:
            return NumberFault("two_readings", {"first": with_point, "second": without})
        return NumberFault("thousands_marks", {"plain": with_point})
    if _MARKED.fullmatch(bare):
        kept = bare.strip(",. ").replace(",", "").replace(" ", "")
        return NumberFault("thousands_marks", {"plain": kept.replace(".", "") if kept.count(".") > 1 else kept})
    return None


def _united(bare: str, unit: str | None) -> NumberFault | None:
    found = _WITH_UNIT.fullmatch(bare)
    if found is None:
        return None
    number, word = Decimal(_without_marks(found[1])), found[2] or "元"
    if word == "万" and unit == "wan_yuan":
        return NumberFault("two_readings", {"first": _text(number), "second": _text(number * 10_000)})
    plain = UNSAID if unit is None else _in_unit(number, word, unit)
    return NumberFault("amount_with_unit", {"unit": found[2] or bare[:1], "plain": plain})


def _in_unit(number: Decimal, word: str, unit: str) -> str:
    """`number` of `word` as it would be in `unit`, `UNSAID` where that cannot be said."""
    money = UNITS[unit].dimension == "money"
    spelled = {"亿": "亿元", "万": "万元"}.get(word, word) if money else word
    code = UNIT_WORDS.get({"㎡": "m2", "m²": "m2"}.get(spelled, spelled))
    if code is None or UNITS[code].dimension != UNITS[unit].dimension:
        return UNSAID
    try:
        return _text(from_base(to_base(number, code), unit))
    except ValueError:
        return UNSAID


def _text(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _vague(bare: str, unit: str | None) -> NumberFault | None:
    both = _RANGE.fullmatch(bare)
    if both:
        first, second = _named(both[1], both[2] or both[4], unit), _named(both[3], both[4], unit)
        return NumberFault("number_range", {"first": first, "second": second})
    found = _VAGUE.fullmatch(bare)
    if found and any(found[name] for name in ("before", "more", "after")):
        return NumberFault("vague_number", {"plain": _named(found["number"], found["word"], unit)})
    return None


def _named(number: str, word: str | None, unit: str | None) -> str:
    """The number as it would be in `unit`; with its own unit's word where that cannot be said."""
    bare = _without_marks(number)
    told = _in_unit(Decimal(bare), word, unit) if word and unit else UNSAID
    return told if told != UNSAID else f"{bare}{word or ''}"
