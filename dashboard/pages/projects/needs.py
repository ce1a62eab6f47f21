"""A project's needs as a grid by item and year: leaves are typed, subtotals computed, 不涉及 ticked."""

from decimal import Decimal, InvalidOperation
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, no_update

from dashboard import data
from dashboard.components.icon import icon
from dashboard.components.offers import barred_note, may_change, offered
from dashboard.components.reason import reason_input
from dashboard.context import Context, request_context
from dashboard.data import ProjectPage, References
from portfolio.core.errors import PortfolioError, StaleError
from portfolio.core.frames import records
from portfolio.core.records import picked
from portfolio.core.units import NotExactError, from_base, to_base
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.rules.items import subtotals
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.tree import Node

UNIT = {"money": "wan_yuan", "area": "ha"}
DEFAULT_FIRST, DEFAULT_YEARS = 2026, 5


def card(context: Context, page: ProjectPage, references: References) -> dmc.Card:
    """The grid with its switch and, for whoever may type in it, its buttons for one more year."""
    years = shown_years(page)
    grid = _grid(context, page, references, years)
    note = dmc.Text(context.text("needs-note"), size="xs", c="dimmed", mt=4)
    return dmc.Card(
        [
            dmc.Group(
                [dmc.Title(context.text("project-needs"), order=2, size="h5"), _tools(context, page)],
                justify="space-between",
                mb="xs",
            ),
            barred_note(context, "need.edit", page.project),
            _proposed(context) if page.proposed else None,
            reason_input(context, "needs-reason", page.project["code"]),
            grid,
            note,
            dcc.Store(id="needs-years", data=years),
            dcc.Store(id="needs-version", data=page.project["needs_version"]),
        ],
        withBorder=True,
        padding="md",
        id="card-needs",
    )


def _proposed(context: Context) -> dmc.Text:
    return dmc.Text(context.text("needs-proposed"), size="sm", className="changed-since", mb="xs", id="needs-proposed")


def _tools(context: Context, page: ProjectPage) -> dmc.Group:
    years = [
        dmc.Button(
            context.text(f"needs-year-{side}"),
            id=f"needs-{side}",
            variant="default",
            size="compact-sm",
            leftSection=icon("plus", 14),
        )
        for side in ("before", "after")
    ]
    everything = dmc.Switch(id="needs-all", label=context.text("needs-all"), size="sm", checked=False)
    return dmc.Group([everything, offered("need.edit", years, page.project)], gap="sm")


def _grid(context: Context, page: ProjectPage, references: References, years: list[int]) -> dag.AgGrid:
    return dag.AgGrid(
        id="needs-grid",
        columnDefs=columns(context, years, may_change("need.edit", page.project)),
        rowData=rows(context, page, references, everything=False),
        getRowId="params.data.item",
        defaultColDef={"resizable": True, "sortable": False, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "rowHeight": 34,
            "headerHeight": 36,
            "singleClickEdit": True,
            "stopEditingWhenCellsLoseFocus": True,
            "enterNavigatesVerticallyAfterEdit": True,
            "domLayout": "normal",
            "enableCellTextSelection": True,
        },
        rowClassRules={"subtotal": "!params.data.leaf", "root": "params.data.depth == 0"},
        className="ag-theme-quartz" + ("-dark" if context.theme == "dark" else ""),
        style={"height": 560},
    )


def shown_years(page: ProjectPage) -> list[int]:
    """The years of the grid: those with needs and those of the works; five from now when nothing is known."""
    held = {int(year) for year in page.needs["year"]}
    for month in picked(page.project, MONTHS).values():
        if month:
            held.add(int(month[:4]))
    if not held:
        return list(range(DEFAULT_FIRST, DEFAULT_FIRST + DEFAULT_YEARS))
    return list(range(min(held), max(held) + 1))


def columns(context: Context, years: list[int], editable: bool = True) -> list[dict[str, Any]]:
    """Item, 不涉及, unit, a column a year, total."""
    number = {"cellClass": "right", "headerClass": "right", "width": 112}
    year_columns = [
        {
            "field": f"y{year}",
            "headerName": str(year),
            **number,
            "cellEditor": "agTextCellEditor",
            "editable": {"function": "params.data.leaf && !params.data.closed"} if editable else False,
            "cellClassRules": {"made-up": f"params.data.marks && params.data.marks.includes({year})"},
        }
        for year in years
    ]
    return [
        {
            "field": "name",
            "headerName": context.text("needs-item"),
            "width": 260,
            "tooltipField": "name",
            "pinned": "left",
            "cellStyle": {"function": "({paddingLeft: (12 + params.data.depth * 16) + 'px'})"},
        },
        {
            "field": "closed",
            "headerName": context.text("need-not-applicable"),
            "width": context.width(112),
            "cellRenderer": "agCheckboxCellRenderer",
            "cellEditor": "agCheckboxCellEditor",
            "editable": {"function": "!params.data.answered && !params.data.closedAbove"} if editable else False,
        },
        {"field": "unit", "headerName": context.text("needs-unit"), "width": 104},
        *year_columns,
        {"field": "total", "headerName": context.text("needs-total"), **number, "pinned": "right"},
    ]


