"""A project's land, sea and forest: each number's life on one line, who approves, details offices state, entries."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, State, html

from dashboard.components.detail_words import detail_options
from dashboard.components.ledger_entries import entries_table
from dashboard.components.links import card
from dashboard.components.offers import changing, may_change
from dashboard.components.reason import reason_input
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.projects.detail_entry import naming, save_typed
from dashboard.pages.projects.money import life_table
from dashboard.questions.project import AreasTab, areas_tab
from portfolio.core.frames import records
from portfolio.core.units import outer_text
from portfolio.needs.rules.attributes import Attribute, attributes

ELEMENTS = ("land", "sea", "forest")


def content(context: Context, code: str) -> list[Any]:
    """The tab."""
    tab = areas_tab(code)
    return [
        dmc.GridCol(_life(context, tab), span={"base": 12, "lg": 8}),
        dmc.GridCol(_authorities(context, tab), span={"base": 12, "lg": 4}),
        dmc.GridCol(_details(context, tab), span=12),
        dmc.GridCol(_entries(context, tab), span=12),
    ]


def _life(context: Context, tab: AreasTab) -> dmc.Card:
    rows = sorted(records(tab.life), key=lambda row: (ELEMENTS.index(row["item"]), row["year"]))
    names = {element: context.text(f"element-{element}") for element in ELEMENTS}
    shown = life_table(context, rows, names, "area")
    return card(context.text("life-areas"), [shown], "card-life", context.text("unit-ha-note"))


def _authorities(context: Context, tab: AreasTab) -> dmc.Card:
    rows = [
        [
            context.text(f"element-{element}"),
            "—" if rule is None else (rule.authority_en if context.lang == "en" else rule.authority_zh),
            "" if rule is None else rule.source,
        ]
        for element, rule in tab.authorities.items()
    ]
    heads = ("column-needs-item", "column-steps-authority", "check-source")
    return card(context.text("authority-title"), [table(context, heads, rows, "life-none")], "card-authorities")


def _details(context: Context, tab: AreasTab) -> dmc.Card:
    sections: list[Any] = []
    closed = not may_change("need.edit", tab.project)
    for element in (*ELEMENTS, "fund"):
        own = [one for one in attributes().values() if one.element == element]
        places = [(element, one) for one in own if one.place == "element"]
        leaves = [leaf for leaf in tab.leaves if leaf.split(".")[0] == element]
        places += [(leaf, one) for leaf in leaves for one in own if one.place == "leaf"]
        fields = [_field(context, tab, item, one, closed) for item, one in places]
        sections.append(html.H3(context.text(f"element-{element}"), className="section"))
        sections.append(html.Div(fields, className="form"))
    faults = [context.error(fault.code, **fault.params) for fault in tab.findings]
    alert = dmc.Alert([html.Div(one) for one in faults], color="orange", id="detail-findings") if faults else None
    button = dmc.Button(context.text("detail-save"), id="detail-save")
    save = dmc.Group(changing(context, "need.edit", button, tab.project), mt="sm")
    reason = reason_input(context, "detail-reason", tab.project["code"])
    parts = [alert, *sections, reason, save, html.Div(id="detail-result", role="status")]
    return card(context.text("detail-title"), parts, "card-details", context.text("detail-note"))


def _field(context: Context, tab: AreasTab, item: str, one: Attribute, closed: bool) -> Any:
    value = tab.details.get((item, one.code))
    identity = {"type": "detail", "item": item.replace(".", "/"), "attribute": one.code}
    leaf = "" if one.place == "element" else f"{tab.tree.by_code[item].name(context.lang)}: "
    words = leaf + one.name(context.lang) + (f" ({context.text('unit-ha')})" if one.type == "area" else "")
    words += f" {context.text('illustrative-mark')}" if (item, one.code) in tab.made_up else ""
    options = [{"value": code, "label": name} for code, name in detail_options(context, one).items()]
    if options:
        return dmc.Select(id=identity, label=words, data=options, value=value, clearable=True, disabled=closed)
    shown = outer_text(int(value), "area") if value is not None and one.type == "area" else value
    return dmc.TextInput(id=identity, label=words, value=shown or "", disabled=closed)


def _entries(context: Context, tab: AreasTab) -> dmc.Card:
    content = [entries_table(context, tab.tree, tab.entries, "areas-entries")]
    return card(context.text("accounts-of-project"), content, "card-entries")


def register_callbacks(app: Dash) -> None:
    """Save every detail of the form together."""

    every = {"type": "detail", "item": ALL, "attribute": ALL}

    def named(context: Context, field: str, ids: list[dict[str, str]], *_: Any) -> str:
        return context.text("edit-reason") if field == "reason" else naming(ids)(context, field)

    form = Form(
        by=(Input("detail-save", "n_clicks"),),
        reads=(
            State(every, "id"),
            State(every, "value"),
            State("project-code", "data"),
            State("detail-reason", "value"),
        ),
        said="detail-result",
        named=named,
    )

    @on_submit(app, form)
    def save(context: Context, ids: list[dict[str, str]], given: list[Any], code: str, reason: str | None) -> Done:
        save_typed(code, ids, given, reason or None)
        return Done(context.text("saved"))
