"""Bars: needs by year, stacked by item; counts by category. Every bar carries the link to the list behind it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed
from dashboard.palette import SERIES


def by_year(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    unit: str,
    theme: str,
    stacked: bool = True,
) -> go.Figure:
    """Columns of `frame`: year, item, value (in `unit`), text, link. One trace an item, in the order of `names`."""
    figure = go.Figure()
    years = sorted(frame["year"].unique())
    shown = [item for item in names if item in set(frame["item"])]
    for place, item in enumerate(shown):
        name = names[item]
        rows = frame[frame["item"] == item].set_index("year").reindex(years)
        figure.add_trace(
            go.Bar(
                x=[str(year) for year in years],
                y=rows["value"],
                name=name,
                customdata=rows["link"],
                marker={"color": colours.get(item, SERIES[place % len(SERIES)])},
                text=rows["text"],
                textposition="none",
                hovertemplate=f"%{{x}}  {name}<br>%{{text}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_layout(
        barmode="stack" if stacked else "group", bargap=0.28, yaxis_title={"text": unit, "font": {"size": 12}}
    )
    figure.update_xaxes(type="category")
    return figure


def by_category(
    labels: Sequence[str], counts: Sequence[int], links: Sequence[str], colours: Sequence[str], theme: str
) -> go.Figure:
    """Horizontal bars, the first label on top, the count written beside each."""
    figure = go.Figure(
        go.Bar(
            y=list(labels),
            x=list(counts),
            orientation="h",
            customdata=list(links),
            marker={"color": list(colours)},
            text=[str(count) for count in counts],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}  %{x}<extra></extra>",
        )
    )
    dressed(figure, theme, legend=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(visible=False, range=[0, max([1, *counts]) * 1.15])
    figure.update_layout(bargap=0.25, margin={"l": 8, "r": 8, "t": 0, "b": 0})
    return figure
