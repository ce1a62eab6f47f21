"""The bridges from one edition to another: the waterfall, its causes, and every item and year that changed.

The first leads from the annual plan that was published to the next one; the others over the windows and all years.
"""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.amounts import amount
from dashboard.components.graph import graph
from dashboard.components.links import address, card, choices
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.figures.money import waterfall
from dashboard.questions.rolling import Compared
from portfolio.core.formatting import headline_words
from portfolio.core.frames import records
from portfolio.rolling.rules.bridge import CAUSES, WINDOW_CAUSES, Bridge
from portfolio.rolling.rules.headline import ANNUAL_CAUSES

TURNED = ("year_leaves", "year_enters")
KEPT = ("before", "after", "view", "item", "since", "until", "kind", "cause", "cell", "year", "from")
SCALE = {"money": 10**8, "area": 10**4}
CAUSES_OF = {"annual": ANNUAL_CAUSES, "window": WINDOW_CAUSES, "common": CAUSES, "all": CAUSES}
Years = tuple[int, int] | None


def way(context: Context, **changed: str) -> str:
    """The comparison's address with some of its parameters changed."""
    return address("/editions", {name: changed.get(name, context.value(name)) for name in KEPT})


def signed(context: Context, base: int, dimension: str) -> str:
    """An amount with its sign."""
    return ("+" if base > 0 else "") + amount(base, context.lang, dimension)


def _dimension(item: str) -> str:
    return "money" if item == "fund" else "area"


def view_of(context: Context) -> str:
    """Which bridge is shown: of the annual plan, or of all years when the address names some years."""
    named = context.value("view")
    if named in CAUSES_OF:
        return named
    return "all" if context.value("since") or context.value("until") else "annual"


def _bridge(page: Compared, view: str, years: Years) -> Bridge:
    if view == "annual":
        return page.plan.bridge()
    if view == "window":
        return page.found.window_bridge()
    return page.found.bridge(page.found.common_years if view == "common" else years)


def _views(context: Context, view: str) -> html.Nav:
    blank = {"cause": "", "cell": "", "year": "", "kind": "", "since": "", "until": "", "from": ""}
    options = [
        (context.text(f"bridge-{name}"), way(context, **{**blank, "view": name}), name == view) for name in CAUSES_OF
    ]
    return choices(context.text("diff-bridge"), options)


def _told(context: Context, page: Compared, view: str) -> str:
    """Of which years the bridge speaks."""
    before, after = page.found.before.span, page.found.after.span
    first, last = page.found.common_years
    if view == "common" and last < first:
        return context.text("bridge-told-apart")
    years = {
        "annual": (str(before.base_year), str(after.base_year)),
        "window": (f"{before.base_year}—{before.last_year}", f"{after.base_year}—{after.last_year}"),
        "common": (str(first), str(last)),
        "all": ("", ""),
    }[view]
    return context.text(f"bridge-told-{view}", before=years[0], after=years[1])


def bridge_card(context: Context, page: Compared, item: str, years: Years) -> dmc.Card:
    """The waterfall over the years chosen, and its causes, each leading to its projects."""
    view, dimension = view_of(context), _dimension(item)
    money = _bridge(page, view, years)
    causes = [(cause, money.causes[cause]) for cause in CAUSES_OF[view]]
    steps = [("diff-before", money.before, "absolute")]
    steps += [(f"cause-{cause}", value, "relative") for cause, value in causes if value]
    steps.append(("diff-after", money.after, "total"))
    figure = waterfall(
        [context.text(name) for name, _, _ in steps],
        [value / SCALE[dimension] for _, value, _ in steps],
        [measure for _, _, measure in steps],
        [_words(context, value, measure, dimension) for _, value, measure in steps],
        context.theme,
    )
    title = context.text("diff-bridge")
    rows = _rows(context, money, causes, dimension)
    unit = context.text("unit-wan_yuan" if dimension == "money" else "unit-ha")
    listed = table(context, ("prog-cause", f"={unit}>"), rows, "board-none", "bridge-causes")
    plot = graph(context, {"type": "still", "name": "bridge"}, figure, title, 340, unit)
    grid = dmc.Grid([dmc.GridCol(plot, span={"base": 12, "lg": 8}), dmc.GridCol(listed, span={"base": 12, "lg": 4})])
    note = context.text("prog-bridge-note", remainder=amount(money.remainder, context.lang, dimension), unit=unit)
    told = dmc.Text(_told(context, page, view), size="sm", c="dimmed", mb="xs", id="bridge-told")
    return card(title, [_views(context, view), told, grid], "card-bridge", note)


