"""An account's unsaved drafts, and what consultations ask of it by name, handed to another account."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.links import card
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions import people as accounts
from dashboard.questions import succession as questions
from portfolio.people.records import UserRecord
from portfolio.succession.service import HandOver


def content(context: Context, held: UserRecord) -> dmc.Card:
    """The form, with what would be handed over."""
    text, found = context.text, questions.held_by(held["name"])
    others = [one for one in accounts.people() if one["name"] != held["name"] and not one["disabled"]]
    options = [
        {"value": one["name"], "label": f"{one['name']} {one['full_name']}".strip()}
        for one in others
        if one["role"] == held["role"]
    ]
    fields: list[Any] = [
        dmc.Select(id="person-heir", label=text("people-hand-over-to"), data=options, searchable=True),
        dmc.TextInput(id="person-heir-reason", label=text("hand-over-reason")),
        dmc.Checkbox(id="person-heir-disable", label=text("people-hand-over-disable"), checked=False),
        dmc.Button(text("hand-over-send"), id="person-hand-over", variant="default"),
        html.Div(id="person-heir-result", role="status"),
        dcc.Store(id="person-heir-of", data=held["name"]),
    ]
    counts = {"drafts": str(len(found.drafts)), "consultations": str(len(found.consultations))}
    note = text("people-hand-over-note", **counts)
    return card(text("people-hand-over"), [dmc.Stack(fields, gap="xs")], "card-heir", note)


def register_callbacks(app: Dash) -> None:
    """Hand over; the page is made again."""
    form = Form(
        by=(Input("person-hand-over", "n_clicks"),),
        reads=(
            *(State(f"person-heir{name}", "value") for name in ("", "-reason")),
            State("person-heir-disable", "checked"),
            State("person-heir-of", "data"),
        ),
        said="person-heir-result",
        beside={"taker": "person-heir", "reason": "person-heir-reason"},
    )

    @on_submit(app, form)
    def send(context: Context, to: str | None, reason: str, disable: bool, name: str) -> Done:
        moved = questions.hand_over_account(HandOver(name, to or "", reason or ""), bool(disable))
        counts = {"drafts": str(len(moved.drafts)), "consultations": str(len(moved.consultations))}
        return Done(context.text("people-hand-over-done", to=to or "", **counts))
