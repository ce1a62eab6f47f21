"""What a project's page says of a proposal: that the project is one, or what is to change in it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.compared import compared
from dashboard.context import Context
from dashboard.questions import reporting as questions
from portfolio.core.formatting import moment


def note(context: Context, code: str) -> Any:
    """Above the record: never accepted, or changes that wait; None when nothing is proposed."""
    found = questions.proposal(code)
    if found is None:
        return None
    if found.changes.new:
        return dmc.Alert(context.text("proposal-new"), color="yellow", mb="sm", id="proposal-new")
    said = [
        context.text("proposal-said", who=one.actor, at=moment(one.at, context.lang)) for one in found.said.values()
    ]
    summary = html.Summary(
        [
            html.Strong(context.text("proposal-open", count=str(found.changes.count))),
            " ",
            context.text(f"state-{found.state}"),
            " · ",
            "；".join(dict.fromkeys(said)) if context.lang == "zh" else "; ".join(dict.fromkeys(said)),
        ]
    )
    parts = [summary, *compared(context, found.changes, found.tree)]
    return dmc.Alert(html.Details(parts), color="yellow", mb="sm", id="proposal-open")
