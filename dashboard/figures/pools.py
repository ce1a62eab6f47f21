"""Pool balances as bullet charts: what is used, granted and reserved of the whole, with what is asked as a mark."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed
from dashboard.palette import palette

PARTS = {"used": "#1d6e4b", "delivered": "#2f9e6e", "granted": "#4f8fd0", "reserved": "#d9a21b", "free": "#c9d2db"}
DARK_FREE = "#3a4753"


def bullets(frame: pd.DataFrame, names: Mapping[str, str], asked_name: str, unit: str, theme: str) -> go.Figure:
    """`frame`: `label`, `link`, `asked`, `asked_text` and for each part of `names` a value and `<part>_text`."""
    figure = go.Figure()
    labels: Sequence[str] = frame["label"].tolist()
    for part, name in names.items():
        colour = DARK_FREE if part == "free" and theme == "dark" else PARTS[part]
        figure.add_trace(
            go.Bar(
                y=labels,
                x=frame[part].tolist(),
                orientation="h",
                name=name,
                marker={"color": colour},
                customdata=frame["link"].tolist(),
                text=frame[f"{part}_text"].tolist(),
                textposition="none",
                hovertemplate=f"%{{y}}<br>{name}  %{{text}}<extra></extra>",
                width=0.62,
            )
        )
    figure.add_trace(
        go.Scatter(
            y=labels,
            x=frame["asked"].tolist(),
            mode="markers",
            name=asked_name,
            marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": palette(theme).ink}},
            text=frame["asked_text"].tolist(),
            customdata=frame["link"].tolist(),
            hovertemplate=f"%{{y}}<br>{asked_name}  %{{text}}<extra></extra>",
        )
    )
    dressed(figure, theme)
    figure.update_layout(barmode="stack", bargap=0.3)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(title={"text": unit, "font": {"size": 12}})
    return figure
