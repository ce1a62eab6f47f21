"""The one formatter of numbers, quantities and dates for people."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

from portfolio.core.clock import LOCAL_ZONE
from portfolio.core.i18n import t
from portfolio.core.units import OUTER_UNIT, from_base

NONE_MARK = "—"
_BABEL = {"zh": "zh_Hans_CN", "en": "en_GB"}
# The large units of money in a language, the largest first: Chinese counts in 亿 and 万, English in billions.
_MONEY = {
    "zh": ((100_000_000, "yi_yuan"), (10_000, "wan_yuan")),
    "en": ((1_000_000_000, "billion"), (1_000_000, "million"), (1, "")),
}
_KIB, _MIB = 1 << 10, 1 << 20
_PATTERN = {0: "#,##0", 1: "#,##0.#", 2: "#,##0.##", 4: "#,##0.####"}


def number(value: int | float | Decimal | None, lang: str, decimals: int = 0) -> str:
    """A number with thousands marks and at most `decimals` (0, 1, 2 or 4) places; `—` for none."""
    if value is None:
        return NONE_MARK
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return format_decimal(exact, format=_PATTERN[decimals], locale=_BABEL[lang])


def points(value: float | None, lang: str) -> str:
    """A score with two places always, so that a column of them stands even; `—` for none."""
    if value is None:
        return NONE_MARK
    exact = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return format_decimal(exact, format="#,##0.00", locale=_BABEL[lang])


def unit_name(unit: str, lang: str) -> str:
    """The name of a unit (`wan_yuan` is 万元)."""
    return t(f"unit-{unit}", lang)


def quantity(base: int | None, dimension: str, lang: str, unit: str | None = None, decimals: int = 4) -> str:
    """`base` units (yuan, m², m) with the name of the unit, in the outside unit unless another is asked.

    Money in English is said in whole yuan, for English does not count in tens of thousands.
    """
    if base is None:
        return NONE_MARK
    if dimension == "money" and lang == "en":
        return _named_money(Decimal(base), lang)
    chosen = unit or OUTER_UNIT[dimension]
    return with_unit(number(from_base(base, chosen), lang, decimals), unit_name(chosen, lang))


def headline(base: int | None, dimension: str, lang: str) -> tuple[str, str]:
    """A figure for a headline as (number, unit): 1.98 and 亿元, or CNY 1.98 and bn; less in 万元 or m; area in 公顷."""
    if base is None:
        return NONE_MARK, ""
    if dimension != "money":
        unit = OUTER_UNIT[dimension]
        return number(from_base(base, unit), lang, 2), unit_name(unit, lang)
    scales = _MONEY[lang]
    factor, unit = next((one for one in scales if abs(base) >= one[0]), scales[-1])
    return _named_money(Decimal(base) / factor, lang, 2), unit_name(unit, lang) if unit else ""


def large_money(lang: str) -> tuple[int, str]:
    """What money of a chart is divided by, and what its axis says: 亿元, or CNY bn."""
    return _MONEY[lang][0][0], t("money-axis", lang)


def _named_money(figure: Decimal, lang: str, decimals: int = 0) -> str:
    """A figure of money behind the name of the currency, where the language puts it there."""
    return ("-" if figure < 0 else "") + t("money-figure", lang, figure=number(abs(figure), lang, decimals))


def headline_words(base: int | None, dimension: str, lang: str) -> str:
    """The figure and unit of a headline as one text."""
    figure, unit = headline(base, dimension, lang)
    return with_unit(figure, unit) if unit else figure


def with_unit(figure: str, unit: str) -> str:
    """A figure before its unit; one that holds a number of its own (CNY 10k) is multiplied."""
    return f"{figure} × {unit}" if any(sign in "0123456789" for sign in unit) else f"{figure} {unit}"


def signed(value: int | float | Decimal, lang: str, decimals: int = 0) -> str:
    """A difference with its sign, + as well."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    shown = number(abs(exact), lang, decimals)
    return shown if not exact else ("+" if exact > 0 else "−") + shown


def percent(part: int | None, whole: int | None, lang: str) -> str:
    """`part` of `whole` in per cent with one decimal; `—` when the whole is missing or zero (never 0 % or 100 %)."""
    if part is None or not whole:
        return NONE_MARK
    return number(Decimal(part) * 100 / Decimal(whole), lang, 1) + "%"


def file_size(size: int) -> str:
    """A file's size in KB, from one MB up in MB."""
    return f"{size / _KIB:.0f} KB" if size < _MIB else f"{size / _MIB:.1f} MB"


def month(value: str | None, lang: str) -> str:
    """A month `2019-03` as 2019年3月 or Mar 2019; `—` for none."""
    if not value:
        return NONE_MARK
    year, number_of_month = value.split("-")
    return t("format-month", lang, year=year, month=str(int(number_of_month)), month_key=f"m{int(number_of_month)}")


def moment(value: datetime | None, lang: str) -> str:
    """A moment in the offices' time zone (Asia/Shanghai), to the minute."""
    if value is None:
        return NONE_MARK
    return value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
