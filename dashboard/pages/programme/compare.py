"""Two editions compared: what happened to every project, and where every yuan or hectare went."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard.components.amounts import amount
from dashboard.components.aria import aria
from dashboard.components.links import address, card, choices, name_of
from dashboard.components.states import illustrative_note
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.programme import bridge as editions_bridge
from dashboard.pages.programme.parts import entry_link
from dashboard.questions import rolling as questions
from portfolio.core.formatting import NONE_MARK
from portfolio.rolling.records import EditionRecord, NamesRecord
from portfolio.rolling.rules.bridge import Difference

ELEMENTS = ("fund", "land", "sea", "forest")
KINDS = ("kept", "added", "dropped", "promoted", "adjusted", "delayed", "dearer", "cheaper", "resourced")
PAGE = 100


def picker(context: Context, held: list[EditionRecord], before: str = "", after: str = "") -> dmc.Card:
    """Any two editions to compare."""
    codes = [{"value": one["code"], "label": one["code"]} for one in held]
    label = {"before": context.text("prog-compare-before"), "after": context.text("prog-compare-after")}
    fields = [
        dmc.Select(id=f"compare-{name}", data=codes, value=value or None, label=label[name], searchable=True)
        for name, value in (("before", before), ("after", after))
    ]
    return card(context.text("prog-compare"), [html.Div(fields, className="form")], "card-picker")


def content(context: Context, before: str, after: str) -> html.Div:
    """The comparison of two editions, of an element and of some years."""
    item = context.value("item") if context.value("item") in ELEMENTS else "fund"
    page = questions.compared(before, after, item)
    years = _years(context)
    marked = {one["code"] for one in page.editions if one["basis"] == "illustrative"}
    return html.Div(
        [
            dmc.Title(context.text("diff-title", before=before, after=after), order=1, size="h3", mb="sm"),
            illustrative_note(context) if marked & {before, after} else None,
            picker(context, page.editions, before, after),
            _narrowing(context, page, item, years),
            editions_bridge.bridge_card(context, page, item, years),
            _projects(context, page, item, years),
            editions_bridge.cells_card(context, page, item, years)
            if editions_bridge.view_of(context) != "annual"
            else None,
        ],
        className="stack",
    )


def _years(context: Context) -> tuple[int, int] | None:
    given = [context.value("since"), context.value("until")]
    if not any(one.isdigit() for one in given):
        return None
    first, last = (int(one) if one.isdigit() else None for one in given)
    return (first if first is not None else 0, last if last is not None else 9999)


def _narrowing(context: Context, page: questions.Compared, item: str, years: tuple[int, int] | None) -> html.Div:
    options = [
        (
            context.text(f"headline-{name}" if name != "fund" else "prog-money"),
            editions_bridge.way(context, item=name, kind="", cause="", cell="", year="", **{"from": ""}),
            name == item,
        )
        for name in ELEMENTS
    ]
    known = [{"value": str(year), "label": str(year)} for year in sorted(set(page.found.year.tolist()))]
    selects = [
        dmc.Select(
            id=f"compare-{name}",
            data=known,
            value=context.value(name) or None,
            placeholder=context.text(f"prog-{name}"),
            clearable=True,
            size="sm",
            **aria(label=context.text(f"prog-{name}")),
        )
        for name in ("since", "until")
    ]
    return html.Div([choices(context.text("column-needs-item"), options), html.Div(selects, className="filters")])


def _projects(context: Context, page: questions.Compared, item: str, years: tuple[int, int] | None) -> dmc.Card:
    found = page.found.differences()
    cause, kind = context.value("cause"), context.value("kind")
    causes = editions_bridge.CAUSES_OF[editions_bridge.view_of(context)]
    parts = editions_bridge.shares(context, page, cause, years) if cause in causes else None
    listed = [one for one in found if one.code in parts] if parts is not None else _of_kind(found, kind)
    first = int(context.value("from")) if context.value("from").isdigit() else 0
    shown = listed[first : first + PAGE]
    names = questions.names([context.value("before"), context.value("after")], [one.code for one in shown])
    rows = [_row(context, one, names.get(one.code), item, parts) for one in shown]
    unit = context.text("unit-wan_yuan" if item == "fund" else "unit-ha")
    heads = [
        "col-name",
        "diff-kinds",
        "diff-before>",
        "diff-after>",
        "prog-difference>",
        "prog-start-slip>",
        "diff-slip>",
    ]
    if parts is not None:
        heads.append("prog-share>")
    content_: list[Any] = [_kinds(context, found, kind if parts is None else None)]
    if parts is not None:
        content_.append(_cause_told(context, cause))
    content_ += [table(context, heads, rows, "board-none", "diff-rows"), _pages(context, first, len(listed))]
    return card(context.text("prog-listed-projects", count=str(len(listed))), content_, "card-changed", unit)


def _of_kind(found: list[Difference], kind: str) -> list[Difference]:
    if kind in KINDS:
        return [one for one in found if kind in one.kinds]
    return [one for one in found if one.kinds != ("kept",)]


def _kinds(context: Context, found: list[Difference], chosen: str | None) -> html.Nav:
    changed = sum(one.kinds != ("kept",) for one in found)
    blank = {"cause": "", "cell": "", "year": "", "from": ""}
    every = f"{context.text('prog-changed')} {changed}"
    options = [(every, editions_bridge.way(context, kind="", **blank), chosen is not None and chosen not in KINDS)]
    for kind in KINDS:
        count = sum(kind in one.kinds for one in found)
        words = f"{context.text(f'difference-{kind}')} {count}"
        options.append((words, editions_bridge.way(context, kind=kind, **blank), chosen == kind))
    return choices(context.text("diff-kinds"), options)


def _cause_told(context: Context, cause: str) -> dmc.Group:
    node = references().tree.by_code.get(context.value("cell"))
    parts = [context.text(f"cause-{cause}"), node.name(context.lang) if node else "", context.value("year")]
    words = context.text("prog-by-cause", cause=" · ".join(part for part in parts if part))
    back = editions_bridge.way(context, cause="", cell="", year="", **{"from": ""})
    return dmc.Group(
        [dmc.Text(words, size="sm"), dmc.Anchor(context.text("filter-clear"), href=back, refresh=False, size="sm")],
        mb="xs",
    )


def _row(
    context: Context, one: Difference, named: NamesRecord | None, item: str, parts: dict[str, int] | None
) -> list[Any]:
    dimension, lang = ("money" if item == "fund" else "area"), context.lang
    edition = context.value("before") if "dropped" in one.kinds else context.value("after")
    name = name_of(context, named) if named else one.code
    cells = [
        entry_link(edition, one.code, name),
        context.listed(context.text(f"difference-{kind}") for kind in one.kinds),
        amount(one.before, lang, dimension),
        amount(one.after, lang, dimension),
        editions_bridge.signed(context, one.after - one.before, dimension),
        *(
            NONE_MARK if months is None else f"{months:+d}" if months else "0"
            for months in (one.start_slip, one.finish_slip)
        ),
    ]
    if parts is not None:
        cells.append(editions_bridge.signed(context, parts[one.code], dimension))
    return cells


def _pages(context: Context, first: int, total: int) -> dmc.Group | None:
    if total <= PAGE:
        return None
    ways = (("prog-before", first - PAGE, first > 0), ("prog-after", first + PAGE, first + PAGE < total))
    links = [
        dmc.Anchor(
            context.text(key), href=editions_bridge.way(context, **{"from": str(place)}), refresh=False, size="sm"
        )
        for key, place, there in ways
        if there
    ]
    told = context.text("prog-places", first=str(first + 1), last=str(min(first + PAGE, total)), total=str(total))
    return dmc.Group([dmc.Text(told, size="sm", c="dimmed"), *links], mt="sm")


def register_callbacks(app: Dash) -> None:
    """Two editions, and the years, into the address."""

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("compare-before", "value"),
        Input("compare-after", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def chosen(before: str | None, after: str | None, search: str) -> Any:
        held = request_context("/editions", search)
        if not before or not after or (held.value("before"), held.value("after")) == (before, after):
            return no_update
        return address("/editions", {"before": before, "after": after, "item": held.value("item")})

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("compare-since", "value"),
        Input("compare-until", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def narrowed(since: str | None, until: str | None, search: str) -> Any:
        held = request_context("/editions", search)
        if (held.value("since"), held.value("until")) == (since or "", until or ""):
            return no_update
        return editions_bridge.way(
            held, view="all", since=since or "", until=until or "", cell="", year="", **{"from": ""}
        )
