"""What every page says of its line to the server and of its session; scripts show the part that holds."""

from typing import Any

from dash import html

from dashboard.components.aria import data
from dashboard.context import Context
from dashboard.session_clock import account
from portfolio.core.settings import get_settings

MINUTES = "line-minutes"
AGAIN = "line-sign-in"


def line(context: Context) -> html.Div:
    """Notices that are hidden until a script finds that they hold: offline, not saved, the session about to end."""
    text = context.text
    again = html.A(text("line-sign-in"), href="/sign-in", className=AGAIN)
    stay = html.Button(text("line-stay"), id="session-stay", type="button", className="line-button")
    dismiss = html.Button(text("line-dismiss"), id="line-dismiss", type="button", className="line-button")
    minutes = html.Strong(className=MINUTES)
    parts = [
        _part("down", text("line-down")),
        _part("back", text("line-back")),
        _part("failed", text("line-failed"), dismiss),
        _part("cells", text("line-cells")),
        _part("unread", text("line-unread"), html.Button(text("line-dismiss"), type="button", className="line-button")),
        _part("idle", text("line-idle"), minutes, stay),
        _part("hard", text("line-hard"), minutes, again),
        _part("ended", text("line-ended"), again),
        _part("other", text("line-other"), html.A(text("line-reload"), href="", className="line-reload")),
    ]
    said = {
        "account": account(),
        "warning": str(get_settings().session_warning_minutes * 60),
        "leave": text("line-leave"),
        "discard": text("line-discard"),
        "partly": text("print-partly"),
    }
    return html.Div(parts, id="line", role="alert", **data(**said))


def _part(name: str, *content: Any) -> html.Div:
    return html.Div(list(content), className=f"line line-{name}")
