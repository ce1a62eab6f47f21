"""Figures of finance: asked beside granted, the waterfall, sources to sectors, gaps by project and year."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning, scaled
from dashboard.palette import UNKNOWN, colour, palette


def side_by_side(
    frame: pd.DataFrame, names: Mapping[str, str], unit: str, theme: str, horizontal: bool = False
) -> go.Figure:
    """`frame` has `label`, and for each of `names` a column, a `<column>_text` and a `<column>_link`; one group of bars
    a label."""
    figure = go.Figure()
    for stage, name in names.items():
        labels, values = frame["label"].tolist(), frame[stage].tolist()
        figure.add_trace(
            go.Bar(
                x=values if horizontal else labels,
                y=labels if horizontal else values,
                orientation="h" if horizontal else "v",
                name=name,
                **meaning("life", stage, theme),
                customdata=frame[f"{stage}_link"].tolist(),
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
    labels: Sequence[str],
    values: Sequence[float],
    measures: Sequence[str],
    texts: Sequence[str],
    theme: str,
    links: Sequence[Sequence[str]] = (),
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
            increasing={"marker": {"color": colour("steps", "rise")}},
            decreasing={"marker": {"color": colour("steps", "fall")}},
            totals={"marker": {"color": colour("steps", "whole")}},
            meta={"of": "steps", "codes": ["rise", "fall", "whole"]},
            customdata=[list(link) for link in links] or None,
            hovertemplate="%{x}<br>%{text}<extra></extra>",
        )
    )
    dressed(figure, theme, legend=False)
    top = max([1.0, *(float(value) for value in values)])
    figure.update_yaxes(range=[-top * 0.07, top * 1.14])
    return figure


def sankey(
    sources: Sequence[str],
    targets: Sequence[str],
    flows: Sequence[tuple[int, int, float, str]],
    codes: Sequence[str],
    links: Sequence[Sequence[str]],
    theme: str,
) -> go.Figure:
    """`flows` are (place of source, place of target, value, text); they take the colour of their source in `codes`.

    A flow carries what `links` has for it, then its text.
    """
    colours = [colour("sources", code) for code in codes]
    shades = [f"rgba({int(c[1:3], 16)},{int(c[3:5], 16)},{int(c[5:7], 16)},0.35)" for c in colours]
    figure = go.Figure(
        go.Sankey(
            node={
                "label": [*sources, *targets],
                "color": [*colours, *([UNKNOWN] * len(targets))],
                "pad": 12,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [flow[0] for flow in flows],
                "target": [len(sources) + flow[1] for flow in flows],
                "value": [flow[2] for flow in flows],
                "customdata": [[*link, flow[3]] for link, flow in zip(links, flows, strict=True)],
                "color": [shades[flow[0]] for flow in flows],
                "hovertemplate": "%{source.label} → %{target.label}<br>%{customdata[3]}<extra></extra>",
            },
            textfont={"color": palette(theme).ink, "size": 12},
            meta={"of": "sources", "codes": list(codes)},
        )
    )
    dressed(figure, theme, legend=False)
    return figure


def heat(
    labels: Sequence[str],
    years: Sequence[int],
    values: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[str]],
    links: Sequence[Sequence[Sequence[str]]],
    unit: str,
    theme: str,
) -> go.Figure:
    """Rows of projects by columns of years, in `unit`; an empty cell has no need that year."""
    figure = go.Figure(
        go.Heatmap(
            x=[str(year) for year in years],
            y=list(labels),
            z=[list(row) for row in values],
            text=[list(row) for row in texts],
            customdata=[[list(link) for link in row] for row in links],
            hovertemplate="%{y}<br>%{x}  %{text}<extra></extra>",
            colorscale=[list(stop) for stop in palette(theme).lacking],
            zmin=0,
            xgap=2,
            ygap=2,
            **scaled(unit),
            meta={"of": "", "codes": []},
        )
    )
    dressed(figure, theme, legend=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(type="category", side="top", showgrid=False)
    return figure
