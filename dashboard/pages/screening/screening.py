"""Screening: how many projects stand where at each gate, what keeps gates from being known, and the matrix.

The filters stand in the address; the counts, the matrix and the export follow them.
"""

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard import data
from dashboard.components import gate_badges as screening_counts
from dashboard.components.aria import aria
from dashboard.components.following import rows_follow, view_outputs, view_values
from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.components.project_filters import controls, rest
from dashboard.components.states import empty, illustrative_note
from dashboard.context import Context, request_context
from dashboard.pages.screening.matrix import grid, grid_rows, said
from dashboard.questions.screening import ScreeningPage, gate_block, screening_page
from dashboard.view import GateView, parse_gates
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES

PATH = "/screening"
CONTROLS = ("sector", "kind", "stage", "city", "lead_unit", "task")
FILES = ("xlsx", "csv")


def layout(context: Context) -> Any:
    """The page, for the view in the address."""
    view, references = view_of(context), data.references()
    page = screening_page(view)
    if not page.whole:
        return empty(context, "screening-empty", page="screening")
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-screening"), order=1, size="h3"),
                    dmc.Text(_head(context, page), c="dimmed", id="screening-head"),
                ],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if data.any_illustrative() else None,
            _toolbar(context, view),
            html.Div(controls(context, view.view, references, "screening"), className="filters"),
            html.Div(rest(context, view.view, references, PATH)),
            html.Div(screening_counts.counts(context, page, view), id="screening-counts"),
            _matrix(context, page, view),
            html.Div(screening_counts.missing(context, page, view), id="screening-missing"),
            dcc.Store(id="screening-view", data=view.search),
            dcc.Store(id="screening-kept", data=dict(context.query)),
        ],
        className="stack",
    )


def view_of(context: Context) -> GateView:
    """The view the address describes."""
    return parse_gates(context.query, books.gates(), STATES)


def _head(context: Context, page: ScreeningPage) -> str:
    return context.text("screening-head", projects=str(page.projects), vetoed=str(page.vetoed))


def _toolbar(context: Context, view: GateView) -> dmc.Group:
    search = dmc.TextInput(
        id="screening-q",
        value=view.view.q,
        placeholder=context.text("library-search"),
        leftSection=icon("search"),
        debounce=400,
        className="search",
        **aria(label=context.text("library-search")),
    )
    exports = [
        html.A(
            [icon("download"), html.Span(context.text(f"export-{suffix}"))],
            id=f"screening-export-{suffix}",
            href=export_link(context, view, suffix),
            className="button",
            download="",
        )
        for suffix in FILES
    ]
    return dmc.Group([search, *exports], gap="xs", mb="xs")


def export_link(context: Context, view: GateView, suffix: str) -> str:
    """The address of exactly this view as a file."""
    return f"/api/v1/screening.{suffix}?{urlencode({**view.parameters, 'headings': context.lang}, doseq=True)}"


def _matrix(context: Context, page: ScreeningPage, view: GateView) -> dmc.Card:
    parts = [html.Div(said(context, page, view), id="screening-said"), grid(context, page.chosen)]
    return card(context.text("screening-matrix"), parts, "card-matrix", context.text("screening-matrix-note"))


def register_callbacks(app: Dash) -> None:
    """Filters to address, address to counts and rows."""
    _register_narrowing(app)
    _register_rows(app)
    rows_follow(app, "screening")


def _register_narrowing(app: Dash) -> None:
    @app.callback(
        *view_outputs("screening", [f"screening-export-{suffix}" for suffix in FILES]),
        Output("screening-head", "children"),
        Output("screening-counts", "children"),
        Output("screening-said", "children"),
        Output("screening-missing", "children"),
        *(Input(f"screening-{name}", "value") for name in (*CONTROLS, "q")),
        State("screening-kept", "data"),
        State("screening-view", "data"),
        prevent_initial_call=True,
    )
    def narrow(*values: Any) -> Any:
        *chosen, q, kept, held = values
        query = {name: tuple(given) for name, given in kept.items()}
        query |= {name: tuple(given or ()) for name, given in zip(CONTROLS, chosen, strict=True)}
        query["q"] = (q,) if q else ()
        context = request_context(PATH)
        view = parse_gates(query, books.gates(), STATES)
        if view.search == held:
            return (no_update,) * (7 + len(FILES))
        page = screening_page(view)
        parts = (
            _head(context, page),
            screening_counts.counts(context, page, view),
            said(context, page, view),
            screening_counts.missing(context, page, view),
        )
        links = [export_link(context, view, suffix) for suffix in FILES]
        return *view_values(PATH, view.search, links), *parts


def _register_rows(app: Dash) -> None:
    @app.callback(
        Output("screening-grid", "getRowsResponse"),
        Input("screening-grid", "getRowsRequest"),
        State("screening-view", "data"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, search: str) -> Any:
        if not asked:
            return no_update
        context = request_context(PATH, search)
        found, total = gate_block(view_of(context), asked["startRow"], asked["endRow"])
        return {"rowData": grid_rows(context, found, data.references()), "rowCount": total}
