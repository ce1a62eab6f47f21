"""A project's checklist: steps with authority and dates, the critical path in time, how sure the start is, files."""

import base64
import binascii
from typing import Any

import dash_mantine_components as dmc
import numpy as np
import pandas as pd
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.answers import notice
from dashboard.components.graph import graph
from dashboard.components.grid import editing_grid
from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.components.offers import barred_note, may_change, offered
from dashboard.components.states import empty
from dashboard.context import Context, request_context
from dashboard.figures.schedule import steps_in_time, sureness
from dashboard.form import Done, Form, on_submit
from dashboard.questions.readiness import ReadinessTab, add_file, change_step, readiness_tab
from portfolio.attachments.rules import MAX_SIZE, MEDIA_TYPES
from portfolio.core.errors import PortfolioError
from portfolio.readiness.queries import start_day
from portfolio.readiness.rules.templates import statuses, step_kinds

EDITED = ("status", "planned_on", "actual_on", "valid_until", "doc_no", "note")


def content(context: Context, code: str) -> list[Any]:
    """The tab."""
    tab = readiness_tab(code)
    half = {"base": 12, "lg": 6}
    return [
        dmc.GridCol(_head(context, tab), span=12),
        dmc.GridCol(html.Div(_figures(context, tab), id="ready-figures"), span=12),
        dmc.GridCol(_grid_card(context, tab), span=12),
        dmc.GridCol(_files(context, tab), span=half),
        dmc.GridCol(_criticality(context, tab), span=half),
    ]


def _head(context: Context, tab: ReadinessTab) -> html.Div:
    return html.Div(headline(context, tab), id="ready-head", role="status")


def headline(context: Context, tab: ReadinessTab) -> Any:
    """When works could begin, what holds them up, and which office owns it."""
    ready = tab.ready
    done = sum(step["done"] for step in ready.steps if step["applies"])
    count = sum(step["applies"] for step in ready.steps)
    if ready.start_on is None:
        return dmc.Alert(context.text("ready-begun"), color="teal")
    words = context.text("ready-start", day=ready.start_on.isoformat(), done=str(done), count=str(count))
    parts: list[Any] = [html.Div(words)]
    if ready.holding:
        step = step_kinds()[ready.holding].name(context.lang)
        owner = ready.office[1 if context.lang == "en" else 0]
        parts.append(html.Div(context.text("ready-holding", step=step, office=owner)))
    sure = ready.sureness
    if sure:
        days = {f"p{share}": day.isoformat() for share, day in sure.items()}
        parts.append(html.Div(context.text("ready-sure", **days)))
    if ready.assumed:
        parts.append(dmc.Text(context.text("ready-assumed"), size="xs"))
    return dmc.Alert(parts, color="blue")


def _figures(context: Context, tab: ReadinessTab) -> Any:
    ready = tab.ready
    if ready.start_on is None or ready.outcome is None:
        return None
    rows = []
    for step in ready.steps:
        if not step["applies"] or step["done"] or step["earliest_finish"] is None:
            continue
        before = [s["earliest_finish"] for s in ready.steps if s["step"] in step["after"] and s["earliest_finish"]]
        start = max([ready.as_of.isoformat(), *before])
        owner = step["authority_en" if context.lang == "en" else "authority_zh"]
        rows.append(
            {
                "label": step_kinds()[step["step"]].name(context.lang),
                "start": start,
                "finish": step["earliest_finish"],
                "critical": step["critical"],
                "text": f"{start} — {step['earliest_finish']}<br>{owner}",
            }
        )
    if not rows:
        return empty(context, "ready-nothing-left")
    frame, title = pd.DataFrame(rows), context.text("ready-path")
    words = (context.text("ready-critical"), context.text("ready-other"))
    path = steps_in_time(frame, *words, ready.as_of.isoformat(), context.theme)
    ends = np.unique(np.ceil(ready.outcome.end_days))
    days = [start_day(ready.as_of, int(end)).isoformat() for end in ends]
    shares = [ready.outcome.chance_by(int(end)) for end in ends]
    marks = [(day.isoformat(), f"P{share}") for share, day in ready.sureness.items() if share in (50, 90)]
    sure_title = context.text("ready-chance")
    sure = sureness(days, shares, marks, context.theme)
    plots = [
        dmc.GridCol(
            card(title, [_still(context, "path", path, title, 110 + 34 * len(rows), "unit-days")], "card-path"),
            span={"base": 12, "lg": 8},
        ),
        dmc.GridCol(
            card(
                sure_title,
                [_still(context, "chance", sure, sure_title, 320, "unit-chance")],
                "card-chance",
                context.text("ready-seed", seed=str(ready.outcome.seed), version=ready.version),
            ),
            span={"base": 12, "lg": 4},
        ),
    ]
    return dmc.Grid(plots, gutter="md")


