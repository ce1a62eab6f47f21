"""The reviewer's queue: what waits, longest first; a record beside its last accepted state; accept, return, pass on."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard.behind import total
from dashboard.components.answers import again, done
from dashboard.components.compared import compared
from dashboard.components.detail_words import detail_value
from dashboard.components.grid import marking_grid
from dashboard.components.links import address, card, name_of, project_link
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, mine, references
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.entry.sections import SECTIONS
from dashboard.pages.projects import workflow as project_workflow
from dashboard.pages.projects import workflow_form
from dashboard.questions import reporting as questions
from dashboard.words.fields import field_name
from dashboard.words.places import city_name
from dashboard.words.stated_values import input_name, shown
from portfolio.access.rules import require_read
from portfolio.core.errors import FieldError
from portfolio.core.formatting import moment
from portfolio.needs.rules.attributes import attributes
from portfolio.projects.states import Said
from portfolio.reporting.queries import QueueFilters, Waiting

STEPS = ("city", "lead", "drc")
FILTERS = ("city", "unit", "step")
LISTS_OF = {"people": "contacts", "scale": "scales", "basis": "bases"}  # a section's list, beside its inputs
NARROWING = frozenset({"sector", "counties"})  # inputs that only narrow the choices of another
STATED_OF = {"cities": "region_codes", "total_investment": "total_investment_yuan"}


def layout(context: Context) -> Any:
    """The queue, and below it the record that was chosen."""
    require_read(mine(), "project.review")
    lists = references()
    filters = QueueFilters(context.value("city"), context.value("unit"), context.value("step"))
    rows, chosen = questions.waiting(filters), context.value("project")
    parts: list[Any] = [
        dmc.Title(context.text("nav-review"), order=1, size="h3", mb="sm"),
        _filters(context, lists, filters),
        _queue(context, lists, rows),
    ]
    if chosen:
        parts.append(_record(context, lists, chosen))
    return html.Div(parts, className="stack")


def _filters(context: Context, lists: References, filters: QueueFilters) -> html.Div:
    text = context.text
    cities = [(code, city_name(code, context, lists)) for code, one in lists.regions.items() if one.level == "city"]
    units = [(code, lists.units.name(code, context.lang)) for code in lists.units.by_code]
    steps = [(code, text(f"review-step-{code}")) for code in STEPS]
    choices = {"city": cities, "unit": units, "step": steps}
    return html.Div(
        [
            dmc.Select(
                id=f"queue-{name}",
                label=text(f"queue-{name}"),
                data=[{"value": code, "label": label} for code, label in options],
                value=getattr(filters, name) or None,
                clearable=True,
                searchable=True,
            )
            for name, options in choices.items()
        ],
        className="filters",
    )


def _queue(context: Context, lists: References, rows: list[Waiting]) -> dmc.Card:
    if not rows:
        nothing = html.Div(empty(context, "queue-empty"), **total("waiting", 0))
        return card(context.text("queue-title"), [nothing], "card-queue")
    grid = marking_grid(
        context, "queue-grid", _columns(context), [_row(context, lists, one) for one in rows], "code", 360
    )
    bulk = dmc.Group(
        [
            dmc.Button(context.text("queue-accept-marked"), id="queue-accept", variant="light"),
            dmc.Text(context.text("queue-bulk-note"), size="xs", c="dimmed"),
        ],
        mt="xs",
    )
    title = context.text("queue-count", count=str(len(rows)))
    parts = [html.Div(grid, **total("waiting", len(rows))), bulk, html.Div(id="queue-result", role="status")]
    return card(title, parts, "card-queue")


def _columns(context: Context) -> list[dict[str, Any]]:
    widths = {
        "name": 230,
        "remark": 105,
        "what": 240,
        "since": 175,
        "office": 150,
        "city": 100,
        "step": 110,
        "code": 130,
    }
    columns: list[dict[str, Any]] = [
        {
            "field": name,
            "headerName": context.text(f"queue-col-{name}"),
            "width": width if name in ("since", "code") else context.width(width),
        }
        for name, width in widths.items()
    ]
    columns[0]["cellRenderer"] = "QueueLink"
    return columns


def _row(context: Context, lists: References, one: Waiting) -> dict[str, Any]:
    row, changes = one.row, one.changes
    numbers = {"fields": len(changes.fields), "needs": len(changes.needs), "details": len(changes.details)}
    counts = context.text("queue-changes", **{name: str(count) for name, count in numbers.items()})
    return {
        "code": row["code"],
        "since": moment(row["since"], context.lang),
        "name": name_of(context, row),
        "office": lists.units.name(row["office_unit"], context.lang),
        "city": city_name(row["city_code"], context, lists),
        "step": context.text(f"review-step-{row['step']}"),
        "what": context.text("queue-new") if changes.new else counts,
        "remark": context.text("queue-plain" if one.unremarkable else "queue-look"),
        "plain": one.unremarkable,
    }


def _record(context: Context, lists: References, code: str) -> dmc.Card:
    """The chosen record: what changed since it was accepted, what it lacks, and the steps one may take."""
    found, life = questions.beside(code), questions.record_life(code)
    project = found.record.project
    head = dmc.Group(
        [
            project_link(context, code, name_of(context, project)),
            project_workflow.state_badge(context, life.standing.state, bool(life.standing.locked)),
        ]
    )
    parts: list[Any] = [head, _lacking(context, found), _remarks(context, found), *_since(context, found)]
    parts += [*_compared(context, found), *_files(context, found)]
    if life.actions:
        parts.append(workflow_form.form(context, lists, code, life, "review"))
    parts.append(project_workflow.steps_list(context, lists, life.steps))
    return card(context.text("queue-record"), parts, "card-record")


def _lacking(context: Context, found: questions.Beside) -> Any:
    if not found.lacking:
        return None
    names = context.listed(field_name(context, fault.field) for fault in found.lacking)
    return dmc.Alert(context.text("entry-lacking", names=names), color="orange", my="xs")


def _remarks(context: Context, found: questions.Beside) -> Any:
    """What to look at before accepting; it stops nothing."""
    if not found.remarks:
        return None
    lines = [html.Li(_remark(context, found, one)) for one in found.remarks]
    return dmc.Alert(html.Ul(lines), title=context.text("queue-remarks"), color="yellow", my="xs", id="queue-remarks")


def _remark(context: Context, found: questions.Beside, fault: FieldError) -> str:
    room, _, rest = fault.field.partition(".")
    if room != "needs":
        return context.error(fault.code, **fault.params)
    item, _, year = rest.rpartition(".")
    return f"{found.tree.path_name(item, context.lang)} {year}: {context.error(fault.code, **fault.params)}"


def _since(context: Context, found: questions.Beside) -> list[Any]:
    """What was changed since the record was last returned."""
    if found.since is None:
        return []
    at, changes = found.since
    title = html.Summary(context.text("queue-since-returned", at=moment(at, context.lang), count=str(changes.count)))
    return [html.Details([title, *compared(context, changes, found.tree, "since")], id="queue-since", open=True)]


def _files(context: Context, found: questions.Beside) -> list[Any]:
    """The files beside the record, to be opened."""
    title = html.H3(context.text("files-title"), className="section")
    if not found.files:
        return [title, dmc.Text(context.text("ready-no-files"), size="sm", c="dimmed")]
    lines = [
        html.Li(
            [
                html.A(one["name"], href=f"/api/v1/attachments/{one['id']}", download=""),
                dmc.Text(f" {moment(one['at'], context.lang)}", span=True, size="xs", c="dimmed"),
            ]
        )
        for one in found.files
    ]
    return [title, html.Ul(lines, className="files")]


def _compared(context: Context, found: questions.Beside) -> list[Any]:
    if found.changes.new:
        return [dmc.Text(context.text("queue-new-note"), size="sm", c="dimmed"), *_whole(context, found)]
    return compared(context, found.changes, found.tree)


def _whole(context: Context, found: questions.Beside) -> list[Any]:
    """All a new record says."""
    stated: Mapping[str, Any] = {**found.record.project, **found.record.profile}
    facts = [[input_name(context, name), shown(context, name, stated[name])] for name in _stated_names()]
    needs = [
        [found.tree.path_name(item, context.lang), str(year), shown(context, f"need:{item}:{year}", required)]
        for item, year, required in found.record.needs["needs"]
    ]
    details = [
        [
            found.tree.path_name(item, context.lang),
            attributes()[name].name(context.lang),
            detail_value(context, name, value),
        ]
        for item, name, value in found.record.needs["details"]
    ]
    return [
        table(context, ("compare-field", "compare-now"), facts, "compare-same"),
        table(context, ("needs-item", "compare-year", "compare-now>"), needs, "compare-no-needs"),
        table(context, ("needs-item", "compare-field", "compare-now"), details, "compare-no-details"),
    ]


def _stated_names() -> list[str]:
    """Everything the form asks for but the needs, section by section."""
    found = []
    for section, inputs in SECTIONS.items():
        found += [STATED_OF.get(name, name) for name in inputs if name not in NARROWING]
        found += [LISTS_OF[section]] if section in LISTS_OF else []
    return found


def _without_record(search: str) -> str:
    """The same queue, narrowed as it was, with no record chosen."""
    kept = [(name, value) for name, value in parse_qsl((search or "").lstrip("?")) if name != "project"]
    return again(urlencode(kept))


def register_callbacks(app: Dash) -> None:
    """Narrow the queue, accept what is marked, take a step with the chosen record."""
    workflow_form.register(app, "review", _without_record)
    _register_queue(app)


def _register_queue(app: Dash) -> None:
    @app.callback(
        Output("url", "search", allow_duplicate=True),
        *(Input(f"queue-{name}", "value") for name in FILTERS),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def narrowed(city: str | None, unit: str | None, step: str | None, search: str | None) -> Any:
        # Also called when the page is made anew: then nothing was narrowed, and the chosen record stays.
        wanted, held = dict(zip(FILTERS, (city, unit, step), strict=True)), dict(parse_qsl((search or "").lstrip("?")))
        if all((wanted[name] or "") == held.get(name, "") for name in FILTERS):
            return no_update
        return address("", wanted) or "?"

    form = Form(
        by=(Input("queue-accept", "n_clicks"),), reads=(State("queue-grid", "selectedRows"),), said="queue-result"
    )

    @on_submit(app, form)
    def accepted(context: Context, marked: list[dict[str, Any]] | None) -> Done | Unsent:
        rows = marked or []
        plain = [row["code"] for row in rows if row["plain"]]
        if not plain:
            key = "queue-none-plain" if rows else "queue-none-marked"
            return Unsent(dmc.Alert(context.text(key), color="yellow", mt="sm"))
        taken = questions.take_many(plain, "accept", Said())
        refused = [f"{one.code} {context.error(one.error.code, **one.error.params)}" for one in taken if one.error]
        words = context.text("queue-accepted", count=str(len(taken) - len(refused)))
        if len(rows) > len(plain):
            words += " " + context.text("queue-left", count=str(len(rows) - len(plain)))
        # What was refused stands beside the rows that stay marked.
        return Unsent(done(context, " ".join([words, *refused]))) if refused else Done(words)
