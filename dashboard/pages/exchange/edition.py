"""An edition published elsewhere: its files with its head, checked with every finding, then written and frozen."""

import base64
import binascii
import tempfile
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html

from dashboard import data
from dashboard.components.findings import findings_table
from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.context import Context, request_context
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.programme.parts import batch_name, path_of
from dashboard.questions.rolling import editions
from portfolio.core.clock import today
from portfolio.core.settings import get_settings
from portfolio.exchange.rows.edition_import import ForeignEdition, Imported
from portfolio.rolling.rules.editions import MAX_YEARS, SUPPLEMENT

BATCHES = ("annual", *(f"{SUPPLEMENT}{number}" for number in range(1, 7)), "midyear")
IN_FORCE = ("approved", "issued")
FIELDS = ("code", "year", "doc", "date", "years", "batch", "parent")


def content(context: Context) -> html.Div:
    """The form."""
    text, limit = context.text, get_settings().max_upload_mb
    drop = dmc.Stack([icon("upload", 28), html.Span(text("import-drop", limit=str(limit)))], align="center", gap=6)
    upload = dcc.Upload(
        drop, id="foreign-file", className="drop", max_size=limit << 20, accept=".csv,.xlsx", multiple=True
    )
    parents = [one["code"] for one in editions() if one["state"] in IN_FORCE]
    year = today().year
    fields = [
        dmc.TextInput(id="foreign-code", label=text("editions-code")),
        dmc.NumberInput(id="foreign-year", label=text("editions-year"), value=year, min=2000, max=2060),
        dmc.TextInput(id="foreign-doc", label=text("column-pools-doc_no")),
        dmc.DateInput(id="foreign-date", label=text("prog-date"), valueFormat="YYYY-MM-DD", value=today().isoformat()),
        dmc.NumberInput(id="foreign-years", label=text("editions-years"), value=3, min=1, max=MAX_YEARS),
        dmc.Select(
            id="foreign-batch",
            label=text("editions-batch"),
            data=[{"value": one, "label": batch_name(context, one)} for one in BATCHES],
            value="annual",
            allowDeselect=False,
        ),
        dmc.Select(id="foreign-parent", label=text("editions-parent"), data=parents, clearable=True),
        dmc.Checkbox(id="foreign-create", label=text("prog-import-create"), checked=False),
    ]
    buttons = [
        dmc.Button(text("prog-import-check"), id="foreign-check", variant="default"),
        dmc.Button(text("import-apply"), id="foreign-apply", leftSection=icon("check")),
    ]
    parts = [
        upload,
        html.Div(id="foreign-names", className="unit"),
        html.Div(fields, className="form"),
        dmc.Group(buttons, mt="sm"),
        html.Div(id="foreign-result", role="status"),
    ]
    return html.Div(card(text("prog-import"), parts, "card-foreign", text("prog-import-note")), style={"marginTop": 16})


def register_callbacks(app: Dash) -> None:
    """Name the files, check, write."""

    @app.callback(Output("foreign-names", "children"), Input("foreign-file", "filename"), prevent_initial_call=True)
    def chosen(names: list[str] | None) -> Any:
        return request_context().listed(names or [])

    form = Form(
        by=(Input("foreign-check", "n_clicks"), Input("foreign-apply", "n_clicks")),
        reads=(
            State("foreign-file", "contents"),
            State("foreign-file", "filename"),
            *(State(f"foreign-{name}", "value") for name in FIELDS),
            State("foreign-create", "checked"),
        ),
        said="foreign-result",
        leads="",
    )

    @on_submit(app, form)
    def load(context: Context, contents: list[str] | None, names: list[str] | None, *given: Any) -> Done | Unsent:
        if not contents or not names:
            return Unsent(dmc.Alert(context.text("prog-import-no-file"), color="red", mt="sm"))
        only = ctx.triggered_id == "foreign-check"
        head = _head(*given)
        return Done(said=_told(context, _load(contents, names, head, only), head.code, only))


def _head(
    code: str, year: int, doc: str, day: str, years: int, batch: str, parent: str | None, create: bool
) -> ForeignEdition:
    limit = get_settings().max_upload_mb
    numbers = (int(year or 0), doc or "", day or "", int(years or 0))
    return ForeignEdition((code or "").strip(), *numbers, batch, parent or None, bool(create), limit)


def _load(contents: list[str], names: list[str], head: ForeignEdition, check: bool) -> Imported:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for place, (raw, name) in enumerate(zip(contents, names, strict=True)):
            kept = Path(folder) / str(place)
            kept.mkdir()
            path = kept / Path(name).name
            try:
                path.write_bytes(base64.b64decode(raw.partition(",")[2], validate=True))
            except binascii.Error:
                path.write_bytes(b"")
            paths.append(path)
        return data.load_edition(paths, head, check)


def _told(context: Context, outcome: Imported, code: str, only: bool) -> Any:
    state = "import-refused" if outcome.findings else "import-checked" if only else "import-written"
    color = "red" if outcome.findings else "blue" if only else "teal"
    figures = {"entries": str(outcome.entries), "created": str(outcome.created), "dropped": str(outcome.dropped)}
    words: list[Any] = [context.text("prog-import-told", found=str(outcome.findings.total), **figures)]
    if not only and not outcome.findings:
        words += [" ", dmc.Anchor(code, href=path_of(code), refresh=False, size="sm")]
    alert = dmc.Alert(html.Div(words), title=context.text(state), color=color, mt="sm")
    return html.Div([alert, findings_table(context, outcome.findings, with_file=True)]) if outcome.findings else alert
