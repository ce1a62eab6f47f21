"""What a page offers: only what whoever is signed in may do. What is hidden here is refused by the services as well."""

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.data import may


def offered(action: str, content: Any, project: Mapping[str, Any] | None = None) -> html.Div:
    """`content`, shown to whoever may do `action` (on the project when one is given), else hidden."""
    if may(action, project):
        return html.Div(content, style={"display": "contents"})
    return html.Div(content, hidden=True)
