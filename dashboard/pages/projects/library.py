"""Library: server-side rows, filters, columns and sort kept in the address, export of exactly this view."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard import data
from dashboard.behind import total
from dashboard.components.aria import aria
from dashboard.components.following import rows_follow, view_outputs, view_values
from dashboard.components.grid import grid_locale
from dashboard.components.icon import icon
from dashboard.components.project_filters import controls, rest
from dashboard.components.proposed import also_proposed
from dashboard.components.states import illustrative_note
from dashboard.context import Context, request_context
from dashboard.pages.projects.rows import column_definitions, grid_rows
from dashboard.view import COLUMNS, SHOWN, View, parse
from portfolio.core.errors import PortfolioError
from portfolio.core.formatting import headline_words, number
from portfolio.projects.queries import SORTS

BLOCK = 100
CONTROLS = ("sector", "kind", "stage", "city", "lead_unit", "task")


def layout(context: Context) -> Any:
    """The page, for the view in the address."""
    view = parse(context.query)
    references = data.references()
    view = known(view, references)
    first = data.library(view, view.sort, 0, 1)
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-library"), order=1, size="h3"),
                    dmc.Text(context.text("library-total", count=str(first.total)), id="library-total", c="dimmed"),
                    None if view.standing or view.state else also_proposed(context),
                ],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if first.rows and data.any_illustrative() else None,
            _toolbar(context, view),
            html.Div(controls(context, view, references), className="filters"),
            html.Div(rest(context, view, references), id="library-rest"),
            _grid(context, references, view, first.total),
            html.Div(sums_words(context, references, view), id="library-sums", className="sums", role="status"),
            dcc.Store(id="library-view", data=view.search),
            dcc.Store(id="library-sort", data=view.sort),
            dcc.Store(id="library-kept", data=dict(context.query)),
        ],
        className="library",
    )


def _toolbar(context: Context, view: View) -> dmc.Group:
    search = dmc.TextInput(
        id="library-q",
        value=view.q,
        placeholder=context.text("library-search"),
        leftSection=icon("search"),
        debounce=400,
        className="search",
        **aria(label=context.text("library-search")),
    )
    columns = dmc.MultiSelect(
        id="library-columns",
        value=list(view.columns),
        clearable=False,
        className="columns",
        maxValues=len(COLUMNS),
        data=[{"value": name, "label": context.text(f"col-{name}")} for name in COLUMNS],
        searchable=True,
        hidePickedOptions=False,
        leftSection=icon("columns"),
        **aria(label=context.text("library-columns")),
    )
    pop = dmc.Popover(
        [
            dmc.PopoverTarget(
                dmc.Button(context.text("library-columns"), leftSection=icon("columns"), variant="default", size="sm")
            ),
            dmc.PopoverDropdown(columns),
        ],
        width=360,
        position="bottom-end",
        keepMounted=True,
        withRoles=False,  # they would stand on a plain box around the button
    )
    exports = [
        html.A(
            [icon("download"), html.Span(context.text(f"export-{suffix}"))],
            id=f"library-export-{suffix}",
            href=export_link(view, suffix, context.lang),
            className="button",
            download="",
        )
        for suffix in ("xlsx", "csv")
    ]
    return dmc.Group([search, pop, *exports, *_new(context)], gap="xs", mb="xs")


def _new(context: Context) -> list[Any]:
    if not data.may("project.create"):
        return []
    words = [icon("plus"), html.Span(context.text("entry-new"))]
    return [dmc.Anchor(words, href="/projects/new", refresh=False, className="button", id="library-new")]


def export_link(view: View, suffix: str, lang: str) -> str:
    """The address of exactly this view as a file."""
    names = {"name": "name_zh", "city": "region_codes", "complete": "complete_percent"}
    columns = [names.get(name, name) for name in view.columns]
    parameters = {**view.parameters, "columns": columns, "headings": lang}
    return f"/api/v1/exports/projects.{suffix}?{urlencode(parameters, doseq=True)}"


def _grid(context: Context, references: data.References, view: View, total: int) -> dag.AgGrid:
    return dag.AgGrid(
        id="library-grid",
        columnDefs=column_definitions(context, references, view),
        rowModelType="infinite",
        defaultColDef={"sortable": False, "resizable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 20,
            "rowBuffer": 20,
            "infiniteInitialRowCount": min(total, BLOCK) or 1,
            "localeText": grid_locale(context.lang) | {"noRowsToShow": context.text("library-none")},
            "rowHeight": 38,
            "headerHeight": 40,
            "suppressCellFocus": False,
            "enableCellTextSelection": True,
            "suppressMultiSort": True,
            "animateRows": False,
        },
        getRowId="params.data.code",
        className="ag-theme-quartz" + ("-dark" if context.theme == "dark" else ""),
        style={"height": "calc(100vh - 250px)", "minHeight": 420},
    )


def register_callbacks(app: Dash) -> None:
    """Filters to address, address to rows."""
    _register_narrowing(app)
    _register_rows(app)
    rows_follow(app, "library")


def _register_narrowing(app: Dash) -> None:
    inputs = [Input(f"library-{name}", "value") for name in (*CONTROLS, "q", "columns")]

    @app.callback(
        *view_outputs("library", [f"library-export-{suffix}" for suffix in ("xlsx", "csv")]),
        Output("library-grid", "columnDefs"),
        *inputs,
        Input("library-sort", "data"),
        State("library-kept", "data"),
        State("library-view", "data"),
        prevent_initial_call=True,
    )
    def narrow(*values: Any) -> Any:
        *chosen, sort, kept, held = values
        context = request_context()
        view = _view(dict(zip((*CONTROLS, "q", "columns"), chosen, strict=True)), sort, kept)
        if view.search == held:
            return (no_update,) * 6
        shown = ctx.triggered_id == "library-columns"
        columns = column_definitions(context, data.references(), view) if shown else no_update
        links = [export_link(view, suffix, context.lang) for suffix in ("xlsx", "csv")]
        return *view_values("/projects", view.search, links), columns


def _register_rows(app: Dash) -> None:
    @app.callback(
        Output("library-grid", "getRowsResponse"),
        Output("library-sort", "data"),
        Output("library-total", "children"),
        Output("library-sums", "children"),
        Input("library-grid", "getRowsRequest"),
        State("library-view", "data"),
        State("library-sort", "data"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, search: str, held_sort: str) -> Any:
        if not asked:
            return (no_update,) * 4
        context = request_context("/projects", search)
        view, sort = parse(context.query), _sort(asked.get("sortModel"))
        references = data.references()
        view = known(view, references)
        try:
            found = data.library(view, sort, asked["startRow"], asked["endRow"])
            sums = sums_words(context, references, view) if asked["startRow"] == 0 else no_update
        except PortfolioError:
            found, sums = data.LibrarySlice([], 0, {}, {}), []
        rows = grid_rows(found, context, references, view.item)
        told = context.text("library-total", count=str(found.total))
        return {"rowData": rows, "rowCount": found.total}, sort if sort != held_sort else no_update, told, sums


def known(view: View, references: data.References) -> View:
    """The view without an item that the tree does not have: an address may hold anything."""
    return view if view.item in references.tree.by_code else replace(view, item="", years=())


def sums_words(context: Context, references: data.References, view: View) -> list[html.Span]:
    """Under the grid: what all its rows come to, in the units of the figures that lead here."""
    sums = data.library_sums(view)
    amount = headline_words(sums.investment_yuan if sums.stated else None, "money", context.lang)
    stated, count = (number(value, context.lang) for value in (sums.stated, sums.projects))
    words = context.text("library-sums", count=count, amount=amount, stated=stated)
    found = [
        html.Span(words, **total("projects", sums.projects)),
        html.Span(**total("investment", sums.investment_yuan if sums.stated else None)),
    ]
    if not view.item:
        return found
    node = references.tree.by_code[view.item]
    name, years = node.name(context.lang), context.listed(str(year) for year in view.years)
    of_item = headline_words(sums.needed, node.dimension, context.lang)
    said = context.text("library-sums-needed", item=name, years=years, amount=of_item)
    return [*found, html.Span(", " if context.lang == "en" else "，"), html.Span(said, **total("needed", sums.needed))]


def _view(chosen: dict[str, Any], sort: str, kept: dict[str, list[str]]) -> View:
    """The view of the controls, with the narrowing that has no control of its own kept."""
    query: dict[str, tuple[str, ...]] = {name: tuple(values) for name, values in (kept or {}).items()}
    for name in CONTROLS:
        query[name] = tuple(chosen[name] or ())
    query["q"] = ((chosen["q"] or "").strip(),)
    query["sort"] = (sort or "code",)
    picked = [name for name in COLUMNS if name in (chosen["columns"] or SHOWN)]
    query["cols"] = (",".join(picked),)
    return parse({name: values for name, values in query.items() if any(values)})


def _sort(model: list[dict[str, str]] | None) -> str:
    """The sort the grid asks for, by the columns that may be sorted; code when none."""
    first = (model or [{}])[0]
    name = {"name": "name_zh"}.get(first.get("colId", ""), first.get("colId", ""))
    if name not in SORTS:
        return "code"
    return ("-" if first.get("sort") == "desc" else "") + name
