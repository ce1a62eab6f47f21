"""The head figures by form of work: single works, programmes and areas, services; each cell opens its list."""

from collections import defaultdict
from typing import Any

import dash_mantine_components as dmc
import pandas as pd

from dashboard.behind import led
from dashboard.components.links import card
from dashboard.components.table import table
from dashboard.context import Context
from portfolio.core.formatting import headline_words, number
from portfolio.core.frames import records
from portfolio.vocabulary.codes import entries, form_of, label

ELEMENTS = ("fund", "land", "sea", "forest")


def forms_card(context: Context, by_kind: pd.DataFrame, needs: pd.DataFrame) -> dmc.Box:
    """`by_kind` as `project_summary` by kind, `needs` as `needs_summary` by element and kind."""
    counts, invested, stated = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for row in records(by_kind):
        form = form_of(row["kind"])
        counts[form] += row["projects"]
        invested[form] += row["total_investment"]
        stated[form] += row["stated"]
    asked: dict[tuple[str, str], int] = {}
    for row in records(needs):
        key = (form_of(row["kind"]), row["item"])
        asked[key] = asked.get(key, 0) + row["required"]
    rows = [
        [label("forms", form, context.lang), *_cells(context, form, counts[form], _sum(invested, stated, form), asked)]
        for form in entries("forms")
    ]
    heads = ("col-form", "headline-projects>", "headline-investment>", *(f"headline-{one}>" for one in ELEMENTS))
    shown = table(context, heads, rows, "overview-empty", "forms-of-work")
    shown_card = card(context.text("overview-forms"), [shown], "card-forms", context.text("overview-forms-note"))
    return dmc.Box(shown_card, mt="sm")


def _sum(invested: dict[str, int], stated: dict[str, int], form: str) -> int | None:
    """The investment of a form; None where no project of it states one."""
    return invested[form] if stated[form] else None


def _cells(
    context: Context, form: str, count: int, invested: int | None, asked: dict[tuple[str, str], int]
) -> list[dmc.Anchor]:
    lang = context.lang
    cells = [
        _cell(number(count, lang), led("overview.form.projects", count, form=form)),
        _cell(
            headline_words(invested, "money", lang),
            led("overview.form.investment", invested, form=form, sort="-total_investment"),
        ),
    ]
    for element in ELEMENTS:
        value, dimension = asked.get((form, element)), "money" if element == "fund" else "area"
        leads = led("overview.form.element", value, form=form, item=element)
        cells.append(_cell(headline_words(value, dimension, lang), leads))
    return cells


def _cell(words: str, leads: dict[str, Any]) -> dmc.Anchor:
    return dmc.Anchor(words, **leads, size="sm")
