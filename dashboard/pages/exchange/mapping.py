"""What the columns of an office's own table were taken for: shown as a table, corrected by selecting, remembered."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, State, html

from dashboard import data
from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import me
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions import imports as questions
from dashboard.questions.imports import ImportPage
from portfolio.exchange.shapes.meaning import DONE, NEED, OF_PROJECT, OF_ROW, WITH_UNIT
from portfolio.exchange.sheets.columns import label

CHECK, SAVE, NAME = "mapping-check", "mapping-save", "mapping-name"
HEADS = ("mapping-heading", "mapping-samples", "mapping-fact", "mapping-item", "mapping-unit", "mapping-sure")
SELECTS = ("mapping-fact", "mapping-item", "mapping-unit")
MEASURES = ("yuan", "wan_yuan", "yi_yuan", "ha", "mu", "m2")
COLOURS = {"sure": "teal", "likely": "yellow", "unknown": "gray"}
MAPPABLE = ("checked", "refused", "failed")
MAY_NEED = ("", "year_plan", "sum")  # amounts, or nobody knows


def content(context: Context, page: ImportPage) -> html.Div:
    """The tables of an import with what their columns mean; hidden where it has none, or may be changed no more."""
    mine = page.record.state in MAPPABLE and page.record.actor == me().name
    parts = [_table(context, shown, number, mine) for number, shown in enumerate(page.tables)]
    acts = offered("exchange.import", _acts(context, page))
    shown = {} if page.tables else {"display": "none"}
    hidden = {} if mine and page.tables else {"display": "none"}
    whole = [*parts, html.Div(acts, style=hidden), html.Div(id="mapping-told", role="status")]
    box = card(context.text("mapping-title"), whole, "card-mapping", context.text("mapping-note"))
    return html.Div(box, style=shown)


def _acts(context: Context, page: ImportPage) -> dmc.Group:
    used = next((one["profile"] for one in page.tables if one["profile"]), "")
    return dmc.Group(
        [
            dmc.Button(context.text(CHECK), id=CHECK, leftSection=icon("refresh"), variant="filled"),
            dmc.TextInput(id=NAME, value=used, label=context.text("mapping-name"), size="sm", w=240),
            dmc.Button(context.text(SAVE), id=SAVE, leftSection=icon("device-floppy"), variant="default"),
        ],
        gap="sm",
        mt="sm",
        align="flex-end",
    )


def _table(context: Context, shown: Mapping[str, Any], number: int, mine: bool) -> html.Div:
    where = context.text(
        "mapping-where", sheet=shown["sheet"] or shown["file"], line=str(shown["line"]), title=shown["title"]
    )
    by = context.text("mapping-by-profile", name=shown["profile"]) if shown["profile"] else ""
    rows = [_row(context, column, number, place, mine) for place, column in enumerate(shown["columns"])]
    return html.Div(
        [dmc.Text([where, " ", by], size="sm", fw=600, my="xs"), table(context, HEADS, rows, "mapping-none")]
    )


def _row(context: Context, column: Mapping[str, Any], number: int, place: int, mine: bool) -> list[Any]:
    fact = column["fact"] if column["taken"] else ""
    at = {"table": number, "column": place}
    year = context.text("mapping-year", year=str(column["year"])) if column["year"] and fact in (NEED, *DONE) else ""
    may_need = fact == NEED or column["fact"] in MAY_NEED
    known = _select(context, "mapping-fact", at, fact, _facts(context), mine)
    item = _select(context, "mapping-item", at, column["item"] or "", _items(context), mine, may_need)
    unit = _select(
        context, "mapping-unit", at, column["unit"] or "", _units(context), mine, may_need or fact in WITH_UNIT
    )
    sure = column["sure"] if column["taken"] else "unknown"
    badge = dmc.Badge(context.text(f"mapping-sure-{sure}"), color=COLOURS[sure], variant="light", tt="none")
    why = dmc.Text(context.text(f"mapping-why-{column['why']}"), size="xs", c="dimmed")
    samples = "、".join(column["samples"]) or "—"
    return [
        column["heading"],
        samples,
        html.Div([known, dmc.Text(year, size="xs")]),
        item,
        unit,
        html.Div([badge, why]),
    ]


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
        **aria(label=context.text(kind)),
    )
    return html.Div(select, style={} if shown else {"display": "none"})


def _facts(context: Context) -> list[dict[str, Any]]:
    def named(fact: str) -> dict[str, str]:
        own = fact in OF_PROJECT and fact != "period"
        return {"value": fact, "label": label("projects", fact, context.lang) if own else context.text(f"fact-{fact}")}

    return [
        {"value": "", "label": context.text("fact-left")},
        {"group": context.text("mapping-of-project"), "items": [named(fact) for fact in OF_PROJECT]},
        {"group": context.text("mapping-of-need"), "items": [named(fact) for fact in (NEED, *OF_ROW, *DONE)]},
    ]


def _items(context: Context) -> list[dict[str, str]]:
    tree = data.references().tree
    named = [{"value": leaf.code, "label": tree.path_name(leaf.code, context.lang)} for leaf in tree.leaves]
    return [{"value": "", "label": context.text("mapping-no-item")}, *named]


def _units(context: Context) -> list[dict[str, str]]:
    named = [{"value": unit, "label": context.text(f"unit-{unit}")} for unit in MEASURES]
    return [{"value": "", "label": context.text("mapping-no-unit")}, *named]


def register_callbacks(app: Dash) -> None:
    """Say what the columns mean and check anew; keep it under a name for the next file of that form."""
    reads = (
        State("import-of", "data"),
        *(
            State({"type": kind, "table": ALL, "column": ALL}, "value")
            for kind in ("mapping-fact", "mapping-item", "mapping-unit")
        ),
    )

    @on_submit(app, Form(by=(Input(CHECK, "n_clicks"),), reads=reads, said="mapping-told"))
    def checked(context: Context, of: dict[str, Any], *chosen: list[str]) -> Done:
        questions.map_columns(of["number"], _choices(of["number"], *chosen))
        return Done(context.text("mapping-checked"))

    named = (State(NAME, "value"),)

    @on_submit(app, Form(by=(Input(SAVE, "n_clicks"),), reads=(*reads, *named), said="mapping-told", leads=""))
    def saved(
        context: Context, of: dict[str, Any], facts: list[str], items: list[str], units: list[str], name: str | None
    ) -> Done | Unsent:
        if not (name or "").strip():
            return Unsent(said=dmc.Alert(context.text("mapping-name-wanted"), color="yellow"))
        questions.save_profile(str(name), _choices(of["number"], facts, items, units))
        return Done(context.text("mapping-saved", name=str(name)))


def _choices(number: int, facts: Sequence[str], items: Sequence[str], units: Sequence[str]) -> dict[str, Any]:
    """What was selected of each column, by the key its heading has in a profile."""
    columns = [column for shown in questions.tables_of(number) for column in shown["columns"]]
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
