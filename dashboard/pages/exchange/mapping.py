"""What the columns of an office's own table were taken for: shown as a table, corrected by selecting, remembered."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, State, html

from dashboard import data
from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.context import Context
from dashboard.data import me
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions import imports as questions
from dashboard.questions.imports import ImportPage
from portfolio.exchange.shapes.meaning import NEED, OF_PROJECT, OF_ROW
from portfolio.exchange.sheets.columns import label

CHECK, SAVE, NAME = "map-check", "map-save", "map-name"
HEADS = ("map-heading", "map-samples", "map-fact", "map-item", "map-unit", "map-sure")
MONEY = ("yuan", "wan_yuan", "yi_yuan")
COLOURS = {"sure": "teal", "likely": "yellow", "unknown": "gray"}
MAPPABLE = ("checked", "refused", "failed")
WITH_UNIT = (NEED, "total_investment")


def content(context: Context, page: ImportPage) -> html.Div:
    """The tables of an import with what their columns mean; hidden where it has none, or may be changed no more."""
    mine = page.record.state in MAPPABLE and page.record.actor == me().name
    parts = [_table(context, table, number, mine) for number, table in enumerate(page.tables)]
    acts = offered("exchange.import", _acts(context, page))
    shown = {} if page.tables else {"display": "none"}
    hidden = {} if mine and page.tables else {"display": "none"}
    whole = [*parts, html.Div(acts, style=hidden), html.Div(id="map-told", role="status")]
    box = card(context.text("map-title"), whole, "card-mapping", context.text("map-note"))
    return html.Div(box, style=shown)


def _acts(context: Context, page: ImportPage) -> dmc.Group:
    used = next((table["profile"] for table in page.tables if table["profile"]), "")
    return dmc.Group(
        [
            dmc.Button(context.text(CHECK), id=CHECK, leftSection=icon("refresh"), variant="filled"),
            dmc.TextInput(
                id=NAME, value=used, placeholder=context.text("map-name"), size="sm", w=220, maxLength=80,
                **{"aria-label": context.text("map-name")},
            ),
            dmc.Button(context.text(SAVE), id=SAVE, leftSection=icon("device-floppy"), variant="default"),
        ],
        gap="sm",
        mt="sm",
        align="flex-end",
    )  # fmt: skip


def _table(context: Context, table: Mapping[str, Any], number: int, mine: bool) -> html.Div:
    where = context.text(
        "map-where", sheet=table["sheet"] or table["file"], line=str(table["line"]), title=table["title"]
    )
    by = context.text("map-by-profile", name=table["profile"]) if table["profile"] else ""
    rows = [_row(context, column, number, place, mine) for place, column in enumerate(table["columns"])]
    head = html.Thead(html.Tr([html.Th(context.text(key)) for key in HEADS]))
    body = html.Table([head, html.Tbody(rows)], className="data mapping")
    return html.Div([dmc.Text([where, " ", by], size="sm", fw=600, my="xs"), html.Div(body, className="scroll")])


def _row(context: Context, column: Mapping[str, Any], table: int, place: int, mine: bool) -> html.Tr:
    fact = column["fact"]
    at = {"table": table, "column": place}
    year = context.text("map-year", year=str(column["year"])) if column["year"] and fact == NEED else ""
    known = _select(context, "map-fact", at, fact, _facts(context), mine)
    item = _select(context, "map-item", at, column["item"] or "", _items(context), mine, fact in (NEED, ""))
    unit = _select(context, "map-unit", at, column["unit"] or "", _units(context), mine, fact in (*WITH_UNIT, ""))
    why = context.text(f"map-why-{column['why']}")
    sure = dmc.Badge(
        context.text(f"map-sure-{column['sure']}"), color=COLOURS[column["sure"]], variant="light", tt="none"
    )
    cells = [column["heading"], "、".join(column["samples"]) or "—", [known, dmc.Text(year, size="xs")], item, unit]
    return html.Tr([*map(html.Td, cells), html.Td([sure, dmc.Text(why, size="xs", c="dimmed")])])


def _select(
    context: Context,
    kind: str,
    at: Mapping[str, int],
    value: str,
    options: Sequence[Mapping[str, Any]],
    mine: bool,
    shown: bool = True,
) -> html.Div:
    select = dmc.Select(
        id={"type": kind, **at},
        value=value,
        data=list(options),
        searchable=True,
        disabled=not mine,
        size="xs",
        w=200,
        allowDeselect=False,
        **{"aria-label": context.text(kind)},
    )
    return html.Div(select, style={} if shown else {"display": "none"})


def _facts(context: Context) -> list[dict[str, Any]]:
    def named(fact: str) -> dict[str, str]:
        own = fact in OF_PROJECT and fact != "period"
        return {"value": fact, "label": label("projects", fact, context.lang) if own else context.text(f"fact-{fact}")}

    return [
        {"value": "", "label": context.text("fact-left")},
        {"group": context.text("map-of-project"), "items": [named(fact) for fact in OF_PROJECT]},
        {"group": context.text("map-of-need"), "items": [named(fact) for fact in (NEED, *OF_ROW)]},
    ]


def _items(context: Context) -> list[dict[str, str]]:
    tree = data.references().tree
    named = [{"value": leaf.code, "label": tree.path_name(leaf.code, context.lang)} for leaf in tree.leaves]
    return [{"value": "", "label": context.text("map-no-item")}, *named]


def _units(context: Context) -> list[dict[str, str]]:
    named = [{"value": unit, "label": context.text(f"unit-{unit}")} for unit in MONEY]
    return [{"value": "", "label": context.text("map-no-unit")}, *named]


def register_callbacks(app: Dash) -> None:
    """Say what the columns mean and check anew; keep it under a name for the next file of that form."""
    reads = (
        State("import-of", "data"),
        *(State({"type": kind, "table": ALL, "column": ALL}, "value") for kind in ("map-fact", "map-item", "map-unit")),
    )

    @on_submit(app, Form(by=(Input(CHECK, "n_clicks"),), reads=reads, said="map-told"))
    def checked(context: Context, of: dict[str, Any], *chosen: list[str]) -> Done:
        questions.map_columns(of["number"], _choices(of["number"], *chosen))
        return Done(context.text("map-checked"))

    named = (State(NAME, "value"),)

    @on_submit(app, Form(by=(Input(SAVE, "n_clicks"),), reads=(*reads, *named), said="map-told", leads=""))
    def saved(
        context: Context, of: dict[str, Any], facts: list[str], items: list[str], units: list[str], name: str | None
    ) -> Done | Unsent:
        if not (name or "").strip():
            return Unsent(said=dmc.Alert(context.text("map-name-wanted"), color="yellow"))
        questions.save_profile(str(name), _choices(of["number"], facts, items, units))
        return Done(context.text("map-saved", name=str(name)))


def _choices(number: int, facts: Sequence[str], items: Sequence[str], units: Sequence[str]) -> dict[str, Any]:
    """What was selected of each column, by the key its heading has in a profile."""
    columns = [column for table in questions.tables_of(number) for column in table["columns"]]
    chosen = zip(columns, facts, items, units, strict=True)
    return {
        "columns": {
            column["key"]: {
                "fact": fact or "",
                "item": (item or None) if fact == NEED else None,
                "unit": (unit or None) if fact in WITH_UNIT else None,
            }
            for column, fact, item, unit in chosen
        }
    }