def _rows(context: Context, money: Bridge, causes: Sequence[tuple[str, int]], dimension: str) -> list[list[Any]]:
    """The bridge as a table: what was, each cause there is with its projects, what is, what is left unexplained."""
    rows: list[list[Any]] = [[context.text("diff-before"), amount(money.before, context.lang, dimension)]]
    for cause, value in causes:
        if value:
            href = way(context, cause=cause, kind="", cell="", year="", **{"from": ""})
            name = dmc.Anchor(context.text(f"cause-{cause}"), href=href, refresh=False, size="sm")
            rows.append([name, signed(context, value, dimension)])
    rows.append([context.text("diff-after"), amount(money.after, context.lang, dimension)])
    rows.append([context.text("prog-remainder"), amount(money.remainder, context.lang, dimension)])
    return rows


def _words(context: Context, value: int, measure: str, dimension: str) -> str:
    sign = "+" if value > 0 and measure == "relative" else "−" if value < 0 else ""
    return sign + headline_words(abs(value), dimension, context.lang)


def shares(context: Context, page: Compared, cause: str, years: Years) -> dict[str, int]:
    """Each project's part of a cause, of the item and year of a cell when the address names them."""
    if view_of(context) == "annual":
        return page.plan.shares(cause)
    node = references().tree.by_code.get(context.value("cell"))
    year = context.value("year")
    # A year that left or came is in one of the two windows alone.
    common = view_of(context) in ("window", "common") and cause not in TURNED
    years = page.found.common_years if common else (None if cause in TURNED else years)
    span = (int(year), int(year)) if year.isdigit() else years
    return page.found.shares(cause, node.id if node else None, span)


def cells_card(context: Context, page: Compared, item: str, years: Years) -> dmc.Card:
    """Every item and year that changed, with the causes; each figure opens the projects behind it."""
    dimension, tree, view = _dimension(item), references().tree.by_id, view_of(context)
    frame = page.found.by_cell()
    years = page.found.common_years if view in ("window", "common") else years
    if years is not None:
        frame = frame[(frame["year"] >= years[0]) & (frame["year"] <= years[1])]
    rows, told = [], [cause for cause in CAUSES if frame[cause].any()]
    for row in records(frame):
        if any(row[cause] for cause in told):
            node = tree[row["item"]]
            rest = row["after"] - row["before"] - sum(row[cause] for cause in told)
            rows.append(
                [
                    str(row["year"]),
                    node.name(context.lang),
                    amount(int(row["before"]), context.lang, dimension),
                    *(_cell(context, cause, int(row[cause]), node.code, str(row["year"]), dimension) for cause in told),
                    amount(int(row["after"]), context.lang, dimension),
                    amount(int(rest), context.lang, dimension),
                ]
            )
    heads = (
        "finance-year",
        "column-needs-item",
        "diff-before>",
        *(f"cause-{cause}>" for cause in told),
        "diff-after>",
        "prog-remainder>",
    )
    unit = context.text("unit-wan_yuan" if dimension == "money" else "unit-ha")
    shown = table(context, heads, sorted(rows, key=lambda row: row[0]), "prog-no-cells", "bridge-cells", tall=True)
    return card(context.text("prog-cells", count=str(len(rows))), [html.Div(shown)], "card-cells", unit)


def _cell(context: Context, cause: str, part: int, item: str, year: str, dimension: str) -> Any:
    if not part:
        return ""
    href = way(context, cause=cause, cell=item, year=year, kind="", **{"from": ""})
    return dmc.Anchor(signed(context, part, dimension), href=href, refresh=False, size="sm")
