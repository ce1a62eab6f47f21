"""Beside the total investment: its unit, what was typed in plain words, and what the sources come to against it."""

from collections.abc import Iterable
from typing import Any

from dash import Dash, Input, Output, html

from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.entry.needs import in_base
from dashboard.pages.entry.sections import ident
from dashboard.pages.entry.values import Needs
from dashboard.words.fields import AMOUNT
from portfolio.core.formatting import headline_words, unit_name
from portfolio.vocabulary.tree import ElementTree


def beside_amount(context: Context, needs: Needs, amount: str, tree: ElementTree) -> list[Any]:
    """The lines below the input: unit, the amount said again, and the sources against it."""
    unit = needs.units["money"]
    total = _yuan([amount], unit)
    words = [context.text("entry-amount-unit", unit=unit_name(unit, context.lang))]
    if total:
        words.append(context.text("entry-amount-is", amount=headline_words(total, "money", context.lang)))
    return [html.Span(one) for one in [*words, *_against(context, total, _asked(needs, tree))]]


def below_needs(context: Context, needs: Needs, amount: str, tree: ElementTree) -> list[Any]:
    """Below the grid, where the sources are typed: what they come to, the total investment, and what is between."""
    total, asked = _yuan([amount], needs.units["money"]), _asked(needs, tree)
    if not asked:
        return []
    held = context.text("entry-amount-total", amount=headline_words(total, "money", context.lang)) if total else ""
    words = [*_against(context, total, asked), held or context.text("entry-amount-no-total")]
    return [html.Span(one) for one in words]


def _asked(needs: Needs, tree: ElementTree) -> int:
    """What the sources give over all years, in yuan."""
    funds = [by_year for item, by_year in needs.cells.items() if tree.by_code[item].element == "fund"]
    return _yuan((cell for by_year in funds for cell in by_year.values()), needs.units["money"])


def _against(context: Context, total: int, asked: int) -> list[str]:
    """What the sources come to, and how far that is from the total investment."""
    words = []
    if asked:
        words.append(context.text("entry-amount-sources", amount=headline_words(asked, "money", context.lang)))
    if total and asked and total != asked:
        key = "entry-amount-over" if asked > total else "entry-amount-short"
        words.append(context.text(key, amount=headline_words(abs(asked - total), "money", context.lang)))
    return words


def _yuan(texts: Iterable[str], unit: str) -> int:
    """The sum of what can be read, in yuan; what cannot is a fault of its own input and counts for nothing here."""
    return sum(in_base(text, unit) or 0 for text in texts)


def register_callbacks(app: Dash) -> None:
    """Say it again with every change of the amount, of a need or of the unit."""

    @app.callback(
        Output("entry-amount-note", "children"),
        Output("entry-needs-sums", "children"),
        Input(ident(AMOUNT), "value"),
        Input("entry-needs-held", "data"),
    )
    def note(amount: str | None, held: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        context, needs, tree = request_context(), Needs(**held), references().tree
        return beside_amount(context, needs, amount or "", tree), below_needs(context, needs, amount or "", tree)