def _still(context: Context, name: str, figure: Any, title: str, height: int, unit: str) -> html.Div:
    return graph(context, {"type": "still", "name": name}, figure, title, height, context.text(unit))


def rows(context: Context, tab: ReadinessTab) -> list[dict[str, Any]]:
    """Steps as the grid shows and edits them."""
    lang, found = context.lang, []
    for step in tab.ready.steps:
        row: dict[str, Any] = {
            name: step[name] or "" for name in ("planned_on", "actual_on", "valid_until", "doc_no", "note")
        }
        shown = "not_started" if step["status"] == "expired" else step["status"]
        marks = [context.text(f"ready-mark-{mark}") for mark in ("overdue", "expires_soon") if step[mark]]
        if step["status"] == "expired":
            marks.append(context.text("ready-mark-expired"))
        if step["critical"]:
            marks.append(context.text("ready-critical"))
        row |= {
            "step": step["step"],
            "name": step_kinds()[step["step"]].name(lang)
            + ("" if step["applies"] else f" ({context.text('ready-na')})"),
            "authority": step["authority_en"] if lang == "en" else step["authority_zh"],
            "status": statuses()[shown if step["applies"] or step["status"] != "not_started" else "not_needed"][
                f"name_{lang}"
            ],
            "earliest": step["earliest_finish"] or "",
            "marks": context.listed(marks),
        }
        found.append(row)
    return found


def _grid_card(context: Context, tab: ReadinessTab) -> dmc.Card:
    name = f"name_{context.lang}"
    choices = [row[name] for row in statuses().values()]
    text = context.text
    dates = [
        {"field": field, "headerName": text(f"column-steps-{field}"), "editable": True, "width": 130}
        for field in ("planned_on", "actual_on", "valid_until")
    ]
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": text("column-steps-step"), "minWidth": 190, "flex": 1},
        {
            "field": "status",
            "headerName": text("column-steps-status"),
            "editable": True,
            "width": 110,
            "cellEditor": "agSelectCellEditor",
            "cellEditorParams": {"values": choices},
        },
        *dates,
        {"field": "doc_no", "headerName": text("column-steps-doc_no"), "editable": True, "width": 170},
        {"field": "authority", "headerName": text("column-steps-authority"), "width": 190},
        {"field": "earliest", "headerName": text("ready-earliest"), "width": 130},
        {"field": "marks", "headerName": text("ready-marks"), "width": 150},
        {"field": "note", "headerName": text("column-steps-note"), "editable": True, "width": 200},
    ]
    if not may_change("step.edit", tab.ready.project):
        columns = [{name: value for name, value in column.items() if name != "editable"} for column in columns]
    height = 90 + 34 * len(tab.ready.steps)
    grid = editing_grid(context, "steps-grid", columns, rows(context, tab), "step", height)
    may_type = may_change("step.edit", tab.ready.project)
    parts = [barred_note(context, "step.edit", tab.ready.project), grid]
    return card(text("ready-steps"), parts, "card-steps", text("ready-steps-note") if may_type else "")