def rows(context: Context, page: ProjectPage, references: References, everything: bool) -> list[dict[str, Any]]:
    """One row a node of the tree: the answered ones and the first two levels, or all."""
    tree = references.tree
    needs = records(page.needs)
    leaves = {(need["item"], need["year"]): need["required"] for need in needs}
    marked: dict[str, list[int]] = {}
    for need in needs:
        if need["basis"] == "illustrative":
            for node in tree.path(need["item"]):
                marked.setdefault(node.code, []).append(need["year"])
    totals = subtotals(tree, leaves)
    answered = {code for code, _ in totals}
    closed = set(page.not_applicable)
    return [
        _row(context, node, totals, marked.get(node.code, []), node.code in answered, closed, tree.path(node.code))
        for node in tree.nodes
        if everything or node.depth == 0 or node.code in answered or node.code in closed
    ]


def _row(
    context: Context,
    node: Node,
    totals: dict[tuple[str, int], int],
    marks: list[int],
    answered: bool,
    closed: set[str],
    path: tuple[Node, ...],
) -> dict[str, Any]:
    years = {year: value for (code, year), value in totals.items() if code == node.code}
    above = any(parent.code in closed for parent in path[:-1])
    unit = UNIT[node.dimension]
    shown: dict[str, Any] = {
        "item": node.code,
        "name": node.name(context.lang),
        "depth": node.depth,
        "leaf": node.leaf,
        "answered": answered,
        "unit": context.text(f"unit-{unit}"),
        "closed": above or node.code in closed,
        "closedAbove": above,
        "marks": marks,
    }
    shown |= {f"y{year}": plain(value, unit) for year, value in years.items()}
    shown["total"] = plain(sum(years.values()), unit) if years else ""
    return shown


def plain(value: int, unit: str) -> str:
    """A quantity as it is typed: no thousands marks, no trailing zeros."""
    return format(from_base(value, unit).normalize(), "f")


def edit_of(changed: dict[str, Any], dimension: str) -> NeedEdit:
    """The edit a changed cell stands for; raises `ValueError` when it holds no number."""
    field, value = changed["colId"], changed.get("value")
    item = changed["data"]["item"]
    if field == "closed":
        return NeedEdit(item, None, NOT_APPLICABLE if value else None)
    text = str(value or "").strip().replace(",", "")
    if not text:
        return NeedEdit(item, int(field[1:]), None)
    try:
        return NeedEdit(item, int(field[1:]), to_base(Decimal(text), UNIT[dimension]))
    except (InvalidOperation, NotExactError) as error:
        raise ValueError(text) from error


def register_callbacks(app: Dash) -> None:
    """Each cell is saved when it is left; the grid comes back with its subtotals."""

    @app.callback(
        Output("needs-grid", "rowData"),
        Output("needs-version", "data"),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("needs-grid", "cellValueChanged"),
        State("project-code", "data"),
        State("needs-version", "data"),
        State("needs-all", "checked"),
        State("needs-reason", "value"),
        prevent_initial_call=True,
    )
    def save(
        changes: list[dict[str, Any]] | None, code: str, version: int, everything: bool, reason: str | None
    ) -> Any:
        if not changes:
            return no_update, no_update, no_update
        context, references = request_context(), data.references()
        notice = _save(context, references, code, version, changes, reason or None)
        page = data.project_page(code)
        return rows(context, page, references, everything), page.project["needs_version"], [notice]

    @app.callback(
        Output("needs-grid", "rowData", allow_duplicate=True),
        Input("needs-all", "checked"),
        State("project-code", "data"),
        prevent_initial_call=True,
    )
    def show_all(everything: bool, code: str) -> Any:
        return rows(request_context(), data.project_page(code), data.references(), everything)

    @app.callback(
        Output("needs-grid", "columnDefs"),
        Output("needs-years", "data"),
        Input("needs-before", "n_clicks"),
        Input("needs-after", "n_clicks"),
        State("needs-years", "data"),
        State("project-code", "data"),
        prevent_initial_call=True,
    )
    def more_years(before: int | None, after: int | None, years: list[int], code: str) -> Any:
        wider = [years[0] - 1, *years] if ctx.triggered_id == "needs-before" else [*years, years[-1] + 1]
        editable = may_change("need.edit", data.project_page(code).project)
        return columns(request_context(), wider, editable), wider


def _save(
    context: Context,
    references: References,
    code: str,
    version: int,
    changes: list[dict[str, Any]],
    reason: str | None,
) -> dict[str, Any]:
    try:
        edits = [edit_of(changed, references.tree.by_code[changed["data"]["item"]].dimension) for changed in changes]
        data.change_needs(code, edits, version, reason)
    except ValueError as error:
        return notice(context.text("needs-not-a-number", value=str(error)), "red")
    except StaleError as error:
        return notice(context.error(error.code, **error.params), "orange")
    except PortfolioError as error:
        if error.code == "workflow.reason_needed":
            return notice(context.error(error.code, **error.params), "red")
        faults = [context.error(fault.code, **fault.params) for fault in error.fields]
        return notice(" ".join(faults) or context.error(error.code, **error.params), "red")
    return notice(context.text("saved"), "teal")


def notice(message: str, color: str) -> dict[str, Any]:
    """A notification."""
    return {"action": "show", "message": message, "color": color, "autoClose": 5000 if color == "teal" else 15000}
