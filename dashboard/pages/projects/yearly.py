"""A project's investment year by year, as its office states it, and the form that states it."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.components.amounts import amount
from dashboard.components.answers import typed
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions.project import MoneyTab, state_yearly
from portfolio.core.clock import today
from portfolio.core.formatting import NONE_MARK, moment
from portfolio.finance.rules.yearly import EXPECTED, KINDS, completed_to
from portfolio.projects.records import ProjectRecord


def content(context: Context, tab: MoneyTab) -> dmc.Card:
    """The card: what was stated, what follows, and the form."""
    rows = [
        [
            str(one["year"]),
            context.text(f"yearly-{one['kind']}"),
            amount(one["amount_yuan"], context.lang),
            one["note"],
            one["actor"],
            moment(one["at"], context.lang),
        ]
        for one in tab.yearly
    ]
    heads = ("finance-year", "yearly-kind", "review-amount>", "yearly-note", "yearly-by", "yearly-at")
    parts = [
        dmc.Text(_follows(context, tab), size="sm", mb="xs", id="yearly-follows"),
        table(context, heads, rows, "yearly-none"),
        offered("progress.report", _form(context), tab.project),
        html.Div(id="yearly-result", role="status"),
    ]
    return card(context.text("yearly-title"), parts, "card-yearly", context.text("unit-wan-note"))


def stating(context: Context, project: ProjectRecord) -> list[Any]:
    """The form alone, for a page that has the project's code; what it states is a report and is kept at once."""
    return [
        html.H3(context.text("yearly-title"), className="section"),
        dmc.Text(context.text("yearly-at-once"), size="sm", c="dimmed"),
        offered("progress.report", _form(context), project),
        html.Div(id="yearly-result", role="status"),
    ]


def _follows(context: Context, tab: MoneyTab) -> str:
    """What was completed to the end of last year, and what this one is expected to bring; or that it is not stated."""
    known = {(one["kind"], one["year"]): one["amount_yuan"] for one in tab.yearly}
    year = today().year
    sums = (completed_to(known, year - 1), known.get((EXPECTED, year)))
    shown = [context.text("prog-not-told") if yuan is None else amount(yuan, context.lang) for yuan in sums]
    told = {"before": shown[0] or NONE_MARK, "expected": shown[1] or NONE_MARK}
    return context.text("yearly-follows", last=str(year - 1), year=str(year), **told)


def _form(context: Context) -> html.Div:
    text = context.text
    amounts = [
        dmc.TextInput(id=f"yearly-{kind}", label=f"{text(f'yearly-{kind}')} ({text('unit-wan_yuan')})")
        for kind in KINDS
    ]
    return html.Div(
        [
            dmc.NumberInput(id="yearly-year", label=text("finance-year"), value=today().year, min=2000, max=2060),
            *amounts,
            dmc.TextInput(id="yearly-note", label=text("yearly-note")),
            dmc.Button(text("yearly-state"), id="yearly-save", variant="default"),
        ],
        className="form",
    )


def register_callbacks(app: Dash) -> None:
    """State the figures of a year; a field left blank leaves its figure as it is."""
    form = Form(
        by=(Input("yearly-save", "n_clicks"),),
        reads=(
            State("project-code", "data"),
            State("yearly-year", "value"),
            State("yearly-note", "value"),
            *(State(f"yearly-{kind}", "value") for kind in KINDS),
        ),
        said="yearly-result",
    )

    @on_submit(app, form)
    def state(context: Context, code: str, year: int, note: str, *amounts: Any) -> Done:
        stated = {kind: typed(text) for kind, text in zip(KINDS, amounts, strict=True) if (text or "").strip()}
        state_yearly(code, int(year or 0), stated, note or "")
        return Done(context.text("saved"))
