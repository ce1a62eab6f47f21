"""The three-year capital plan: before, three years, after; totals agree both ways; the same table as a workbook."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.components.amounts import amounts
from dashboard.components.icon import icon
from dashboard.components.links import address, choices, name_of, project_link
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.pages.finance.overview import chosen_year, frame
from dashboard.questions.finance import PlanPage, plan_page
from dashboard.words.places import city_name
from portfolio.core.frames import records
from portfolio.finance.plan import WINDOW, columns
from portfolio.vocabulary.codes import label

GROUPS = ("item", "level", "city", "sector", "project")
SHOWN = 300


def layout(context: Context) -> Any:
    """The plan from the year in the address on, by one grouping."""
    year, asked = chosen_year(context), context.value("by")
    by = asked if asked in GROUPS else "item"
    page = plan_page(year, by)
    names = columns(year)
    rows = [
        [_name(context, page, by, row[by]), *amounts([row[name] for name in names], context.lang)]
        for row in records(page.plan.head(SHOWN))
    ]
    sums = [int(page.plan[name].sum()) for name in names] if rows else []
    totals = [context.text("plan-sum"), *amounts(sums, context.lang)] if rows else []
    heads = ["plan-by-" + by, "plan-prior>"]
    heads += [f"={context.text('plan-year', year=str(year + n))}>" for n in range(WINDOW)]
    heads += ["plan-beyond>", "plan-total>"]
    heads += [f"={context.text('plan-granted', year=str(year + n))}>" for n in range(WINDOW)]
    shown = table(context, heads, rows, "finance-empty", "plan-table", totals)
    return frame(
        context,
        "plan",
        [
            _bar(context, year, by),
            dmc.Card([shown, dmc.Text(_note(context, page), size="xs", c="dimmed")], withBorder=True, padding="md"),
        ],
    )


def _bar(context: Context, year: int, by: str) -> html.Div:
    path = "/finance/plan"
    years = [(str(y), address(path, {"year": y, "by": by}), y == year) for y in range(year - 2, year + 3)]
    groups = [(context.text(f"plan-by-{g}"), address(path, {"year": year, "by": g}), g == by) for g in GROUPS]
    href = address("/api/v1/capital-plan.xlsx", {"first_year": year, "lang": context.lang})
    link = html.A(
        [icon("download"), html.Span(context.text("plan-download"))],
        href=href,
        download="",
        className="button",
        id="plan-download",
    )
    parts = [choices(context.text("plan-first-year"), years), choices(context.text("plan-by"), groups), link]
    return html.Div(dmc.Group(parts, align="start", gap="lg"))


def _name(context: Context, page: PlanPage, by: str, value: Any) -> Any:
    if by == "project":
        project = page.names.loc[value].to_dict()
        return project_link(context, project["code"], name_of(context, project), "finance")
    if by == "item":
        return page.tree.by_code[value].name(context.lang)
    if by == "level":
        return context.text(f"level-{value}")
    if by == "city":
        return city_name(value, context, references()) or context.text("none-stated")
    return label("sectors", value, context.lang) or context.text("none-stated")


def _note(context: Context, page: PlanPage) -> str:
    more = len(page.plan) - SHOWN
    note = context.text("plan-note")
    return note + " " + context.text("plan-more", count=str(more)) if more > 0 else note


def register_callbacks(app: Dash) -> None:
    """Nothing moves on this page."""
