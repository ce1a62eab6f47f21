"""Addresses that failed to sign in of late, for an administrator to clear when an office is held up behind one."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard.components.answers import again, attempt, notice
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.questions import people as questions

CLEAR = "address-clear"


def addresses_card(context: Context) -> dmc.Card:
    """The addresses with failures that have not faded, those that must wait first."""
    rows = [_row(context, one) for one in questions.addresses()]
    heads = ("session-address", "people-failures>", "people-wait>", "people-clear")
    content = table(context, heads, rows, "people-no-failures")
    return card(context.text("people-addresses"), [content], "card-addresses", context.text("people-addresses-note"))


def _row(context: Context, one: dict[str, Any]) -> list[Any]:
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

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input({"type": CLEAR, "address": ALL}, "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def clear(clicks: list[int | None], search: str) -> Any:
        if not any(clicks):
            return no_update, no_update
        context, address = request_context(), str(ctx.triggered_id["address"])
        _, refused = attempt(context, lambda: questions.clear_address(address))
        words = context.error("people.no_address", value=address) if refused else context.text("people-cleared")
        return again(search), [notice(words)]
