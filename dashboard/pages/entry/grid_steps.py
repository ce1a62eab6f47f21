"""What is done to the needs grid while one types: cells, pasted tables, items, years, units, and its height."""

from dataclasses import asdict
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.entry import needs as entry_needs
from dashboard.pages.entry.sections import ident
from dashboard.pages.entry.values import Needs
from dashboard.words.fields import AMOUNT
from portfolio.reporting.pasting import MOST_CELLS, read_paste


def register_callbacks(app: Dash) -> None:
    """Cells typed, pasted and taken back, items and years added, units changed."""
    app.clientside_callback(
        ClientsideFunction("entry", "units"),
        Output("entry-units", "data"),
        Input({"type": "entry-unit", "name": ALL}, "value"),
        State({"type": "entry-unit", "name": ALL}, "id"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("entry-needs-held", "data"),
        Output("entry-needs", "rowData"),
        Output("entry-needs", "columnDefs"),
        Output("entry-needs-told", "children"),
        Output("entry-add-item", "value"),
        Output(ident(AMOUNT), "value"),
        Input("entry-needs", "cellValueChanged"),
        Input("entry-paste", "data"),
        Input("entry-add-item", "value"),
        Input({"type": "entry-year", "name": ALL}, "n_clicks"),
        Input("entry-units", "data"),
        Input("entry-restore", "data"),
        State("entry-needs-held", "data"),
        State(ident(AMOUNT), "value"),
        prevent_initial_call=True,
    )
    def cells(
        changes: list[dict[str, Any]] | None,
        paste: dict[str, Any] | None,
        item: str | None,
        _years: list[int | None],
        units: dict[str, str] | None,
        restore: dict[str, Any] | None,
        held: dict[str, Any],
        amount: str,
    ) -> Any:
        context, tree, needs = request_context(), references().tree, Needs(**held)
        if ctx.triggered_id == "entry-restore" and restore:
            fresh = entry_needs.with_cells(Needs(**(restore["needs"] or held)), restore["changes"])
            rows, columns = entry_needs.rows(context, tree, fresh), entry_needs.columns(context, fresh)
            return asdict(fresh), rows, columns, None, None, no_update
        done = _step(context, tree, needs, changes, paste, item, units or dict(needs.units))
        if done is None:
            return (no_update,) * 6
        fresh, told = done
        money = entry_needs.converted(amount, needs.units["money"], fresh.units["money"])
        rows, columns = entry_needs.rows(context, tree, fresh), entry_needs.columns(context, fresh)
        return asdict(fresh), rows, columns, told, None, money if money != amount else no_update


def _step(
    context: Context,
    tree: Any,
    needs: Needs,
    changes: list[dict[str, Any]] | None,
    paste: dict[str, Any] | None,
    item: str | None,
    units: dict[str, str],
) -> tuple[Needs, Any] | None:
    """The grid after whatever was done to it, with what there is to tell; None when nothing was."""
    cause: Any = ctx.triggered_id
    if cause == "entry-needs" and changes:
        return entry_needs.with_cells(needs, changes), None
    if cause == "entry-paste" and paste:
        return _pasted(context, tree, needs, paste)
    if cause == "entry-add-item" and item:
        return Needs(**{**asdict(needs), "items": list(dict.fromkeys([*needs.items, item]))}), None
    if isinstance(cause, dict) and cause["type"] == "entry-year" and ctx.triggered[0]["value"]:
        return entry_needs.with_year(needs, cause["name"]), None
    if cause == "entry-units" and units != dict(needs.units):
        return entry_needs.in_units(needs, tree, units), None
    return None


def _pasted(context: Context, tree: Any, needs: Needs, paste: dict[str, Any]) -> tuple[Needs, Any]:
    shown = [row["item"] for row in entry_needs.rows(context, tree, needs)]
    column = str(paste.get("column") or "")
    at = int(column[1:]) if column[1:].isdigit() else needs.years[0]
    found = read_paste(str(paste["text"]), tree, shown, list(needs.years), str(paste.get("item") or ""), at)
    told = [dmc.Text(context.text("entry-pasted", count=str(len(found.cells))), size="sm")]
    for key, names in (("entry-unplaced", found.unplaced), ("entry-parents", found.parents)):
        if names:
            told.append(dmc.Text(context.text(key, names=context.listed(names[:8])), size="sm", c="orange"))
    if found.cut:
        told.append(dmc.Text(context.text("entry-cut", count=str(MOST_CELLS)), size="sm", c="orange"))
    return entry_needs.with_paste(needs, found, tree), told
