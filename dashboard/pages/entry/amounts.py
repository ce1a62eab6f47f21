"""Beside the total investment: its unit, what was typed in plain words, and what the sources come to against it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from dash import Dash, Input, Output, html

from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.entry.sections import ident
from dashboard.pages.entry.values import Needs
from dashboard.words.fields import AMOUNT
from portfolio.core.formatting import headline_words, unit_name
from portfolio.core.number_reading import read_number
from portfolio.core.units import to_base
from portfolio.vocabulary.tree import ElementTree


def beside_amount(context: Context, needs: Needs, amount: str, tree: ElementTree) -> list[Any]:
    """The lines below the input: unit, the amount said again, and the sources against it."""
    unit = needs.units["money"]
    total = _yuan([amount], unit)
    funds = [by_year for item, by_year in needs.cells.items() if tree.by_code[item].element == "fund"]
    asked = _yuan((cell for by_year in funds for cell in by_year.values()), unit)
    words = [context.text("entry-amount-unit", unit=unit_name(unit, context.lang))]
    if total:
        words.append(context.text("entry-amount-is", amount=headline_words(total, "money", context.lang)))
    if asked:
        words.append(context.text("entry-amount-sources", amount=headline_words(asked, "money", context.lang)))
    if total and asked and total != asked:
        key = "entry-amount-over" if asked > total else "entry-amount-short"
        words.append(context.text(key, amount=headline_words(abs(asked - total), "money", context.lang)))
    return [html.Span(one) for one in words]


def _yuan(texts: Iterable[str], unit: str) -> int:
    """The sum of what can be read, in yuan; what cannot is a fault of its own input and counts for nothing here."""
    found = 0
    for text in texts:
        number = read_number(text or "")
        if isinstance(number, Decimal) and number > 0:
            try:
                found += to_base(number, unit)
            except ValueError:
                continue
    return found


def register_callbacks(app: Dash) -> None:
    """Say it again with every change of the amount, of a need or of the unit."""

    @app.callback(
        Output("entry-amount-note", "children"),
        Input(ident(AMOUNT), "value"),
        Input("entry-needs-held", "data"),
    )
    def note(amount: str | None, held: dict[str, Any]) -> list[Any]:
        return beside_amount(request_context(), Needs(**held), amount or "", references().tree)
