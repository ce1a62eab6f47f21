"""The schematic map with one pin: where a project lies; a click on it is read by the page's own script."""

import plotly.graph_objects as go

from dashboard.figures.map import STRETCH
from dashboard.figures.style import dressed
from dashboard.palette import RED, palette
from portfolio.vocabulary.outlines import outlines

PIN = 1


def pin_map(lon: float | None, lat: float | None, lang: str, theme: str) -> go.Figure:
    """The six cities' outlines with the pin as trace `PIN`; without coordinates there is none."""
    colours = palette(theme)
    xs: list[float | None] = []
    ys: list[float | None] = []
    for feature in outlines():
        for polygon in feature["geometry"]["coordinates"]:
            xs += [*(point[0] for point in polygon[0]), None]
            ys += [*(point[1] for point in polygon[0]), None]
    figure = go.Figure()
    line = {"color": colours.edge, "width": 1.2}
    figure.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        fill="toself",
        fillcolor=colours.scale[0][1],
        line=line,
        hoverinfo="skip",
        meta={"of": "", "codes": []},
    )
    here = lon is not None and lat is not None
    figure.add_scatter(
        x=[lon] if here else [],
        y=[lat] if here else [],
        mode="markers",
        marker={"size": 15, "color": RED, "line": {"color": "#ffffff", "width": 2}},
        hoverinfo="skip",
        meta={"of": "", "codes": []},
    )
    places = [feature["properties"] for feature in outlines()]
    figure.add_scatter(
        x=[place["label_lon"] for place in places],
        y=[place["label_lat"] for place in places],
        mode="text",
        text=[place[f"name_{lang}"] for place in places],
        textfont={"color": colours.ink, "size": 12},
        hoverinfo="skip",
        meta={"of": "", "codes": []},
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True, scaleanchor="x", scaleratio=STRETCH)
    dressed(figure, theme, legend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode=False, dragmode=False)
    return figure
