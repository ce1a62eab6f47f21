"""What is reserved of funds and not granted yet: per project, source and year, with the document that reserved it."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash

from dashboard.components.amounts import amount
from dashboard.components.links import address, card, choices, name_of, project_link
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.pages.finance.overview import frame
from dashboard.questions.finance import ReservesPage, reserves_page

PATH = "/finance/reserves"
HEADS = (
    "col-name",
    "column-needs-item",
    "finance-year",
    "reserves-pool",
    "reserves-reserved>",
    "reserves-granted>",
    "reserves-doc",
    "reserves-scenario",
)


def layout(context: Context) -> Any:
    """The reserves of the year in the address, else of every year."""
    asked = context.value("year")
    year = int(asked) if asked.isdigit() else None
    page = reserves_page(year)
    years = [(context.text("reserves-every-year"), PATH, year is None)]
    years += [(str(one), address(PATH, {"year": one}), one == year) for one in page.years]
    sums = [sum(row[name] for row in page.rows) for name in ("reserved", "granted")]
    totals = [context.text("plan-sum"), "", "", "", *(amount(one, context.lang) for one in sums), "", ""]
    shown = table(context, HEADS, _rows(context, page), "reserves-none", "reserves", totals if page.rows else ())
    parts = [choices(context.text("finance-year"), years), shown]
    return frame(context, "reserves", [card(context.text("reserves-title"), parts, "card-reserves", _note(context))])


def _note(context: Context) -> str:
    return f"{context.text('unit-wan-note')} {context.text('reserves-note')}"


def _rows(context: Context, page: ReservesPage) -> list[list[Any]]:
    return [
        [
            project_link(context, row["project"], name_of(context, row), "finance"),
            page.tree.by_code[row["item"]].name(context.lang),
            str(row["year"]),
            row["pool"],
            amount(row["reserved"], context.lang),
            amount(row["granted"], context.lang),
            row["doc_no"],
            _scenario(page, row["note"]),
        ]
        for row in page.rows
    ]


def _scenario(page: ReservesPage, note: str) -> Any:
    """The scenario that reserved it, leading to it; where a person did, what they said."""
    if note not in page.scenarios:
        return note
    return dmc.Anchor(note, href=address("/allocation", {"scenario": note}), refresh=False, size="sm")


def register_callbacks(app: Dash) -> None:
    """Nothing moves on this page."""
