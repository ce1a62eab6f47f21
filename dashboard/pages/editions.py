"""The programme's editions: the list with its form, and two of them compared with the bridge as a waterfall."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from dashboard.components.amounts import amount
from dashboard.components.answers import attempt
from dashboard.components.graph import graph
from dashboard.components.links import card, name_of, project_link
from dashboard.components.offers import offered
from dashboard.components.states import illustrative_note
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import any_illustrative
from dashboard.figures.money import waterfall
from dashboard.questions import rolling as questions
from portfolio.core.clock import today
from portfolio.core.formatting import headline
from portfolio.rolling.bridge import CAUSES
from portfolio.rolling.rules import FROZEN
from portfolio.rolling.service import NewEdition

YI = 10**8


def layout(context: Context) -> Any:
    """The list, or the comparison when the address names two editions."""
    before, after = context.value("before"), context.value("after")
    if before and after:
        return _comparison(context, before, after)
    held = questions.editions()
    rows = [_row(context, one) for one in held]
    heads = (
        "editions-code",
        "editions-window",
        "editions-batch",
        "editions-state",
        "editions-count>",
        "editions-annual>",
        "column-pools-doc_no",
        "editions-compare",
    )
    return html.Div(
        [
            dmc.Title(context.text("nav-editions"), order=1, size="h3", mb="sm"),
            illustrative_note(context) if any_illustrative() else None,
            card(context.text("editions-title"), [table(context, heads, rows, "editions-empty")], "card-editions"),
            html.Div(style={"height": 16}),
            offered("edition.roll", _form(context, held)),
        ]
    )


def batch_name(context: Context, batch: str) -> str:
    """A batch's name with its number."""
    kind, _, number = batch.partition("-")
    return f"{context.text(f'batch-{kind}')} {number}".strip()


def _row(context: Context, one: dict[str, Any]) -> list[Any]:
    code, parent = one["code"], one["parent"]
    compare = context.text("editions-compare")
    link = (
        dmc.Anchor(compare, href=f"/editions?before={parent}&after={code}", refresh=False, size="sm") if parent else ""
    )
    name: list[Any] = [dmc.Anchor(code, href=f"/editions/{code}", refresh=False, size="sm")]
    if one["basis"] == "illustrative":
        name += [" ", html.Span(context.text("illustrative-mark"), className="made-up")]
    return [
        html.Span(name),
        f"{one['base_year']}—{one['base_year'] + one['years'] - 1}",
        batch_name(context, one["batch"]),
        context.text(f"edition-{one['state']}"),
        str(one["entries"]),
        amount(one["annual_yuan"], context.lang),
        one["doc_no"],
        link,
    ]


def _form(context: Context, held: list[dict[str, Any]]) -> dmc.Card:
    text = context.text
    parents = [{"value": one["code"], "label": one["code"]} for one in held if one["state"] in FROZEN]
    year = today().year + 1
    fields = [
        dmc.TextInput(id="edition-code", label=text("editions-code"), value=str(year)),
        dmc.NumberInput(id="edition-year", label=text("editions-year"), value=year, min=2000, max=2060),
        dmc.NumberInput(id="edition-years", label=text("editions-years"), value=3, min=1, max=15),
        dmc.TextInput(id="edition-batch", label=text("editions-batch"), value="annual"),
        dmc.Select(id="edition-parent", label=text("editions-parent"), data=parents, clearable=True),
        dmc.Button(text("editions-make"), id="edition-make"),
    ]
    content = [html.Div(fields, className="form"), html.Div(id="edition-result", role="status")]
    return card(text("editions-make"), content, "card-make", text("editions-make-note"))


def _comparison(context: Context, before: str, after: str) -> html.Div:
    page = questions.diff_page(before, after)
    money = page.bridge
    causes = [(cause, money.causes[cause]) for cause in CAUSES if money.causes[cause]]
    steps = [("diff-before", money.before, "absolute"), *((f"cause-{c}", v, "relative") for c, v in causes)]
    steps.append(("diff-after", money.after, "total"))
    figure = waterfall(
        [context.text(name) for name, _, _ in steps],
        [value / YI for _, value, _ in steps],
        [measure for _, _, measure in steps],
        [_signed(context, value, measure) for _, value, measure in steps],
        context.theme,
    )
    title = context.text("diff-bridge")
    note = context.text("diff-bridge-note", remainder=str(money.remainder))
    plot = graph({"type": "still", "name": "bridge"}, figure, title, 340)
    return html.Div(
        [
            dmc.Title(context.text("diff-title", before=before, after=after), order=1, size="h3", mb="sm"),
            illustrative_note(context) if any_illustrative() else None,
            card(title, [plot], "card-bridge", note),
            html.Div(style={"height": 16}),
            _changed(context, page),
        ]
    )


def _signed(context: Context, value: int, measure: str) -> str:
    sign = "+" if value > 0 and measure == "relative" else "−" if value < 0 else ""
    return sign + " ".join(headline(abs(value), "money", context.lang))


def _changed(context: Context, page: questions.DiffPage) -> dmc.Card:
    changed = [one for one in page.found if one.kinds != ("kept",)]
    rows = [
        [
            project_link(context, one.code, name_of(context, dict(page.names.loc[one.code]))),
            context.listed(context.text(f"difference-{kind}") for kind in one.kinds),
            amount(one.before, context.lang),
            amount(one.after, context.lang),
            "" if one.finish_slip is None else str(one.finish_slip),
        ]
        for one in changed
    ]
    heads = ("col-name", "diff-kinds", "diff-before>", "diff-after>", "diff-slip>")
    title = context.text("diff-projects", count=str(len(changed)), kept=str(len(page.found) - len(changed)))
    shown = table(context, heads, rows, "board-none", tall=True)
    return card(title, [shown], "card-changed", context.text("unit-wan-note"))


def register_callbacks(app: Dash) -> None:
    """Make a draft and open its board."""

    @app.callback(
        Output("edition-result", "children"),
        Output("url", "href", allow_duplicate=True),
        Input("edition-make", "n_clicks"),
        State("edition-code", "value"),
        State("edition-year", "value"),
        State("edition-years", "value"),
        State("edition-batch", "value"),
        State("edition-parent", "value"),
        prevent_initial_call=True,
    )
    def make(clicks: int | None, code: str, year: int, years: int, batch: str, parent: str | None) -> Any:
        if not clicks:
            return no_update, no_update
        data = NewEdition((code or "").strip(), int(year or 0), int(years or 0), batch or "", parent or None)
        _, refused = attempt(request_context(), lambda: questions.make_draft(data))
        if refused:
            return refused, no_update
        return no_update, f"/editions/{data.code}"
