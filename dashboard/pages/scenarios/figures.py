"""Below an answer: needs against limits by year, value against money, who is next, and the ranked cut beside it."""

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from dashboard.components.graph import graph
from dashboard.components.links import card, name_of, project_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.figures.allocation import against_limits, rising
from dashboard.questions import allocation as questions
from portfolio.briefing.scenario_lines import areas_words
from portfolio.core.formatting import headline_words, large_money, number
from portfolio.core.frames import records
from portfolio.scenarios.comparing import beside_ranked_cut, next_in_line, timeline
from portfolio.scenarios.words import waiting_words

HA = 10**4


def columns(context: Context, page: questions.AllocationPage) -> list[dmc.GridCol]:
    """The cards below an answer; none before there is one."""
    if page.head["value"] is None:
        return []
    half = {"base": 12, "lg": 6}
    frame = timeline(page.head, page.pools)
    elements = [element for element in ("fund", "land", "sea", "forest") if element in set(frame["element"])]
    return [
        *(dmc.GridCol(_timeline(context, frame, element), span=half) for element in elements),
        dmc.GridCol(_frontier(context, page), span=half),
        dmc.GridCol(_curves(context, page), span=half),
        dmc.GridCol(_next(context, page), span=half),
        dmc.GridCol(_cut(context, page), span=half),
    ]


def _timeline(context: Context, frame: pd.DataFrame, element: str) -> dmc.Card:
    rows = frame[frame["element"] == element].reset_index(drop=True)
    dimension = "money" if element == "fund" else "area"
    scale, unit = large_money(context.lang) if dimension == "money" else (HA, context.text("unit-ha"))
    for name in ("needed", "covered", "limit"):
        rows[f"{name}_text"] = [
            "" if pd.isna(value) else headline_words(int(value), dimension, context.lang) for value in rows[name]
        ]
        rows[name] = rows[name].astype("float64") / scale
    names = {name: context.text(f"allocation-{name}") for name in ("needed", "covered", "limit-line")}
    names["limit"] = names.pop("limit-line")
    title = context.text("allocation-timeline", element=context.text(f"element-{element}"))
    figure = against_limits(rows, names, unit, context.theme)
    plot = graph(context, {"type": "still", "name": f"timeline-{element}"}, figure, title, 260, unit)
    return card(title, [plot], f"card-timeline-{element}")


def _frontier(context: Context, page: questions.AllocationPage) -> dmc.Card:
    title = context.text("allocation-frontier")
    found = page.known.get(("frontier", ""))
    ask = dmc.Button(context.text("allocation-ask-frontier"), id="frontier-ask", size="sm", variant="default")
    if found is None:
        # A card asks for itself only while its scenario may still be asked.
        content: list[Any] = [
            empty(context, "allocation-no-frontier", ask),
            html.Div(id="frontier-asked", role="status"),
        ]
        return card(title, content, "card-frontier")
    points = [point for point in found["points"] if point["value"] is not None]
    rows = pd.DataFrame(
        {
            "x": [point["limit"] / large_money(context.lang)[0] for point in points],
            "value": [point["value"] for point in points],
            "now": [point["percent"] == 100 for point in points],
            "text": [_point(context, point) for point in points],
        }
    )
    names = (context.text("scenarios-value"), context.text("allocation-money-axis"), context.text("allocation-now"))
    figure, unit = rising(rows, *names, context.theme), f"{context.text('unit-points')} / {names[1]}"
    plot = graph(context, {"type": "still", "name": "frontier"}, figure, title, 300, unit)
    return card(title, [plot], "card-frontier", context.text("allocation-frontier-note"))


def _point(context: Context, point: dict[str, Any]) -> str:
    money = headline_words(int(point["limit"]), "money", context.lang)
    return f"{money}<br>{number(point['value'], context.lang, 2)}"


