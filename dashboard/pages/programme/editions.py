"""The programme's editions: the timeline, the list, and the form that rolls a draft."""

from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.amounts import amount
from dashboard.components.graph import graph
from dashboard.components.links import address, card
from dashboard.components.offers import offered
from dashboard.components.persons import where_names_are_typed
from dashboard.components.states import illustrative_note
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.figures.editions import timeline
from dashboard.form import Done, Form, on_submit
from dashboard.pages.programme import compare as editions_compare
from dashboard.pages.programme.parts import OPEN, batch_name, path_of
from dashboard.questions import edition_acts as acts
from dashboard.questions import rolling as questions
from portfolio.core.clock import today
from portfolio.rolling.records import EditionRecord
from portfolio.rolling.rules.editions import FROZEN, MAX_YEARS, STATES, SUPPLEMENT, within_year
from portfolio.rolling.service import NewEdition

SUPPLEMENTS = 6
ROW, HEAD = 62, 96


def layout(context: Context) -> Any:
    """The list, or the comparison when the address names two editions."""
    if context.value("before") and context.value("after"):
        return editions_compare.content(context, context.value("before"), context.value("after"))
    held = questions.editions()
    return html.Div(
        [
            dmc.Title(context.text("nav-editions"), order=1, size="h3", mb="sm"),
            illustrative_note(context) if any(one["basis"] == "illustrative" for one in held) else None,
            _timeline(context, held) if held else None,
            _list(context, held),
            editions_compare.picker(context, held) if len(held) > 1 else None,
            offered("edition.roll", _form(context, held)),
        ],
        className="stack",
    )


def _timeline(context: Context, held: list[EditionRecord]) -> dmc.Card:
    states = {state: context.text(f"edition-{state}") for state in STATES}
    rows = [
        {
            **{name: one[name] for name in ("code", "parent", "base_year", "batch", "state")},
            "words": f"{one['code']} · {batch_name(context, one['batch'])} · {states[one['state']]}",
            "link": path_of(one["code"]),
        }
        for one in sorted(held, key=lambda one: (one["base_year"], one["id"]))
    ]
    figure, title = timeline(pd.DataFrame(rows), states, context.theme), context.text("prog-timeline")
    lanes = len({trace for shown in figure.data if shown.customdata is not None for trace in shown.y})
    plot = html.Div(
        graph(
            context,
            {"type": "chart", "name": "editions"},
            figure,
            title,
            HEAD + ROW * lanes,
            context.text("finance-year"),
        ),
        className="wide-plot",
        tabIndex="0",
    )
    return card(title, [plot], "card-timeline", context.text("prog-timeline-note"))


def _list(context: Context, held: list[EditionRecord]) -> dmc.Card:
    heads = (
        "editions-code",
        "editions-window",
        "editions-batch",
        "editions-state",
        "editions-count>",
        "editions-annual>",
        "column-pools-doc_no",
        "editions-parent",
        "prog-do",
    )
    rows = [_row(context, one) for one in held]
    parts = [table(context, heads, rows, "editions-empty"), html.Div(id="editions-told", role="status")]
    return card(context.text("editions-title"), parts, "card-editions")


def _row(context: Context, one: EditionRecord) -> list[Any]:
    code, parent = one["code"], one["parent"]
    name: list[Any] = [dmc.Anchor(code, href=path_of(code), refresh=False, size="sm")]
    if one["basis"] == "illustrative":
        name += [" ", html.Span(context.text("illustrative-mark"), className="made-up")]
    if one["origin"] == "imported":
        name += [" ", html.Span(context.text("prog-imported"), className="unit")]
    return [
        html.Span(name),
        f"{one['base_year']}—{one['base_year'] + one['years'] - 1}",
        batch_name(context, one["batch"]),
        html.Span(context.text(f"edition-{one['state']}"), className=f"state-mark {one['state']}"),
        str(one["entries"]),
        amount(one["annual_yuan"], context.lang),
        one["doc_no"],
        parent or "",
        dmc.Group(_acts(context, one), gap="xs", wrap="nowrap"),
    ]


def _acts(context: Context, one: EditionRecord) -> list[Any]:
    found: list[Any] = []
    if one["parent"]:
        href = address("/editions", {"before": one["parent"], "after": one["code"]})
        found.append(dmc.Anchor(context.text("editions-compare"), href=href, refresh=False, size="sm"))
    if one["state"] in OPEN:
        button = dcc.ConfirmDialogProvider(
            dmc.Button(context.text("board-drop"), size="compact-xs", variant="subtle", color="red"),
            id={"type": "drop-edition", "code": one["code"]},
            message=context.text("prog-drop-sure", code=one["code"]),
        )
        found.append(button)
    return found