def _files(context: Context, tab: ReadinessTab) -> dmc.Card:
    steps = [
        {"value": step["step"], "label": step_kinds()[step["step"]].name(context.lang)}
        for step in tab.ready.steps
        if step["applies"]
    ]
    upload = dcc.Upload(
        dmc.Group([icon("upload"), html.Span(context.text("ready-drop"))], justify="center"),
        id="ready-file",
        className="drop",
        max_size=MAX_SIZE,
        accept=",".join(MEDIA_TYPES),
    )
    select = dmc.Select(
        id="ready-file-step", data=steps, value=tab.ready.holding or None, label=context.text("column-steps-step")
    )
    adding = offered("attachment.add", [select, html.Div(upload, style={"marginTop": 8})], tab.ready.project)
    parts = [html.Div(_listed(context, tab), id="ready-files"), adding]
    return card(context.text("ready-files"), parts, "card-files")


def _listed(context: Context, tab: ReadinessTab) -> Any:
    if not tab.files:
        return dmc.Text(context.text("ready-no-files"), size="sm", c="dimmed")
    return html.Ul(
        [
            html.Li(
                [
                    f"{step_kinds()[one['step']].name(context.lang)} ",
                    html.A(one["name"], href=f"/api/v1/attachments/{one['id']}", download=""),
                    dmc.Text(f" {max(1, one['size'] // 1024)} KB", span=True, size="xs", c="dimmed"),
                ]
            )
            for one in tab.files
        ]
    )


def _criticality(context: Context, tab: ReadinessTab) -> dmc.Card:
    title = context.text("ready-criticality")
    if tab.ready.outcome is None:
        return card(title, [empty(context, "ready-begun")], "card-criticality")
    shares = sorted(tab.ready.outcome.criticality.items(), key=lambda pair: -pair[1])
    items = [
        html.Li(f"{step_kinds()[code].name(context.lang)}  {round(share * 100)}%")
        for code, share in shares
        if share > 0
    ]
    return card(title, [html.Ol(items)], "card-criticality", context.text("ready-criticality-note"))


def register_callbacks(app: Dash) -> None:
    """A cell is saved when it is left; path and start are computed anew."""

    @app.callback(
        Output("steps-grid", "rowData"),
        Output("ready-head", "children"),
        Output("ready-figures", "children"),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("steps-grid", "cellValueChanged"),
        State("project-code", "data"),
        prevent_initial_call=True,
    )
    def save(changes: list[dict[str, Any]] | None, code: str) -> Any:
        if not changes:
            return (no_update,) * 4
        context = request_context()
        said = _saved(context, code, changes)
        tab = readiness_tab(code)
        return rows(context, tab), headline(context, tab), _figures(context, tab), [said]

    form = Form(
        by=(Input("ready-file", "contents"),),
        reads=(
            State("ready-file", "contents"),
            State("ready-file", "filename"),
            State("ready-file-step", "value"),
            State("project-code", "data"),
        ),
        leads="",
        shows=(Output("ready-files", "children"),),
    )

    @on_submit(app, form)
    def keep(context: Context, contents: str, name: str, step: str | None, code: str) -> Done:
        try:
            content = base64.b64decode(contents.partition(",")[2], validate=True)
        except binascii.Error:
            return Done(context.text("ready-bad-upload"), color="red")
        add_file(code, step or "", name, content)
        return Done(context.text("saved"), shown=[_listed(context, readiness_tab(code))])


def _saved(context: Context, code: str, changes: list[dict[str, Any]]) -> dict[str, Any]:
    by_name = {row[f"name_{context.lang}"]: status for status, row in statuses().items()}
    try:
        for changed in changes:
            row = changed["data"]
            values = {name: row[name] for name in EDITED} | {"status": by_name[row["status"]], "basis": "reported"}
            if changed["colId"] in ("status", "actual_on"):
                values["valid_until"] = None if changed["colId"] == "actual_on" else row["valid_until"]
            change_step(code, row["step"], values)
    except PortfolioError as error:
        return _refused(context, error)
    return notice(context.text("saved"))


def _refused(context: Context, error: PortfolioError) -> dict[str, Any]:
    faults = [context.error(fault.code, **fault.params) for fault in error.fields]
    return notice(" ".join(faults) or context.error(error.code, **error.params), "red") | {"autoClose": 15000}
