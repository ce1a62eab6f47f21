"""What a form answers: done, refused with every fault, or not a number; and reading typed quantities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from portfolio.core.errors import FieldError, ForbiddenError, PortfolioError
from portfolio.core.i18n import fault_text
from portfolio.core.units import OUTER_UNIT, to_base

Answer = TypeVar("Answer")
Naming = Callable[[Context, str], str]
SHOWN = 20  # faults of a batch of thousands are not read to their end


class NotANumber(ValueError):
    """What was typed where a number is wanted."""


def typed(text: str | None, dimension: str = "money") -> int | None:
    """What was typed in 万元 or 公顷 as base units, None when blank; raises `NotANumber` with the text otherwise."""
    plain = (text or "").strip().replace(",", "")
    if not plain:
        return None
    try:
        return to_base(Decimal(plain), OUTER_UNIT[dimension])
    except (InvalidOperation, ValueError) as error:
        raise NotANumber(plain) from error


@dataclass(frozen=True)
class Refusal:
    """Why nothing was carried out: what stands beside each field, and the rest, which none of them bears; `more` says
    how many of it are not shown."""

    title: str
    errors: tuple[str | None, ...]
    rest: tuple[str, ...]
    more: str = ""

    @property
    def alert(self) -> dmc.Alert | None:
        """What stands below the form; nothing when the fields say it all."""
        words = [html.Div(one) for one in (*self.rest[:SHOWN], *filter(None, [self.more]))]
        return dmc.Alert(words, color="red", mt="sm", title=self.title or None) if words else None

    @property
    def words(self) -> str:
        """What stands in one line, for a form that has no place for it."""
        return " ".join((*self.rest[:SHOWN], self.more)).strip()


def refusal(
    context: Context,
    error: NotANumber | PortfolioError,
    fields: Sequence[str] = (),
    named: Naming | None = None,
) -> Refusal:
    """What to say of `error`, beside each of `fields` and below; `named` says what other fields are called.

    A fault belongs to the field its name ends in (`shares.0.region`: `region`), one of a part of a batch stands below
    with what it is of. Nothing is said twice.
    """
    nothing = (None,) * len(fields)
    if isinstance(error, NotANumber):
        return Refusal("", nothing, (context.text("needs-not-a-number", value=str(error)),))
    if not error.fields:
        return Refusal(_title(context, error), nothing, (context.error(error.code, **error.params),))
    said = {name: list[str]() for name in fields}
    rest: list[str] = []
    for fault in error.fields:
        own = said.get(fault.field.rpartition(".")[2])
        if own is None or fault.about is not None:
            rest.append(_fault(context, fault, named(context, fault.field) if named else ""))
        else:
            own.append(_fault(context, fault, ""))
    beside = tuple(" ".join(dict.fromkeys(said[name])) or None for name in fields)
    told = tuple(dict.fromkeys(rest))
    more = context.text("refused-more", count=str(len(told) - SHOWN)) if len(told) > SHOWN else ""
    return Refusal(_title(context, error), beside, told, more)


def _title(context: Context, error: PortfolioError) -> str:
    """Who may not do a thing has nothing to correct."""
    return context.text("refused-forbidden" if isinstance(error, ForbiddenError) else "refused")


def _fault(context: Context, fault: FieldError, name: str) -> str:
    words = fault_text(fault, context.lang)
    return context.text("entry-fault", name=name, words=words) if name else words


def done(context: Context, words: str) -> dmc.Alert:
    """What was carried out."""
    return dmc.Alert(words, color="teal", mt="sm")


def again(search: str | None) -> str:
    """The same address with the next mark, so that the page is made again from what now stands."""
    kept = [(name, value) for name, value in parse_qsl((search or "").lstrip("?")) if name != "seen"]
    seen = next((value for name, value in parse_qsl((search or "").lstrip("?")) if name == "seen"), "0")
    return "?" + urlencode([*kept, ("seen", int(seen) + 1 if seen.isdigit() else 1)])


def notice(message: str, color: str = "teal") -> dict[str, Any]:
    """A notification that stays while the page is made again."""
    return {"action": "show", "message": message, "color": color, "autoClose": 5000}


def asked(context: Context, question: Callable[[], Answer]) -> tuple[Answer | None, dmc.Alert | None]:
    """What a question answers, or what to show when it was refused. Whoever changes something uses a form."""
    try:
        return question(), None
    except PortfolioError as error:
        return None, refusal(context, error).alert
