"""The needs grid of the entry form: typed or pasted from a spreadsheet, in the units asked for, items from the tree."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.aria import aria
from dashboard.components.grid import editing_grid
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.entry.sections import block, framed
from dashboard.pages.entry.values import Needs, plain
from portfolio.core.number_reading import read_number
from portfolio.core.units import UNITS, to_base
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.reporting.pasting import Pasted
from portfolio.vocabulary.tree import ELEMENTS, ElementTree, Node

ROW, HEAD, TALLEST = 34, 56, 420  # pixels; the head with the bar that moves the years
CHOICES = {"money": ("wan_yuan", "yi_yuan"), "area": ("ha", "mu")}


def needs_card(context: Context, references: References, needs: Needs, sight: set[str], more: Sequence[Any]) -> Any:
    """The grid with its units, its years, its sums and the choice of one more item."""
    hint = html.Div(id={"type": "entry-hint", "name": "needs"}, className="entry-hint", role="status")
    content = [
        tools(context, references, needs),
        grid(context, references.tree, needs),
        html.Div(id="entry-needs-sums", role="status", className="entry-amount"),
        hint,
        html.Div(id="entry-needs-told", role="status", className="entry-told"),
        dmc.Text(context.text("entry-needs-note"), size="xs", c="dimmed", mt=4),
    ]
    stores = [dcc.Store(id="entry-needs-held", data=asdict(needs)), dcc.Store(id="entry-paste")]
    held = [block("needs", content, sight), *stores, dcc.Store(id="entry-units")]
    return framed(context, "needs", "entry-needs-card", held, more)


def tools(context: Context, references: References, needs: Needs) -> dmc.Group:
    """Units, years and items."""
    switches = [
        dmc.SegmentedControl(
            id={"type": "entry-unit", "name": dimension},
            data=[{"value": unit, "label": context.text(f"unit-{unit}")} for unit in units],
            value=needs.units[dimension],
            size="xs",
            **aria(label=context.text(f"entry-unit-{dimension}")),
        )
        for dimension, units in CHOICES.items()
    ]
    years = [
        dmc.Button(
            context.text(f"needs-year-{side}"),
            id={"type": "entry-year", "name": side},
            variant="default",
            size="compact-sm",
            leftSection=icon("plus", 14),
        )
        for side in ("before", "after")
    ]
    tree, lang = references.tree, context.lang
    leaves = [
        {
            "group": tree.by_code[element].name(lang),
            "items": [
                {"value": leaf.code, "label": tree.path_name(leaf.code, lang)} for leaf in tree.leaves_under(element)
            ],
        }
        for element in ELEMENTS
    ]
    add = dmc.Select(
        id="entry-add-item",
        data=leaves,
        placeholder=context.text("entry-add-item"),
        searchable=True,
        size="sm",
        w=320,
        value=None,
        **aria(label=context.text("entry-add-item")),
    )
    return dmc.Group([add, *years, *switches], gap="sm", mb="xs")


def grid(context: Context, tree: ElementTree, needs: Needs) -> dag.AgGrid:
    """The grid itself: elements, and under them the items spoken of."""
    shown = rows(context, tree, needs)
    return editing_grid(context, "entry-needs", columns(context, needs), shown, "item", height_of(len(shown)))


def height_of(count: int) -> int:
    """How high the grid stands for so many rows, in pixels: no empty ones, and never more than a screen takes."""
    return min(TALLEST, HEAD + ROW * count)


def columns(context: Context, needs: Needs) -> list[dict[str, Any]]:
    """Item, 不涉及, unit, a column a year."""
    number = {"cellClass": "right", "headerClass": "right", "width": 112, "cellEditor": "agTextCellEditor"}
    years = [
        {
            "field": f"y{year}",
            "headerName": str(year),
            **number,
            "editable": {"function": "params.data.leaf && !params.data.closed"},
            "cellClassRules": {"bad-cell": f"params.data.bad.includes({year})"},
        }
        for year in needs.years
    ]
    return [
        {
            "field": "name",
            "headerName": context.text("needs-item"),
            "width": 240,
            "pinned": "left",
            "tooltipField": "name",
        },
        {
            "field": "closed",
            "headerName": context.text("need-not-applicable"),
            "width": context.width(100),
            "cellRenderer": "agCheckboxCellRenderer",
            "cellEditor": "agCheckboxCellEditor",
            "editable": {"function": "!params.data.answered && !params.data.closedAbove"},
        },
        {"field": "unit", "headerName": context.text("needs-unit"), "width": 90},
        *years,
        {
            "field": "sum",
            "headerName": context.text("needs-total"),
            "width": 120,
            "pinned": "right",
            "cellClass": "right total",
            "headerClass": "right",
        },
    ]


def rows(context: Context, tree: ElementTree, needs: Needs) -> list[dict[str, Any]]:
    """A row for every element, and for every item that is spoken of or was added."""
    shown = [
        n
        for n in tree.nodes
        if n.depth == 0 or n.code in needs.items or n.code in needs.cells or n.code in needs.closed
    ]
    made = []
    for node in shown:
        above = any(parent.code in needs.closed for parent in tree.path(node.code)[:-1])
        cells = needs.cells.get(node.code, {})
        answered = any(
            code == node.code or code.startswith(node.code + ".")
            for code, by in needs.cells.items()
            if any(by.values())
        )
        name = (
            node.name(context.lang)
            if node.depth == 0
            else "　" + tree.path_name(node.code, context.lang).partition("/")[2]
        )
        made.append(
            {
                "item": node.code,
                "name": name,
                "leaf": node.leaf,
                "answered": answered,
                "closed": above or node.code in needs.closed,
                "closedAbove": above,
                "unit": context.text(f"unit-{needs.units[node.dimension]}"),
                "bad": [int(year) for year, text in cells.items() if not is_quantity(text)],
                **{f"y{year}": text for year, text in cells.items()},
                **_sums(node, needs),
            }
        )
    return made


def _sums(node: Node, needs: Needs) -> dict[str, str]:
    """The total of a row over its years, and of an element by year over its items; blank where nothing is stated."""
    unit = needs.units[node.dimension]
    by_year: dict[str, int] = {}
    for item, cells in needs.cells.items():
        if item != node.code and not item.startswith(f"{node.code}."):
            continue
        for year, text in cells.items():
            amount = in_base(text, unit)
            if amount is not None:
                by_year[year] = by_year.get(year, 0) + amount
    told = {} if node.leaf else {f"y{year}": plain(amount, unit) for year, amount in by_year.items()}
    return told | {"sum": plain(sum(by_year.values()), unit) if by_year else ""}


def in_base(text: str, unit: str) -> int | None:
    """A typed quantity in base units; None for what states none, which is a fault of its own cell."""
    number = read_number(text or "")
    if not isinstance(number, Decimal) or number < 0:
        return None
    try:
        return to_base(number, unit)
    except ValueError:
        return None


def with_cells(needs: Needs, changes: list[dict[str, Any]]) -> Needs:
    """The grid after cells were typed."""
    cells = {item: dict(by_year) for item, by_year in needs.cells.items()}
    closed = list(needs.closed)
    for change in changes:
        item, column, value = change["data"]["item"], change["colId"], change.get("value")
        if column == "closed":
            closed = [one for one in closed if one != item] + ([item] if value else [])
        else:
            cells.setdefault(item, {})[column[1:]] = str(value or "").strip()
    return replace(needs, cells=cells, closed=closed)


def with_paste(needs: Needs, pasted: Pasted, tree: ElementTree) -> Needs:
    """The grid after a table was pasted into it: its items and years are shown, its cells taken in the grid's units."""
    cells = {item: dict(by_year) for item, by_year in needs.cells.items()}
    for (item, year), text in pasted.cells.items():
        shown = needs.units[tree.by_code[item].dimension]
        stated = pasted.units.get(item, shown)
        same = UNITS[stated].dimension == UNITS[shown].dimension
        cells.setdefault(item, {})[str(year)] = converted(text, stated, shown) if same else text
    span = [*needs.years, *pasted.years]
    items = list(dict.fromkeys([*needs.items, *pasted.items]))
    return replace(needs, cells=cells, items=items, years=list(range(min(span), max(span) + 1)))


def with_year(needs: Needs, side: str) -> Needs:
    """One year more, before or after."""
    years = list(needs.years)
    wider = [years[0] - 1, *years] if side == "before" else [*years, years[-1] + 1]
    return replace(needs, years=[year for year in wider if FIRST_YEAR <= year <= LAST_YEAR])


def in_units(needs: Needs, tree: ElementTree, units: dict[str, str]) -> Needs:
    """The same quantities written in other units; what is no number stays as it was typed."""
    cells = {
        item: {
            year: converted(text, needs.units[tree.by_code[item].dimension], units[tree.by_code[item].dimension])
            for year, text in by_year.items()
        }
        for item, by_year in needs.cells.items()
    }
    return replace(needs, cells=cells, units=units)


def is_quantity(text: str) -> bool:
    """Whether what was typed is blank or one exact number."""
    number = read_number(text or "")
    return number is None or (isinstance(number, Decimal) and number >= 0)


def converted(text: str, old: str, new: str) -> str:
    """A typed quantity of one unit as typed in another."""
    number = read_number(text or "")
    if not isinstance(number, Decimal) or old == new:
        return text
    try:
        return plain(to_base(number, old), new)
    except ValueError:
        return text
