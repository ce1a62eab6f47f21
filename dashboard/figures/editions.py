"""Editions in time: the years along the axis, what was rolled from what as branches."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import dressed
from dashboard.palette import colour, palette
from portfolio.core.frames import records

STAGES = ("issued", "superseded", "approved", "consultation", "draft")
NO_CODE = {"of": "", "codes": []}
SYMBOLS = {
    "draft": "circle-open",
    "consultation": "diamond-open",
    "approved": "square",
    "issued": "circle",
    "superseded": "circle-dot",
}


def placed(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` (`code`, `parent`, `base_year`, `batch`, `state`) with `x` (years) and `y` (0 on top) of every edition.

    The first of a later year goes on in its parent's line, one that was approved before a draft; the rest branch off.
    """
    rows = {row["code"]: row for row in records(frame)}
    children: dict[str | None, list[str]] = {}
    for code, row in rows.items():
        children.setdefault(row["parent"] if row["parent"] in rows else None, []).append(code)
    lane, found = 0, dict[str, tuple[float, int]]()
    stack = [(code, -1) for code in sorted(children.get(None, ()), key=lambda one: _weight(rows[one]), reverse=True)]
    while stack:
        code, held = stack.pop()
        if held < 0:
            held, lane = lane, lane + 1
        found[code] = (_when(rows[code]), held)
        below = sorted(children.get(code, ()), key=lambda one: _weight(rows[one]))
        going_on = [one for one in below if rows[one]["batch"] == "annual"][:1]
        stack += [(one, -1) for one in reversed(below) if one not in going_on] + [(one, held) for one in going_on]
    places = [found[code] for code in frame["code"]]
    return frame.assign(x=[place[0] for place in places], y=[place[1] for place in places])


def _weight(row: Mapping[Any, Any]) -> tuple[int, int, str]:
    return (STAGES.index(row["state"]), _order(str(row["batch"])), str(row["code"]))


def _order(batch: str) -> int:
    return 0 if batch == "annual" else 99 if batch == "midyear" else int(batch.partition("-")[2] or 0)


def _when(row: Mapping[Any, Any]) -> float:
    order = _order(str(row["batch"]))
    return int(str(row["base_year"])) + (0.6 if order == 99 else min(0.5, 0.2 * order))


def timeline(frame: pd.DataFrame, states: dict[str, str], theme: str) -> go.Figure:
    """`frame` with `code`, `parent`, `base_year`, `batch`, `state`, `words`, `link`; `states` names every state."""
    shown, figure = placed(frame), go.Figure()
    at = {row["code"]: (row["x"], row["y"]) for row in records(shown)}
    for row in records(shown):
        if row["parent"] in at:
            (was_x, was_y), (x, y) = at[row["parent"]], at[row["code"]]
            line = {"color": palette(theme).faint, "width": 2, "dash": "solid" if was_y == y else "dot"}
            xs = [was_x, x] if was_y == y else [was_x, was_x, x]
            ys = [was_y, y] if was_y == y else [was_y, y, y]
            figure.add_trace(
                go.Scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip", showlegend=False, meta=NO_CODE)
            )
    for state, name in states.items():
        rows = shown[shown["state"] == state]
        if rows.empty:
            continue
        muted = 0.55 if state == "superseded" else 1
        figure.add_trace(
            go.Scatter(
                x=rows["x"].tolist(),
                y=rows["y"].tolist(),
                mode="markers+text",
                name=name,
                text=rows["words"].tolist(),
                textposition="bottom right",
                textfont={"size": 12, "color": palette(theme).faint if muted < 1 else palette(theme).ink},
                marker={
                    "symbol": SYMBOLS[state],
                    "size": 16,
                    "color": colour("editions", state),
                    "line": {"width": 3},
                    "opacity": muted,
                },
                meta={"of": "editions", "codes": [state]},
                customdata=rows["link"].tolist(),
                hovertemplate="%{text}<extra></extra>",
                cliponaxis=False,
            )
        )
    return _framed(figure, shown, theme)


def _framed(figure: go.Figure, shown: pd.DataFrame, theme: str) -> go.Figure:
    dressed(figure, theme)
    first, last = int(shown["x"].min()), int(shown["x"].max())
    figure.update_xaxes(
        tickvals=list(range(first, last + 2)), range=[first - 0.15, last + 1.2], tickformat="d", side="top"
    )
    figure.update_yaxes(visible=False, range=[int(shown["y"].max()) + 0.8, -0.5])
    return figure
