"""Throw a draft away that was never accepted: offered to whoever may, behind one more step, with a reason."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.answers import attempt, notice
from dashboard.components.offers import may_change
from dashboard.context import Context, request_context
from dashboard.questions import reporting as questions
from portfolio.projects.service import removal
from portfolio.projects.states import Standing

HOME = "/home"


def offer(context: Context, project: dict[str, Any], held: Standing) -> Any:
    """What opens the form below a record's steps; nothing where the record is not one's own to throw away."""
    action = removal(held)
    if action != "project.discard" or not may_change(action, project):
        return None
    text = context.text
    fields = [
        dmc.TextInput(id="discard-reason", label=text("workflow-reason"), required=True),
        dcc.ConfirmDialogProvider(
            dmc.Button(text("discard-send"), color="red", variant="light"),
            id="discard-send",
            message=text("discard-sure", code=project["code"]),
        ),
    ]
    note = dmc.Text(text("discard-note"), size="sm", c="dimmed", my="xs")
    answer = html.Div(
        [dcc.Store(id="discard-needs", data=project["needs_version"]), html.Div(id="discard-result", role="status")]
    )
    parts = [html.Summary(text("discard-open"), id="discard-open"), note, html.Div(fields, className="form"), answer]
    return html.Details(parts, className="block")


def register_callbacks(app: Dash) -> None:
    """Throw the draft away and go home."""

    @app.callback(
        Output("discard-result", "children"),
        Output("url", "href", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("discard-send", "submit_n_clicks"),
        State("discard-reason", "value"),
        State("project-code", "data"),
        State("project-version", "data"),
        State("discard-needs", "data"),
        prevent_initial_call=True,
    )
    def discarded(clicks: int | None, reason: str | None, code: str, version: int, needs: int) -> Any:
        if not clicks:
            return (no_update,) * 3
        context = request_context()
        if not (reason or "").strip():
            return dmc.Alert(context.text("discard-why"), color="red", mt="sm"), no_update, no_update
        _, refused = attempt(context, lambda: questions.discard(code, reason, version, needs))
        if refused:
            return refused, no_update, no_update
        return None, HOME, [notice(context.text("discard-done", code=code))]
