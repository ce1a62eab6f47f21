"""Rounds of reporting with those who have not reported, and batches submitted under a document."""

from typing import Any
from urllib.parse import quote, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.behind import total
from dashboard.components.icon import icon
from dashboard.components.links import address, card, name_of, project_link
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, may, references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.projects import workflow_form
from dashboard.pages.projects.workflow import state_badge
from dashboard.pages.reporting import round_forms
from dashboard.pages.reporting.home import days_words
from dashboard.questions import reporting as questions
from dashboard.words.places import city_name
from portfolio.core.formatting import moment
from portfolio.core.frames import records
from portfolio.reporting.batches import BatchData
from portfolio.reporting.rules import BOOK

LISTED = 200
CONTRADICTED = {row["field"] for row in BOOK.rows("batch_categories")}
BATCH = ("category", "doc_no", "title", "projects")


def layout(context: Context) -> Any:
    """Rounds, the reminder list of the one chosen, batches."""
    lists, rounds = references(), questions.all_rounds()
    chosen = context.value("round") or next((one["code"] for one in rounds if not one["closed"]), "")
    parts: list[Any] = [
        dmc.Title(context.text("nav-reporting"), order=1, size="h3", mb="sm"),
        _rounds(context, lists, rounds, chosen),
    ]
    held = next((one for one in rounds if one["code"] == chosen), None)
    if held is not None:
        parts += _reminders(context, lists, chosen)
    if may("round.manage"):
        parts += [round_forms.changing(context, lists, held)] if held else []
        parts.append(round_forms.opening(context, lists))
    parts.append(_batches(context, lists))
    if context.value("batch"):
        parts.append(_batch(context, context.value("batch")))
    if may("project.submit"):
        parts.append(_sending(context))
    return html.Div(parts, className="stack")


def _rounds(context: Context, lists: References, rounds: list[dict[str, Any]], chosen: str) -> dmc.Card:
    rows = []
    for one in rounds:
        title = one["title_en"] or one["title_zh"] if context.lang == "en" else one["title_zh"]
        link = dmc.Anchor(title, href=address("/reporting", {"round": one["code"]}), refresh=False, size="sm")
        shown = html.Strong(link) if one["code"] == chosen else link
        state = context.text("rounds-closed") if one["closed"] else days_words(context, one["days_left"])
        stage = (round_forms.stage_name(context, one["stage"]) if one["stage"] else "") or context.text(
            "rounds-own-stage"
        )
        rows.append([shown, one["code"], _circle(context, lists, one), stage, one["opens_on"], one["due_on"], state])
    heads = (
        "rounds-title",
        "rounds-code",
        "rounds-circle",
        "rounds-stage",
        "rounds-opens_on",
        "rounds-due_on",
        "rounds-days",
    )
    return card(context.text("rounds-all"), [table(context, heads, rows, "rounds-none")], "card-rounds")


def _circle(context: Context, lists: References, one: dict[str, Any]) -> str:
    cities = [city_name(code, context, lists) for code in one["cities"].split(";") if code]
    units = [lists.units.name(code, context.lang) for code in one["units"].split(";") if code]
    return context.listed([*cities, *units]) or context.text("rounds-everybody")


def _reminders(context: Context, lists: References, code: str) -> list[Any]:
    by_unit, expected = questions.reminders(code)
    rows = [
        [
            lists.units.name(row["unit"], context.lang) or context.text("reminders-nobody"),
            city_name(row["city"], context, lists),
            *(str(row[name]) for name in ("expected", "reported", "returned")),
            html.Span(
                str(row["outstanding"]), className="overdue" if row["outstanding"] and row["days_left"] < 0 else ""
            ),
        ]
        for row in records(by_unit)
    ]
    heads = (
        "reminders-unit",
        "queue-city",
        "reminders-expected>",
        "reminders-reported>",
        "reminders-returned>",
        "reminders-outstanding>",
    )
    path = f"/api/v1/rounds-of-reporting/{quote(code)}/reminders"
    files = [
        html.A(
            [icon("download"), html.Span(context.text(f"export-{suffix}"))],
            href=f"{path}.{suffix}?{urlencode({'lang': context.lang})}",
            className="button",
            download="",
            id=f"reminders-{suffix}",
        )
        for suffix in ("xlsx", "csv")
    ]
    shown = table(context, heads, rows, "rounds-nobody", tall=len(rows) > 14)
    return [
        card(context.text("reminders-title"), [dmc.Group(files, mb="xs"), shown], "card-reminders"),
        _outstanding(context, lists, [row for row in records(expected) if not row["reported"]]),
    ]


