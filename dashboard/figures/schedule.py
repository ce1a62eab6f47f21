"""One project's checklist in time, its critical path in another colour, and how sure the start is."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed, meaning
from dashboard.palette import PLAIN, palette


def steps_in_time(frame: pd.DataFrame, critical_name: str, other_name: str, today: str, theme: str) -> go.Figure:
    """`frame`: `label`, `start` and `finish` (days as ISO text), `critical`, `text`; the first row on top."""
    figure = go.Figure()
    for critical, name, code in ((True, critical_name, "critical"), (False, other_name, "other")):
        rows = frame[frame["critical"] == critical]
        starts = pd.to_datetime(rows["start"])
        lengths = (pd.to_datetime(rows["finish"]) - starts).dt.total_seconds() * 1000
        figure.add_trace(
            go.Bar(
                y=rows["label"].tolist(),
                x=lengths.tolist(),
                base=[start.strftime("%Y-%m-%d") for start in starts],
                orientation="h",
                name=name,
                **meaning("path", code, theme),
                text=rows["text"].tolist(),
                textposition="none",
                hovertemplate="%{y}<br>%{text}<extra></extra>",
                width=0.55,
            )
        )
    dressed(figure, theme)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(type="date", tickformat="%Y-%m")
    figure.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=frame["label"].tolist()[::-1])
    figure.update_yaxes(categoryarray=frame["label"].tolist(), showgrid=False, ticklabelstandoff=6)
    figure.add_vline(x=today, line={"color": palette(theme).faint, "dash": "dot", "width": 1})
    return figure


def sureness(days: Sequence[str], shares: Sequence[float], marks: Sequence[tuple[str, str]], theme: str) -> go.Figure:
    """The share of draws in which works could have begun by each day; `marks` are (day, words)."""
    figure = go.Figure(
        go.Scatter(
            x=list(days),
            y=[share * 100 for share in shares],
            mode="lines",
            line={"color": PLAIN, "width": 3, "shape": "hv"},
            meta={"of": "", "codes": []},
            fill="tozeroy",
            hovertemplate="%{x}  %{y:.0f}%<extra></extra>",
        )
    )
    dressed(figure, theme, legend=False)
    figure.update_yaxes(range=[0, 105], ticksuffix="%")
    figure.update_xaxes(type="date", tickformat="%Y-%m")
    for day, words in marks:
        figure.add_vline(x=day, line={"color": palette(theme).faint, "dash": "dot", "width": 1})
        figure.add_annotation(x=day, y=104, text=words, showarrow=False, yanchor="bottom", font={"size": 11})
    figure.update_layout(margin={"t": 28})
    return figure
