"""Decomposition into the year (三(一)): every task with its items of each city, what has none first."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.behind import led
from dashboard.components.links import card, choices
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import mine, references
from dashboard.pages.programme.parts import tab_address
from dashboard.questions import edition as questions
from dashboard.words.places import city_name
from portfolio.rolling.annual import Gap
from portfolio.scheme.rules import SIX_CITIES
from portfolio.vocabulary.codes import WHOLE_REGION

LACKING = "lacking"


def content(context: Context, code: str) -> html.Div:
    """The tab; `?show=lacking` leaves the tasks that lack an item somewhere."""
    found, refs = questions.tasks(code), references()
    lacking = [one for one in found if one.without or one.nothing]
    only = context.value("show") == LACKING
    options = [
        (context.text("prog-tasks-all", count=str(len(found))), tab_address(code, "tasks"), not only),
        (context.text("prog-tasks-lacking", count=str(len(lacking))), tab_address(code, "tasks", show=LACKING), only),
    ]
    cities = (*SIX_CITIES, WHOLE_REGION)
    heads = (
        "annual-col-task",
        "annual-col-title",
        *(f"={city_name(one, context, refs)}>" for one in cities),
        "plan-sum>",
    )
    rows = [_row(context, code, one, cities) for one in (lacking if only else found)]
    shown = table(context, heads, rows, "board-none", "task-items")
    note = context.text("prog-tasks-note")
    if not mine().everything:
        note += context.text("prog-tasks-lens")
    return html.Div(
        [
            choices(context.text("prog-tab-tasks"), options),
            card(context.text("annual-tasks"), [shown], "card-tasks", note),
        ]
    )


def _row(context: Context, code: str, one: Gap, cities: tuple[str, ...]) -> list[Any]:
    title = one.title_en if context.lang == "en" else one.title_zh
    cells: list[Any] = []
    for city in cities:
        count = one.items.get(city, 0)
        if count:
            cells.append(_count(code, one.task, count, city))
        elif city in one.without:
            cells.append(html.Span(context.text("prog-none-here"), className="no"))
        else:
            cells.append("")
    whole: Any = context.text("prog-none-seen")
    if one.nothing:
        whole = html.Span(context.text("prog-none-at-all"), className="no")
    if one.projects:
        whole = _count(code, one.task, one.projects)
    return [one.task, title, *cells, whole]


def _count(code: str, task: str, count: int, city: str = "") -> dmc.Anchor:
    leads = led("decomposed.task", count, code=code, tab="proposals", task=task, city=city, standing="1")
    return dmc.Anchor(str(count), **leads, size="sm")
