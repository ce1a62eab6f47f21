"""The annual list as it is published: totals by city, unit or sector, five tables, and the files."""

from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from dashboard.behind import led
from dashboard.behind import total as marked
from dashboard.components.amounts import amount
from dashboard.components.gate_badges import gates_link
from dashboard.components.icon import icon
from dashboard.components.links import card, choices, name_of
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, references
from dashboard.pages.programme.arranged import arranged_words
from dashboard.pages.programme.parts import entry_link, tab_address
from dashboard.questions import edition as questions
from dashboard.words.places import city_name
from portfolio.briefing.annual_names import Names, veto_words
from portfolio.core.formatting import NONE_MARK
from portfolio.core.frames import records
from portfolio.rolling.annual import TABLES, Row
from portfolio.vocabulary.codes import WHOLE_REGION, label

GROUPS = ("city", "unit", "sector")
SUMS = ("projects", "total_yuan", "annual_yuan")
PAGE = 50


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    by = context.value("by") if context.value("by") in GROUPS else "city"
    chosen = context.value("table") if context.value("table") in TABLES else TABLES[0]
    first = int(context.value("from")) if context.value("from").isdigit() else 0
    page = questions.annual_tables(code, by, chosen, first, first + PAGE, context.lang)
    counts = page.sums.groupby("table")["projects"].sum().to_dict()
    tables = [
        (
            f"{context.text(f'table-{name}')} {counts.get(name, 0)}",
            led("annual.table", int(counts.get(name, 0)), code=code, tab="annual", by=by, table=name),
            name == chosen,
        )
        for name in TABLES
    ]
    listed = [choices(context.text("annual-col-table"), tables), _items(context, code, page, first)]
    pages = _pages(context, code, by, chosen, first, page.total)
    listed.append(html.Div(pages, **marked("items", page.total)))
    return html.Div(
        [
            _files(context, code),
            _arranged(context, page.told),
            _totals(context, code, by, page.sums),
            card(context.text(f"table-{chosen}"), listed, "card-list", context.text("unit-wan-note")),
        ],
        className="stack",
    )


def _files(context: Context, code: str) -> dmc.Group:
    links = [
        html.A(
            [icon("download"), html.Span(context.text(f"prog-file-{suffix}"))],
            href=f"/api/v1/editions/{quote(code, safe='')}/annual-list.{suffix}?lang={context.lang}",
            id=f"annual-{suffix}",
            className="button",
            download="",
        )
        for suffix in ("xlsx", "docx")
    ]
    return dmc.Group(links, gap="xs")


def _totals(context: Context, code: str, by: str, sums: pd.DataFrame) -> dmc.Card:
    """Groups by tables: how many projects and how much of the year, and the sums of each group."""
    options = [(context.text(f"annual-by-{one}"), tab_address(code, "annual", by=one), one == by) for one in GROUPS]
    refs, cells = references(), {}
    groups: list[Any] = []
    for row in records(sums):
        group = row["group"]
        cells[group, row["table"]] = row
        if group not in groups:
            groups.append(group)
    rows = [[_group(context, refs, by, group), *_figures(context, code, by, cells, group)] for group in groups]
    whole = {name: int(sums[name].sum()) for name in SUMS}
    counts = [str(int(sums.loc[sums["table"] == name, "projects"].sum())) for name in TABLES]
    totals = [
        context.text("plan-sum"),
        *counts,
        str(whole["projects"]),
        *(amount(whole[name], context.lang) for name in SUMS[1:]),
    ]
    heads = (
        "annual-col-group",
        *(f"table-{name}>" for name in TABLES),
        "annual-col-projects>",
        "annual-col-total_yuan>",
        "annual-col-annual_yuan>",
    )
    shown = table(context, heads, rows, "board-none", "annual-totals", totals)
    note = f"{context.text('unit-wan-note')} {context.text('prog-done-in-file')}"
    return card(
        context.text("prog-annual-totals"), [choices(context.text("plan-by"), options), shown], "card-totals", note
    )


