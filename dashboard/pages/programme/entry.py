"""One project in an edition: facts then and now, its needs by year, what it is to reach, and what units said."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.components.amounts import amount
from dashboard.components.gate_badges import gates_link
from dashboard.components.links import card, name_of, project_link
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, may, references
from dashboard.pages.programme import arranged as edition_arranged
from dashboard.pages.programme import target as edition_target
from dashboard.pages.programme import veto as edition_veto
from dashboard.pages.programme.comments import comment_rows
from dashboard.pages.programme.parts import OPEN, tab_address
from dashboard.pages.programme.proposals import why
from dashboard.questions import edition as questions
from dashboard.words.places import city_name
from portfolio.core.formatting import NONE_MARK, month
from portfolio.projects.rules.works import MONTHS
from portfolio.rolling.detail import NEEDS, Detail
from portfolio.vocabulary.codes import label

FACTS = ("stage", *MONTHS, "total_yuan", "category", "annual_yuan", "lead_unit", "city_code")
LIBRARY = {"total_yuan": "total_investment_yuan"}


def content(context: Context, code: str) -> html.Div:
    """The panel of the project the address names."""
    project = context.value("project")
    page = questions.detail(code, project, context.lang)
    head, held = page.head, page.held
    refs = references()
    editable = head["state"] in OPEN and may("edition.target", held.library)
    wide = {"base": 12, "lg": 6}
    arranged = edition_arranged.content(context, page, refs)
    parts = [
        dmc.GridCol(_facts(context, held, refs), span=wide),
        dmc.GridCol(_comments(context, code, page.comments), span=wide),
        *([dmc.GridCol(edition_veto.content(context, page), span=12)] if page.vetoes or page.decided else []),
        *([dmc.GridCol(arranged, span=12)] if arranged is not None else []),
        dmc.GridCol(_needs(context, held, refs), span=12),
        dmc.GridCol(edition_target.content(context, head, held, editable), span=12),
    ]
    entry = held.entry
    return html.Div(
        [
            dmc.Title(name_of(context, entry), order=2, size="h4"),
            dmc.Group(
                [
                    dmc.Badge(context.text(f"category-{entry['category']}"), tt="none", radius="sm", variant="light"),
                    dmc.Badge(context.text(f"change-{entry['change']}"), tt="none", radius="sm", variant="outline"),
                    gates_link(context, entry["code"], page.gate) if page.gate else None,
                    edition_arranged.badge(context, page.arranged) if page.arranged else None,
                    dmc.Text(why(context, entry), size="sm", c="dimmed"),
                    dmc.Text(context.text(f"decision-{entry['decision']}"), size="sm"),
                    project_link(context, entry["code"], context.text("prog-open-project")),
                ],
                gap="xs",
                mb="sm",
            ),
            dmc.Grid(parts),
        ]
    )


def _facts(context: Context, held: Detail, refs: References) -> dmc.Card:
    rows = []
    for name in FACTS:
        then = _shown(context, refs, name, held.before.get(name)) if held.before else NONE_MARK
        now = _shown(context, refs, name, held.entry.get(name))
        known = name not in ("category", "annual_yuan")
        library = _shown(context, refs, name, held.library.get(LIBRARY.get(name, name))) if known else ""
        changed = held.before is not None and then != now
        rows.append([context.text(f"prog-fact-{name}"), then, html.Strong(now) if changed else now, library])
    if held.entry["category"] != held.entry["derived"]:
        derived = context.text(f"category-{held.entry['derived']}")
        rows.append([context.text("prog-derived"), "", derived, ""])
    heads = ("prog-fact", "prog-fact-then", "prog-fact-now", "prog-fact-library")
    note = context.text("prog-fact-reason", reason=held.entry["reason"]) if held.entry["reason"] else ""
    return card(context.text("prog-facts"), [table(context, heads, rows, "board-none")], "card-facts", note)


def _shown(context: Context, refs: References, name: str, value: Any) -> str:
    if value in (None, ""):
        return NONE_MARK
    if name == "stage":
        return label("stages", str(value), context.lang)
    if name.endswith("_month"):
        return month(str(value), context.lang)
    if name.endswith("_yuan"):
        return amount(int(value), context.lang)
    if name == "category":
        return context.text(f"category-{value}")
    if name == "lead_unit":
        return refs.units.name(str(value), context.lang)
    return city_name(str(value), context, refs)


def _needs(context: Context, held: Detail, refs: References) -> dmc.Card:
    """Items by years, with what was carried over from closed years below each figure."""
    years = sorted({int(year) for year in held.needs["year"]})
    cells = {
        (int(item), int(year)): (int(required), int(carried), str(basis))
        for item, year, required, carried, basis in held.needs[NEEDS].values
    }
    rows = []
    for item in sorted({item for item, _ in cells}, key=lambda one: refs.tree.by_id[one].code):
        node = refs.tree.by_id[item]
        found = [cells.get((item, year), (0, 0, "")) for year in years]
        unit = context.text("unit-wan_yuan" if node.dimension == "money" else "unit-ha")
        shown = [_cell(context, *one, node.dimension) for one in found]
        whole = amount(sum(required for required, *_ in found), context.lang, node.dimension)
        rows.append([node.name(context.lang), unit, *shown, whole])
    heads = ("column-needs-item", "prog-unit", *(f"={year}>" for year in years), "plan-sum>")
    content_ = table(context, heads, rows, "prog-no-needs", "entry-needs")
    return card(context.text("prog-needs"), [content_], "card-needs", context.text("prog-needs-note"))


def _cell(context: Context, required: int, carried: int, basis: str, dimension: str) -> Any:
    if not required:
        return ""
    parts: list[Any] = [amount(required, context.lang, dimension)]
    if carried:
        words = context.text("prog-carried", amount=amount(carried, context.lang, dimension))
        parts.append(html.Div(words, className="unit"))
    if basis:
        parts.append(html.Div(context.text(f"prog-rests-{basis}"), className="unit"))
    return html.Div(parts)


def _comments(context: Context, code: str, comments: list[dict[str, Any]]) -> dmc.Card:
    heads, rows = comment_rows(context, code, comments, named=False)
    link = dmc.Anchor(
        context.text("prog-to-consultation"), href=tab_address(code, "consultation"), refresh=False, size="sm"
    )
    parts = [table(context, heads, rows, "prog-no-comments"), link]
    return card(context.text("prog-comments", count=str(len(comments))), parts, "card-comments")


def register_callbacks(app: Dash) -> None:
    """The forms of vetoes and of targets."""
    edition_veto.register_callbacks(app)
    edition_target.register_callbacks(app)
