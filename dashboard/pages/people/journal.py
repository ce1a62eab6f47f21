"""The auditors' page: every change, narrowed by object, person, action, room, days and import; the chain's state."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard import data
from dashboard.behind import total as data_total
from dashboard.components.following import rows_follow, view_outputs, view_values
from dashboard.components.grid import grid_locale, grid_theme
from dashboard.components.icon import icon
from dashboard.context import Context, request_context
from dashboard.pages.people.journal_rows import column_definitions, grid_rows, room_name
from dashboard.questions import journal as questions
from portfolio.core.clock import today
from portfolio.core.formatting import number
from portfolio.core.i18n import has_text
from portfolio.journal.queries import ChainStatus, JournalFilters

BLOCK = 100
TEXTS = ("subject", "actor", "import_id")
DAYS = ("first", "last")
CONTROLS = (*TEXTS, "room", "action", *DAYS)


def layout(context: Context) -> Any:
    """The page, for the filters in the address."""
    filters = filters_of(context)
    page = questions.journal_page(filters)
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-journal"), order=1, size="h3"),
                    dmc.Text(
                        _total(context, page.total), id="journal-total", c="dimmed", **data_total("changes", page.total)
                    ),
                    html.A(
                        [icon("download"), html.Span(context.text("export-csv"))],
                        id="journal-export",
                        href=export_link(filters),
                        className="button",
                        download="",
                    ),
                ],
                align="baseline",
                mb="sm",
            ),
            _chain(context, page.chain),
            html.Div(_controls(context, filters, page), className="filters"),
            _grid(context, page.total),
            dcc.Store(id="journal-view", data=_search(filters)),
        ],
        className="library",
    )


def filters_of(context: Context) -> JournalFilters:
    """The filters the address names; a day that is none is left out."""
    return _filters({name: context.value(name) for name in CONTROLS})


def _filters(said: Mapping[str, str]) -> JournalFilters:
    named: dict[str, Any] = {name: _day(value) if name in DAYS else value for name, value in said.items()}
    return JournalFilters(**named)


def export_link(filters: JournalFilters) -> str:
    """The address of exactly this list as a file."""
    return f"/api/v1/journal/journal.csv{_search(filters)}"


def _search(filters: JournalFilters) -> str:
    held: Mapping[str, Any] = vars(filters)
    stated = {name: str(held[name]) for name in CONTROLS if held[name]}
    return "?" + urlencode(stated) if stated else ""


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _total(context: Context, count: int) -> str:
    return context.text("journal-total", count=number(count, context.lang))


def _chain(context: Context, chain: ChainStatus) -> dmc.Alert:
    counts = {"checked": number(chain.checked, context.lang), "rows": number(chain.rows, context.lang)}
    if chain.broken is not None:
        words = context.text("journal-chain-broken", id=str(chain.broken))
    elif chain.cut:
        words = context.text("journal-chain-cut", rows=counts["rows"], expected=number(chain.expected, context.lang))
    else:
        words = context.text("journal-chain-whole", **counts)
    return dmc.Alert(
        [html.Div(words), html.Div([context.text("journal-chain-head"), " ", html.Code(chain.head[:16])])],
        color="teal" if chain.whole else "red",
        variant="light",
        icon=icon("link" if chain.whole else "alert-triangle"),
        mb="sm",
        py=8,
        id="journal-chain",
    )


def _controls(context: Context, filters: JournalFilters, page: questions.JournalPage) -> list[Any]:
    held: Mapping[str, Any] = vars(filters)
    found: list[Any] = [
        dmc.TextInput(
            id=f"journal-{name}", label=context.text(f"journal-{name}"), value=held[name], debounce=400, size="sm"
        )
        for name in TEXTS
    ]
    choices = {
        "room": [(room, room_name(context, room)) for room in page.rooms],
        "action": [(action, _action(context, action)) for action in page.actions],
    }
    found += [
        dmc.Select(
            id=f"journal-{name}",
            label=context.text(f"journal-{name}"),
            value=held[name] or None,
            data=[{"value": code, "label": label} for code, label in options],
            clearable=True,
            searchable=True,
            size="sm",
        )
        for name, options in choices.items()
    ]
    return found + [
        dmc.DateInput(
            id=f"journal-{name}",
            label=context.text(f"journal-{name}"),
            valueFormat="YYYY-MM-DD",
            value=held[name].isoformat() if held[name] else None,
            maxDate=today().isoformat(),
            clearable=True,
            size="sm",
        )
        for name in DAYS
    ]


def _action(context: Context, action: str) -> str:
    key = f"journal-action-{action}"
    return context.text(key) if has_text(key, context.lang) else action


def _grid(context: Context, total: int) -> dag.AgGrid:
    return dag.AgGrid(
        id="journal-grid",
        columnDefs=column_definitions(context),
        rowModelType="infinite",
        defaultColDef={"sortable": False, "resizable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "rowBuffer": 10,
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 20,
            "infiniteInitialRowCount": min(total, BLOCK) or 1,
            "localeText": grid_locale(context.lang) | {"noRowsToShow": context.text("journal-none")},
            "rowHeight": 36,
            "headerHeight": 38,
            "enableCellTextSelection": True,
            "animateRows": False,
            "tooltipShowDelay": 300,
        },
        getRowId="params.data.id",
        className=grid_theme(context),
        style={"height": "calc(100vh - 330px)", "minHeight": 420},
    )


def register_callbacks(app: Dash) -> None:
    """Filters to address, address to rows."""
    _register_narrowing(app)
    _register_rows(app)
    rows_follow(app, "journal")


def _register_narrowing(app: Dash) -> None:
    @app.callback(
        *view_outputs("journal", ["journal-export"]),
        *(Input(f"journal-{name}", "value") for name in CONTROLS),
        State("journal-view", "data"),
        prevent_initial_call=True,
    )
    def narrow(*said: str | None) -> Any:
        *values, held = said
        filters = _filters({name: (value or "").strip() for name, value in zip(CONTROLS, values, strict=True)})
        search = _search(filters)
        if search == held:
            return (no_update,) * 4
        return view_values("/journal", search, [export_link(filters)])


def _register_rows(app: Dash) -> None:
    @app.callback(
        Output("journal-grid", "getRowsResponse"),
        Output("journal-total", "children"),
        Input("journal-grid", "getRowsRequest"),
        State("journal-view", "data"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, search: str) -> Any:
        if not asked:
            return no_update, no_update
        context = request_context("/journal", search)
        found = questions.journal_rows(filters_of(context), asked["startRow"], asked["endRow"])
        shown = grid_rows(context, found.entries, found.projects, data.references())
        return {"rowData": shown, "rowCount": found.total}, _total(context, found.total)
