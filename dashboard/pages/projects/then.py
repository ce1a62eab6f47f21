"""A project as it stood on a day: the record of then, read only and marked as such."""

from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard.components.amounts import amount
from dashboard.components.icon import icon
from dashboard.components.links import address, card
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import References
from dashboard.pages.projects import then_money as project_then_money
from dashboard.pages.projects.facts import facts_card, scheme_card
from dashboard.pages.projects.history import history_card
from dashboard.questions.journal import ThenPage, then_page
from portfolio.core.clock import today
from portfolio.core.formatting import moment
from portfolio.core.i18n import has_text
from portfolio.needs.as_of import Standing, end_of
from portfolio.needs.rules.items import subtotals
from portfolio.vocabulary.tree import Node


def chosen_day(context: Context) -> date | None:
    """The day in the address; None when there is none, or no day."""
    try:
        return date.fromisoformat(context.value("as_of"))
    except ValueError:
        return None


def picker(context: Context, day: date | None) -> dmc.DateInput:
    """Which day's record is shown; the present one when none is chosen."""
    return dmc.DateInput(
        id="project-as-of",
        valueFormat="YYYY-MM-DD",
        value=day.isoformat() if day else None,
        clearable=True,
        maxDate=today().isoformat(),
        placeholder=context.text("then-now"),
        label=context.text("then-pick"),
        leftSection=icon("history"),
        w=220,
        size="xs",
    )


def content(context: Context, code: str, day: date, references: References) -> list[Any]:
    """The cards of the record of then, below a banner that says what it is and what cannot be told."""
    page = then_page(code, end_of(day))
    banner = dmc.GridCol(_banner(context, code, day, page.standing), span=12)
    project = page.standing.project
    story = dmc.GridCol(history_card(context, page.history, references), span=12)
    if project is None:
        return [banner, story]
    return [
        banner,
        dmc.GridCol(facts_card(context, project, references), span=12),
        dmc.GridCol(scheme_card(context, project, references), span=12),
        dmc.GridCol(_needs_card(context, page, references), span=12),
        dmc.GridCol(project_then_money.steps_card(context, page), span=12),
        dmc.GridCol(project_then_money.financing_card(context, page), span=12),
        dmc.GridCol(project_then_money.decisions_card(context, page, references.tree), span=12),
        dmc.GridCol(project_then_money.entries_card(context, page, references.tree), span=12),
        story,
    ]


def _banner(context: Context, code: str, day: date, standing: Standing) -> dmc.Alert:
    since = moment(standing.known_from, context.lang)
    lines = [context.text("then-note"), context.text("then-not-covered")]
    if standing.unknown:
        lines = [context.text("then-unknown", since=since)]
    elif standing.project is None:
        lines = [context.text("then-not-there", since=since)]
    for change in standing.lost:
        key = f"action-{change}"
        lines.append(context.text("then-lost", name=context.text(key) if has_text(key, context.lang) else change))
    back = dmc.Anchor(context.text("then-back"), href=f"/projects/{code}", refresh=False, id="then-back")
    return dmc.Alert(
        [*(html.Div(line) for line in lines), dmc.Group([picker(context, day), back], align="end", mt=6)],
        title=context.text("then-title", day=day.isoformat()),
        color="orange",
        variant="light",
        icon=icon("history"),
        id="then-banner",
    )


def _needs_card(context: Context, page: ThenPage, references: References) -> dmc.Card:
    frame, tree = page.standing.needs, references.tree
    leaves = {
        (item, int(year)): int(required)
        for item, year, required in zip(frame["item"], frame["year"], frame["required"], strict=True)
    }
    totals = subtotals(tree, {key: value for key, value in leaves.items() if key[0] in tree.by_code})
    years = sorted({year for _, year in totals})
    made_up = {
        (item, int(year))
        for item, year, basis in zip(frame["item"], frame["year"], frame["basis"], strict=True)
        if basis == "illustrative"
    }
    shown = [node for node in tree.nodes if any((node.code, year) in totals for year in years)]
    rows = [_row(context, node, years, totals, made_up) for node in shown]
    closed = set(page.standing.not_applicable)
    rows += [
        [_name(context, node), context.text("need-not-applicable"), *("" for _ in years)]
        for node in tree.nodes
        if node.code in closed
    ]
    heads = ["needs-item", "needs-unit", *(f"={year}>" for year in years)]
    content = [table(context, heads, rows, "then-no-needs", "then-needs")]
    return card(context.text("project-needs"), content, "card-needs-then", context.text("then-needs-note"))


def _row(
    context: Context,
    node: Node,
    years: list[int],
    totals: dict[tuple[str, int], int],
    made_up: set[tuple[str, int]],
) -> list[Any]:
    cells: list[Any] = []
    for year in years:
        text = amount(totals.get((node.code, year)), context.lang, node.dimension)
        cells.append(html.Span(text, className="made-up") if (node.code, year) in made_up else text)
    unit = context.text("unit-wan_yuan" if node.dimension == "money" else "unit-ha")
    return [_name(context, node), unit, *cells]


def _name(context: Context, node: Node) -> html.Span:
    return html.Span(node.name(context.lang), style={"paddingLeft": 14 * node.depth})


def register_callbacks(app: Dash) -> None:
    """A day leads to the record of then; none leads back."""

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("project-as-of", "value"),
        State("project-code", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def look_back(day: str | None, code: str, search: str | None) -> Any:
        held = chosen_day(request_context("/", search or ""))
        asked = (day or "")[:10]
        if asked == (held.isoformat() if held else ""):
            return no_update
        return address(f"/projects/{code}", {"as_of": asked})
