"""The consultation: sent round, commented by units, answered; and the approval with what still refuses it."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, ctx, html

from dashboard.components.links import card, name_of
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import may, references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.programme import approval as edition_approval
from dashboard.pages.programme import asked
from dashboard.pages.programme.comments import comment_rows
from dashboard.pages.programme.parts import OPEN
from dashboard.questions import consultation
from dashboard.questions import edition as questions
from dashboard.questions import edition_acts as acts
from portfolio.rolling.addressees import Invitation


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    page = questions.consultation_round(code)
    state = page.head["state"]
    heads, rows = comment_rows(context, code, page.comments)
    waiting = sum(one["state"] == "open" for one in page.comments)
    title = context.text("prog-comments-open", count=str(len(page.comments)), open=str(waiting))
    cards = [
        _steps(context, state, code),
        asked.content(context, code, state, consultation.asked(code)),
        card(
            title, [table(context, heads, rows, "prog-no-comments", "comments", tall=len(rows) > 12)], "card-comments"
        ),
    ]
    if state == "consultation":
        cards.append(offered("edition.comment", _say(context)))
        cards.append(offered("edition.comment", _answer(context, page)))
    if state in OPEN and may("edition.approve"):
        cards.append(edition_approval.content(context, page))
    return html.Div([one for one in cards if one is not None], className="stack")


def _steps(context: Context, state: str, code: str) -> dmc.Card:
    words = {"draft": "prog-send-round", "consultation": "prog-call-back", "approved": "prog-issue"}
    parts: list[Any] = [dmc.Text(context.text(f"prog-step-now-{state}"), size="sm")]
    if state in words:
        parts.append(offered("edition.roll", dmc.Button(context.text(words[state]), id="round-step", size="sm")))
    round_ = [dmc.Group(parts), html.Div(id="round-told", role="status")]
    if state == "draft":
        round_.insert(0, offered("edition.roll", asked.invitation(context, code)))
    return card(context.text("prog-round"), round_, "card-round")


def _say(context: Context) -> dmc.Card:
    text = context.text
    units = references().units
    options = [{"value": one.code, "label": units.name(one.code, context.lang)} for one in units.units]
    fields = html.Div(
        [
            dmc.Select(id="say-unit", label=text("prog-comment-unit"), data=options, searchable=True),
            dmc.TextInput(id="say-project", label=text("prog-project")),
            dmc.TextInput(id="say-words", label=text("prog-comment-words")),
            dmc.Checkbox(id="say-required", label=text("prog-required-how"), checked=False),
            dmc.Button(text("prog-say"), id="say-send"),
        ],
        className="form",
    )
    return card(
        text("prog-say-title"), [fields, html.Div(id="say-result", role="status")], "card-say", text("prog-project-how")
    )


def _answer(context: Context, page: questions.Round) -> dmc.Card:
    text = context.text
    open_ = [one for one in page.comments if one["state"] == "open"]
    options = [
        {"value": str(one["id"]), "label": f"{one['id']} {name_of(context, one)} · {one['words'][:30]}"}
        for one in open_
    ]
    fields = html.Div(
        [
            dmc.Select(
                id="answer-number",
                label=text("prog-comment-number"),
                data=options,
                value=options[0]["value"] if options else None,
            ),
            dmc.TextInput(id="answer-words", label=text("prog-comment-answer")),
            offered("edition.answer", dmc.Button(text("prog-answer"), id="answer-send", disabled=not options)),
            dmc.Button(text("prog-withdraw"), id="answer-withdraw", variant="default", disabled=not options),
        ],
        className="form",
    )
    return card(text("prog-answer-title"), [fields, html.Div(id="answer-result", role="status")], "card-answer")


def register_callbacks(app: Dash) -> None:
    """Step, comment, answer, approve."""
    _register_round(app)
    _register_answer(app)
    asked.register_callbacks(app)
    edition_approval.register_callbacks(app)


def _register_round(app: Dash) -> None:
    wanted = (State("round-units", "value", allow_optional=True), State("round-due", "value", allow_optional=True))
    stepping = Form(
        by=(Input("round-step", "n_clicks"),), reads=(*wanted, State("edition-of", "data")), said="round-told"
    )
    saying = Form(
        by=(Input("say-send", "n_clicks"),),
        reads=(
            State("say-unit", "value"),
            State("say-project", "value"),
            State("say-words", "value"),
            State("say-required", "checked"),
            State("edition-of", "data"),
        ),
        said="say-result",
    )

    @on_submit(app, stepping)
    def step(context: Context, units: list[str] | None, due: str | None, code: str) -> Done:
        invitation = None if units is None else Invitation(dict.fromkeys(units, ""), due or "")
        return Done(context.text(f"prog-step-now-{acts.step(code, invitation)}"))

    @on_submit(app, saying)
    def say(context: Context, unit: str | None, project: str, words: str, must: bool, code: str) -> Done:
        number = acts.comment(code, project or "", unit or "", words or "", bool(must))
        return Done(context.text("prog-said", number=str(number)))


def _register_answer(app: Dash) -> None:
    form = Form(
        by=(Input("answer-send", "n_clicks"), Input("answer-withdraw", "n_clicks")),
        reads=(State("answer-number", "value"), State("answer-words", "value"), State("edition-of", "data")),
        said="answer-result",
    )

    @on_submit(app, form)
    def answer(context: Context, number: str | None, words: str, code: str) -> Done | None:
        if not number:
            return None
        taken_back = ctx.triggered_id == "answer-withdraw"
        acts.answer(code, int(number), words or "", taken_back)
        return Done(context.text("prog-withdrawn" if taken_back else "prog-answered", number=number))
