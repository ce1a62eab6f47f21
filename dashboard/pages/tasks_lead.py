"""The lead of a task that clause 三(二) cannot give: which unit, why, and which projects follow."""

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.links import card, in_language
from dashboard.components.persons import where_names_are_typed
from dashboard.context import Context
from dashboard.data import TasksPage, may, references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import leading as questions
from portfolio.core.frames import records
from portfolio.projects.leading import Lead, by_person


def to_form(context: Context, page: TasksPage, task: dict[Any, Any]) -> dmc.Anchor | None:
    """The way to the form, for whoever may set the lead of a task that the rule gives none."""
    if not may("scheme.edit") or not by_person(task, page.directory.kind_of):
        return None
    words = context.text("lead-change" if task["lead_by"] else "lead-set")
    return dmc.Anchor(words, href="/tasks?" + urlencode({"lead": task["id"]}), refresh=False, size="sm")


def form_of(context: Context, page: TasksPage, chosen: str) -> list[html.Div]:
    """The form of the task that the address names; nothing for a task whose lead the rule gives."""
    found = [one for one in records(page.tasks) if one["id"] == chosen and by_person(one, page.directory.kind_of)]
    return [html.Div(_form(context, page, one)) for one in found] if may("scheme.edit") else []


def _form(context: Context, page: TasksPage, task: dict[Any, Any]) -> dmc.Card:
    text, reached = context.text, questions.following(task["id"])
    first = [unit for unit in page.directory.present if unit.code in task["units"]]
    rest = [unit for unit in page.directory.present if unit.code not in task["units"]]
    options = [{"value": one.code, "label": page.directory.name(one.code, context.lang)} for one in (*first, *rest)]
    fields = [
        dmc.Select(id="lead-unit", label=text("lead-unit"), data=options, value=task["lead_unit"], searchable=True),
        dmc.TextInput(id="lead-reason", label=text("lead-reason")),
        where_names_are_typed(dmc.TextInput(id="lead-person", label=text("lead-person"))),
        dmc.Button(text("lead-set"), id="lead-send"),
    ]
    follow = html.Details(
        [html.Summary(text("lead-reaches", count=str(len(reached)))), dmc.Text(context.listed(reached), size="sm")]
    )
    parts = [html.Div(fields, className="form"), follow, html.Div(id="lead-result", role="status")]
    name = in_language(context, task["title_zh"], task["title_en"])
    store = dcc.Store(id="lead-of", data=task["id"])
    return card(text("lead-title", task=f"{task['id']} {name}"), [*parts, store], "card-lead", text("lead-note"))


def register_callbacks(app: Dash) -> None:
    """Set the lead; the page is made again without the form."""
    form = Form(
        by=(Input("lead-send", "n_clicks"),),
        reads=(*(State(f"lead-{name}", "value") for name in ("unit", "reason", "person")), State("lead-of", "data")),
        said="lead-result",
        leads="href",
        beside={"unit": "lead-unit", "reason": "lead-reason", "person": "lead-person"},
    )

    @on_submit(app, form)
    def put(context: Context, unit: str | None, reason: str, person: str, task: str) -> Done:
        reached = questions.set_lead(task, Lead(unit or "", reason or "", person or ""))
        words = context.text("lead-done", unit=references().units.name(unit, context.lang), count=str(len(reached)))
        return Done(words, to=f"/tasks#{task}")
