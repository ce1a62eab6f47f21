"""Who answers for an act: typed in only where nobody signs in."""

from typing import Any

from dash import html

from dashboard.data import me


def where_names_are_typed(field: Any) -> html.Div:
    """A field for a person's name, shown only where nobody signs in."""
    if me().user_id is None:
        return html.Div(field, style={"display": "contents"})
    return html.Div(field, hidden=True)
