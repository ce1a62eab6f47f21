"""Where a record stands in its life: its state, whose turn it is, what one may do next, and every step so far."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.components.answers import again
from dashboard.components.icon import icon
from dashboard.components.links import card as titled
from dashboard.context import Context
from dashboard.data import References, references
from dashboard.pages.projects import discard as project_discard
from dashboard.pages.projects import workflow_form
from dashboard.questions import reporting as questions
from dashboard.words.places import city_name
from portfolio.core.formatting import moment
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules import workflow
from portfolio.projects.states import Standing

COLOURS = {
    "draft": "gray",
    "submitted": "blue",
    "under_review": "indigo",
    "returned": "orange",
    "accepted": "teal",
    "deferred": "yellow",
    "exited": "red",
}
SHOWN = 6


def form_link(context: Context, code: str) -> dmc.Anchor:
    """Leads to the whole form."""
    words = [icon("list-check"), html.Span(context.text("entry-open"))]
    return dmc.Anchor(words, href=f"/projects/{code}/edit", refresh=False, className="button", id="project-form")


def state_badge(context: Context, state: str, locked: bool = False) -> dmc.Badge:
    """A record's state."""
    words = context.text(f"state-{state}") + (f" · {context.text('state-locked')}" if locked else "")
    return dmc.Badge(words, color=COLOURS[state], variant="light", tt="none", miw="max-content")


def card(context: Context, project: ProjectRecord) -> dmc.Card:
    """The card on a project's page."""
    found, lists = questions.record_life(project["code"]), references()
    head = dmc.Group(
        [state_badge(context, found.standing.state, bool(found.standing.locked)), _turn(context, lists, found.standing)]
    )
    parts: list[Any] = [head]
    if found.actions:
        parts.append(workflow_form.form(context, lists, project["code"], found, "workflow"))
    parts += [steps_list(context, lists, found.steps), project_discard.offer(context, project, found.standing)]
    return titled(context.text("workflow-title"), parts, "card-workflow", _path(context, found))


def _turn(context: Context, lists: References, held: Standing) -> Any:
    if held.state not in workflow.WAITING:
        return None
    return dmc.Text(
        context.text("workflow-turn", who=reviewer(context, lists, held.reviewer_unit, held.reviewer_city)), size="sm"
    )


def reviewer(context: Context, lists: References, unit: str | None, city: str | None) -> str:
    """Whoever is waited for."""
    if unit:
        return lists.units.name(unit, context.lang)
    return context.text("workflow-city", city=city_name(city, context, lists))


def _path(context: Context, found: questions.Life) -> str:
    names = [context.text(f"review-step-{step.code}") for step in found.path]
    return context.text("workflow-path", steps=" → ".join(names))


def steps_list(context: Context, lists: References, steps: list[dict[str, Any]]) -> Any:
    """Every step, newest first, with who, when and why."""
    if not steps:
        return dmc.Text(context.text("workflow-none"), size="sm", c="dimmed", mt="xs")
    items = [html.Li(_step(context, lists, row)) for row in steps]
    parts: list[Any] = [html.Ol(items[:SHOWN], className="history")]
    if len(items) > SHOWN:
        summary = html.Summary(context.text("history-more", count=str(len(items) - SHOWN)))
        parts.append(html.Details([summary, html.Ol(items[SHOWN:], className="history")]))
    return html.Div(parts, className="block")


def _step(context: Context, lists: References, row: dict[str, Any]) -> list[Any]:
    actor = context.text(f"actor-{row['actor']}") if row["actor"] in ("local", "system") else row["actor"]
    unit = lists.units.name(row["actor_unit"], context.lang)
    who = f"{actor} · {unit}" if unit else actor
    head = f"{moment(row['at'], context.lang)}  {who}  {context.text('action-reporting-' + row['action'])}"
    told = [row["reason"], row["doc_no"], row["batch"], lists.units.name(row["to_unit"], context.lang)]
    words = " · ".join(filter(None, told))
    state = context.text(f"state-{row['target']}")
    return [html.Strong(head), html.Span(f" → {state}"), dmc.Text(words, size="sm", c="dimmed") if words else None]


def register_callbacks(app: Dash) -> None:
    """Take a step, and show the page as it then is; throw a draft away."""
    project_discard.register_callbacks(app)
    workflow_form.register(app, "workflow", again)
