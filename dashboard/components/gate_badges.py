"""The counts of screening: projects by gate and state, and the facts for want of which gates are not known."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.components.links import address, card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.questions.screening import ScreeningPage
from dashboard.view import GateView
from portfolio.core.frames import records
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES

PATH = "/screening"


def state_name(context: Context, state: str) -> str:
    """What a state is called."""
    return books.states()[state][f"name_{context.lang}"]


def badge(context: Context, state: str) -> html.Span:
    """A state in its colour."""
    return html.Span(state_name(context, state), className=f"gate {state}")


def counts(context: Context, page: ScreeningPage, view: GateView) -> dmc.Card:
    """A row a gate; each number leads to its projects, the one that narrows the matrix is marked."""
    rows = []
    for row in records(page.totals):
        gate = books.gates()[row["gate"]]
        group = books.gate_lists()[gate.list][f"name_{context.lang}"]
        cells = [_count(context, view, row["gate"], state, row[state]) for state in STATES]
        rows.append([html.Span(group, className="silent"), gate.words("name", context.lang), *cells])
    heads = ("screening-list", "screening-gate", *(f"={state_name(context, state)}>" for state in STATES))
    note = context.text("screening-counts-note", version=books.version())
    shown = table(context, heads, rows, "screening-empty", tall=True)
    return card(context.text("screening-counts"), [shown], "card-gates", note)


def _count(context: Context, view: GateView, gate: str, state: str, count: int) -> Any:
    if not count:
        return ""
    here = (view.gate, view.state) == (gate, state)
    words = context.text(
        "screening-count", gate=_name(context, gate), state=state_name(context, state), count=str(count)
    )
    return dmc.Anchor(
        str(count),
        href=address(PATH, view.at(gate, state).parameters),
        refresh=False,
        className=f"gate {state}" + (" here" if here else ""),
        underline="never",
        **aria(label=words),
    )


def _name(context: Context, gate: str) -> str:
    return books.gates()[gate].words("name", context.lang)


def missing(context: Context, page: ScreeningPage, view: GateView) -> dmc.Card:
    """By fact: the gates that want for it, where it is stated, and of how many projects."""
    rows = [
        [
            books.fact_name(row["fact"], context.lang),
            _name(context, row["gate"]),
            context.text(f"fact-place-{row['source']}"),
            _count(context, view, row["gate"], "unknown", row["projects"]),
        ]
        for row in records(page.missing.sort_values("projects", ascending=False, kind="stable"))
    ]
    heads = ("screening-missing-fact", "screening-gate", "screening-stated-where", "policy-projects>")
    shown = table(context, heads, rows, "screening-none-missing", tall=True)
    note = context.text("screening-missing-note")
    return card(context.text("screening-missing-title"), [shown], "card-missing-facts", note)
