"""The matrix of screening: projects down, gates across, rows as the grid asks for them."""

from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import html

from dashboard.behind import total
from dashboard.components.gate_badges import PATH, state_name
from dashboard.components.grid import HEIGHTS, grid_locale, grid_theme
from dashboard.components.icon import icon
from dashboard.components.links import address, name_of
from dashboard.context import Context
from dashboard.data import References
from dashboard.questions.screening import GateRow, ScreeningPage
from dashboard.view import GateView
from dashboard.words.places import city_name
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES

BLOCK = 100
# a gate may be called as a column of the project is
GATE = "gate_"


def grid(context: Context, rows: int) -> dag.AgGrid:
    """The grid itself; `rows` is how many there are at first."""
    classes = {state: f"params.value === {state_name(context, state)!r}" for state in STATES}
    return dag.AgGrid(
        id="screening-grid",
        columnDefs=_columns(context),
        rowModelType="infinite",
        defaultColDef={
            "sortable": False,
            "resizable": True,
            "suppressHeaderMenuButton": True,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
            "cellClassRules": classes,
        },
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 10,
            "infiniteInitialRowCount": min(rows, BLOCK) or 1,
            "localeText": grid_locale(context.lang) | {"noRowsToShow": context.text("library-none")},
            "rowHeight": HEIGHTS["rowHeight"],
            "animateRows": False,
        },
        getRowId="params.data.code",
        className=grid_theme(context) + " matrix",
        style={"height": 520},
    )


def _columns(context: Context) -> list[dict[str, Any]]:
    name = {
        "field": "name",
        "headerName": context.text("col-name"),
        "cellRenderer": "ProjectLink",
        "tooltipField": "name",
        "width": 220,
        "pinned": "left",
    }
    facts = [
        {
            "field": field,
            "headerName": context.text(f"col-{field}"),
            "width": context.width(width),
            "tooltipField": field,
        }
        for field, width in (("city", 96), ("lead_unit", 150))
    ]
    worst = {"field": "worst", "headerName": context.text("screening-worst"), "width": context.width(104)}
    gates = [
        {"field": f"{GATE}{code}", "headerName": rule.words("name", context.lang), "width": context.width(118)}
        for code, rule in books.gates().items()
    ]
    return [name, worst, *facts, *gates]


def said(context: Context, page: ScreeningPage, view: GateView) -> Any:
    """How many projects the matrix shows, what it is narrowed to, and the way back to all gates."""
    words = context.text("screening-shown", count=str(page.chosen))
    count = dmc.Text(words, size="sm", c="dimmed", **total("projects", page.chosen))
    if not view.gate and not view.state:
        return dmc.Group([count], mb="xs")
    named = [books.gates()[view.gate].words("name", context.lang)] if view.gate else []
    named += [state_name(context, view.state)] if view.state else []
    named += [books.fact_name(view.fact, context.lang)] if view.fact in books.facts() else []
    back = dmc.Anchor(
        [icon("x", 14), html.Span(context.text("screening-clear"))],
        href=address(PATH, view.at("", "").parameters),
        refresh=False,
        size="sm",
        id="clear",
    )
    return dmc.Group([count, dmc.Badge(" · ".join(named), variant="light", tt="none"), back], gap="sm", mb="xs")


def grid_rows(context: Context, rows: list[GateRow], references: References) -> list[dict[str, Any]]:
    """Projects as the grid shows them."""
    states = {code: state_name(context, code) for code in STATES}
    return [
        {
            "code": row["code"],
            "tab": "screening",
            "name": name_of(context, row),
            "city": city_name(row["city_code"], context, references),
            "lead_unit": references.units.name(row["lead_unit"], context.lang),
            "worst": states[row["worst"]],
            **{f"{GATE}{gate}": states[state] for gate, state in row["gates"].items()},
        }
        for row in rows
    ]
