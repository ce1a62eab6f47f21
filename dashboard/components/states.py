"""Empty, missing and failed: what a page says when it has nothing to show."""

from typing import Any, Protocol

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.context import Context


def empty(context: Context, key: str, action: Any = None, page: str = "") -> dmc.Stack:
    """A quiet "nothing here" with its reason and what to do; where it is all there is, under the name of the `page`."""
    head = dmc.Title(context.text(f"nav-{page}"), order=1, size="h3") if page else None
    return dmc.Stack(
        [head, icon("inbox", 36), dmc.Text(context.text(key), c="dimmed"), action],
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


class Told(Protocol):
    """A fault: its heading, what to do about it, and the number under which the log holds it."""

    @property
    def title(self) -> str: ...
    @property
    def words(self) -> str: ...
    def numbered(self, context: Context) -> str:
        """The number in words."""


def failed(context: Context, fault: Told, address: str) -> dmc.Alert:
    """The page for a fault of ours, with the way to open `address` again."""
    return dmc.Alert(
        [
            html.Div(fault.words),
            dmc.Text(fault.numbered(context), size="sm", c="dimmed", my="xs", className="number"),
            dmc.Anchor(context.text("fault-again"), href=address, refresh=True, size="sm", mr="md"),
            dmc.Anchor(context.text("state-back"), href="/", refresh=True, size="sm"),
        ],
        title=dmc.Title(fault.title, order=1, size="h4"),
        color="red",
        icon=icon("alert-triangle"),
        className="fault",
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