def _outstanding(context: Context, lists: References, late: list[dict[str, Any]]) -> dmc.Card:
    lines = [
        [
            project_link(context, row["code"], name_of(context, row)),
            lists.units.name(row["office_unit"], context.lang) or context.text("reminders-nobody"),
            state_badge(context, row["state"]),
            f"{row['complete_percent']}%",
            moment(row["submitted_at"], context.lang),
        ]
        for row in late[:LISTED]
    ]
    heads = ("home-project", "reminders-unit", "workflow-state", "project-complete>", "rounds-last")
    shown = table(context, heads, lines, "rounds-all-reported", tall=len(lines) > 12)
    more = context.text("rounds-more", count=str(len(late) - LISTED)) if len(late) > LISTED else ""
    title = context.text("rounds-outstanding", count=str(len(late)))
    return card(title, [html.Div(shown, **total("outstanding", len(late)))], "card-outstanding", more)


def _batches(context: Context, lists: References) -> dmc.Card:
    named = BOOK.by_code("batch_categories")
    rows = [
        [
            dmc.Anchor(one["code"], href=address("/reporting", {"batch": one["code"]}), refresh=False, size="sm"),
            named[one["category"]][f"name_{context.lang}"],
            one["doc_no"],
            one["title"],
            str(one["projects"]),
            lists.units.name(one["actor_unit"], context.lang) or one["actor"],
            moment(one["at"], context.lang),
        ]
        for one in questions.all_batches()
    ]
    heads = (
        "batch-code",
        "batch-category",
        "batch-doc_no",
        "batch-title",
        "batch-projects>",
        "reminders-unit",
        "batch-at",
    )
    return card(context.text("batch-all"), [table(context, heads, rows, "batch-none")], "card-batches")


def _batch(context: Context, code: str) -> dmc.Card:
    """The records of a batch and where each stands now."""
    found, records_ = questions.one_batch(code)
    lines = [
        [project_link(context, row["code"], name_of(context, row)), state_badge(context, row["state"])]
        for row in records_
    ]
    shown = table(context, ("home-project", "workflow-state"), lines, "batch-none", tall=len(lines) > 14)
    title = context.text("batch-one", code=code, doc_no=found["doc_no"], title=found["title"])
    return card(title, [shown], "card-batch-one")


def _sending(context: Context) -> dmc.Card:
    text, ready = context.text, questions.in_states(("draft", "returned"))
    categories = [
        {"value": code, "label": row[f"name_{context.lang}"]} for code, row in BOOK.by_code("batch_categories").items()
    ]
    projects = [{"value": row["code"], "label": f"{row['code']} {name_of(context, row)}"} for row in ready]
    fields = [
        dmc.Select(
            id="batch-category", label=text("batch-category"), data=categories, value="reserve", allowDeselect=False
        ),
        dmc.TextInput(id="batch-doc_no", label=text("batch-doc_no")),
        dmc.TextInput(id="batch-title", label=text("batch-title")),
        dmc.MultiSelect(id="batch-projects", label=text("batch-projects"), data=projects, searchable=True, value=[]),
        dmc.Button(text("batch-send"), id="batch-send", variant="default"),
    ]
    content = [html.Div(fields, className="form"), html.Div(id="batch-result", role="status")]
    return card(text("batch-new"), content, "card-batch", text("batch-note"))


def _called(context: Context, field: str) -> str:
    """What a fault of a batch is about: a part of the form, or a field of one of its records."""
    code, _, name = field.partition(".")
    if not name:
        return context.text(f"batch-{field}")
    of_rules = name in CONTRADICTED  # that message names the record and the field itself
    return "" if of_rules else f"{code} {workflow_form.field_called(context, name)}"


def register_callbacks(app: Dash) -> None:
    """Open and change rounds, submit a batch."""
    round_forms.register_callbacks(app)

    form = Form(
        by=(Input("batch-send", "n_clicks"),),
        reads=tuple(State(f"batch-{name}", "value") for name in BATCH),
        said="batch-result",
        named=lambda context, field, *_: _called(context, field),
    )

    @on_submit(app, form)
    def sent(context: Context, *read: Any) -> Done:
        given = dict(zip(BATCH, read, strict=True))
        data = BatchData(given["category"] or "", given["doc_no"] or "", given["title"] or "", given["projects"] or ())
        return Done(context.text("batch-sent", code=questions.send_batch(data)["code"]))
