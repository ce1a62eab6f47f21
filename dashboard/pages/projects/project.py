"""One project: facts, clause and tasks, units in order, needs by year, history, and what is still missing."""

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

from dashboard import data
from dashboard.components.gate_badges import gates_link
from dashboard.components.links import address, choices
from dashboard.components.offers import changing
from dashboard.components.states import illustrative_note
from dashboard.context import Context
from dashboard.pages.projects import areas as project_areas
from dashboard.pages.projects import edit as project_edit
from dashboard.pages.projects import files as project_files
from dashboard.pages.projects import money as project_money
from dashboard.pages.projects import needs as project_needs
from dashboard.pages.projects import proposal as project_proposal
from dashboard.pages.projects import readiness as project_readiness
from dashboard.pages.projects import screening as project_screening
from dashboard.pages.projects import stated as project_stated
from dashboard.pages.projects import then as project_then
from dashboard.pages.projects import workflow as project_workflow
from dashboard.pages.projects.facts import facts_card, missing_card, scheme_card
from dashboard.pages.projects.history import history_card
from portfolio.core.records import picked
from portfolio.projects.records import ProjectRecord
from portfolio.vocabulary.codes import label

TABS: dict[str, Callable[[Context, str], list[Any]] | None] = {
    "": None,
    "finance": project_money.content,
    "elements": project_areas.content,
    "readiness": project_readiness.content,
    "screening": project_screening.content,
}
BASES = ("stage_basis", "schedule_basis", "investment_basis")


def layout(context: Context, code: str) -> Any:
    """The page of project `code`."""
    page, references = data.project_page(code), data.references()
    project = page.project
    made_up = "illustrative" in picked(project, BASES).values() or (page.needs["basis"] == "illustrative").any()
    name = (project["name_en"] or project["name_zh"]) if context.lang == "en" else project["name_zh"]
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(name, order=1, size="h3", className="project-name"),
                    _badges(context, project, page.gate),
                    *_offers(context, code, project),
                ],
                align="center",
                mt="xs",
                mb="sm",
            ),
            illustrative_note(context) if made_up else None,
            project_proposal.note(context, code),
            _tabs(context, code),
            dmc.Grid(_content(context, page, references, code), gutter="md"),
            project_edit.dialog(context, page.edited),
            dcc.Store(id="project-code", data=code),
            dcc.Store(id="project-version", data=project["version"]),
        ]
    )


def _tabs(context: Context, code: str) -> html.Nav:
    path, chosen = f"/projects/{code}", context.value("tab")
    options = [
        (context.text(f"project-tab-{tab or 'facts'}"), address(path, {"tab": tab}), tab == chosen) for tab in TABS
    ]
    return choices(context.text("project-tabs"), options)


def _content(context: Context, page: data.ProjectPage, references: data.References, code: str) -> list[Any]:
    tab = TABS.get(context.value("tab"))
    if tab is not None:
        return tab(context, code)
    day = project_then.chosen_day(context)
    if day is not None:
        return project_then.content(context, code, day, references)
    picker = project_then.picker(context, None)
    return [
        dmc.GridCol(facts_card(context, page.project, references), span={"base": 12, "lg": 7}),
        dmc.GridCol(missing_card(context, page), span={"base": 12, "lg": 5}),
        *_stated(context, code),
        dmc.GridCol(project_workflow.card(context, page.project), span=12),
        dmc.GridCol(scheme_card(context, page.project, references), span={"base": 12, "lg": 7}),
        dmc.GridCol(project_files.card(context, page.project), span={"base": 12, "lg": 5}),
        dmc.GridCol(project_needs.card(context, page, references), span=12),
        dmc.GridCol(history_card(context, page.history, references, picker), span=12),
    ]


def _stated(context: Context, code: str) -> list[Any]:
    found = project_stated.card(context, code)
    return [] if found is None else [dmc.GridCol(found, span=12)]


def _badges(context: Context, project: ProjectRecord, gate: str | None) -> dmc.Group:
    shown: list[Any] = [dmc.Badge(project["code"], variant="outline", tt="none")]
    if project["kind"]:
        shown.append(dmc.Badge(label("kinds", project["kind"], context.lang), variant="light", tt="none"))
    if project["stage"]:
        shown.append(
            dmc.Badge(label("stages", project["stage"], context.lang), variant="light", color="teal", tt="none")
        )
    if gate is not None:
        shown.append(gates_link(context, project["code"], gate))
    return dmc.Group(shown, gap="xs")


def _offers(context: Context, code: str, project: ProjectRecord) -> list[Any]:
    """What may be done with the record; nothing with one of another day."""
    if project_then.chosen_day(context):
        return []
    buttons = dmc.Group([project_edit.button(context), project_workflow.form_link(context, code)], gap="xs")
    return [changing(context, "project.edit", buttons, project)]


def register_callbacks(app: Dash) -> None:
    """Editing facts, needs and what the tabs hold."""
    project_edit.register_callbacks(app, layout)
    project_workflow.register_callbacks(app)
    tabs = (
        project_files,
        project_needs,
        project_money,
        project_areas,
        project_readiness,
        project_screening,
        project_then,
    )
    for tab in tabs:
        tab.register_callbacks(app)
