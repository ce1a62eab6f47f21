"""The files of a project's record: approvals, images, agreements; laid there and taken away by who may."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import card as titled
from dashboard.components.offers import changing, may_change
from dashboard.components.uploads import content_of
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions.project import add_project_file, drop_project_file, files_of
from portfolio.attachments.records import AttachmentRecord
from portfolio.attachments.rules import MAX_SIZE, MEDIA_TYPES
from portfolio.core.formatting import moment
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.facts import FILED

KB = 1024


def card(context: Context, project: ProjectRecord) -> dmc.Card:
    """The card on the project's page."""
    text = context.text
    return titled(text("files-title"), laying(context, project), "card-project-files", text("files-note"))


def laying(context: Context, project: ProjectRecord, kind: str = FILED[0]) -> list[Any]:
    """The files, and where to lay one more as `kind`; beside the page's `project-code`."""
    text = context.text
    options = [{"value": kind, "label": text(f"files-{kind}")} for kind in FILED]
    drop = dcc.Upload(
        dmc.Group([icon("upload"), html.Span(text("ready-drop"))], justify="center"),
        id="project-file",
        className="drop",
        max_size=MAX_SIZE,
        accept=",".join(MEDIA_TYPES),
    )
    chosen = dmc.Select(
        id="project-file-kind", label=text("files-kind"), data=options, value=kind, maw=360, allowDeselect=False
    )
    return [
        html.Div(_listed(context, project), id="project-files"),
        changing(context, "attachment.add", [chosen, html.Div(drop, style={"marginTop": 8})], project),
        html.Div(id="project-file-result", role="status"),
    ]


def _listed(context: Context, project: ProjectRecord) -> Any:
    found, removable = files_of(project["code"]), may_change("attachment.remove", project)
    if not found:
        return dmc.Text(context.text("ready-no-files"), size="sm", c="dimmed", mb="xs")
    return html.Ul([_line(context, one, removable) for one in found], className="files")


def _line(context: Context, one: AttachmentRecord, removable: bool) -> html.Li:
    size = f"{max(1, one['size'] // KB)} KB"
    told = context.listed([context.text(f"files-{one['object_kind']}"), size, moment(one["at"], context.lang)])
    parts: list[Any] = [
        html.A(one["name"], href=f"/api/v1/attachments/{one['id']}", download=""),
        dmc.Text(f" {told}", span=True, size="xs", c="dimmed"),
    ]
    if removable:
        label = context.text("files-drop", name=one["name"])
        identity = {"type": "project-file-drop", "number": one["id"]}
        parts.append(
            dmc.ActionIcon(icon("x", 14), id=identity, variant="subtle", color="gray", size="sm", **aria(label=label))
        )
    return html.Li(parts)


def register_callbacks(app: Dash) -> None:
    """Lay a file there, take one away."""

    form = Form(
        by=(Input("project-file", "contents"), Input({"type": "project-file-drop", "number": ALL}, "n_clicks")),
        reads=(
            State("project-file", "contents"),
            State("project-file", "filename"),
            State("project-file-kind", "value"),
            State("project-code", "data"),
        ),
        said="project-file-result",
        leads="",
        shows=(Output("project-files", "children"),),
    )

    @on_submit(app, form)
    def changed(context: Context, contents: str, name: str, kind: str, code: str) -> Done:
        if ctx.triggered_id == "project-file":
            project = add_project_file(code, kind, name, content_of(contents))
        else:
            project = drop_project_file(code, ctx.triggered_id["number"])
        return Done(context.text("saved"), notice=True, shown=[_listed(context, project)])
