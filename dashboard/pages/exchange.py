"""Tables in and out: upload, see every finding, then write; download any table."""

import base64
import binascii
import tempfile
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard import data
from dashboard.components.findings import findings_table
from dashboard.components.icon import icon
from dashboard.components.offers import offered
from dashboard.context import Context, request_context
from dashboard.pages import exchange_edition
from portfolio.core.settings import get_settings
from portfolio.exchange.columns import KINDS
from portfolio.exchange.importing import Outcome

SUFFIXES = ("xlsx", "csv", "json")


def layout(context: Context) -> Any:
    """The page."""
    limit = get_settings().max_upload_mb
    upload = dcc.Upload(
        dmc.Stack(
            [icon("upload", 28), html.Span(context.text("import-drop", limit=str(limit)))], align="center", gap=6
        ),
        id="import-file",
        className="drop",
        max_size=limit << 20,
        accept=".csv,.xlsx",
    )
    importing = dmc.Card(
        [
            dmc.Title(context.text("import-title"), order=2, size="h5", mb="xs"),
            dmc.Text(context.text("import-how"), size="sm", c="dimmed", mb="sm"),
            upload,
            html.Div(id="import-result", role="status"),
            dmc.Button(
                context.text("import-apply"), id="import-apply", leftSection=icon("check"), mt="sm", disabled=True
            ),
        ],
        withBorder=True,
        padding="md",
        h="100%",
    )
    return html.Div(
        [
            dmc.Title(context.text("nav-exchange"), order=1, size="h3", mb="sm"),
            dmc.Grid(
                [
                    dmc.GridCol(offered("exchange.import", importing), span={"base": 12, "lg": 7}),
                    dmc.GridCol(_exports(context), span={"base": 12, "lg": 5}),
                ]
            ),
            exchange_edition.content(context),
        ]
    )


def _exports(context: Context) -> dmc.Card:
    rows = []
    for kind in KINDS:
        links = [
            html.A(
                suffix.upper(),
                href=f"/api/v1/exports/{kind}.{suffix}?headings={context.lang}",
                download="",
                className="button",
            )
            for suffix in SUFFIXES
        ]
        rows.append(dmc.Group([dmc.Text(context.text(f"kind-{kind}"), w=120), *links], gap="xs"))
    note = dmc.Text(context.text("export-how"), size="sm", c="dimmed", mb="sm")
    title = dmc.Title(context.text("export-title"), order=2, size="h5", mb="xs")
    return dmc.Card([title, note, dmc.Stack(rows, gap="xs")], withBorder=True, padding="md", h="100%")


def register_callbacks(app: Dash) -> None:
    """Check on upload, write on confirmation."""
    exchange_edition.register_callbacks(app)

    @app.callback(
        Output("import-result", "children"),
        Output("import-apply", "disabled"),
        Input("import-file", "contents"),
        State("import-file", "filename"),
        prevent_initial_call=True,
    )
    def check(contents: str | None, name: str) -> Any:
        if not contents:
            return no_update, no_update
        context = request_context()
        outcome = _import(contents, name, check=True)
        ready = not outcome.findings and outcome.tally.new + outcome.tally.changed > 0
        return _told(context, outcome, name, written=False), not ready

    @app.callback(
        Output("import-result", "children", allow_duplicate=True),
        Output("import-apply", "disabled", allow_duplicate=True),
        Input("import-apply", "n_clicks"),
        State("import-file", "contents"),
        State("import-file", "filename"),
        prevent_initial_call=True,
    )
    def apply(clicks: int | None, contents: str | None, name: str) -> Any:
        if not clicks or not contents:
            return no_update, no_update
        outcome = _import(contents, name, check=False)
        return _told(request_context(), outcome, name, written=outcome.applied), True


def _import(contents: str, name: str, check: bool) -> Outcome:
    try:
        raw = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raw = b""
    safe = Path(name or "upload.csv").name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(safe).suffix.lower()}"
        path.write_bytes(raw)
        return data.import_table(path, safe, check, get_settings().max_upload_mb)


def _told(context: Context, outcome: Outcome, name: str, written: bool) -> Any:
    state = "import-written" if written else "import-refused" if outcome.findings else "import-checked"
    color = "teal" if written else "red" if outcome.findings else "blue"
    alert = dmc.Alert(outcome.line(context.lang), title=f"{name}  {context.text(state)}", color=color, mt="sm")
    if not outcome.findings:
        return alert
    return html.Div([alert, findings_table(context, outcome.findings)])
