"""Overview: headline figures, map, needs by year, kinds and stages; every figure opens the list behind it."""

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, ctx, html, no_update

from dashboard import data
from dashboard.behind import led, point
from dashboard.components.forms_of_work import forms_card
from dashboard.components.gate_badges import vetoed_note
from dashboard.components.graph import graph
from dashboard.components.icon import icon
from dashboard.components.proposed import also_proposed
from dashboard.components.states import empty, illustrative_note
from dashboard.context import Context
from dashboard.figures.bars import by_category, by_year
from dashboard.figures.map import city_map
from dashboard.page import Nav, Page
from dashboard.palette import palette
from portfolio.core.formatting import headline, headline_words, large_money, number
from portfolio.core.frames import records
from portfolio.vocabulary.codes import WHOLE_REGION, entries, label
from portfolio.vocabulary.outlines import outlines

NONE = "-"
AREAS = ("land", "sea", "forest")


def layout(context: Context) -> Any:
    """The page."""
    shown = data.overview()
    total = int(shown.total["projects"].iloc[0]) if len(shown.total) else 0
    if total == 0:
        way = dmc.Anchor(context.text("overview-import"), href="/exchange", refresh=False)
        return empty(context, "overview-empty", way, page="overview")
    made_up = bool(shown.total["illustrative"].iloc[0]) or bool(shown.elements["illustrative"].any())
    return html.Div(
        [
            dmc.Group(
                [dmc.Title(context.text("nav-overview"), order=1, size="h3"), also_proposed(context)],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if made_up else None,
            _headlines(context, shown, total),
            html.Div(vetoed_note(context, *shown.vetoed), className="of-these"),
            forms_card(context, shown.by_kind, shown.kind_needs),
            dmc.Grid(
                [
                    dmc.GridCol(_map_card(context, shown), span={"base": 12, "lg": 5}),
                    dmc.GridCol(_funds_card(context, shown), span={"base": 12, "lg": 7}),
                    dmc.GridCol(_areas_card(context, shown), span={"base": 12, "lg": 5}),
                    dmc.GridCol(_sectors_card(context, shown), span={"base": 12, "sm": 7, "lg": 4}),
                    dmc.GridCol(_stages_card(context, shown), span={"base": 12, "sm": 5, "lg": 3}),
                ],
                gutter="md",
                mt="md",
            ),
        ]
    )


def _headlines(context: Context, shown: data.Overview, total: int) -> dmc.SimpleGrid:
    invest = shown.total.iloc[0]
    invested = int(invest["total_investment"]) if invest["stated"] else None
    of_element = {row["item"]: row for row in records(shown.elements)}
    cards = [
        _headline(
            context,
            "projects",
            (number(total, context.lang), context.text("unit-projects")),
            led("overview.projects", total),
            "list-check",
        ),
        _headline(
            context,
            "investment",
            headline(invested, "money", context.lang),
            led("overview.investment", invested, sort="-total_investment"),
            "coin",
            context.text("headline-stated", count=str(invest["stated"])),
        ),
    ]
    symbols = {"fund": "coin", "land": "map-2", "sea": "anchor", "forest": "trees"}
    for element, symbol in symbols.items():
        held = of_element.get(element)
        dimension = "money" if element == "fund" else "area"
        # What nobody stated is not zero.
        required, count = (int(held["required"]), int(held["projects"])) if held is not None else (None, 0)
        note = context.text("headline-count", count=str(count))
        leads = led("overview.element", required, item=element)
        cards.append(_headline(context, element, headline(required, dimension, context.lang), leads, symbol, note))
    return dmc.SimpleGrid(cards, cols={"base": 2, "sm": 3, "xl": 6}, spacing="sm")


def _headline(
    context: Context, name: str, shown: tuple[str, str], leads: dict[str, Any], symbol: str, note: str = ""
) -> dmc.Anchor:
    value, unit = shown
    return dmc.Anchor(
        dmc.Card(
            [
                dmc.Group(
                    [icon(symbol), dmc.Text(context.text(f"headline-{name}"), size="sm", c="dimmed")],
                    gap=6,
                    wrap="nowrap",
                ),
                dmc.Group(
                    [html.Span(value, className="figure"), html.Span(unit, className="unit")], gap=4, align="baseline"
                ),
                dmc.Text(note or "\u00a0", size="xs", c="dimmed"),
            ],
            withBorder=True,
            padding="sm",
            className="headline",
        ),
        **leads,
        underline="never",
        id=f"headline-{name}",
    )


def _card(context: Context, name: str, content: Any, note: str = "") -> dmc.Card:
    title = dmc.Title(context.text(f"overview-{name}"), order=2, size="h5")
    lower = dmc.Text(note, size="xs", c="dimmed", mt=4) if note else None
    return dmc.Card([title, *content, lower], withBorder=True, padding="md", h="100%", id=f"card-{name}")


def _map_card(context: Context, shown: data.Overview) -> dmc.Card:
    counts = {
        code: int(count) for code, count in zip(shown.by_city["city"], shown.by_city["projects"], strict=True) if code
    }
    nowhere = shown.by_city[shown.by_city["city"].isna()]["projects"].sum()
    names = {feature["properties"]["code"]: feature["properties"][f"name_{context.lang}"] for feature in outlines()}
    links = {code: point("overview.city", counts.get(code, 0), city=code) for code in names}
    outside = {code: count for code, count in counts.items() if code not in names}
    figure = city_map(counts, links, context.lang, context.theme)
    chips = [_chip(name, counts.get(code, 0), code) for code, name in names.items()]
    chips += [_chip(_place(context, code), count, code) for code, count in sorted(outside.items())]
    if nowhere:
        chips.append(_chip(context.text("city-none"), int(nowhere), NONE))
    plot = _graph(context, "map", figure, 330, context.text("unit-projects"))
    most = max([1, *(counts.get(code, 0) for code in names)])
    parts = [plot, _scale(context, most), dmc.Group(chips, gap=6)]
    return _card(context, "map", parts, context.text("map-note"))


def _scale(context: Context, most: int) -> html.Div:
    """What the shades of the map stand for: from no project to the most that a city has."""
    (_, low), (_, high) = palette(context.theme).scale
    bar = html.Span(className="shades", style={"background": f"linear-gradient(to right, {low}, {high})"})
    words = f"{number(most, context.lang)} {context.text('unit-projects')}"
    return html.Div([html.Span("0"), bar, html.Span(words)], className="map-scale", id="map-scale")


def _place(context: Context, code: str) -> str:
    if code == WHOLE_REGION:
        return context.text("city-cross")
    region = data.references().regions.get(code)
    return (region.name_en if context.lang == "en" else region.name_zh) if region else code


def _chip(name: str, count: int, city: str) -> dmc.Anchor:
    leads = led("overview.city", count, city=city)
    return dmc.Anchor(f"{name} {count}", **leads, className="chip", size="sm", underline="never")


def _graph(context: Context, name: str, figure: Any, height: int, unit: str) -> html.Div:
    return graph(context, {"type": "chart", "name": name}, figure, context.text(f"overview-{name}"), height, unit)


def _funds_card(context: Context, shown: data.Overview) -> dmc.Card:
    if shown.funds_by_year.empty:
        return _card(context, "funds", [empty(context, "overview-no-funds")])
    names = {node.code: node.name(context.lang) for node in shown.tree.children("fund")}
    scale, axis = large_money(context.lang)
    frame = _plotted(shown.funds_by_year, scale, context, "money")
    figure = by_year(frame, names, axis, context.theme)
    return _card(context, "funds", [_graph(context, "funds", figure, 400, axis)])


def _areas_card(context: Context, shown: data.Overview) -> dmc.Card:
    if shown.areas_by_year.empty:
        return _card(context, "areas", [empty(context, "overview-no-areas")])
    names = {element: context.text(f"headline-{element}") for element in AREAS}
    frame = _plotted(shown.areas_by_year, 10**4, context, "area")
    figure = by_year(frame, names, context.text("unit-ha"), context.theme, stacked=False)
    return _card(context, "areas", [_graph(context, "areas", figure, 400, context.text("unit-ha"))])


def _plotted(frame: pd.DataFrame, scale: int, context: Context, dimension: str) -> pd.DataFrame:
    plotted = frame[["year", "item"]].copy()
    plotted["value"] = frame["required"] / scale
    plotted["text"] = [headline_words(int(value), dimension, context.lang) for value in frame["required"]]
    held = zip(frame["item"], frame["year"], frame["required"], strict=True)
    plotted["link"] = [point("overview.year", int(value), item=item, year=year) for item, year, value in held]
    return plotted


def _sectors_card(context: Context, shown: data.Overview) -> dmc.Card:
    frame = shown.by_sector.sort_values("projects", ascending=False)
    labels = [label("sectors", code, context.lang) if code else context.text("none-stated") for code in frame["sector"]]
    counts = [int(count) for count in frame["projects"]]
    held = zip(frame["sector"], counts, strict=True)
    links = [point("overview.sector", count, sector=code or NONE) for code, count in held]
    figure = by_category(labels, counts, links, [], context.theme)
    return _card(context, "sectors", [_graph(context, "sectors", figure, 400, context.text("unit-projects"))])


def _stages_card(context: Context, shown: data.Overview) -> dmc.Card:
    counts = {code: int(count) for code, count in zip(shown.by_stage["stage"], shown.by_stage["projects"], strict=True)}
    codes = [code for code in entries("stages") if code in counts] + ([None] if None in counts else [])
    labels = [label("stages", code, context.lang) if code else context.text("none-stated") for code in codes]
    links = [point("overview.stage", counts[code], stage=code or NONE) for code in codes]
    figure = by_category(labels, [counts[code] for code in codes], links, codes, context.theme, "stages")
    return _card(context, "stages", [_graph(context, "stages", figure, 400, context.text("unit-projects"))])


def register_callbacks(app: Dash) -> None:
    """A click on any figure opens the list behind it."""

    @app.callback(Output("url", "href"), Input({"type": "chart", "name": ALL}, "clickData"), prevent_initial_call=True)
    def open_list(_clicks: list[Any]) -> Any:
        clicked = ctx.triggered[0]["value"] if ctx.triggered else None
        points = (clicked or {}).get("points") or [{}]
        target = points[0].get("customdata")
        return (target[0] if isinstance(target, list) else target) or no_update


PAGES = (Page("/", layout, register_callbacks, nav=Nav("overview", "layout-dashboard", "work")),)
