"""Figures of finance: asked beside granted, the waterfall, sources to sectors, gaps by project and year."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed
from dashboard.palette import SERIES, palette

STAGE_COLOURS = {"asked": "#9db4c9", "granted": "#1f6fb2", "delivered": "#2ba3b5", "used": "#2f9e6e"}


def side_by_side(
    frame: pd.DataFrame, names: Mapping[str, str], unit: str, theme: str, horizontal: bool = False
) -> go.Figure:
    """`frame` has `label`, `link`, a column and a `<column>_text` for each of `names`; one group of bars a label."""
    figure = go.Figure()
    for stage, name in names.items():
        labels, values = frame["label"].tolist(), frame[stage].tolist()
        figure.add_trace(
            go.Bar(
                x=values if horizontal else labels,
                y=labels if horizontal else values,
                orientation="h" if horizontal else "v",
                name=name,
                marker={"color": STAGE_COLOURS.get(stage, SERIES[0])},
                customdata=frame["link"].tolist(),
                text=frame[f"{stage}_text"].tolist(),
                textposition="none",
                hovertemplate=f"%{{{'y' if horizontal else 'x'}}}  {name}<br>%{{text}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_layout(barmode="group", bargap=0.25)
    if horizontal:
        figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
        figure.update_xaxes(title={"text": unit, "font": {"size": 12}})
    else:
        figure.update_yaxes(title={"text": unit, "font": {"size": 12}})
        figure.update_xaxes(type="category")
    return figure


def waterfall(
    labels: Sequence[str], values: Sequence[float], measures: Sequence[str], texts: Sequence[str], theme: str
) -> go.Figure:
    """Steps from one total to the next; `measures` are `absolute`, `relative` or `total`."""
    figure = go.Figure(
        go.Waterfall(
            x=list(labels),
            y=list(values),
            measure=list(measures),
            text=list(texts),
            textposition="outside",
            cliponaxis=False,
            connector={"line": {"color": palette(theme).grid}},
            increasing={"marker": {"color": "#2f9e6e"}},
            decreasing={"marker": {"color": "#d9a21b"}},
            totals={"marker": {"color": "#1f6fb2"}},
            hovertemplate="%{x}<br>%{text}<extra></extra>",
        )
    )
    dressed(figure, theme, legend=False)
    top = max([1.0, *(float(value) for value in values)])
    figure.update_yaxes(range=[0, top * 1.14])
    return figure


def sankey(
    sources: Sequence[str],
    targets: Sequence[str],
    flows: Sequence[tuple[int, int, float, str]],
    colours: Sequence[str],
    theme: str,
) -> go.Figure:
    """`flows` are (place of source, place of target, value, text); links take their source's colour."""
    shades = [f"rgba({int(c[1:3], 16)},{int(c[3:5], 16)},{int(c[5:7], 16)},0.35)" for c in colours]
    figure = go.Figure(
        go.Sankey(
            node={
                "label": [*sources, *targets],
                "color": [*colours, *(["#8a94a0"] * len(targets))],
                "pad": 12,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [flow[0] for flow in flows],
                "target": [len(sources) + flow[1] for flow in flows],
                "value": [flow[2] for flow in flows],
                "customdata": [flow[3] for flow in flows],
                "color": [shades[flow[0]] for flow in flows],
                "hovertemplate": "%{source.label} → %{target.label}<br>%{customdata}<extra></extra>",
            },
            textfont={"color": palette(theme).ink, "size": 12},
        )
    )
    dressed(figure, theme, legend=False)
    return figure


def heat(
    labels: Sequence[str],
    years: Sequence[int],
    values: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    links: Sequence[str],
    theme: str,
) -> go.Figure:
    """Rows of projects by columns of years; an empty cell has no need that year."""
    low, high = palette(theme).scale[0][1], ("#c8553d" if theme == "light" else "#f08a6f")
    figure = go.Figure(
        go.Heatmap(
            x=[str(year) for year in years],
            y=list(labels),
            z=[list(row) for row in values],
            text=[list(row) for row in texts],
            customdata=[[link] * len(years) for link in links],
            hovertemplate="%{y}<br>%{x}  %{text}<extra></extra>",
            colorscale=[[0, low], [1, high]],
            xgap=2,
            ygap=2,
            showscale=False,
        )
    )
    dressed(figure, theme, legend=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(type="category", side="top", showgrid=False)
    return figure