def _figures(context: Context, code: str, by: str, cells: dict[Any, Any], group: Any) -> list[Any]:
    held = [cells.get((group, name)) for name in TABLES]
    sums = {name: sum(int(row[name]) for row in held if row is not None) for name in SUMS}
    counts = [str(row["projects"]) if row is not None else "" for row in held]
    whole: Any = str(sums["projects"])
    if by == "city" and group is not None:
        leads = led("annual.city", sums["projects"], code=code, tab="proposals", city=group, standing="1")
        whole = dmc.Anchor(whole, **leads, size="sm")
    return [*counts, whole, *(amount(sums[name], context.lang) for name in SUMS[1:])]


def _group(context: Context, refs: References, by: str, code: str | None) -> str:
    if code is None:
        return context.text("none-stated")
    if by == "unit":
        return refs.units.name(code, context.lang)
    if by == "sector":
        return label("sectors", code, context.lang)
    return context.text("annual-cross") if code == WHOLE_REGION else city_name(code, context, refs)


def _arranged(context: Context, told: questions.Told) -> dmc.Text | None:
    """By which scenario items are arranged, and how many are not."""
    by = told.arranged.by
    if by is None:
        return None
    inside = sum(one.supported for one in told.arranged.projects.values())
    counts = {"in": str(inside), "out": str(len(told.arranged.projects) - inside)}
    words = context.text("arranged-count", scenario=by.code, doc=by.doc_no, **counts)
    return dmc.Text(words, size="sm", id="annual-arranged")


def _items(context: Context, code: str, page: questions.AnnualTables, first: int) -> Any:
    refs, lang = references(), context.lang
    named = Names(lang, refs.units, dict(refs.regions), page.year)
    decided = page.told.arranged.by is not None
    shown = [
        [
            str(first + place),
            entry_link(code, row.code, name_of(context, vars(row))),
            row.content or row.capacity_zh,
            html.Span(f"{row.works.start or NONE_MARK}—{row.works.finish or NONE_MARK}", className="life"),
            amount(row.total_yuan, lang),
            _known(context, row.done_yuan),
            _known(context, row.completed_yuan),
            amount(row.annual_yuan, lang) if row.table != "preparatory" else "",
            *(amount(one, lang) if row.table != "preparatory" else "" for one in row.quarters),
            refs.units.name(row.lead_unit, lang),
            _gate(context, row, named),
            *([arranged_words(context, page.told, row.code)] if decided else []),
        ]
        for place, row in enumerate(page.rows, 1)
    ]
    heads = (
        "annual-col-place",
        "col-name",
        "annual-col-content",
        "annual-col-years",
        "annual-col-total>",
        "annual-col-done>",
        "annual-col-completed>",
        "annual-col-annual>",
        *(f"annual-col-q{number}>" for number in range(1, 5)),
        "annual-col-unit",
        "gate-worst",
        *(["annual-col-arranged"] if decided else []),
    )
    return table(context, heads, shown, "board-none", "annual-items")


def _gate(context: Context, row: Row, named: Names) -> html.Div:
    """The gravest state of an item's gates, and what was decided of its vetoes."""
    state = gates_link(context, row.code, row.gate) if row.gate else None
    said = html.Div(veto_words(row, named), className="veto-said") if row.vetoes or row.kept_by else None
    return html.Div([state, said])


def _known(context: Context, yuan: int | None) -> str:
    """An amount, or that nobody told it."""
    return context.text("prog-not-told") if yuan is None else amount(yuan, context.lang)


def _pages(context: Context, code: str, by: str, chosen: str, first: int, total: int) -> dmc.Group | None:
    """To the page before and the page after."""
    if total <= PAGE:
        return None
    ways = (("prog-before", first - PAGE, first > 0), ("prog-after", first + PAGE, first + PAGE < total))
    links = [
        dmc.Anchor(
            context.text(key),
            href=tab_address(code, "annual", by=by, table=chosen, **{"from": str(place)}),
            refresh=False,
            size="sm",
        )
        for key, place, there in ways
        if there
    ]
    told = context.text("prog-places", first=str(first + 1), last=str(min(first + PAGE, total)), total=str(total))
    return dmc.Group([dmc.Text(told, size="sm", c="dimmed"), *links], mt="sm")
