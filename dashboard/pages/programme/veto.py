"""An entry under a veto: the gates with their evidence, what was decided of them, and the form of a decision."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.gate_badges import gate_names
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import person
from dashboard.form import Done, Form, on_submit
from dashboard.pages.programme.parts import OPEN
from dashboard.pages.projects.screening import facts
from dashboard.questions import edition_acts as acts
from dashboard.questions.edition import EntryPage
from portfolio.core.formatting import moment
from portfolio.core.stored_words import stored_name
from portfolio.rolling.vetoes import CHOICES, KEEP, Choice, Decided
from portfolio.screening.gates import Vetoes
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import evidence_values


def content(context: Context, page: EntryPage) -> dmc.Card:
    """The card."""
    parts: list[Any] = [_vetoes(context, page.vetoes)] if page.vetoes else []
    if page.decided:
        parts.append(_decisions(context, page))
    if page.vetoes and page.head["state"] in OPEN:
        parts.append(offered("edition.decide", _form(context, page)))
    parts.append(html.Div(id="veto-result", role="status"))
    return card(context.text("veto-card"), parts, "card-veto", context.text("veto-note"))


def _vetoes(context: Context, vetoes: Vetoes) -> Any:
    rows = [
        [gate_names(context, [gate]), facts(context, evidence_values(seen)), _remedy(context, gate)]
        for gate, seen in vetoes.items()
    ]
    return table(context, ("screening-gate", "veto-evidence", "veto-remedy"), rows, "board-none", "veto-gates")


def _remedy(context: Context, gate: str) -> str:
    return books.gates()[gate].words("remedy", context.lang)


def _decisions(context: Context, page: EntryPage) -> Any:
    """Every decision, the newest first; one that no longer answers the vetoes says so."""
    rows = [
        [
            moment(one.at, context.lang),
            stored_name("veto", one.decision, context.lang),
            one.person,
            one.doc_no,
            one.reason,
            html.Div([gate_names(context, one.vetoes), _outrun(context, one, page.vetoes)]),
        ]
        for one in reversed(page.decided)
    ]
    heads = ("veto-at", "veto-decision", "screening-person", "column-pools-doc_no", "board-reason", "veto-saw")
    return table(context, heads, rows, "board-none", "veto-decisions")


def _outrun(context: Context, one: Decided, now: Vetoes) -> Any:
    changed = one.decision == KEEP and not one.keeps(now)
    return html.Div(context.text("veto-changed"), className="override") if changed else None


def _form(context: Context, page: EntryPage) -> html.Div:
    text = context.text
    choices = [{"value": one, "label": text(f"veto-{one}")} for one in CHOICES]
    fields = [
        dmc.Select(id="veto-choice", label=text("veto-decision"), data=choices, value=KEEP, allowDeselect=False),
        dmc.TextInput(id="veto-person", label=text("screening-person"), value=person()),
        dmc.TextInput(id="veto-doc", label=text("column-pools-doc_no")),
        dmc.TextInput(id="veto-reason", label=text("board-reason")),
        dmc.Button(text("veto-send"), id="veto-send"),
    ]
    of = {"edition": page.head["code"], "project": page.held.entry["code"]}
    return html.Div([html.Div(fields, className="form"), dcc.Store(id="veto-of", data=of)])


def register_callbacks(app: Dash) -> None:
    """Decide."""
    form = Form(
        by=(Input("veto-send", "n_clicks"),),
        reads=(
            State("veto-of", "data"),
            *(State(f"veto-{name}", "value") for name in ("choice", "person", "reason", "doc")),
        ),
        said="veto-result",
        beside={"person": "veto-person", "reason": "veto-reason", "doc_no": "veto-doc"},
    )

    @on_submit(app, form)
    def decided(context: Context, of: dict[str, str], chosen: str, who: str, reason: str, doc: str) -> Done:
        choice = Choice(chosen or "", who or "", reason or "", doc or "")
        acts.decide_veto(of["edition"], of["project"], choice)
        return Done(context.text(f"veto-done-{choice.decision}"))
