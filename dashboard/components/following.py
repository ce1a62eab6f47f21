"""What follows the view of a page: its address, the links to it as a file, and the rows of its grid."""

from collections.abc import Sequence

from dash import ClientsideFunction, Dash, Input, Output, State


def view_outputs(prefix: str, links: Sequence[str] = ()) -> list[Output]:
    """The view that `prefix` holds, the address, the address that is shown already, and `links` to the same view."""
    return [
        Output(f"{prefix}-view", "data"),
        Output("url", "search", allow_duplicate=True),
        Output("rendered", "data", allow_duplicate=True),
        *(Output(link, "href") for link in links),
    ]


def view_values(path: str, search: str, links: Sequence[str] = ()) -> list[str]:
    """Values for `view_outputs`: the address changes, and the page, which shows it by itself, is not made again."""
    return [search, search, path + search, *links]


def rows_follow(app: Dash, prefix: str) -> None:
    """The grid of `prefix` asks for its rows again whenever the view changes."""
    grid = f"{prefix}-grid"
    app.clientside_callback(
        ClientsideFunction("refresh", "rows"),
        Output(grid, "id"),
        Input(f"{prefix}-view", "data"),
        State(grid, "id"),
        prevent_initial_call=True,
    )
