"""The lists of the edition's year: 自治区统筹推进 by document, and the near-term list by its three units."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.components.links import card, name_of, project_link
from dashboard.components.offers import offered
from dashboard.components.persons import where_names_are_typed
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, me, references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import edition as questions
from dashboard.questions import edition_acts as acts
from portfolio.core.clock import today
from portfolio.rolling.lists import ACTS, COORDINATED, NEAR_TERM, Act, units_of, voices


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    head, held = questions.listed(code)
    refs = references()
    cards = [_listed(context, refs, name, held[name], head["base_year"]) for name in (COORDINATED, NEAR_TERM)]
    speaking = {COORDINATED: "list.say", NEAR_TERM: "list.speak"}
    forms = [offered(action, _form(context, refs, name)) for name, action in speaking.items()]
    return html.Div([part for pair in zip(cards, forms, strict=True) for part in pair], className="stack")


def _listed(context: Context, refs: References, name: str, rows: list[dict[str, Any]], year: int) -> dmc.Card:
    units = units_of(name)
    shown = [
        [
            project_link(context, row["code"], name_of(context, row)),
            *(_said(context, row["said"].get(unit)) for unit in units or ("",)),
            html.Span(
                context.text("prog-listed" if row["listed"] else "prog-not-listed"),
                className="yes" if row["listed"] else "unknown",
            ),
        ]
        for row in rows
    ]
    heads = (
        "col-name",
        *(f"={refs.units.name(unit, context.lang)}" for unit in units),
        *(() if units else ("prog-act",)),
        "prog-stands",
    )
    title = context.text(f"prog-list-{name}", year=str(year))
    return card(
        title,
        [table(context, heads, shown, "prog-list-empty", f"list-{name}")],
        f"card-{name}",
        context.text(f"prog-list-note-{name}"),
    )


def _said(context: Context, said: dict[str, str] | None) -> html.Div:
    """What one unit said last, with its own document, the day and who spoke for it."""
    if said is None:
        return html.Div(context.text("prog-act-none"), className="unit")
    under = [
        said["doc_no"] or context.text("prog-act-no-doc"),
        " ".join(filter(None, (said["on_date"], said["person"]))),
    ]
    return html.Div([context.text(f"prog-act-{said['act']}"), *(html.Div(one, className="unit") for one in under)])


def _form(context: Context, refs: References, name: str) -> dmc.Card:
    text, units = context.text, voices(me(), name)
    if units_of(name) and not units:
        return card(text(f"prog-list-say-{name}"), [dmc.Text(text("prog-no-voice"), size="sm")], f"card-say-{name}")
    acts_ = [{"value": act, "label": text(f"prog-act-{act}")} for act in ACTS[name]]
    options = [{"value": unit, "label": refs.units.name(unit, context.lang)} for unit in units]
    who = dmc.Select(
        id=f"{name}-unit", label=text("prog-comment-unit"), data=options, value=units[0] if units else None
    )
    speaker = dmc.TextInput(id=f"{name}-person", label=text("prog-speaker"))
    fields = [
        dmc.TextInput(id=f"{name}-project", label=text("prog-project")),
        html.Div(who, style={} if units else {"display": "none"}),
        dmc.Select(id=f"{name}-act", label=text("prog-act"), data=acts_, value=ACTS[name][0], allowDeselect=False),
        where_names_are_typed(speaker) if units else html.Div(speaker, hidden=True),
        dmc.TextInput(id=f"{name}-doc", label=text("column-pools-doc_no")),
        dmc.DateInput(id=f"{name}-date", label=text("prog-date"), valueFormat="YYYY-MM-DD", value=today().isoformat()),
        dmc.Button(text("prog-put-down"), id=f"{name}-send"),
    ]
    content_ = [html.Div(fields, className="form"), html.Div(id=f"{name}-result", role="status")]
    return card(text(f"prog-list-say-{name}"), content_, f"card-say-{name}", text("prog-project-how"))


def register_callbacks(app: Dash) -> None:
    """What is said of either list."""
    for name in (COORDINATED, NEAR_TERM):
        _register_saying(app, name)


def _register_saying(app: Dash, name: str) -> None:
    fields = ("project", "act", "date", "unit", "doc", "person")
    form = Form(
        by=(Input(f"{name}-send", "n_clicks"),),
        reads=(*(State(f"{name}-{field}", "value") for field in fields), State("edition-of", "data")),
        said=f"{name}-result",
    )

    @on_submit(app, form)
    def say(context: Context, *read: Any) -> Done:
        project, act, day, unit, doc, who, code = (one or "" for one in read)
        year = questions.head(code)["base_year"]
        found = acts.say(Act(project, name, year, act, day, unit, "annual", doc, who))
        return Done(context.text("prog-put-down-done", code=found))
