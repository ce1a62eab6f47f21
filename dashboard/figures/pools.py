"""Pool balances as bullet charts: what is used, granted and reserved of the whole, with what is asked as a mark."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning
from dashboard.palette import palette


def bullets(frame: pd.DataFrame, names: Mapping[str, str], asked_name: str, unit: str, theme: str) -> go.Figure:
    """`frame`: `label`, and for `asked` and each part of `names` a value, a `<part>_text` and a `<part>_link`."""
    figure = go.Figure()
    labels: Sequence[str] = frame["label"].tolist()
    for part, name in names.items():
        figure.add_trace(
            go.Bar(
                y=labels,
                x=frame[part].tolist(),
                orientation="h",
                name=name,
                **meaning("life", part, theme),
                customdata=frame[f"{part}_link"].tolist(),
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
            meta={"of": "", "codes": []},
            text=frame["asked_text"].tolist(),
            customdata=frame["asked_link"].tolist(),
            hovertemplate=f"%{{y}}<br>{asked_name}  %{{text}}<extra></extra>",
        )
    )
    dressed(figure, theme)
    figure.update_layout(barmode="stack", bargap=0.3)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(title={"text": unit, "font": {"size": 12}})
    return figure
