"""What persons did about a project's gates, with the documents beside; the form to lift, justify and take back."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from dashboard.components.gate_badges import state_name
from dashboard.components.icon import icon
from dashboard.components.uploads import content_of
from dashboard.context import Context
from dashboard.data import may, person
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions.screening import ScreeningTab, act, add_lift_file
from portfolio.attachments.rules import MAX_SIZE, MEDIA_TYPES
from portfolio.core.formatting import moment
from portfolio.screening.records import ShownAct
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import ANSWERS, LIFT
from portfolio.screening.service import Act

ANSWERABLE = {state for states in ANSWERS.values() for state in states}
ADDED = {"type": "lift-file", "act": ALL}


def line(context: Context, tab: ScreeningTab, one: ShownAct) -> html.Div:
    """An act: when, who, by which document, in which words; the files of a lift, and where to lay one more."""
    said = context.text(f"screening-did-{one['kind']}", person=one["person"])
    lines: list[Any] = [f"{moment(one['at'], context.lang)} {said}", one["doc_no"], one["words"]]
    if one["actor"] != one["person"]:
        lines.append(context.text("screening-recorded-by", actor=one["actor"]))
    if not one["holds"]:
        lines.append(context.text("screening-evidence-changed"))
    files = [
        html.A(held["name"], href=f"/api/v1/attachments/{held['id']}", download="")
        for held in tab.files.get(one["id"], [])
    ]
    parts: list[Any] = [html.Div(each) for each in [*lines, *files] if each]
    if one["kind"] == LIFT and may("screening.lift", tab.project):
        parts.append(_drop(context, {"type": "lift-file", "act": one["id"]}, "screening-add-file"))
    return html.Div(parts, className="act")


def _drop(context: Context, identity: Any, words: str) -> dcc.Upload:
    inside = dmc.Group([icon("upload", 14), html.Span(context.text(words))], gap=4, wrap="nowrap")
    return dcc.Upload(inside, id=identity, className="drop small", max_size=MAX_SIZE, accept=",".join(MEDIA_TYPES))


def form(context: Context, tab: ScreeningTab) -> html.Div:
    """The form, for whoever may answer gates of the project; who that is, for everybody else."""
    text = context.text
    if not may("screening.lift", tab.project):
        return html.Div(dmc.Text(text("screening-who-answers"), size="sm", c="dimmed"), className="acts")
    names = {row["gate"]: books.gates()[row["gate"]].words("name", context.lang) for row in tab.gates}
    options = [
        {"value": row["gate"], "label": f"{names[row['gate']]} · {state_name(context, row['state'])}"}
        for row in tab.gates
        if row["state"] in ANSWERABLE
    ]
    buttons = [
        dmc.Button(text("screening-lift"), id="gate-lift", color="grape"),
        dmc.Button(text("screening-justify"), id="gate-justify"),
        dmc.Button(text("screening-restore"), id="gate-restore", variant="default"),
    ]
    fields = [
        dmc.Select(id="gate-of", label=text("screening-gate"), data=options, searchable=True),
        dmc.TextInput(id="gate-person", label=text("screening-person"), value=person()),
        dmc.TextInput(id="gate-doc", label=text("column-pools-doc_no")),
        dmc.Textarea(id="gate-words", label=text("screening-words"), autosize=True, minRows=1),
        html.Div([_drop(context, "gate-file", "screening-lift-file"), html.Span(id="gate-file-name", role="status")]),
        dmc.Group(buttons, gap="xs"),
    ]
    return html.Div([html.Div(fields, className="form"), html.Div(id="gate-result", role="status")], className="acts")


def register(app: Dash) -> None:
    """Lift, justify, take back; lay a document beside a lift, with it or later."""
    _register_acts(app)
    _register_files(app)


def _register_acts(app: Dash) -> None:
    fields = ("gate-of", "gate-person", "gate-doc", "gate-words")
    form = Form(
        by=tuple(Input(f"gate-{kind}", "n_clicks") for kind in ANSWERS),
        reads=(
            *(State(name, "value") for name in fields),
            State("gate-file", "contents"),
            State("gate-file", "filename"),
            State("project-code", "data"),
        ),
        said="gate-result",
    )

    @on_submit(app, form)
    def answered(
        context: Context, gate: str, who: str, doc: str, words: str, contents: str | None, name: str, code: str
    ) -> Done | Unsent:
        kind = str(ctx.triggered_id).removeprefix("gate-")
        if contents and kind != LIFT:
            return Unsent(dmc.Alert(context.text("screening-file-of-lift"), color="yellow", mt="sm"))
        file = (name, content_of(contents)) if contents else None
        act(code, gate or "", Act(kind, who or "", doc or "", words or ""), file)
        return Done(context.text(f"screening-done-{kind}"))


def _register_files(app: Dash) -> None:
    @app.callback(Output("gate-file-name", "children"), Input("gate-file", "filename"))
    def named(name: str | None) -> str:
        return name or ""

    form = Form(
        by=(Input(ADDED, "contents"),),
        reads=(
            State(ADDED, "contents"),
            State(ADDED, "filename"),
            State(ADDED, "id"),
            State("project-code", "data"),
        ),
        said="gate-result",
    )

    @on_submit(app, form)
    def added(
        context: Context, contents: list[str | None], names: list[str], ids: list[dict[str, Any]], code: str
    ) -> Done | None:
        chosen = ctx.triggered_id["act"]
        place = next((n for n, held in enumerate(ids) if held["act"] == chosen and contents[n]), None)
        if place is None:
            return None
        add_lift_file(code, ids[place]["act"], names[place], content_of(contents[place] or ""))
        return Done(context.text("saved"))
