"""Grids that hold all their rows: one to mark lines in, one to edit cells in."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import dash_ag_grid as dag
import orjson

from dashboard.context import Context

LOCALE = Path(__file__).resolve().parents[1] / "data" / "ag_grid_zh.json"
AMOUNT = {"function": "params.value == null ? '' : d3.format(',')(params.value)"}
FIGURE: dict[str, Any] = {"cellClass": "right", "headerClass": "right", "valueFormatter": AMOUNT}
HEIGHTS = {"rowHeight": 34, "headerHeight": 36}
MARKING = {
    "rowSelection": {"mode": "multiRow", "enableClickSelection": False, "selectAll": "filtered"},
    "pagination": True,
    "paginationPageSize": 100,
}
EDITING = {"singleClickEdit": True, "stopEditingWhenCellsLoseFocus": True}
Rows = Sequence[dict[str, Any]]


@lru_cache
def grid_locale(lang: str) -> dict[str, str]:
    """The grid's own texts; English is built in."""
    texts: dict[str, str] = orjson.loads(LOCALE.read_bytes()) if lang == "zh" else {}
    return texts


def grid_theme(context: Context) -> str:
    """The grid's class in the page's theme."""
    return "ag-theme-quartz" + ("-dark" if context.theme == "dark" else "")


def marking_grid(
    context: Context, identity: str, columns: Rows, rows: Rows, key: str, height: int, filtered: bool = False
) -> dag.AgGrid:
    """A grid of pages whose lines are marked; `key` is the field that names a line."""
    each = {"resizable": True, "sortable": True, "filter": filtered, "suppressHeaderMenuButton": not filtered}
    options = {**HEIGHTS, **MARKING, "localeText": grid_locale(context.lang)}
    return _grid(context, identity, columns, rows, key, height, each, options)


def editing_grid(context: Context, identity: str, columns: Rows, rows: Rows, key: str, height: int) -> dag.AgGrid:
    """A grid whose cells are saved when they are left."""
    each = {"resizable": True, "sortable": False, "suppressHeaderMenuButton": True}
    return _grid(context, identity, columns, rows, key, height, each, {**HEIGHTS, **EDITING})


def _grid(
    context: Context,
    identity: str,
    columns: Rows,
    rows: Rows,
    key: str,
    height: int,
    each: dict[str, Any],
    options: dict[str, Any],
) -> dag.AgGrid:
    return dag.AgGrid(
        id=identity,
        columnDefs=list(columns),
        rowData=list(rows),
        getRowId=f"params.data.{key}",
        defaultColDef=each,
        dashGridOptions=options,
        className=grid_theme(context),
        style={"height": height},
    )
