"""The options of a scenario on its page: delay, time limit, gap and what a change against the approved one costs."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import dash_mantine_components as dmc
import msgspec
from dash import Dash, Input, State, html

from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions import allocation as questions
from portfolio.scenarios.options import Options
from portfolio.scenarios.records import ScenarioHead

FIELDS = ("delay", "limit", "gap", "stability")
FAULTY = ("max_delay", "time_limit", "gap", "stability")


@dataclass(frozen=True)
class Shown:
    """Options as the form shows them: the gap in per cent, no time limit as 0."""

    delay: int
    limit: float
    gap: float
    stability: float


def shown(options: Options) -> Shown:
    """What the form begins with."""
    return Shown(options.max_delay, options.time_limit or 0, round(options.gap * 100, 6), options.stability or 0)


def typed_options(held: Options, values: dict[str, Any]) -> Options:
    """The options of the form; shares and groups stay as they are held."""
    return msgspec.structs.replace(
        held,
        max_delay=int(values["delay"] or 0),
        time_limit=float(values["limit"] or 0) or None,
        gap=float(values["gap"] or 0) / 100,
        stability=float(values["stability"] or 0),
    )


def form(context: Context, head: ScenarioHead) -> html.Details:
    """The form, folded."""
    held, text = shown(head["options"]), context.text
    fields = [
        dmc.NumberInput(id="option-delay", label=text("scenarios-delay"), value=held.delay, min=0, max=15),
        dmc.NumberInput(id="option-limit", label=text("scenarios-limit"), value=held.limit, min=0, max=86400),
        dmc.NumberInput(id="option-gap", label=text("scenarios-asked-gap"), value=held.gap, min=0, max=99, step=0.1),
        dmc.NumberInput(id="option-stability", label=text("scenarios-stability"), value=held.stability, min=0),
        dmc.Button(text("scenarios-options-set"), id="option-set", size="sm", variant="default"),
    ]
    note = dmc.Text(text("scenarios-options-note"), size="xs", c="dimmed", mt=4)
    return html.Details(
        [html.Summary(text("scenarios-options")), html.Div(fields, className="form"), note], id="allocation-options"
    )


def register(app: Dash) -> None:
    """Save the options; the answer is cleared."""

    form = Form(
        by=(Input("option-set", "n_clicks"),),
        reads=(*(State(f"option-{name}", "value") for name in FIELDS), State("allocation-of", "data")),
        said="allocation-result",
        beside={fault: f"option-{name}" for fault, name in zip(FAULTY, FIELDS, strict=True)},
    )

    @on_submit(app, form)
    def save(context: Context, *given: Any) -> Done:
        *values, code = given
        change = partial(typed_options, values=dict(zip(FIELDS, values, strict=True)))
        questions.set_options(code, change)
        return Done(context.text("scenarios-options-done"))
