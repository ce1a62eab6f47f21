"""The files of a project's record: approvals, images, agreements; laid there and taken away by who may."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.answers import attempt, notice
from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import card as titled
from dashboard.components.offers import changing, may_change
from dashboard.components.uploads import content_of
from dashboard.context import Context, request_context
from dashboard.questions.project import add_project_file, drop_project_file, files_of
from portfolio.attachments.rules import MAX_SIZE, MEDIA_TYPES
from portfolio.core.formatting import moment
from portfolio.projects.rules.facts import FILED

KB = 1024


def card(context: Context, project: dict[str, Any]) -> dmc.Card:
    """The card on the project's page."""
    text = context.text
    return titled(text("files-title"), laying(context, project), "card-project-files", text("files-note"))


def laying(context: Context, project: dict[str, Any], kind: str = FILED[0]) -> list[Any]:
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


def _listed(context: Context, project: dict[str, Any]) -> Any:
    found, removable = files_of(project["code"]), may_change("attachment.remove", project)
    if not found:
        return dmc.Text(context.text("ready-no-files"), size="sm", c="dimmed", mb="xs")
    return html.Ul([_line(context, one, removable) for one in found], className="files")


def _line(context: Context, one: dict[str, Any], removable: bool) -> html.Li:
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

    @app.callback(
        Output("project-files", "children"),
        Output("project-file-result", "children"),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("project-file", "contents"),
        Input({"type": "project-file-drop", "number": ALL}, "n_clicks"),
        State("project-file", "filename"),
        State("project-file-kind", "value"),
        State("project-code", "data"),
        prevent_initial_call=True,
    )
    def changed(contents: str | None, clicks: list[int | None], name: str, kind: str, code: str) -> Any:
        context, cause = request_context(), ctx.triggered_id
        if cause == "project-file" and contents:
            done, refused = attempt(context, lambda: add_project_file(code, kind, name, content_of(contents)))
        elif isinstance(cause, dict) and any(clicks):
            done, refused = attempt(context, lambda: drop_project_file(code, cause["number"]))
        else:
            return (no_update,) * 3
        if refused:
            return no_update, refused, no_update
        return _listed(context, done or {}), None, [notice(context.text("saved"))]
