"""Figures of the allocation: how a solve came on, needs against limits by year, value against money, totals."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning, named
from dashboard.palette import colour, palette


def solving(steps: Sequence[Mapping[str, float | None]], names: Mapping[str, str], theme: str) -> go.Figure:
    """Incumbent and bound over the seconds; `names` has `value`, `bound` and `seconds`."""
    figure = go.Figure()
    for field, dash in (("value", "solid"), ("bound", "dash")):
        shown = [step for step in steps if step[field] is not None]
        figure.add_trace(
            go.Scatter(
                x=[step["seconds"] for step in shown],
                y=[step[field] for step in shown],
                mode="lines+markers",
                line={"shape": "hv", "color": colour("search", field), "width": 2, "dash": dash},
                marker={"size": 5, "color": colour("search", field)},
                meta={"of": "search", "codes": [field]},
                name=names[field],
                hovertemplate=f"%{{x:.1f}} s<br>{names[field]}  %{{y:,.2f}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_xaxes(title={"text": names["seconds"], "font": {"size": 12}}, rangemode="tozero")
    return figure


def against_limits(frame: pd.DataFrame, names: Mapping[str, str], unit: str, theme: str) -> go.Figure:
    """Bars of needs, and a line for the limit of each year that has one.

    `frame`: `year`, `needed`, `covered`, `limit` (NaN: no pool) and each of the three with `_text`.
    """
    figure = go.Figure()
    years = [str(year) for year in frame["year"]]
    for field in ("covered", "needed"):
        figure.add_trace(
            go.Bar(
                x=years,
                y=frame[field].tolist(),
                name=names[field],
                **meaning("life", field, theme),
                text=frame[f"{field}_text"].tolist(),
                textposition="none",
                hovertemplate=f"%{{x}}  {names[field]}<br>%{{text}}<extra></extra>",
            )
        )
    limited = frame.dropna(subset=["limit"])
    figure.add_trace(
        go.Scatter(
            x=[str(year) for year in limited["year"]],
            y=limited["limit"].tolist(),
            name=names["limit"],
            mode="markers",
            marker={
                "symbol": "line-ew",
                "size": 46,
                "color": colour("life", "limit"),
                "line": {"width": 3, "color": colour("life", "limit")},
            },
            meta={"of": "life", "codes": ["limit"]},
            text=limited["limit_text"].tolist(),
            hovertemplate=f"%{{x}}  {names['limit']}<br>%{{text}}<extra></extra>",
        )
    )
    dressed(figure, theme)
    figure.update_layout(barmode="group", bargap=0.3, yaxis_title={"text": unit, "font": {"size": 12}})
    figure.update_yaxes(rangemode="nonnegative")
    figure.update_xaxes(type="category")
    return figure


def rising(frame: pd.DataFrame, value_name: str, x_name: str, here: str, theme: str, digits: int = 2) -> go.Figure:
    """`frame`: `x`, `value`, `text`, `now` (whether it is the present limit); value against quota."""
    figure = go.Figure(
        go.Scatter(
            x=frame["x"].tolist(),
            y=frame["value"].tolist(),
            mode="lines+markers",
            line={"color": colour("search", "value"), "width": 2},
            marker={"size": 7, "color": colour("search", "value")},
            meta={"of": "search", "codes": ["value"]},
            text=frame["text"].tolist(),
            name=value_name,
            hovertemplate="%{text}<extra></extra>",
        )
    )
    now = frame[frame["now"]]
    figure.add_trace(
        go.Scatter(
            x=now["x"].tolist(),
            y=now["value"].tolist(),
            mode="markers",
            marker={
                "size": 13,
                "symbol": "diamond",
                "color": colour("search", "now"),
                "line": {"width": 2, "color": palette(theme).ink},
            },
            meta={"of": "search", "codes": ["now"]},
            text=now["text"].tolist(),
            name=here,
            hovertemplate="%{text}<extra></extra>",
        )
    )
    dressed(figure, theme)
    figure.update_xaxes(title={"text": x_name, "font": {"size": 12}}, tickformat=f",.{digits}~f")
    figure.update_yaxes(title={"text": value_name, "font": {"size": 12}})
    return figure


def beside(frame: pd.DataFrame, series: Sequence[str], unit: str, theme: str) -> go.Figure:
    """`frame`: `label`, a column and a `<column>_text` for each scenario of `series`; one group of bars a label."""
    figure = go.Figure()
    for place, name in enumerate(series):
        figure.add_trace(
            go.Bar(
                y=frame["label"].tolist(),
                x=frame[name].tolist(),
                orientation="h",
                name=name,
                **named(place, theme),
                text=frame[f"{name}_text"].tolist(),
                textposition="none",
                hovertemplate=f"%{{y}}  {name}<br>%{{text}}<extra></extra>",
            )
        )
    dressed(figure, theme)
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    figure.update_xaxes(title={"text": unit, "font": {"size": 12}})
    return figure
