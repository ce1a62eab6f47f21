"""Bars: needs by year, stacked by item; counts by category. Every bar carries the link to the list behind it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning, meanings
from dashboard.palette import PLAIN
from portfolio.core.frames import absent_as_none


def by_year(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    unit: str,
    theme: str,
    stacked: bool = True,
) -> go.Figure:
    """Columns of `frame`: year, item, value (in `unit`), text, link. One trace an item, in the order of `names`.

    `names` holds sources, or elements: their colours are the same in every chart.
    """
    figure = go.Figure()
    years = sorted(frame["year"].unique())
    shown = [item for item in names if item in set(frame["item"])]
    for item in shown:
        name, of = names[item], "sources" if "." in item else "elements"
        rows = absent_as_none(frame[frame["item"] == item].set_index("year").reindex(years))
        figure.add_trace(
            go.Bar(
                x=[str(year) for year in years],
                y=rows["value"],
                name=name,
                customdata=rows["link"].tolist(),
                **meaning(of, item, theme),
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
    labels: Sequence[str],
    counts: Sequence[int],
    links: Sequence[Sequence[str]],
    codes: Sequence[str | None],
    theme: str,
    of: str = "",
) -> go.Figure:
    """Horizontal bars, the first label on top, the count written beside each; bars of no list `of` have one colour."""
    look = meanings(of, codes, theme) if of else {"marker": {"color": PLAIN}, "meta": {"of": "", "codes": []}}
    figure = go.Figure(
        go.Bar(
            y=list(labels),
            x=list(counts),
            orientation="h",
            customdata=list(links),
            **look,
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
