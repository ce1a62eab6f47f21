"""The programme in time: a bar a project, what slipped against the parent edition, milestones, today."""

from typing import Any

import dash_ag_grid as dag
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.grid import grid_locale, grid_theme
from dashboard.components.links import choices, name_of
from dashboard.components.states import empty
from dashboard.context import Context, request_context
from dashboard.data import References, references
from dashboard.pages.programme.parts import (
    choice,
    city_options,
    filters_of,
    register_narrowing,
    search_box,
    tab_address,
)
from dashboard.questions import edition as questions
from dashboard.words.places import city_name
from portfolio.core.clock import today
from portfolio.core.errors import PortfolioError
from portfolio.core.formatting import month
from portfolio.projects.rules.works import ACTUAL
from portfolio.rolling.rules.editions import CATEGORIES, slip
from portfolio.rolling.schedule import Line

BLOCK, MARGIN = 100, 2
NARROWED = ("q", "city", "category")
Reach = tuple[int, int]


def content(context: Context, code: str) -> html.Div:
    """The tab; `?reach=all` shows from the first start to the last finish, else the window and what is around it."""
    held, span = questions.head(code), questions.span(code)
    if span is None:
        return html.Div(empty(context, "prog-no-schedule"))
    whole = (int(span[0][:4]), int(span[1][:4]))
    near = (held["base_year"] - MARGIN, held["base_year"] + held["years"] - 1 + MARGIN)
    reach = whole if context.value("reach") == "all" else near
    kept = {name: context.value(name) for name in NARROWED}
    options = [
        (
            f"{context.text('prog-reach-window')} {near[0]}—{near[1]}",
            tab_address(code, "schedule", **kept),
            reach == near,
        ),
        (
            f"{context.text('prog-reach-all')} {whole[0]}—{whole[1]}",
            tab_address(code, "schedule", **kept, reach="all"),
            reach != near,
        ),
    ]
    filters = [
        search_box(context, "schedule"),
        choice(context, "schedule", "city", context.text("filter-city"), city_options(context)),
        choice(
            context,
            "schedule",
            "category",
            context.text("board-category"),
            [(name, context.text(f"category-{name}")) for name in CATEGORIES],
        ),
    ]
    return html.Div(
        [
            choices(context.text("prog-reach"), options),
            html.Div(filters, className="filters"),
            _legend(context),
            _grid(context, reach),
            dcc.Store(id="schedule-kept", data={**kept, "reach": list(reach)}),
        ]
    )


def _legend(context: Context) -> html.Div:
    marks = [
        html.Span([html.B(className=f"bar plan-{name}"), context.text(f"category-{name}")], className="key")
        for name in CATEGORIES
    ]
    rest = (("was", "prog-was"), ("step", "prog-key-step"), ("step done", "prog-key-done"), ("now", "prog-today"))
    marks += [html.Span([html.B(className=name), context.text(key)], className="key") for name, key in rest]
    return html.Div(marks, className="legend gantt-keys")


def _grid(context: Context, reach: Reach) -> dag.AgGrid:
    text = context.text
    scale = {"years": _years(reach), "today": _today(reach), "todayName": text("prog-today")}
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": text("col-name"),
            "cellRenderer": "EntryLink",
            "width": 180,
            "tooltipField": "name",
        },
        {
            "field": "bar",
            "headerName": text("prog-tab-schedule"),
            "cellRenderer": "GanttBar",
            "cellRendererParams": scale,
            "headerComponent": "YearScale",
            "headerComponentParams": scale,
            "flex": 1,
            "minWidth": 520,
            "cellClass": "gantt-cell",
        },
        {"field": "slip", "headerName": text("diff-slip"), "width": 150, "cellClass": "right", "headerClass": "right"},
        {"field": "city", "headerName": text("col-city"), "width": 120},
    ]
    return dag.AgGrid(
        id="schedule-grid",
        columnDefs=columns,
        rowModelType="infinite",
        defaultColDef={"resizable": True, "sortable": False, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "rowHeight": 34,
            "headerHeight": 36,
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 40,
            "rowBuffer": 20,
            "animateRows": False,
            "localeText": grid_locale(context.lang) | {"noRowsToShow": text("board-none")},
        },
        getRowId="params.data.code",
        className=grid_theme(context),
        style={"height": "calc(100vh - 320px)", "minHeight": 440},
    )


