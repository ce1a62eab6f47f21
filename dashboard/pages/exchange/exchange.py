"""Tables in and out: templates to fill in, upload, the imports so far, and any table as a file."""

import base64
import binascii
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from dashboard import data
from dashboard.components.icon import icon
from dashboard.components.links import address, card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.exchange import edition as exchange_edition
from dashboard.questions import imports as questions
from portfolio.core.formatting import moment
from portfolio.core.settings import get_settings
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.findings import counted
from portfolio.exchange.sheets.template_spec import TEMPLATES
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import Import

SUFFIXES = ("xlsx", "csv", "json")
COLOURS = {
    "checking": "blue",
    "applying": "blue",
    "undoing": "blue",
    "checked": "cyan",
    "applied": "teal",
    "refused": "red",
    "failed": "red",
    "undone": "gray",
}


def layout(context: Context) -> Any:
    """The page."""
    cards = [
        (_templates(context), {"base": 12, "lg": 6}),
        (offered("exchange.import", _upload(context)), {"base": 12, "lg": 6}),
        (_recent(context), {"base": 12}),
        (_exports(context), {"base": 12}),
    ]
    return html.Div(
        [
            dmc.Title(context.text("nav-exchange"), order=1, size="h3", mb="sm"),
            dmc.Grid([dmc.GridCol(content, span=span) for content, span in cards], gutter="md"),
            offered("edition.import", exchange_edition.content(context)),
        ]
    )


def _templates(context: Context) -> dmc.Card:
    units, regions = data.references().units, data.references().regions
    cities = [{"value": code, "label": _region(context, row)} for code, row in regions.items() if row.level == "city"]
    leads = [{"value": unit.code, "label": units.name(unit.code, context.lang)} for unit in units.units]
    narrowing = dmc.Group(
        [
            _select(context, "template-city", "template-city", cities),
            _select(context, "template-lead", "template-lead", leads),
        ],
        gap="sm",
        mb="sm",
    )
    links = html.Div(_template_links(context, None, None), id="template-links")
    how = dmc.Text(context.text("template-how"), size="sm", c="dimmed", mb="sm")
    return card(context.text("template-heading"), [how, narrowing, links], "card-templates")


def _region(context: Context, row: Any) -> str:
    return str(row.name_en if context.lang == "en" else row.name_zh)


def _select(context: Context, identity: str, key: str, choices: Sequence[dict[str, str]]) -> dmc.Select:
    return dmc.Select(
        id=identity, label=context.text(key), data=list(choices), clearable=True, searchable=True, w=220, size="sm"
    )


def _template_links(context: Context, city: str | None, lead: str | None) -> dmc.Stack:
    rows = []
    for kind in TEMPLATES:
        plain = {"lang": context.lang}
        filled = plain | {"prefilled": "true", "city": city or "", "lead_unit": lead or ""}
        links = [
            html.A(
                context.text(key),
                href=address(f"/api/v1/templates/{kind}.xlsx", query),
                download="",
                className="button",
                id=f"{key}-{kind}",
            )
            for key, query in (("template-blank", plain), ("template-filled", filled))
        ]
        rows.append(dmc.Group([dmc.Text(context.text(f"kind-{kind}"), w=120), *links], gap="xs"))
    return dmc.Stack(rows, gap="xs")


def _upload(context: Context) -> dmc.Card:
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
    how = dmc.Text(context.text("import-how"), size="sm", c="dimmed", mb="sm")
    return card(context.text("import-title"), [how, upload, html.Div(id="import-result", role="status")], "card-upload")


def _recent(context: Context) -> dmc.Card:
    rows = [_line(context, record, files) for record, files in questions.recent_imports()]
    heads = ("import-number", "import-files", "import-kind", "import-state", "import-counts", "import-by", "import-at")
    content = table(context, heads, rows, "import-none", "imports")
    return card(context.text("import-list"), [content], "card-imports", context.text("import-list-note"))


def _line(context: Context, record: Import, files: Sequence[StoredFile]) -> list[Any]:
    name = ", ".join(file.name for file in files)
    link = dmc.Anchor(name, href=f"/exchange/{record.id}", refresh=False, size="sm")
    return [
        str(record.id),
        link,
        kinds(context, record),
        state(context, record),
        counts(context, record),
        actor(context, record.actor),
        moment(record.made_at, context.lang),
    ]


def kinds(context: Context, record: Import) -> str:
    """The kinds of tables an import holds."""
    return context.listed(context.text(f"kind-{kind}") for kind in record.kind.split(";") if kind)


def state(context: Context, record: Import) -> dmc.Badge:
    """The state of an import as a badge."""
    words = context.text(f"import-state-{record.state}")
    return dmc.Badge(words, color=COLOURS[record.state], variant="light", tt="none")


def counts(context: Context, record: Import) -> str:
    """The result line of an import."""
    named = {name: str(getattr(record, name)) for name in ("total", "new", "changed", "unchanged")}
    return context.text("import-result", **named, problems=problems(context, record))


def problems(context: Context, record: Import) -> str:
    """How much is wrong with an import."""
    return counted(record.refused, record.findings, context.lang)


def actor(context: Context, name: str) -> str:
    """Who it was."""
    return context.text(f"actor-{name}") if name in ("local", "system") else name


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
    return card(context.text("export-title"), [note, html.Div(rows, className="kinds")], "card-exports")


def register_callbacks(app: Dash) -> None:
    """Narrow the templates; keep and check an upload, then show what it would do."""
    exchange_edition.register_callbacks(app)

    @app.callback(
        Output("template-links", "children"),
        Input("template-city", "value"),
        Input("template-lead", "value"),
        prevent_initial_call=True,
    )
    def narrowed(city: str | None, lead: str | None) -> Any:
        return _template_links(request_context(), city, lead)

    form = Form(
        by=(Input("import-file", "contents"),),
        reads=(State("import-file", "contents"), State("import-file", "filename")),
        said="import-result",
        leads="href",
    )

    @on_submit(app, form)
    def uploaded(_context: Context, contents: str, name: str) -> Done:
        return Done(to=f"/exchange/{_take_in(contents, name)}")


def _take_in(contents: str, name: str) -> int:
    try:
        raw = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raw = b""
    safe = Path(name or "upload.csv").name[:200]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(safe).suffix.lower()}"
        path.write_bytes(raw)
        return questions.take_in(path, safe)
