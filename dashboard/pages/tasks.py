"""The scheme's 51 task items by part with their units and projects, and the units by number of tasks they lead."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard import data
from dashboard.behind import led
from dashboard.components.links import address
from dashboard.components.offers import offered
from dashboard.components.states import empty
from dashboard.context import Context
from dashboard.page import Nav, Page
from dashboard.pages import tasks_lead
from portfolio.core.frames import records


def layout(context: Context) -> Any:
    """The page."""
    page = data.tasks_page()
    if page.tasks.empty:
        return empty(context, "tasks-empty", page="tasks")
    parts = [_part(context, page, part) for part in dict.fromkeys(page.tasks["part"])]
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-tasks"), order=1, size="h3"),
                    dmc.Text(context.text("tasks-total", count=str(len(page.tasks))), c="dimmed"),
                ],
                align="baseline",
                mb="sm",
            ),
            *tasks_lead.form_of(context, page, context.value("lead")),
            dmc.Grid(
                [
                    dmc.GridCol(parts, span={"base": 12, "lg": 8}),
                    dmc.GridCol(_units(context, page), span={"base": 12, "lg": 4}),
                ]
            ),
        ]
    )


def _part(context: Context, page: data.TasksPage, part: str) -> html.Section:
    rows = page.tasks[page.tasks["part"] == part]
    title = dmc.Title(f"{part}  {context.text('tasks-in-part', count=str(len(rows)))}", order=2, size="h5", my="xs")
    return html.Section([title, *[_task(context, page, row) for row in records(rows)]])


def _task(context: Context, page: data.TasksPage, task: dict[Any, Any]) -> dmc.Card:
    name = task["title_en"] if context.lang == "en" else task["title_zh"]
    count = page.task_projects.get(task["id"], 0)
    lead = task["lead_unit"]
    leader = page.directory.name(lead, context.lang) if lead else context.text("lead-by-person")
    units = [
        html.Li(page.directory.name(code, context.lang), className="lead" if code == lead else None)
        for code in task["units"]
    ]
    head = dmc.Group(
        [
            dmc.Group([dmc.Badge(task["id"], variant="outline", tt="none"), dmc.Text(name, fw=600)], gap="xs"),
            dmc.Anchor(
                context.text("tasks-projects", count=str(count)),
                **led("tasks.task", count, task=task["id"]),
                size="sm",
            ),
        ],
        justify="space-between",
    )
    note = (
        dmc.Text(task["lead_note_zh"], size="xs", c="dimmed") if task["lead_note_zh"] and context.lang == "zh" else None
    )
    by = context.text("lead-by", person=task["lead_by"], reason=task["lead_reason"]) if task["lead_by"] else ""
    body = [
        dmc.Text(
            [context.text("col-lead_unit"), "：" if context.lang == "zh" else ": ", html.Strong(leader)],
            size="sm",
            mt=4,
        ),
        dmc.Text(by, size="xs", c="dimmed") if by else note,
        tasks_lead.to_form(context, page, task),
        html.Details(
            [
                html.Summary(context.text("tasks-units", count=str(len(units)))),
                html.Ol(units),
                dmc.Text(context.text("tasks-bracket", text=task["bracket_zh"]), size="xs", c="dimmed"),
            ]
        ),
    ]
    return dmc.Card([head, *body], withBorder=True, padding="sm", mb="xs", id=task["id"])


def _units(context: Context, page: data.TasksPage) -> dmc.Card:
    frame = page.units.sort_values(["tasks_led", "tasks"], ascending=False)
    rows = [_unit_row(context, page, row) for row in records(frame) if row["tasks_led"] or row["tasks"]]
    heads = [
        dmc.TableTh(context.text(f"units-{name}"), className="right" if name != "name" else None)
        for name in ("name", "led", "served", "projects")
    ]
    table = dmc.Table([dmc.TableThead(dmc.TableTr(heads)), dmc.TableTbody(rows)], striped=True, highlightOnHover=True)
    title = dmc.Title(context.text("units-title"), order=2, size="h5", mb="xs")
    to_hand = dmc.Anchor(context.text("hand-over-page"), href="/hand-over", refresh=False, size="sm")
    return dmc.Card(
        [title, table, offered("unit.hand_over", to_hand)], withBorder=True, padding="md", mt=34, id="card-units"
    )


def _unit_row(context: Context, page: data.TasksPage, unit: dict[Any, Any]) -> dmc.TableTr:
    count = page.unit_projects.get(unit["code"], 0)
    name = page.directory.name(unit["code"], context.lang)
    link: Any = dmc.Anchor(name, href=address("/projects", {"unit": unit["code"]}), refresh=False, size="sm")
    projects: Any = (
        dmc.Anchor(str(count), **led("tasks.lead", count, lead_unit=unit["code"]), size="sm") if count else "0"
    )
    cells = [str(unit["tasks_led"]), str(unit["tasks"]), projects]
    return dmc.TableTr([dmc.TableTd(link), *[dmc.TableTd(cell, className="right") for cell in cells]])


def register_callbacks(app: Dash) -> None:
    """The lead a person sets."""
    tasks_lead.register_callbacks(app)


PAGES = (Page("/tasks", layout, register_callbacks, nav=Nav("tasks", "list-check", "projects", 1)),)
