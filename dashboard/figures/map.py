"""The schematic map of the six cities: outlines filled by the number of projects, each city a link."""

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from dashboard.figures.style import dressed
from dashboard.palette import palette
from portfolio.core.formatting import number
from portfolio.vocabulary.outlines import outlines

STRETCH = 1.08


def city_map(counts: Mapping[str, int], links: Mapping[str, list[str]], lang: str, theme: str) -> go.Figure:
    """`counts` and `links` by city code; a city without a count is drawn as zero.

    Its scale stands beside it on the page: a colour bar within has the fills drawn over the labels.
    """
    most = max([1, *(counts.get(feature["properties"]["code"], 0) for feature in outlines())])
    figure = go.Figure()
    for feature in outlines():
        figure.add_trace(_outline(feature, counts, links, most, lang, theme))
    figure.add_trace(_labels(counts, links, lang, theme))
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, scaleanchor="x", scaleratio=STRETCH)
    dressed(figure, theme, legend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest")
    return figure


def _outline(
    feature: dict[str, Any], counts: Mapping[str, int], links: Mapping[str, list[str]], most: int, lang: str, theme: str
) -> go.Scatter:
    place, count = feature["properties"], counts.get(feature["properties"]["code"], 0)
    lon: list[float | None] = []
    lat: list[float | None] = []
    for polygon in feature["geometry"]["coordinates"]:
        lon += [*(point[0] for point in polygon[0]), None]
        lat += [*(point[1] for point in polygon[0]), None]
    colours = palette(theme)
    return go.Scatter(
        x=lon,
        y=lat,
        mode="lines",
        fill="toself",
        fillcolor=_between(colours.scale, count / most),
        line={"color": colours.edge, "width": 1.4},
        hoveron="fills",
        hoverinfo="text",
        text=f"{place[f'name_{lang}']}  {number(count, lang)}",
        customdata=[links[place["code"]]] * len(lon),
        meta={"of": "", "codes": []},
        showlegend=False,
    )


def _labels(counts: Mapping[str, int], links: Mapping[str, list[str]], lang: str, theme: str) -> go.Scatter:
    places = [feature["properties"] for feature in outlines()]
    texts = [f"<b>{number(counts.get(place['code'], 0), lang)}</b><br>{place[f'name_{lang}']}" for place in places]
    most = max([1, *(counts.get(place["code"], 0) for place in places)])
    inks = [
        "#ffffff"
        if theme == "light" and counts.get(p["code"], 0) / most > 0.55
        else "#0c1a26"
        if theme == "dark" and counts.get(p["code"], 0) / most > 0.55
        else palette(theme).ink
        for p in places
    ]
    return go.Scatter(
        x=[place["label_lon"] for place in places],
        y=[place["label_lat"] for place in places],
        mode="text+markers",
        marker={"size": 44, "opacity": 0},
        meta={"of": "", "codes": []},
        text=texts,
        textfont={"color": inks, "size": 13},
        hoverinfo="skip",
        customdata=[links[place["code"]] for place in places],
        showlegend=False,
    )


def _between(scale: tuple[tuple[float, str], ...], share: float) -> str:
    low, high = scale[0][1], scale[-1][1]
    mixed = [
        round(int(low[n : n + 2], 16) + (int(high[n : n + 2], 16) - int(low[n : n + 2], 16)) * share) for n in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in mixed)
