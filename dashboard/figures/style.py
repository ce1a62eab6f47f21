"""What all figures have in common."""

import plotly.graph_objects as go

from dashboard.palette import FONT, palette


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
