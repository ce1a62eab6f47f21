"""The one way to show a figure: nothing is sent anywhere, it is named for those who cannot see it, and says its unit
and its day."""

from datetime import date
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.components.aria import aria
from dashboard.context import Context
from portfolio.core.clock import today

CONFIG: Any = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
}


def graph(
    context: Context, identity: Any, figure: go.Figure, label: str, height: int, unit: str, as_of: date | None = None
) -> html.Div:
    """A figure of `height` pixels; `label` says what it shows, below it stand its unit and from when it is.

    A figure is as of today where no other day is said: it is drawn from the record as it stands.
    """
    plot = dcc.Graph(id=identity, figure=figure, config=CONFIG, style={"height": height}, responsive=True)
    drawn = html.Div(plot, role="img", className="graph", style={"minHeight": height}, **aria(label=label))
    said = context.text("chart-said", unit=unit, day=(as_of or today()).isoformat())
    return html.Div([drawn, html.Div(said, className="chart-said")])
