"""What a page offers: only what whoever is signed in may do. What is hidden here is refused by the services as well."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from dashboard.data import barred, may


def offered(action: str, content: Any, project: Mapping[str, Any] | None = None) -> html.Div:
    """`content`, shown to whoever may do `action` (on the project when one is given), else hidden."""
    if may(action, project):
        return html.Div(content, className="offered")
    return html.Div(content, hidden=True)


def changing(context: Context, action: str, content: Any, project: Mapping[str, Any]) -> html.Div:
    """`content` that changes the project's record: hidden from whoever may not, and while the record is barred, why."""
    reason = barred_note(context, action, project)
    if reason is None:
        return offered(action, content, project)
    return html.Div([reason, html.Div(content, hidden=True)])


def barred_note(context: Context, action: str, project: Mapping[str, Any]) -> Any:
    """Why whoever may do `action` to the project cannot do it now; None when they can, or never may."""
    code = barred(project) if may(action, project) else ""
    if not code:
        return None
    return dmc.Text(context.error(code, project=project["code"]), size="sm", c="dimmed", className="barred")


def may_change(action: str, project: Mapping[str, Any]) -> bool:
    """Whether whoever is signed in may do `action` to the project and its record is open to them now."""
    return may(action, project) and not barred(project)
