"""Throw a draft away that was never accepted: offered to whoever may, behind one more step, with a reason."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.offers import may_change
from dashboard.context import Context
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions import reporting as questions
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import removal
from portfolio.projects.states import Standing

HOME = "/home"


def offer(context: Context, project: ProjectRecord, held: Standing) -> Any:
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

    form = Form(
        by=(Input("discard-send", "submit_n_clicks"),),
        reads=(
            State("discard-reason", "value"),
            State("project-code", "data"),
            State("project-version", "data"),
            State("discard-needs", "data"),
        ),
        said="discard-result",
        leads="href",
    )

    @on_submit(app, form)
    def discarded(context: Context, reason: str | None, code: str, version: int, needs: int) -> Done | Unsent:
        if not (reason or "").strip():
            return Unsent(dmc.Alert(context.text("discard-why"), color="red", mt="sm"))
        questions.discard(code, reason, version, needs)
        return Done(context.text("discard-done", code=code), to=HOME)
