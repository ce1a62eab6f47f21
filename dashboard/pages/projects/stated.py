"""What an office states of a project beside its facts: address, scales, what it stands on, the people responsible."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.links import card as titled
from dashboard.context import Context
from dashboard.questions.entry import stated_beside
from dashboard.words.stated_values import input_name, shown
from portfolio.projects.rules.profile import BLANK


def card(context: Context, code: str) -> dmc.Card | None:
    """The card on the project's page; nothing while nothing was stated."""
    found = stated_beside(code)
    stated = [name for name in BLANK if found[name]]
    if not stated:
        return None
    terms: list[Any] = [
        html.Div([html.Dt(input_name(context, name)), html.Dd(shown(context, name, found[name]))]) for name in stated
    ]
    return titled(context.text("project-stated"), [html.Dl(terms, className="facts")], "card-stated")
