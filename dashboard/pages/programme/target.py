"""What an entry is to reach in its year: annual target and curve, content of works, milestones, responsible person."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard.components.amounts import amount
from dashboard.components.answers import typed
from dashboard.components.aria import aria, data
from dashboard.components.links import card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions import edition_acts as acts
from portfolio.core.units import from_base
from portfolio.rolling.detail import Detail
from portfolio.rolling.records import EditionRecord
from portfolio.rolling.rules.curve import QUARTERS, cumulative_quarters
from portfolio.rolling.targets import Target

SPARE = 3
MONTHS = tuple(range(1, 13))


def content(context: Context, head: EditionRecord, held: Detail, editable: bool) -> dmc.Card:
    """The form of a draft; what stands of a frozen edition."""
    shown = (
        _form(context, head, held)
        if editable
        else [_stands(context, held), _monthly(context, held), _steps(context, held)]
    )
    return card(context.text("prog-target"), shown, "card-target", context.text("prog-target-note"))


def _plain(yuan: int | None) -> str:
    return "" if yuan is None else f"{from_base(yuan, 'wan_yuan').normalize():f}"


def _stands(context: Context, held: Detail) -> Any:
    quarters = cumulative_quarters(held.months)
    row = [amount(int(held.entry["annual_yuan"]), context.lang), *(amount(one, context.lang) for one in quarters)]
    heads = (
        "annual-col-annual>",
        *(f"annual-col-q{number}>" for number in range(1, 5)),
        "annual-col-content",
        "annual-col-person",
    )
    return table(context, heads, [[*row, held.entry["content"], held.entry["person"]]], "board-none", "target-stands")


def _monthly(context: Context, held: Detail) -> Any:
    """What stands for each month, and by which curve."""
    heads = [f"={context.text('prog-month-of', month=str(number))}>" for number in MONTHS]
    told = context.text("prog-curve-stated" if held.curve else "prog-curve-by-rule")
    shown = table(context, heads, [[amount(one, context.lang) for one in held.months]], "board-none", "target-months")
    return html.Div([dmc.Text(told, size="sm", c="dimmed", mt="xs"), shown])


def _steps(context: Context, held: Detail) -> Any:
    rows = [[name, due, done or ""] for name, due, done in held.milestones]
    heads = ("prog-step-name", "prog-step-due", "prog-step-was-done")
    return table(context, heads, rows, "prog-no-steps", "target-steps")


def _form(context: Context, head: EditionRecord, held: Detail) -> list[Any]:
    text, entry = context.text, held.entry
    by_month = len(held.curve) == len(MONTHS)
    shape = "months" if by_month else "quarters" if held.curve else "even"
    shapes = [{"value": name, "label": text(f"prog-curve-{name}")} for name in ("even", "quarters", "months")]
    return [
        html.Div(
            [
                dmc.TextInput(
                    id="target-annual", label=text("editions-annual"), value=_plain(int(entry["annual_yuan"]))
                ),
                dmc.Select(id="target-shape", label=text("prog-curve"), data=shapes, value=shape, allowDeselect=False),
                dmc.TextInput(id="target-person", label=text("annual-col-person"), value=entry["person"]),
            ],
            className="form",
        ),
        html.Div(
            _points(context, held, QUARTERS, "quarters"),
            className="curve",
            id="curve-quarters",
            style=_style(shape == "quarters"),
        ),
        html.Div(
            _points(context, held, MONTHS, "months"), className="curve", id="curve-months", style=_style(by_month)
        ),
        html.Div(id="curve-sum", className="unit", role="status", **data(words=text("prog-curve-sum"))),
        dmc.Textarea(
            id="target-content", label=text("annual-col-content"), value=entry["content"], autosize=True, minRows=2
        ),
        _monthly(context, held),
        html.H3(text("annual-col-steps"), className="section"),
        *_step_inputs(context, held),
        dmc.Group(dmc.Button(text("prog-save"), id="target-save"), mt="sm"),
        html.Div(id="target-result", role="status"),
        dcc.Store(
            id="target-of", data={"edition": head["code"], "project": entry["code"], "version": entry["version"]}
        ),
    ]


def _style(shown: bool) -> dict[str, str]:
    return {} if shown else {"display": "none"}


def _points(context: Context, held: Detail, months: tuple[int, ...], shape: str) -> list[Any]:
    fits = len(held.curve) == len(months)
    return [
        dmc.TextInput(
            id={"type": f"curve-{shape}", "month": number},
            label=context.text(f"prog-curve-{shape}-at", month=str(number), quarter=str((number + 2) // 3)),
            value=_plain(held.curve[number]) if fits else "",
            size="sm",
        )
        for number in months
    ]


def _step_inputs(context: Context, held: Detail) -> list[html.Div]:
    rows = [*held.milestones, *((("", "", None),) * SPARE)]
    found = []
    for place, (name, due, done) in enumerate(rows):
        values = {"name": name, "due": due, "done": done or ""}
        fields = [
            dmc.TextInput(
                id={"type": f"step-{part}", "place": place},
                value=value,
                placeholder=context.text(f"prog-step-{part}"),
                size="sm",
                **aria(label=f"{context.text(f'prog-step-{part}')} {place + 1}"),
            )
            for part, value in values.items()
        ]
        found.append(html.Div(fields, className="form steps"))
    return found


def register_callbacks(app: Dash) -> None:
    """Show the curve that is chosen and its sum; write the target."""

    @app.callback(
        Output("curve-quarters", "style"),
        Output("curve-months", "style"),
        Input("target-shape", "value"),
        prevent_initial_call=True,
    )
    def shaped(shape: str) -> Any:
        return _style(shape == "quarters"), _style(shape == "months")

    app.clientside_callback(
        ClientsideFunction("programme", "sum"),
        Output("curve-sum", "children"),
        Input("target-shape", "value"),
        Input("target-annual", "value"),
        Input({"type": "curve-quarters", "month": ALL}, "value"),
        Input({"type": "curve-months", "month": ALL}, "value"),
        State("curve-sum", "data-words"),
    )
    _register_saving(app)


def _register_saving(app: Dash) -> None:
    columns = [State({"type": f"step-{part}", "place": ALL}, "value") for part in ("name", "due", "done")]

    form = Form(
        by=(Input("target-save", "n_clicks"),),
        reads=(
            State("target-of", "data"),
            State("target-annual", "value"),
            State("target-person", "value"),
            State("target-content", "value"),
            State("target-shape", "value"),
            State({"type": "curve-quarters", "month": ALL}, "value"),
            State({"type": "curve-months", "month": ALL}, "value"),
            *columns,
        ),
        said="target-result",
    )

    @on_submit(app, form)
    def save(context: Context, of: dict[str, Any], *given: Any) -> Done:
        acts.set_target(of["edition"], of["project"], _target(*given), of["version"])
        return Done(context.text("prog-saved"))


def _target(
    annual: str, person: str, words: str, shape: str, quarters: list[str], months: list[str], *steps: Any
) -> Target:
    """What the form says; raises `ValueError` with what is no amount."""
    points = {
        "even": {},
        "quarters": dict(zip(QUARTERS, quarters, strict=True)),
        "months": dict(zip(MONTHS, months, strict=True)),
    }
    curve = {month: typed(value) or 0 for month, value in points[shape].items()}
    named = [
        (name or "", (due or "").strip(), (done or "").strip() or None)
        for name, due, done in zip(*steps, strict=True)
        if (name or "").strip() or (due or "").strip()
    ]
    return Target(typed(annual) or 0, words or "", person or "", curve, named)
