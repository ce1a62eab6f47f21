"""Units that ended and what they still bear, and the hand-over to the successor: looked at first, then one act."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.behind import led
from dashboard.components.links import address, card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import may, references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import succession as questions
from portfolio.core.formatting import number
from portfolio.succession.queries import Borne, Ended
from portfolio.succession.service import HandOver

PATH = "/hand-over"
PARTS = ("accounts", "reports", "leads", "responsible", "rounds")
NAMED = 30


def layout(context: Context) -> Any:
    """The units, and of the one that the address names what would be handed over."""
    title = dmc.Title(context.text("hand-over-title"), order=1, size="h3", mb="sm")
    if not may("unit.hand_over"):
        return html.Div([title, dmc.Text(context.text("error-access-refused", action="unit.hand_over"))])
    held = questions.ended()
    chosen = next((one for one in held if one.code == context.value("from")), None)
    cards = [_list(context, held), _form(context, chosen) if chosen else None]
    return html.Div([title, *(one for one in cards if one is not None)], className="stack")


def _list(context: Context, held: list[Ended]) -> dmc.Card:
    names, lang = references().units.name, context.lang
    rows = []
    for one in held:
        # The unit leads to what it would hand over: the first column is in sight on a phone too.
        look = address(PATH, {"from": one.code})
        unit = dmc.Anchor(names(one.code, lang), href=look, refresh=False, size="sm")
        projects = dmc.Anchor(
            number(one.projects, lang), **led("hand_over.projects", one.projects, unit=one.code), size="sm"
        )
        rows.append([unit, one.since, names(one.heir, lang), str(one.accounts), projects])
    heads = (*(f"hand-over-{name}" for name in ("unit", "since", "heir")), "hand-over-accounts>", "hand-over-projects>")
    shown = table(context, heads, rows, "hand-over-none", "ended-units")
    return card(context.text("hand-over-title"), [shown], "card-ended", context.text("hand-over-note"))


def _form(context: Context, one: Ended) -> dmc.Card:
    text, names = context.text, references().units.name
    moved = questions.borne(one.code)
    fields = [
        dmc.TextInput(id="hand-over-reason", label=text("hand-over-reason")),
        dmc.TextInput(id="hand-over-doc", label=text("hand-over-doc")),
        dmc.Button(text("hand-over-send"), id="hand-over-send", disabled=not moved.anything),
    ]
    parts = [
        _moved(context, moved),
        html.Div(fields, className="form"),
        html.Div(id="hand-over-result", role="status"),
        dcc.Store(id="hand-over-of", data={"giver": one.code, "taker": one.heir}),
    ]
    title = text("hand-over-of", giver=names(one.code, context.lang), heir=names(one.heir, context.lang))
    return card(title, parts, "card-hand-over")


def _moved(context: Context, moved: Borne) -> dmc.List:
    """What moves, each kind with the names or codes behind its number."""
    lines: list[Any] = []
    for part in PARTS:
        held = getattr(moved, part)
        if held:
            words = context.text(f"hand-over-moves-{part}", count=number(len(held), context.lang))
            named = context.listed(held[:NAMED]) + ("…" if len(held) > NAMED else "")
            lines.append(html.Details([html.Summary(words), dmc.Text(named, size="sm")]))
    lines.append(context.text("hand-over-distinct", count=number(len(moved.projects), context.lang)))
    return dmc.List([dmc.ListItem(one) for one in lines], size="sm", spacing=4, mb="sm", id="hand-over-moves")


def register_callbacks(app: Dash) -> None:
    """Hand over what was looked at; the list is made again."""
    form = Form(
        by=(Input("hand-over-send", "n_clicks"),),
        reads=(State("hand-over-reason", "value"), State("hand-over-doc", "value"), State("hand-over-of", "data")),
        said="hand-over-result",
        leads="href",
        beside={"reason": "hand-over-reason", "doc_no": "hand-over-doc"},
    )

    @on_submit(app, form)
    def send(context: Context, reason: str, doc: str, of: dict[str, str]) -> Done:
        moved = questions.hand_over(HandOver(of["giver"], of["taker"], reason or "", doc or ""))
        counts = {"accounts": str(len(moved.accounts)), "projects": str(len(moved.projects))}
        return Done(context.text("hand-over-done", **counts), to=PATH)
