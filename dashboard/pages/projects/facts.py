"""The facts of a project, what is missing, and where the scheme names it."""

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from dashboard.components.completeness import gauge
from dashboard.context import Context
from dashboard.data import ProjectPage, References
from dashboard.words.places import city_name
from portfolio.core.formatting import month, quantity
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules import facts as rules
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import label

CODED = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
FACTS = (
    "national_code",
    "kind",
    "nature",
    "approval_type",
    "stage",
    *MONTHS,
    "total_investment",
    "capacity_zh",
    "regions",
    "city",
    "owner",
    "sea_related",
    "cross_province",
    "co_agreed",
    "coordinates",
    "source",
)
BASIS_OF = {
    "stage": "stage_basis",
    **dict.fromkeys(MONTHS, "schedule_basis"),
    "total_investment": "investment_basis",
}


def facts_card(context: Context, project: ProjectRecord, references: References) -> dmc.Card:
    """Facts as a list of terms; what was not stated says so, an illustrative figure is marked."""
    terms = []
    for name in FACTS:
        text = _fact(name, project, context, references)
        value: Any = text if text else html.Span(context.text("not-stated"), className="silent")
        marked = project.get(BASIS_OF.get(name, "")) == "illustrative" and text
        mark = (
            dmc.Badge(context.text("illustrative-short"), size="sm", color="yellow", variant="light", ml=6)
            if marked
            else None
        )
        terms.append(html.Div([html.Dt(context.text(_label(name))), html.Dd([value, mark])]))
    return _card(context.text("project-facts"), html.Dl(terms, className="facts"), "card-facts")


def _label(name: str) -> str:
    """The catalogue key of a fact's name; the total goes without its unit, which stands beside the figure."""
    return "entry-total_investment" if name == "total_investment" else f"col-{name}"


def _fact(name: str, project: ProjectRecord, context: Context, references: References) -> str:
    value: Any = project.get(name)
    if name in CODED:
        return label(CODED[name], value, context.lang)
    if name in MONTHS:
        return month(value, context.lang) if value else ""
    if name == "total_investment":
        amount = project["total_investment_yuan"]
        return quantity(amount, "money", context.lang) if amount is not None else ""
    if name in ("sea_related", "cross_province", "co_agreed"):
        return "" if value is None else context.text("yes" if value else "no")
    return _place(name, project, context, references)


def _place(name: str, project: ProjectRecord, context: Context, references: References) -> str:
    if name == "regions":
        found = [references.regions.get(code) for code in project["region_codes"]]
        return context.listed((r.name_en if context.lang == "en" else r.name_zh) for r in found if r)
    if name == "city":
        return city_name(project["city_code"], context, references)
    if name == "coordinates":
        return f"{project['lon']}, {project['lat']}" if project["lon"] is not None else ""
    return str(project.get(name) or "")


def missing_card(context: Context, page: ProjectPage) -> dmc.Card:
    """How complete the record is and what is still to be stated, as accepted and as it would be."""
    parts: list[Any] = gauge(context, page.complete)
    if page.complete_beside.percent != page.complete.percent:
        words = context.text("complete-beside", percent=str(page.complete_beside.percent))
        parts.append(dmc.Text(words, size="sm", c="dimmed"))
    for fault in rules.warnings(page.project):
        parts.append(dmc.Text(context.error(fault.code, **fault.params), size="sm", c="orange"))
    return _card(context.text("project-complete"), dmc.Stack(parts, gap="sm"), "card-missing")


def scheme_card(context: Context, project: ProjectRecord, references: References) -> dmc.Card:
    """The clauses and tasks that name the project, the lead unit, and all responsible units in order."""
    clauses = [html.Li(clause) for clause in project["section"].split(";") if clause]
    tasks = references.tasks.set_index("id")
    title = "title_en" if context.lang == "en" else "title_zh"
    items = [
        html.Li(dmc.Anchor(f"{task} {tasks[title][task]}", href=f"/tasks#{task}", refresh=False, size="sm"))
        for task in project["task_ids"]
        if task in tasks.index
    ]
    lead = project["lead_unit"]
    leader = (
        _unit_link(lead, references, context, "lead_unit")
        if lead
        else html.Span(context.text("lead-by-person"), className="silent")
    )
    units = [html.Li(_unit_link(code, references, context, "unit")) for code in project["units"]]
    blocks = [
        _block(context.text("project-clauses"), html.Ul(clauses) if clauses else context.text("not-stated")),
        _block(context.text("project-tasks"), html.Ul(items) if items else context.text("not-stated")),
        _block(context.text("col-lead_unit"), leader),
        _block(context.text("col-office_unit"), references.units.name(project["office_unit"], context.lang) or "—"),
        _block(context.text("project-units"), html.Ol(units) if units else context.text("not-stated")),
    ]
    return _card(
        context.text("project-scheme"), dmc.SimpleGrid(blocks, cols={"base": 1, "sm": 2, "xl": 4}), "card-scheme"
    )


def _unit_link(code: str, references: References, context: Context, parameter: str) -> dmc.Anchor:
    href = "/projects?" + urlencode({parameter: code})
    return dmc.Anchor(references.units.name(code, context.lang), href=href, refresh=False, size="sm")


def _block(title: str, content: Any) -> html.Div:
    return html.Div([dmc.Text(title, size="sm", c="dimmed"), content], className="block")


def _card(title: str, content: Any, identity: str) -> dmc.Card:
    return dmc.Card(
        [dmc.Title(title, order=2, size="h5", mb="xs"), content], withBorder=True, padding="md", h="100%", id=identity
    )
