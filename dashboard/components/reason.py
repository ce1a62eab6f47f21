"""Why an accepted record is corrected: asked of who has the last word, beside every form that writes into it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from dashboard.data import correcting


def reason_input(context: Context, identity: str, code: str, always: bool = False) -> Any:
    """The input of the reason: with a star where none may lack, hidden where nobody asks for one and not `always`."""
    asked = correcting(code)
    made = dmc.TextInput(
        id=identity,
        label=context.text("edit-reason"),
        placeholder=context.text("edit-reason-needed" if asked else "edit-reason-hint"),
        withAsterisk=asked,
        maw=520,
    )
    return made if asked or always else html.Div(made, hidden=True)