def _years(reach: Reach) -> list[dict[str, Any]]:
    count = reach[1] - reach[0] + 1
    step = max(1, -(-count // 16))
    return [{"label": str(year), "at": _at(f"{year}-01", reach)} for year in range(reach[0], reach[1] + 1, step)]


def _at(month_: str, reach: Reach, end: bool = False) -> float:
    """Where a month begins (or ends) between the first and the last year, in per cent, not beyond them."""
    months = (int(month_[:4]) - reach[0]) * 12 + int(month_[5:7]) - (0 if end else 1)
    return round(min(100.0, max(0.0, months * 100 / ((reach[1] - reach[0] + 1) * 12))), 3)


def _today(reach: Reach) -> float | None:
    now = today()
    return _at(f"{now:%Y-%m}", reach) if reach[0] <= now.year <= reach[1] else None


def _bar(start: str | None, finish: str | None, reach: Reach) -> list[float] | None:
    """Place and width of a bar; None when no month is known or it lies outside. One month known is a point of it."""
    first, last = start or finish, finish or start
    if not first or not last:
        return None
    begin, end = _at(first, reach), _at(last, reach, end=True)
    return [begin, round(end - begin, 3)] if end > begin else None


def rows(context: Context, code: str, lines: list[Line], reach: Reach) -> list[dict[str, Any]]:
    """Lines as the grid draws them."""
    refs = references()
    return [_row(context, code, line, reach, refs) for line in lines]


def _row(context: Context, code: str, line: Line, reach: Reach, refs: References) -> dict[str, Any]:
    name, late = name_of(context, vars(line)), slip(line.was_finish, line.works.finish)
    moved = (line.was_start, line.was_finish) != (line.works.start, line.works.finish)
    category = context.text(f"category-{line.category}")
    window = f"{month(line.start_month, context.lang)} – {month(line.finish_month, context.lang)}"
    actual = [
        f"{context.text(f'col-{name}')} {month(told, context.lang)}"
        for name, told in zip(ACTUAL, (line.actual_start_month, line.actual_finish_month), strict=True)
        if told
    ]
    steps = [
        [_at(due, reach, end=True), bool(done), f"{label} {done or due}"]
        for label, due, done in line.milestones
        if reach[0] <= int(due[:4]) <= reach[1]
    ]
    return {
        "code": line.code,
        "edition": code,
        "name": name,
        "city": city_name(line.city_code, context, refs),
        "category": category,
        "kind": line.category,
        "bar": _bar(line.works.start, line.works.finish, reach),
        "was": _bar(line.was_start, line.was_finish, reach) if moved else None,
        "marks": steps,
        "slip": f"{late:+d}" if late else "",
        "told": f"{name}: {category}, " + context.listed([window, *actual]),
    }


def register_callbacks(app: Dash) -> None:
    """Rows as the reader scrolls."""
    register_narrowing(app, "schedule", NARROWED)

    @app.callback(
        Output("schedule-grid", "getRowsResponse"),
        Input("schedule-grid", "getRowsRequest"),
        State("edition-of", "data"),
        State("schedule-kept", "data"),
        prevent_initial_call=True,
    )
    def shown(asked: dict[str, Any] | None, code: str, kept: dict[str, Any]) -> Any:
        if not asked:
            return no_update
        held = request_context()
        query = {name: (kept[name],) for name in NARROWED if kept[name]}
        filters = filters_of(Context(held.lang, held.theme, "", query), standing=True)
        try:
            lines, total = questions.lines(code, filters, asked["startRow"], asked["endRow"])
        except PortfolioError:
            return {"rowData": [], "rowCount": 0}
        return {"rowData": rows(held, code, lines, (kept["reach"][0], kept["reach"][1])), "rowCount": total}