def _curves(context: Context, page: questions.AllocationPage) -> dmc.Card:
    title = context.text("allocation-curve")
    found = [content for (kind, _), content in page.known.items() if kind == "pool"]
    if not found:
        return card(title, [empty(context, "allocation-no-curve")], "card-curve")
    plots: list[Any] = []
    for place, content in enumerate(found):
        name = page.names.pools.get(content["pool"], content["pool"])
        money = page.names.dimensions.get(content["pool"]) == "money"
        factor, axis = large_money(context.lang) if money else (HA, context.text("unit-ha"))
        steps = [step for step in content["steps"] if step["value"] is not None]
        rows = pd.DataFrame(
            {
                "x": [step["limit"] / factor for step in steps],
                "value": [step["value"] for step in steps],
                "now": [number_ == 0 for number_ in range(len(steps))],
                "text": [f"{number(step['value'], context.lang, 2)}" for step in steps],
            }
        )
        names = (context.text("scenarios-value"), axis, context.text("allocation-now"))
        plots += [
            dmc.Text(name, size="sm", mt="xs"),
            graph(
                context,
                {"type": "still", "name": f"curve-{place}"},
                rising(rows, *names, context.theme),
                name,
                240,
                f"{context.text('unit-points')} / {axis}",
            ),
        ]
    return card(title, plots, "card-curve")


def _next(context: Context, page: questions.AllocationPage) -> dmc.Card:
    title, line = context.text("allocation-next"), page.head["outcome"]["line"]
    if line is None:
        ask = dmc.Button(context.text("allocation-ask-line"), id="line-ask", size="sm", variant="default")
        if page.waiting:
            waits: list[Any] = [html.Div(context.text("allocation-next-working"), role="status")]
        else:
            waits = [empty(context, "allocation-no-line", ask), html.Div(id="line-asked", role="status")]
        return card(title, waits, "card-next")
    rows = [
        [
            dmc.Box(project_link(context, row["code"], name_of(context, row), "screening"), miw=160),
            context.text(f"allocation-rung-{row['rung']}"),
            number(row["points"], context.lang, 2),
            dmc.Text(waiting_words(row["admission"], page.names), size="sm", miw=220),
        ]
        for row in records(next_in_line(page.head, page.projects))
    ]
    heads = ("col-name", "scenario-col-rung", "scenario-col-points>", "scenario-col-addition")
    asked = context.text("allocation-next-asked", asked=str(line["asked"]), open=str(line["open"]))
    content = [
        table(context, heads, rows, "allocation-nobody-waits", tall=True),
        dmc.Text(asked, size="sm", c="dimmed", mt=6),
    ]
    return card(title, content, "card-next", context.text("allocation-next-note"))


def _cut(context: Context, page: questions.AllocationPage) -> dmc.Card:
    answer, cut = beside_ranked_cut(page.projects)
    lang = context.lang
    rows = [
        [
            context.text(f"allocation-by-{name}"),
            number(found.value, lang, 2),
            str(found.projects),
            headline_words(found.fund_yuan, "money", lang),
            areas_words(found.areas_m2, lang),
        ]
        for name, found in (("answer", answer), ("cut", cut))
    ]
    frame = page.projects
    only = {
        "gained": frame[(frame["delay"] >= 0) & ~frame["ranked"].astype(bool)],
        "lost": frame[(frame["delay"] < 0) & frame["ranked"].astype(bool)],
    }
    heads = ("allocation-way", "scenarios-value>", "scenarios-in>", "allocation-needs-fund>", "allocation-needs-areas")
    content: list[Any] = [table(context, heads, rows, "allocation-unsolved")]
    for name, part in only.items():
        names = context.listed(name_of(context, row) for row in records(part.head(12)))
        words = context.text(f"allocation-only-{name}", count=str(len(part)), names=names or "—")
        content.append(dmc.Text(words, size="sm", mt=6))
    return card(context.text("allocation-cut"), content, "card-cut", context.text("allocation-cut-note"))
