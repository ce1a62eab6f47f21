"""Take a step with a record: choose it, say what it wants. One form for the project's page and the reviewer's."""

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard.context import Context
from dashboard.data import References
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions import reporting as questions
from dashboard.words.fields import field_name
from portfolio.projects.rules import workflow
from portfolio.projects.states import Said

GIVEN = (("action", "value"), ("reason", "value"), ("doc", "value"), ("unit", "value"))
HELD = (("code", "data"), ("version", "data"))


SAID = {"reason": "workflow-reason", "doc_no": "workflow-doc", "unit": "workflow-unit"}


def field_called(context: Context, field: str) -> str:
    """What a fault of a step is about: what was said with it, or a field the record still lacks."""
    return context.text(SAID[field]) if field in SAID else field_name(context, field)


def form(context: Context, lists: References, code: str, found: questions.Life, prefix: str) -> html.Div:
    """The steps open to the reader; its parts are named `<prefix>-action`, `-reason`, `-doc`, `-unit`, `-send`."""
    text = context.text
    actions = [{"value": way.action, "label": text(f"workflow-{way.action}")} for way in found.actions]
    units = [{"value": one, "label": lists.units.name(one, context.lang)} for one in lists.units.by_code]
    # Nothing is chosen beforehand: an acceptance is not one careless click away.
    action = dmc.Select(
        id=f"{prefix}-action",
        label=text("workflow-action"),
        data=actions,
        placeholder=text("workflow-choose"),
        allowDeselect=False,
    )
    said = {
        "reason": dmc.TextInput(id=f"{prefix}-reason", label=text("workflow-opinion")),
        "doc": dmc.TextInput(id=f"{prefix}-doc", label=text("workflow-doc")),
        "unit": dmc.Select(id=f"{prefix}-unit", label=text("workflow-unit"), data=units, searchable=True),
    }
    fields = [
        action,
        *(html.Div(part, id=f"{prefix}-of-{name}") for name, part in said.items()),
        dmc.Button(text("workflow-send"), id=f"{prefix}-send"),
    ]
    held = [
        dcc.Store(id=f"{prefix}-code", data=code),
        dcc.Store(id=f"{prefix}-version", data=found.standing.version),
    ]
    answer = html.Div(id=f"{prefix}-result", role="status")
    return html.Div([html.Div(fields, className="form"), answer, *held], className="block")


def register(app: Dash, prefix: str, onward: Callable[[str], str]) -> None:
    """Show what a step wants, take it, and go on to the address `onward` makes of the present one."""
    _register_fitting(app, prefix)

    form = Form(
        by=(Input(f"{prefix}-send", "n_clicks"),),
        reads=tuple(State(f"{prefix}-{name}", part) for name, part in (*GIVEN, *HELD)),
        said=f"{prefix}-result",
        named=lambda context, field, *_: field_called(context, field),
        onward=onward,
    )

    @on_submit(app, form)
    def send(
        context: Context, action: str | None, reason: str, doc: str, unit: str, code: str, version: int
    ) -> Done | Unsent:
        if not action:
            return Unsent(dmc.Alert(context.text("workflow-choose-first"), color="yellow", mt="sm"))
        questions.take(code, action, Said(reason or "", doc or "", "", unit or ""), version)
        return Done(context.text("workflow-done", action=context.text(f"workflow-{action}")))


def _register_fitting(app: Dash, prefix: str) -> None:
    """Only what the chosen step wants is asked for."""

    @app.callback(
        *(Output(f"{prefix}-of-{name}", "style") for name in ("reason", "doc", "unit")),
        Input(f"{prefix}-action", "value"),
    )
    def fitting(action: str | None) -> Any:
        ways = [way for way in workflow.transitions() if way.action == action]
        # With an acceptance an opinion may be said; every other step says whether it wants a reason.
        reason = action == "accept" or any(way.reason for way in ways)
        shown = (reason, any(way.document for way in ways), action == "transfer")
        return [{} if show else {"display": "none"} for show in shown]
