"""What a form answers: done, refused with every fault, or not a number; and reading typed quantities."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from portfolio.core.errors import FieldError, ForbiddenError, PortfolioError
from portfolio.core.units import OUTER_UNIT, to_base

Answer = TypeVar("Answer")


def typed(text: str | None, dimension: str = "money") -> int | None:
    """What was typed in 万元 or 公顷 as base units, None when blank; raises `ValueError` with the text otherwise."""
    plain = (text or "").strip().replace(",", "")
    if not plain:
        return None
    try:
        return to_base(Decimal(plain), OUTER_UNIT[dimension])
    except (InvalidOperation, ValueError) as error:
        raise ValueError(plain) from error


Naming = Callable[[Context, str], str]


def told(context: Context, error: PortfolioError, named: Naming | None = None) -> dmc.Alert:
    """What the domain refused, with every fault; `named` says what the field of a fault is called on the page."""
    faults = [_fault(context, fault, named(context, fault.field) if named else "") for fault in error.fields]
    words = faults or [context.error(error.code, **error.params)]
    return dmc.Alert([html.Div(word) for word in words], color="red", mt="sm", title=_title(context, error))


def _title(context: Context, error: PortfolioError) -> str:
    """Who may not do a thing has nothing to correct."""
    return context.text("refused-forbidden" if isinstance(error, ForbiddenError) else "refused")


def _fault(context: Context, fault: FieldError, name: str) -> str:
    words = context.error(fault.code, **fault.params)
    return context.text("entry-fault", name=name, words=words) if name else words


def done(context: Context, words: str) -> dmc.Alert:
    """What was carried out."""
    return dmc.Alert(words, color="teal", mt="sm")


def not_a_number(context: Context, error: ValueError) -> dmc.Alert:
    """What was typed where a number is wanted."""
    return dmc.Alert(context.text("needs-not-a-number", value=str(error)), color="red", mt="sm")


def again(search: str | None) -> str:
    """The same address with the next mark, so that the page is made again from what now stands."""
    kept = [(name, value) for name, value in parse_qsl((search or "").lstrip("?")) if name != "seen"]
    seen = next((value for name, value in parse_qsl((search or "").lstrip("?")) if name == "seen"), "0")
    return "?" + urlencode([*kept, ("seen", int(seen) + 1 if seen.isdigit() else 1)])


def notice(message: str, color: str = "teal") -> dict[str, Any]:
    """A notification that stays while the page is made again."""
    return {"action": "show", "message": message, "color": color, "autoClose": 5000}


def beside(
    context: Context, action: Callable[[], Answer], fields: Sequence[str]
) -> tuple[Answer | None, list[str | None], dmc.Alert | None]:
    """Carry `action` out; when it was refused, what to say beside each of `fields` and of what none of them bears.

    A fault belongs to the field its name ends in (`shares.0.region`: `region`).
    """
    try:
        return action(), [None] * len(fields), None
    except PortfolioError as error:
        said = dict[str, list[str]]()
        for fault in error.fields:
            said.setdefault(fault.field.rpartition(".")[2], []).append(context.error(fault.code, **fault.params))
        words = [" ".join(said.pop(field, [])) or None for field in fields]
        rest = [word for left in said.values() for word in left]
        if not error.fields:
            rest = [context.error(error.code, **error.params)]
        alert = dmc.Alert([html.Div(word) for word in rest], color="red", mt="sm", title=context.text("refused"))
        return None, words, alert if rest else None


def attempt(
    context: Context, action: Callable[[], Answer], named: Naming | None = None
) -> tuple[Answer | None, dmc.Alert | None]:
    """Carry `action` out; what it answered, or what to show when it was refused and nothing was written."""
    try:
        return action(), None
    except ValueError as error:
        return None, not_a_number(context, error)
    except PortfolioError as error:
        return None, told(context, error, named)
