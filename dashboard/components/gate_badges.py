"""States of gates as badges and columns; the counts of screening, and the facts for want of which gates are unknown."""

from collections.abc import Iterable
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.behind import led
from dashboard.components.aria import aria
from dashboard.components.links import address, card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.questions.screening import ScreeningPage
from dashboard.view import GateView
from portfolio.core.formatting import headline_words
from portfolio.core.frames import records
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES

PATH = "/screening"


def state_name(context: Context, state: str) -> str:
    """What a state is called."""
    return books.state_name(state, context.lang)


def badge(context: Context, state: str) -> html.Span:
    """A state in its colour."""
    return html.Span(state_name(context, state), className=f"gate {state}")


def mark(context: Context, code: str, state: str | None) -> dmc.Anchor | None:
    """The gravest state of a project's gates, leading to them; nothing where all pass or none was judged."""
    if state is None or state == STATES[0]:
        return None
    return gates_link(context, code, state)


def gates_link(context: Context, code: str, state: str) -> dmc.Anchor:
    """A state of a project's gates, leading to them."""
    told = context.text("gate-worst-of", state=state_name(context, state))
    href = address(f"/projects/{code}", {"tab": "screening"})
    return dmc.Anchor(badge(context, state), href=href, refresh=False, underline="never", **aria(label=told))


def gate_column(context: Context) -> dict[str, Any]:
    """The column `gate` of a grid, whose cells hold what `shown` gives."""
    rules = {state: f"params.value === {state_name(context, state)!r}" for state in STATES}
    head = {"field": "gate", "headerName": context.text("gate-worst"), "width": context.width(110)}
    return {**head, "cellClass": "gate-cell", "cellClassRules": rules}


def shown(context: Context, state: str | None) -> str:
    """A state as a cell of a grid holds it."""
    return state_name(context, state) if state else ""


def gate_names(context: Context, codes: Iterable[str]) -> str:
    """Gates by name."""
    return ("、" if context.lang == "zh" else ", ").join(books.gate_name(code, context.lang) for code in codes)


def vetoed_note(context: Context, projects: int, yuan: int) -> dmc.Anchor | None:
    """How many of what is shown stand under a veto, and how much money; leads to their list."""
    if not projects:
        return None
    words = context.text("gate-of-these", count=str(projects), amount=headline_words(yuan, "money", context.lang))
    inside = [html.Span(className="gate veto", **aria(hidden="true")), html.Span(words)]
    return dmc.Anchor(inside, **led("overview.vetoed", projects, result="veto"), size="sm", id="vetoed-of-these")


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


def _count(context: Context, view: GateView, gate: str, state: str, count: int, fact: str = "") -> Any:
    if not count:
        return ""
    here = (view.gate, view.state, view.fact) == (gate, state, fact)
    words = context.text(
        "screening-count", gate=_name(context, gate), state=state_name(context, state), count=str(count)
    )
    narrowed = {name: value for name, value in view.parameters.items() if name not in ("gate", "result", "fact")}
    by = {"gate": gate, "result": state, **({"fact": fact} if fact else {})}
    return dmc.Anchor(
        str(count),
        **led("screening.fact" if fact else "screening.gate", count, narrowed, **by),
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
            _count(context, view, row["gate"], "unknown", row["projects"], row["fact"]),
        ]
        for row in records(page.missing.sort_values("projects", ascending=False, kind="stable"))
    ]
    heads = ("screening-missing-fact", "screening-gate", "screening-stated-where", "policy-projects>")
    shown = table(context, heads, rows, "screening-none-missing", tall=True)
    note = context.text("screening-missing-note")
    return card(context.text("screening-missing-title"), [shown], "card-missing-facts", note)
