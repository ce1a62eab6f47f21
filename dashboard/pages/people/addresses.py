"""Addresses that failed to sign in of late, for an administrator to clear when an office is held up behind one."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, ctx

from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions import people as questions
from portfolio.people.records import AddressRecord

CLEAR = "address-clear"


def addresses_card(context: Context) -> dmc.Card:
    """The addresses with failures that have not faded, those that must wait first."""
    rows = [_row(context, one) for one in questions.addresses()]
    heads = ("session-address", "people-failures>", "people-wait>", "people-clear")
    content = table(context, heads, rows, "people-no-failures")
    return card(context.text("people-addresses"), [content], "card-addresses", context.text("people-addresses-note"))


def _row(context: Context, one: AddressRecord) -> list[Any]:
    clear = dmc.Button(
        context.text("people-clear"),
        id={"type": CLEAR, "address": one["address"]},
        size="compact-xs",
        variant="default",
    )
    wait = context.text("people-seconds", count=str(one["wait_seconds"])) if one["wait_seconds"] else ""
    failed = context.text("people-failed-of", count=str(one["failures"]), free=str(one["free"]))
    return [one["address"], failed, wait, offered("user.manage", clear)]


def register_callbacks(app: Dash) -> None:
    """Clear one address."""

    @on_submit(app, Form(by=(Input({"type": CLEAR, "address": ALL}, "n_clicks"),)))
    def clear(context: Context) -> Done:
        questions.clear_address(str(ctx.triggered_id["address"]))
        return Done(context.text("people-cleared"))
