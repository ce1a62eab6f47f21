"""What all figures have in common."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.palette import FONT, PATTERNS, PLAIN, colour, palette, pattern


def meaning(of: str, code: str | None, theme: str) -> dict[str, Any]:
    """Colour and pattern of a trace that stands for `code` of list `of`, and in `meta` which code that is."""
    return {
        "marker": {"color": colour(of, code), "pattern": _hatched(pattern(of, code), theme)},
        "meta": {"of": of, "codes": [code]},
    }


def meanings(of: str, codes: Sequence[str | None], theme: str) -> dict[str, Any]:
    """The same for a trace each of whose points stands for another code."""
    shapes = [pattern(of, code) for code in codes]
    return {
        "marker": {"color": [colour(of, code) for code in codes], "pattern": _hatched(shapes, theme)},
        "meta": {"of": of, "codes": list(codes)},
    }


def named(place: int, theme: str) -> dict[str, Any]:
    """A series that people made and named: of one colour with the others, told apart by its pattern."""
    shape = PATTERNS[place % len(PATTERNS)]
    return {"marker": {"color": PLAIN, "pattern": _hatched(shape, theme)}, "meta": {"of": "", "codes": []}}


def scaled(unit: str) -> dict[str, Any]:
    """What shows the scale of a trace's colours beside it, in `unit`."""
    place = {"orientation": "h", "y": -0.02, "yanchor": "top", "len": 0.6, "thickness": 10}
    return {"showscale": True, "colorbar": {"title": {"text": unit, "side": "right"}, "outlinewidth": 0, **place}}


def _hatched(shape: str | list[str], theme: str) -> dict[str, Any]:
    look = {"fgcolor": palette(theme).edge, "fgopacity": 0.8, "size": 7, "solidity": 0.25}
    # Over the colour, which stays the code's own: the other way would draw lines of it on nothing.
    return {"shape": shape, "fillmode": "overlay", **look}


def dressed(figure: go.Figure, theme: str, legend: bool = True) -> go.Figure:
    """`figure` in the fonts and colours of `theme`, on the page's own ground."""
    colours = palette(theme)
    figure.update_layout(
        template=None,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=legend,
        font={"family": FONT, "size": 13, "color": colours.ink},
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={
            "orientation": "h",
            "y": 0,
            "yref": "container",
            "yanchor": "bottom",
            "x": 0,
            "traceorder": "normal",
            "font": {"size": 12},
        },
        hoverlabel={"font": {"family": FONT}},
        dragmode=False,
        clickmode="event",
    )
    axis = {
        "gridcolor": colours.grid,
        "zerolinecolor": colours.grid,
        "linecolor": colours.grid,
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"color": colours.faint},
    }
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure
