"""Scores as stacked bars by group, and a project's tornado."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning, named
from dashboard.palette import MEANT


def breakdown(frame: pd.DataFrame, names: Mapping[str, str], labels: Sequence[str], theme: str) -> go.Figure:
    """`frame`: `label`, `group`, `points`, `text`, `link`; a bar a label in the order of `labels`, a part a group."""
    figure = go.Figure()
    for place, (group, name) in enumerate(names.items()):
        rows = frame[frame["group"] == group].set_index("label").reindex(list(labels))
        figure.add_trace(
            go.Bar(
                y=list(labels),
                x=rows["points"],
                orientation="h",
                name=name,
                customdata=rows["link"],
                **(meaning("groups", group, theme) if group in MEANT["groups"] else named(place, theme)),
                text=rows["text"],
                textposition="none",
                hovertemplate=f"%{{y}}<br>{name}  %{{text}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_layout(barmode="stack", bargap=0.25)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6, type="category")
    return figure


def tornado(frame: pd.DataFrame, words: tuple[str, str], theme: str) -> go.Figure:
    """`frame`: `label`, `low`, `high` (points gained or lost), `low_text`, `high_text`; the widest on top."""
    figure = go.Figure()
    for column, name in (("low", words[0]), ("high", words[1])):
        figure.add_trace(
            go.Bar(
                y=frame["label"].tolist(),
                x=frame[column].tolist(),
                orientation="h",
                name=name,
                **meaning("ends", column, theme),
                text=frame[f"{column}_text"].tolist(),
                textposition="none",
                hovertemplate=f"%{{y}}<br>{name}  %{{text}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_layout(barmode="overlay", bargap=0.3)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(zeroline=True, zerolinewidth=2)
    return figure
