"""Screening: how many projects stand where at each gate, and the gates of every project."""

from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.grid import HEIGHTS, grid_locale, grid_theme
from dashboard.components.icon import icon
from dashboard.components.links import address, card, name_of
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import any_illustrative
from dashboard.questions.screening import ScreeningPage, gate_block, screening_page
from portfolio.core.frames import records
from portfolio.screening import books
from portfolio.screening.gating import STATES

BLOCK = 100
PATH = "/screening"


def layout(context: Context) -> Any:
    """Counts that filter, and the matrix."""
    gate, state = context.value("gate"), context.value("state")
    page = screening_page(gate, state)
    if not page.projects:
        return empty(context, "screening-empty")
    head = context.text("screening-head", projects=str(page.projects), vetoed=str(page.vetoed))
    return html.Div(
        [
            dmc.Group(
                [dmc.Title(context.text("nav-screening"), order=1, size="h3"), dmc.Text(head, c="dimmed")],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if any_illustrative() else None,
            _counts(context, page),
            _matrix(context, page, gate, state),
            dcc.Store(id="screening-choice", data=[gate, state]),
        ],
        className="stack",
    )


def state_name(context: Context, state: str) -> str:
    """What a state is called."""
    return books.states()[state][f"name_{context.lang}"]


def badge(context: Context, state: str) -> html.Span:
    """A state in its colour."""
    return html.Span(state_name(context, state), className=f"gate {state}")


def _counts(context: Context, page: ScreeningPage) -> dmc.Card:
    rows = []
    for row in records(page.totals):
        gate = books.gates()[row["gate"]]
        group = books.gate_lists()[gate.list][f"name_{context.lang}"]
        cells = [_count(context, row["gate"], state, row[state]) for state in STATES]
        rows.append([html.Span(group, className="silent"), gate.words("name", context.lang), *cells])
    heads = ("screening-list", "screening-gate", *(f"={state_name(context, state)}>" for state in STATES))
    note = context.text("screening-counts-note", version=books.version())
    shown = table(context, heads, rows, "screening-empty", tall=True)
    return card(context.text("screening-counts"), [shown], "card-gates", note)


def _count(context: Context, gate: str, state: str, count: int) -> Any:
    if not count:
        return ""
    href = address(PATH, {"gate": gate, "state": state})
    return dmc.Anchor(str(count), href=href, refresh=False, className=f"gate {state}", underline="never")


def _matrix(context: Context, page: ScreeningPage, gate: str, state: str) -> dmc.Card:
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": context.text("col-name"),
            "cellRenderer": "ProjectLink",
            "width": 260,
            "pinned": None if context.value("plain") else "left",
        },
        {"field": "worst", "headerName": context.text("screening-worst"), "width": 110},
    ]
    for code, rule in books.gates().items():
        columns.append({"field": code, "headerName": rule.words("name", context.lang), "width": 118})
    classes = {state: f"params.value === {state_name(context, state)!r}" for state in STATES}
    grid = dag.AgGrid(
        id="screening-grid",
        columnDefs=columns,
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
            "infiniteInitialRowCount": min(page.chosen, BLOCK) or 1,
            "localeText": grid_locale(context.lang),
            "rowHeight": HEIGHTS["rowHeight"],
            "animateRows": False,
        },
        getRowId="params.data.code",
        className=grid_theme(context) + " matrix",
        style={"height": 520},
    )
    parts = [_choice(context, gate, state), grid]
    return card(context.text("screening-matrix", count=str(page.chosen)), parts, "card-matrix")


def _choice(context: Context, gate: str, state: str) -> Any:
    """What the matrix is narrowed to, and the way back."""
    if gate not in books.gates() and state not in STATES:
        return dmc.Text(context.text("screening-all"), size="sm", c="dimmed", mb="xs")
    named = [books.gates()[gate].words("name", context.lang)] if gate in books.gates() else []
    named += [state_name(context, state)] if state in STATES else []
    back = dmc.Anchor(
        [icon("x", 14), html.Span(context.text("screening-clear"))], href=PATH, refresh=False, size="sm", id="clear"
    )
    return dmc.Group([dmc.Badge(" · ".join(named), variant="light", tt="none"), back], gap="sm", mb="xs")


def grid_rows(context: Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Projects as the grid shows them."""
    states = {code: state_name(context, code) for code in STATES}
    return [
        {
            "code": row["code"],
            "tab": "screening",
            "name": name_of(context, row),
            **{code: states[row[code]] for code in ("worst", *books.gates())},
        }
        for row in rows
    ]


def register_callbacks(app: Dash) -> None:
    """The matrix asks for its rows."""

    @app.callback(
        Output("screening-grid", "getRowsResponse"),
        Input("screening-grid", "getRowsRequest"),
        State("screening-choice", "data"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, choice: list[str]) -> Any:
        if not asked:
            return no_update
        context = request_context(PATH)
        found, total = gate_block(choice[0], choice[1], asked["startRow"], asked["endRow"])
        return {"rowData": grid_rows(context, found), "rowCount": total}