def _form(context: Context, held: list[EditionRecord]) -> dmc.Card:
    text = context.text
    parents = [{"value": one["code"], "label": one["code"]} for one in held if one["state"] in FROZEN]
    batches = ["annual", *(f"{SUPPLEMENT}{number}" for number in range(1, SUPPLEMENTS + 1)), "midyear"]
    year = today().year + 1
    fields = [
        dmc.TextInput(id="edition-code", label=text("editions-code"), value=str(year)),
        dmc.NumberInput(id="edition-year", label=text("editions-year"), value=year, min=2000, max=2060),
        dmc.NumberInput(id="edition-years", label=text("editions-years"), value=3, min=1, max=MAX_YEARS),
        dmc.Select(
            id="edition-batch",
            label=text("editions-batch"),
            data=[{"value": one, "label": batch_name(context, one)} for one in batches],
            value="annual",
            allowDeselect=False,
        ),
        dmc.Select(id="edition-parent", label=text("editions-parent"), data=parents, clearable=True),
        dmc.TextInput(id="edition-note", label=text("prog-note")),
        where_names_are_typed(dmc.TextInput(id="edition-maker", label=text("prog-maker"))),
        dmc.TextInput(id="edition-closed-by", label=text("prog-closing-person", year=str(year - 1))),
        dmc.TextInput(id="edition-closed-reason", label=text("prog-closing-reason")),
        dmc.Checkbox(id="edition-later", label=text("prog-later-years"), checked=False),
        dmc.Button(text("editions-make"), id="edition-make"),
    ]
    known = dcc.Store(id="edition-years-of", data={one["code"]: one["base_year"] for one in held})
    content = [html.Div(fields, className="form"), html.Div(id="edition-result", role="status"), known]
    return card(text("editions-make"), content, "card-make", text("editions-make-note"))


def register_callbacks(app: Dash) -> None:
    """Make a draft and open its board; drop one; compare two."""
    editions_compare.register_callbacks(app)
    _register_dropping(app)
    _register_suggesting(app)

    form = Form(
        by=(Input("edition-make", "n_clicks"),),
        reads=(
            State("edition-code", "value"),
            State("edition-year", "value"),
            State("edition-years", "value"),
            State("edition-batch", "value"),
            State("edition-parent", "value"),
            State("edition-note", "value"),
            State("edition-later", "checked"),
            State("edition-closed-by", "value"),
            State("edition-closed-reason", "value"),
            State("edition-maker", "value"),
        ),
        said="edition-result",
        leads="href",
    )

    @on_submit(app, form)
    def make(_context: Context, code: str, year: int, years: int, batch: str, parent: str | None, *more: Any) -> Done:
        note, later, closed_by, closed_reason, maker = more
        given = (int(year or 0), int(years or 0), batch or "", parent or None, note or "", bool(later))
        data = NewEdition((code or "").strip(), *given, closed_by or "", closed_reason or "", maker or "")
        questions.make_draft(data)
        return Done(to=path_of(data.code))


def suggested(year: int, batch: str) -> tuple[int, str]:
    """Base year and code of what is rolled from an edition of `year`: the next year, or a change within the same."""
    if not within_year(batch):
        return year + 1, str(year + 1)
    number = batch.partition("-")[2]
    return year, f"{year}-{number or 'm'}"


def _register_suggesting(app: Dash) -> None:
    @app.callback(
        Output("edition-year", "value"),
        Output("edition-code", "value"),
        Input("edition-parent", "value"),
        Input("edition-batch", "value"),
        State("edition-years-of", "data"),
        prevent_initial_call=True,
    )
    def suggest(parent: str | None, batch: str, years: dict[str, int]) -> Any:
        return suggested(years[parent], batch) if parent in years else (no_update, no_update)


def _register_dropping(app: Dash) -> None:
    form = Form(by=(Input({"type": "drop-edition", "code": ALL}, "submit_n_clicks"),), said="editions-told")

    @on_submit(app, form)
    def drop(context: Context) -> Done:
        code = str(ctx.triggered_id["code"])
        acts.drop(code)
        return Done(context.text("prog-dropped", code=code))
