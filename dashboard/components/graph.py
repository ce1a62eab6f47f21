"""The one way to show a figure: nothing is sent anywhere, and the figure is named for those who cannot see it."""

from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.aria import aria

CONFIG: Any = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
}


def graph(identity: Any, figure: go.Figure, label: str, height: int) -> html.Div:
    """A figure of `height` pixels; `label` says what it shows."""
    plot = dcc.Graph(id=identity, figure=figure, config=CONFIG, style={"height": height}, responsive=True)
    return html.Div(plot, role="img", className="graph", style={"minHeight": height}, **aria(label=label))
