"""Whom the consultation asks: sent out to units by a day, reminded, answered 无意见, and who has not answered."""

from typing import Any
from urllib.parse import quote, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.components.icon import icon
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import me, references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import consultation as questions
from portfolio.access.rules import allows
from portfolio.core.formatting import moment
from portfolio.rolling.addressees import WAITING, Addressed, Invitation


def invitation(context: Context, code: str) -> html.Div:
    """Whom a draft is to be sent to, and by when they answer; the units that lead its entries to begin with."""
    usual = questions.usual(code)
    fields = [
        dmc.MultiSelect(
            id="round-units", label=context.text("asked-units"), data=_units(context), value=[*usual.units], **_WIDE
        ),
        _day("round-due", context.text("asked-by"), usual.due_on),
    ]
    return html.Div(fields, className="form")


_WIDE: dict[str, Any] = {"searchable": True, "clearable": True, "hidePickedOptions": True}


def _units(context: Context) -> list[dict[str, str]]:
    """The units there are today; what has ended is asked through its successor."""
    units = references().units
    return [{"value": one.code, "label": units.name(one.code, context.lang)} for one in units.present]


def _day(identity: str, label: str, value: str) -> dmc.DateInput:
    return dmc.DateInput(id=identity, label=label, valueFormat="YYYY-MM-DD", value=value)


def content(context: Context, code: str, state: str, asked: list[Addressed]) -> dmc.Card | None:
    """Who is asked and who has not answered; nothing while nobody was ever asked."""
    if not asked and state != "consultation":
        return None
    waiting = [one for one in asked if one.answer == WAITING]
    late = sum(one.days_left < 0 for one in waiting)
    told = context.text("asked-told", count=str(len(asked)), waiting=str(len(waiting)), late=str(late))
    parts = [
        dmc.Group([dmc.Text(told, size="sm", id="asked-told"), *_files(context, code)], mb="xs"),
        _table(context, asked),
    ]
    if state == "consultation":
        parts += [_answering(context, waiting), offered("edition.roll", _asking(context, code))]
    parts.append(html.Div(id="asked-result", role="status"))
    return card(context.text("asked-title"), parts, "card-asked", context.text("asked-note"))


def _table(context: Context, asked: list[Addressed]) -> Any:
    rows = [_row(context, one) for one in asked]
    heads = ("asked-unit", "asked-due_on", "asked-answer", "asked-answered", "asked-reminders")
    return table(context, heads, rows, "asked-nobody", "asked", tall=len(rows) > 14)


def _row(context: Context, one: Addressed) -> list[Any]:
    lang, reminded, answered = context.lang, "", [""]
    if one.reminded_at:
        reminded = context.text("asked-reminded", count=str(one.reminders), at=moment(one.reminded_at, lang))
    if one.answered_at:
        answered = [moment(one.answered_at, lang), one.answered_by]
    unit = [references().units.name(one.unit, lang), one.person]
    return [_two(*unit), one.due_on, _answer(context, one), _two(*answered), reminded]


def _two(first: str, second: str = "") -> html.Div:
    """Two lines, the second quiet."""
    return html.Div([first, html.Div(second, className="unit") if second else None])


def _answer(context: Context, one: Addressed) -> html.Span:
    """What was answered; how long there is, or since when it is due."""
    words = context.text(f"asked-{one.answer}", count=str(one.comments))
    if one.answer != WAITING:
        return html.Span(words, className="yes")
    days = one.days_left
    left = context.text("rounds-past", days=str(-days)) if days < 0 else context.text("rounds-left", days=str(days))
    return html.Span(f"{words} · {left}", className="overdue" if days < 0 else "unknown")


def _files(context: Context, code: str) -> list[html.A]:
    path = f"/api/v1/editions/{quote(code)}/addressees"
    return [
        html.A(
            [icon("download"), html.Span(context.text(f"export-{suffix}"))],
            href=f"{path}.{suffix}?{urlencode({'lang': context.lang})}",
            className="button",
            download="",
            id=f"asked-{suffix}",
        )
        for suffix in ("xlsx", "csv")
    ]


def _answering(context: Context, waiting: list[Addressed]) -> html.Div:
    """无意见, for one's own unit, or put down for any by who runs the consultation."""
    units = references().units
    every = allows(me(), "edition.answer")
    mine = [one.unit for one in waiting if every or one.unit in me().own_units]
    options = [{"value": unit, "label": units.name(unit, context.lang)} for unit in mine]
    fields = [
        dmc.Select(
            id="no-objection-unit", label=context.text("asked-unit"), data=options, value=mine[0] if mine else None
        ),
        dmc.Button(context.text("asked-say-none"), id="no-objection-send", variant="default", disabled=not mine),
        offered(
            "edition.roll",
            dmc.Button(context.text("asked-remind"), id="remind-send", variant="default", disabled=not waiting),
        ),
    ]
    return html.Div(fields, className="form", hidden=not (mine or every))


def _asking(context: Context, code: str) -> html.Details:
    """Further units, or some again with another day or a person."""
    fields = [
        dmc.MultiSelect(id="ask-units", label=context.text("asked-units"), data=_units(context), value=[], **_WIDE),
        dmc.TextInput(id="ask-person", label=context.text("asked-for-person")),
        _day("ask-due", context.text("asked-by"), questions.usual(code).due_on),
        dmc.Button(context.text("asked-ask"), id="ask-send", variant="default"),
    ]
    return html.Details([html.Summary(context.text("asked-more")), html.Div(fields, className="form")])


def register_callbacks(app: Dash) -> None:
    """Ask, remind, answer."""
    of = State("edition-of", "data")
    asking = Form(
        by=(Input("ask-send", "n_clicks"),),
        reads=(*(State(f"ask-{name}", "value") for name in ("units", "person", "due")), of),
        said="asked-result",
    )
    reminding = Form(by=(Input("remind-send", "n_clicks"),), reads=(of,), said="asked-result")
    answering = Form(
        by=(Input("no-objection-send", "n_clicks"),),
        reads=(State("no-objection-unit", "value"), of),
        said="asked-result",
    )

    @on_submit(app, asking)
    def ask(context: Context, units: list[str] | None, person: str, due: str | None, code: str) -> Done:
        wanted = Invitation(dict.fromkeys(units or (), person or ""), due or "")
        return Done(context.text("asked-done", count=str(len(questions.ask(code, wanted)))))

    @on_submit(app, reminding)
    def remind(context: Context, code: str) -> Done:
        return Done(context.text("asked-remind-done", count=str(len(questions.remind(code)))))

    @on_submit(app, answering)
    def answer(context: Context, unit: str | None, code: str) -> Done | None:
        if not unit:
            return None
        questions.no_objection(code, unit)
        return Done(context.text("asked-none-done", unit=references().units.name(unit, context.lang)))
