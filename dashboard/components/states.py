"""Empty, missing and failed: what a page says when it has nothing to show."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.context import Context


def empty(context: Context, key: str, action: Any = None) -> dmc.Stack:
    """A quiet "nothing here" with its reason and what to do."""
    return dmc.Stack(
        [icon("inbox", 36), dmc.Text(context.text(key), c="dimmed"), action],
        align="center",
        className="state",
        gap="sm",
    )


def not_found(context: Context, message: str) -> dmc.Stack:
    """The page for an address that leads nowhere."""
    return _away(context, "state-not-found", message)


def forbidden(context: Context, message: str) -> dmc.Stack:
    """The page for what the reader's role may not see."""
    return _away(context, "state-forbidden", message)


def _away(context: Context, key: str, message: str) -> dmc.Stack:
    back = dmc.Anchor(context.text("state-back"), href="/", refresh=False)
    title = dmc.Title(context.text(key), order=1, size="h2")
    return dmc.Stack(
        [icon("map-pin", 36), title, dmc.Text(message, c="dimmed"), back], align="center", className="state"
    )


def failed(context: Context, number: str) -> dmc.Alert:
    """The page for a fault of ours, with the number under which the log holds it."""
    return dmc.Alert(
        html.Div([context.text("state-failed", id=number)]),
        title=context.text("state-failed-title"),
        color="red",
        icon=icon("alert-triangle"),
        className="state",
    )


def illustrative_note(context: Context) -> dmc.Alert:
    """The banner of every page that shows an illustrative figure."""
    return dmc.Alert(
        context.text("illustrative-note"),
        title=context.text("illustrative-title"),
        color="yellow",
        variant="light",
        icon=icon("info-circle"),
        className="illustrative",
    )
