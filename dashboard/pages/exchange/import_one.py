"""One import: what it would do row by row, what is wrong with it, confirming, and undoing it as a whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.answers import again
from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import address, card, choices
from dashboard.components.offers import offered
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import me
from dashboard.form import Done, Form, on_submit
from dashboard.pages.exchange import mapping
from dashboard.pages.exchange.exchange import actor, counts, kinds, problems, state
from dashboard.questions import imports as questions
from dashboard.questions.imports import ImportPage
from portfolio.core.errors import NotFoundError
from portfolio.core.formatting import file_size, moment
from portfolio.exchange.sheets.columns import columns, label
from portfolio.exchange.sheets.preview import OUTCOMES
from portfolio.exchange.uploads.annotate import opens
from portfolio.exchange.uploads.applying import busy
from portfolio.exchange.uploads.preview_words import Told
from portfolio.exchange.uploads.queries import note_text
from portfolio.exchange.uploads.tables import Import
from portfolio.projects.rules.workflow import DRAFT

TABS = (*OUTCOMES, "refused")
FINDINGS = ("sheet", "row", "record", "column", "value", "reason", "remedy")
SHOWN = 300
EVERY_MS = 1_000
UNDO, CANCEL, BEGUN = "import-undo", "import-cancel", "import-begun"
HIDDEN = {"display": "none"}
ACTIONS: dict[str, Callable[[int], None]] = {
    "import-confirm": questions.confirm,
    "import-check": questions.check_again,
    UNDO: questions.undo,
    CANCEL: questions.cancel,
}


def layout(context: Context, number: str) -> Any:
    """The page of import `number`; raises `NotFoundError`."""
    if not number.isdigit():
        raise NotFoundError("import.not_found", id=number)
    page = questions.import_page(int(number), context.lang)
    record = page.record
    working = busy(record.state)
    parts = [
        dcc.Store(id="import-of", data={"number": int(number), "state": record.state}),
        dcc.Interval(id="import-watch", interval=EVERY_MS, disabled=not working),
        _head(context, page),
        _note(context, page),
        _working(context, page, working),
        _amended(context, page),
        _actions(context, page),
        html.Div(id="import-told", role="status"),
        mapping.content(context, page),
        _warnings(context, page),
        _rows_card(context, page),
    ]
    return html.Div(parts, className="stack")


def _head(context: Context, page: ImportPage) -> html.Div:
    record = page.record
    title = context.text("import-page-title", id=str(record.id))
    facts = [
        ("import-files", ", ".join(f"{file.name} ({file_size(file.size)})" for file in page.files)),
        ("import-hash", ", ".join(file.sha256[:16] for file in page.files)),
        ("import-kind", kinds(context, record) or "—"),
        ("import-by", f"{actor(context, record.actor)}  {moment(record.made_at, context.lang)}"),
    ]
    if record.applied_at:
        when = moment(record.applied_at, context.lang)
        facts.append(("import-applied-by", f"{actor(context, record.applied_by)}  {when}"))
    if record.undone_at:
        facts.append(
            ("import-undone-by", f"{actor(context, record.undone_by)}  {moment(record.undone_at, context.lang)}")
        )
    shown = [html.Div([html.Dt(context.text(key)), html.Dd(words)]) for key, words in facts]
    return html.Div(
        [
            dmc.Group([dmc.Title(title, order=1, size="h3"), state(context, record)], mb="sm"),
            html.Dl(shown, className="facts"),
            dmc.Text(counts(context, record), fw=600, mt="sm", id="import-line"),
        ]
    )


def _note(context: Context, page: ImportPage) -> dmc.Alert | None:
    words = note_text(page.record, context.lang)
    return dmc.Alert(words, color="yellow", icon=icon("alert-triangle"), id="import-note") if words else None


def _working(context: Context, page: ImportPage, working: bool) -> html.Div:
    """How far the work is; the watching callback writes there, so it is in the page also when nobody is at work."""
    words = context.text(f"import-working-{page.record.state}") if working else ""
    bar = dmc.Progress(value=page.progress, size="lg", animated=True, id="import-progress", **aria(label=words))
    return html.Div([dmc.Text(words, size="sm", mb=4), bar], style={} if working else HIDDEN)


def _amended(context: Context, page: ImportPage) -> dmc.Alert | None:
    """How many accepted records the import makes drafts: before it is confirmed, and afterwards where they are."""
    state = page.record.state
    if not page.amended or state not in ("checked", "applied"):
        return None
    parts: list[Any] = [context.text(f"import-amended-{state}", count=str(page.amended))]
    if state == "applied":
        drafts = address("/projects", {"state": DRAFT})
        parts += [" ", dmc.Anchor(context.text("import-amended-open"), href=drafts, refresh=False, size="sm")]
    return dmc.Alert(parts, color="yellow", icon=icon("alert-triangle"), id="import-amended")


def _actions(context: Context, page: ImportPage) -> dmc.Group:
    acts = [offered("exchange.import", part) for part in (_acts(context, page.record), _undoing(context, page.record))]
    return dmc.Group([acts[0], *_links(context, page), acts[1]], gap="sm")


def _acts(context: Context, record: Import) -> list[Any]:
    """The buttons that make sense now; the others are there, hidden: a callback's inputs must be in the page.

    What somebody else uploaded is theirs to check, to stop and to confirm.
    """
    buttons = {}
    if record.actor != me().name:
        buttons["import-of-another"] = dmc.Text(context.text("import-of-another"), size="sm", c="dimmed")
    elif record.state == "checked" and record.new + record.changed:
        buttons["import-confirm"] = _button(context, "import-confirm", "check", "filled")
    if record.state in ("checked", "refused", "failed") and record.actor == me().name:
        buttons["import-check"] = _button(context, "import-check", "refresh", "default")
    if record.state in ("checking", "applying") and record.actor == me().name:
        buttons[CANCEL] = _button(context, CANCEL, "x", "default")
    hidden = [html.Div(id=name, style=HIDDEN) for name in ACTIONS if name != UNDO and name not in buttons]
    return [*buttons.values(), *hidden]


def _links(context: Context, page: ImportPage) -> list[html.A]:
    """The file as it was sent, and with its findings when it can be opened."""
    base = f"/api/v1/imports/{page.record.id}"
    links = [("import-original", f"{base}/file", "download")]
    if page.findings and opens([finding["code"] for finding in page.findings]):
        marked = address(f"{base}/annotated.xlsx", {"lang": context.lang})
        links.insert(0, ("import-annotated", marked, "file-spreadsheet"))
    return [
        html.A([icon(symbol, 16), context.text(key)], href=href, download="", className="button", id=key)
        for key, href, symbol in links
    ]


def _undoing(context: Context, record: Import) -> html.Div:
    """The button that undoes the import, once that is confirmed."""
    button = dmc.Button(context.text(UNDO), leftSection=icon("history"), variant="default", id="import-undo-open")
    sure = context.text("import-undo-sure", id=str(record.id))
    return html.Div(
        dcc.ConfirmDialogProvider(button, id=UNDO, message=sure), style={} if record.state == "applied" else HIDDEN
    )


def _button(context: Context, name: str, symbol: str, variant: str) -> dmc.Button:
    return dmc.Button(context.text(name), id=name, leftSection=icon(symbol), variant=variant)


def _warnings(context: Context, page: ImportPage) -> dmc.Card | None:
    if not page.warnings:
        return None
    title = context.text("import-warnings", count=str(page.record.warnings))
    return card(title, [_findings(context, page, page.warnings)], "card-warnings", context.text("import-warnings-note"))


def _rows_card(context: Context, page: ImportPage) -> dmc.Card:
    record = page.record
    totals = {name: int(getattr(record, name)) for name in TABS}
    chosen = context.value("tab")
    if chosen not in TABS:
        chosen = (
            "refused" if page.findings else next((name for name in ("changed", "new") if totals[name]), "unchanged")
        )
    tabs = _tabs(context, record, chosen)
    if chosen == "refused":
        content, kept, total = _findings(context, page, page.findings), len(page.findings), record.findings
    else:
        rows = page.rows.get(chosen, ())
        content, kept, total = _rows(context, rows), len(rows), totals[chosen]
    shown = min(kept, SHOWN)
    more = context.text("import-first", shown=str(shown), total=str(total)) if total > shown else ""
    return card(context.text("import-preview"), [tabs, content], "card-preview", more)


def _tabs(context: Context, record: Import, chosen: str) -> Any:
    words = {
        name: context.text("import-tab", name=context.text(f"import-tab-{name}"), count=str(getattr(record, name)))
        for name in OUTCOMES
    }
    wrong = problems(context, record)
    words["refused"] = wrong[:1].upper() + wrong[1:]
    options = [(words[name], address(f"/exchange/{record.id}", {"tab": name}), name == chosen) for name in TABS]
    return choices(context.text("import-tabs"), options)


def _rows(context: Context, rows: Sequence[Told]) -> Any:
    heads = ("finding-col-row", "import-kind", "import-record", "import-changes")
    shown = [[row.row, context.text(f"kind-{row.kind}"), row.name, _changes(row)] for row in rows[:SHOWN]]
    return table(context, heads, shown, "import-no-rows", tall=True)


def _changes(row: Told) -> html.Ul | str:
    if not row.changes:
        return "—"
    lines = [
        html.Li([f"{name}: ", html.Span(before, className="was"), " → ", html.Span(after, className="is")])
        for name, before, after in row.changes
    ]
    return html.Ul(lines, className="changes")


def _findings(context: Context, page: ImportPage, records: Sequence[Mapping[str, Any]]) -> Any:
    if not records:
        return empty(context, "import-no-findings")
    heads = [f"finding-col-{name}" for name in FINDINGS]
    named = [{**record, "column": _heading(context, page, record["column"])} for record in records[:SHOWN]]
    rows = [[_cell(record[name]) for name in FINDINGS] for record in named]
    return html.Div(table(context, heads, rows, "import-no-findings", tall=True), className="findings")


def _heading(context: Context, page: ImportPage, column: str | None) -> str | None:
    """The heading of a column of the import's kinds; what is none of theirs is shown as itself."""
    return next((label(kind, column, context.lang) for kind in page.kinds if column in columns(kind)), column)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def register_callbacks(app: Dash) -> None:
    """Confirm, check again, undo; and watch work that goes on."""
    mapping.register_callbacks(app)

    form = Form(
        by=tuple(Input(name, "submit_n_clicks" if name == UNDO else "n_clicks") for name in ACTIONS),
        reads=(State("import-of", "data"),),
        said="import-told",
    )

    @on_submit(app, form)
    def acted(context: Context, of: dict[str, Any]) -> Done:
        name = str(ctx.triggered_id)
        ACTIONS[name](of["number"])
        return _done(context, name, of["number"])

    @app.callback(
        Output("import-progress", "value"),
        Output("url", "search", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("import-watch", "n_intervals"),
        State("import-of", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def watched(_ticks: int | None, of: dict[str, Any], search: str) -> Any:
        now, progress = questions.state_of(of["number"])
        if now == of["state"]:
            return progress, no_update, no_update
        return progress, again(search), [{"action": "hide", "id": BEGUN}]


def _done(context: Context, name: str, number: int) -> Done:
    """What is told after an act: that its work is done, or else that it was begun, until it has ended."""
    if busy(questions.state_of(number)[0]):
        return Done(context.text(f"{name}-begun"), mark=BEGUN)
    return Done(context.text(f"{name}-done"))
