"""Rows of lists that appear when they are wanted: with a button, or because something stands in them."""

from dash import ALL, ClientsideFunction, Dash, Input, Output, State

from dashboard.pages.entry.checks import INPUTS

ROWS = {"type": "entry-row", "name": ALL}


def register_callbacks(app: Dash) -> None:
    """Show a row as soon as it holds something or is asked for, and put the cursor into one that was."""
    app.clientside_callback(
        ClientsideFunction("entry", "rows"),
        Output(ROWS, "className"),
        Input(INPUTS, "value"),
        Input({"type": "entry-row-add", "name": ALL}, "n_clicks"),
        State(INPUTS, "id"),
        State(ROWS, "id"),
        State(ROWS, "className"),
    )
