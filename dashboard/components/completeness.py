"""How complete a record is: the one number with its one list of what is missing, as the form and the pages show it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.words.fields import field_name
from portfolio.reporting.rules import Answer, Completeness


def gauge(context: Context, found: Completeness, why: bool = True) -> list[Any]:
    """The number with its bar, what is stated wrongly, what the stage asks for, what an annual plan asks besides.

    `why` something does not hold is left out where each input says it itself.
    """
    return [bar(context, found), *lacking_lines(context, found, why)]


def bar(context: Context, found: Completeness) -> dmc.Group:
    """The number as a bar and as a figure."""
    label = context.text("project-complete")
    return dmc.Group(
        [
            dmc.Progress(value=found.percent, className="gauge", size="lg", **aria(label=label)),
            dmc.Text(f"{found.percent}%", fw=600),
        ]
    )


def lacking_lines(context: Context, found: Completeness, why: bool) -> list[Any]:
    """The list behind the number, in words: what is due at this stage first."""
    if not found.missing:
        whole = dmc.Text(context.text("complete-whole"), size="sm", className="yes")
        return [dmc.Group([icon("check"), whole], gap=6)]
    parts: list[Any] = [_wrong(context, one, why) for one in found.missing if one.fault and one.stated]
    if found.now:
        parts.append(dmc.Text(context.text("entry-lacking", names=_names(context, found.now)), size="sm", c="orange"))
    else:
        parts.append(dmc.Text(context.text("entry-enough"), size="sm", className="yes"))
    later = [one for one in found.missing if not one.now]
    if later:
        words = context.text("entry-lacking-annual", count=str(len(later)))
        parts.append(html.Details([html.Summary(words), dmc.Text(_names(context, later), size="sm")]))
    return parts


def _wrong(context: Context, one: Answer, why: bool) -> dmc.Text:
    """Something that is there and does not count."""
    words = context.text("complete-wrong", name=field_name(context, one.name))
    if why and one.fault is not None:
        words += context.text("complete-why", why=context.error(one.fault.code, **one.fault.params))
    return dmc.Text(words, size="sm", c="red")


def _names(context: Context, answers: Any) -> str:
    return context.listed(field_name(context, one.name) for one in answers)
