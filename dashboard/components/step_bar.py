"""The step bar: where a year's programme stands, what is next and who acts, each step leading to where it is done."""

from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import address
from dashboard.context import Context
from dashboard.data import may
from portfolio.scenarios.following.way import Way
from portfolio.scenarios.rules.way import DONE, NOW, Step, next_step


def step_bar(context: Context, found: Way) -> html.Nav:
    """The steps in a row, and below them in words what is next."""
    items = [_step(context, found, one, place) for place, one in enumerate(found.steps, 1)]
    steps = html.Ol(items, className="way")
    following = next_step(found.steps)
    if following is None:
        said: Any = context.text("way-nothing-next")
    else:
        said = [html.Strong(context.text("way-next", step=_name(context, following))), _told(context, following)]
    return html.Nav([steps, dmc.Text(said, size="sm", id="way-next")], id="way", **aria(label=context.text("way")))


def _name(context: Context, one: Step) -> str:
    return context.text(f"way-{one.name}")


def _step(context: Context, found: Way, one: Step, place: int) -> html.Li:
    """A step with its mark; its state is said too, so that it is not told by colour alone."""
    here: dict[str, str] = aria(current="step") if one.state == NOW else {}
    mark = icon("check", 14) if one.state == DONE else str(place)
    words = [html.Span(mark, className="way-mark"), html.Span(_name(context, one), className="way-name")]
    state = html.Span(context.text(f"way-state-{one.state}"), className="way-state")
    link = dmc.Anchor([*words, state], href=_where(found, one), refresh=False, underline="never", **here)
    return html.Li(link, className=f"way-{one.state}", title=_told(context, one))


def _told(context: Context, one: Step) -> str:
    """What a step lacks and who has to act; nothing of one that is done or passed."""
    if not one.lacks:
        return ""
    lacks = context.text(f"way-lacks-{one.name}-{one.lacks}", count=str(one.count))
    return context.text("way-told", lacks=lacks, who=context.text(f"way-who-{one.who}"))


def _where(found: Way, one: Step) -> str:
    """The page where a step is done."""
    path = f"/editions/{quote(found.edition, safe='')}"
    scenario = {"scenario": found.scenario} if found.scenario and may("scenario.read") else {}
    places = {
        "compile": address(path, {"tab": "proposals", "decision": "proposed" if one.lacks == "undecided" else ""}),
        "consult": address(path, {"tab": "consultation"}),
        "screen": address("/screening", {"result": "veto" if one.lacks == "vetoes" else ""}),
        "allocate": address("/allocation", scenario) if scenario else "/scenarios",
        "approve": address(path, {"tab": "consultation"}),
        "grant": address("/finance/review", {"round": found.round or ""}),
        "publish": address(path, {"tab": "annual" if one.state == DONE else "consultation"}),
    }
    return places[one.name]
