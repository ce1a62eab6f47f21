"""What the approved scenario arranged: for an entry in full, in lists in a word."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.amounts import amount
from dashboard.components.links import address, card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, may
from dashboard.questions.edition import EntryPage, Told
from portfolio.core.formatting import NONE_MARK
from portfolio.scenarios.following.arranged import Arranged, InForce
from portfolio.scenarios.following.words import holding, outcome, whole


def arranged_words(context: Context, told: Told, project: str) -> str:
    """What was decided on a project; empty where nothing was."""
    one = told.arranged.projects.get(project)
    return "" if one is None else whole(one, told.why.get(project, ""), context.lang)


def badge(context: Context, one: Arranged) -> dmc.Badge:
    """拟安排 or 拟不安排."""
    colour = "teal" if one.supported else "orange"
    return dmc.Badge(outcome(one, context.lang), color=colour, tt="none", radius="sm", variant="light")


def content(context: Context, page: EntryPage, refs: References) -> dmc.Card | None:
    """拟安排 by item and year, or 拟不安排 with the reason; and what is reserved. Nothing before an approval."""
    one = page.arranged
    if one is None:
        return None
    kept = holding(one, context.lang)
    state = dmc.Text(kept, size="sm", fw=600) if kept else None
    parts: list[Any] = [dmc.Group([badge(context, one), state, _by(context, one.by)])]
    if one.supported:
        parts.append(_amounts(context, page, one, refs))
    else:
        parts.append(dmc.Text(context.text("arranged-refused", reason=page.why or NONE_MARK), size="sm", mt="xs"))
    note = context.text("arranged-by-note") if one.supported else ""
    return card(context.text("arranged-title"), parts, "card-arranged", note)


def _by(context: Context, by: InForce) -> Any:
    """The scenario that decides, leading to it for who may read it."""
    words = context.text("arranged-by", scenario=by.code, doc=by.doc_no, day=by.approved_on or NONE_MARK)
    if not may("scenario.read"):
        return dmc.Text(words, size="sm", c="dimmed")
    return dmc.Anchor(words, href=address("/allocation", {"scenario": by.code}), refresh=False, size="sm")


def _amounts(context: Context, page: EntryPage, one: Arranged, refs: References) -> Any:
    """Items by years, and below them what is reserved of each pool and not granted yet."""
    reserved = [(row["item"], row["year"], row["reserved"]) for row in page.reserved]
    years = sorted({year for _, year in one.decision.amounts} | {year for _, year, _ in reserved})
    rows = []
    for item in sorted({item for item, _ in one.decision.amounts}):
        cells = {year: one.decision.amounts.get((item, year)) for year in years}
        rows.append(_row(context, refs, item, refs.tree.by_code[item].name(context.lang), cells))
    for item in sorted({item for item, *_ in reserved}):
        held = {year: sum(yuan for of, at, yuan in reserved if (of, at) == (item, year)) or None for year in years}
        words = html.Span([refs.tree.by_code[item].name(context.lang), " · ", context.text("arranged-reserved")])
        rows.append(_row(context, refs, item, words, held))
    heads = ("column-needs-item", "prog-unit", *(f"={year}>" for year in years), "plan-sum>")
    return html.Div(table(context, heads, rows, "arranged-no-amounts", "arranged-amounts"), style={"marginTop": 8})


def _row(context: Context, refs: References, item: str, name: Any, cells: dict[int, int | None]) -> list[Any]:
    dimension = refs.tree.by_code[item].dimension
    unit = context.text("unit-wan_yuan" if dimension == "money" else "unit-ha")
    shown = ["" if one is None else amount(one, context.lang, dimension) for one in cells.values()]
    return [name, unit, *shown, amount(sum(one or 0 for one in cells.values()), context.lang, dimension)]
