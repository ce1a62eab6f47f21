"""What a planner decides: marked rows or the whole filtered set, changes by hand, a project taken in by hand."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html

from dashboard.context import Context, request_context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.programme.parts import filters_of
from dashboard.questions import edition as questions
from dashboard.questions import edition_acts as acts
from portfolio.rolling.rules.editions import BOOK, BY_HAND


def forms(context: Context, page: questions.Proposals) -> list[Any]:
    """The forms under the grid; the set's mark goes with them."""
    text = context.text
    decide = html.Div(
        [
            dmc.TextInput(id="board-reason", label=text("board-reason")),
            dmc.Button(text("board-accept", count="0"), id="board-accept", disabled=True),
            dmc.Button(text("board-reject", count="0"), id="board-reject", disabled=True, variant="default"),
            dmc.Button(
                text("prog-accept-set", count=str(page.together)),
                id="set-accept",
                disabled=not page.together,
                variant="light",
            ),
            dmc.Button(
                text("prog-reject-set", count=str(page.together)),
                id="set-reject",
                disabled=not page.together,
                variant="subtle",
                color="red",
            ),
        ],
        className="form",
    )
    panels = (("prog-hand-title", _by_hand_form(context), "hand"), ("prog-add-title", _adding_form(context), "add"))
    items = [
        dmc.AccordionItem([dmc.AccordionControl(text(key)), dmc.AccordionPanel(form)], value=value)
        for key, form, value in panels
    ]
    return [
        dmc.Card(decide, withBorder=True, padding="md", mt="sm", id="card-decide"),
        dmc.Accordion(items, mt="sm", multiple=True),
        dcc.Store(id="set-mark", data=page.mark),
    ]


def _by_hand_form(context: Context) -> html.Div:
    text, lang = context.text, context.lang
    reasons = [{"value": code, "label": row[f"name_{lang}"]} for code, row in BOOK.by_code("reasons").items()]
    changes = [{"value": name, "label": text(f"prog-hand-{name}")} for name in BY_HAND]
    return html.Div(
        [
            dmc.Select(
                id="hand-change", label=text("board-change"), data=changes, value="suspended", allowDeselect=False
            ),
            dmc.Select(id="hand-code", label=text("prog-reason-code"), data=reasons, clearable=True),
            dmc.TextInput(id="hand-words", label=text("board-reason")),
            dmc.Button(text("prog-hand-send", count="0"), id="hand-send", disabled=True),
        ],
        className="form",
    )


def _adding_form(context: Context) -> html.Div:
    text = context.text
    return html.Div(
        [
            dmc.TextInput(id="add-project", label=text("prog-project"), description=text("prog-project-how")),
            dmc.TextInput(id="add-reason", label=text("board-reason")),
            dmc.Button(text("prog-add"), id="add-send"),
        ],
        className="form",
    )


def register_callbacks(app: Dash) -> None:
    """Mark, decide, change by hand, add."""
    _register_marking(app)
    _register_set(app)
    _register_by_hand(app)
    _register_adding(app)


def _register_marking(app: Dash) -> None:
    @app.callback(
        Output("board-accept", "children"),
        Output("board-accept", "disabled"),
        Output("board-reject", "children"),
        Output("board-reject", "disabled"),
        Output("hand-send", "children"),
        Output("hand-send", "disabled"),
        Input("edition-grid", "selectedRows"),
        prevent_initial_call=True,
    )
    def marked(selected: list[dict[str, Any]] | None) -> Any:
        context, count = request_context(), str(len(selected or []))
        texts = [context.text(key, count=count) for key in ("board-accept", "board-reject", "prog-hand-send")]
        return tuple(value for words in texts for value in (words, not selected))

    form = Form(
        by=(Input("board-accept", "n_clicks"), Input("board-reject", "n_clicks")),
        reads=(State("edition-grid", "selectedRows"), State("board-reason", "value"), State("edition-of", "data")),
        said="board-result",
    )

    @on_submit(app, form)
    def decided(context: Context, rows: list[dict[str, Any]] | None, reason: str, code: str) -> Done | None:
        if not rows:
            return None
        decision = "accepted" if ctx.triggered_id == "board-accept" else "rejected"
        return _decided(context, acts.decide(code, [row["code"] for row in rows], decision, reason or ""))


def _decided(context: Context, count: int) -> Done:
    """The page again, with how many it was done to."""
    return Done(context.text("board-decided", count=str(count)))


def _register_set(app: Dash) -> None:
    form = Form(
        by=(Input("set-accept", "n_clicks"), Input("set-reject", "n_clicks")),
        reads=(
            State("edition-filters", "data"),
            State("set-mark", "data"),
            State("board-reason", "value"),
            State("edition-of", "data"),
        ),
        said="board-result",
    )

    @on_submit(app, form)
    def decided_set(context: Context, kept: dict[str, list[str]], mark: str, reason: str, code: str) -> Done:
        decision = "accepted" if ctx.triggered_id == "set-accept" else "rejected"
        filters = filters_of(Context("", "", "", {name: tuple(values) for name, values in kept.items()}))
        return _decided(context, acts.decide_set(code, questions.together(filters), mark, decision, reason or ""))


def _register_by_hand(app: Dash) -> None:
    form = Form(
        by=(Input("hand-send", "n_clicks"),),
        reads=(
            State("edition-grid", "selectedRows"),
            State("hand-change", "value"),
            State("hand-code", "value"),
            State("hand-words", "value"),
            State("edition-of", "data"),
        ),
        said="board-result",
    )

    @on_submit(app, form)
    def by_hand(
        context: Context, rows: list[dict[str, Any]] | None, to: str, reason_code: str | None, words: str, code: str
    ) -> Done | None:
        if not rows:
            return None
        projects = [row["code"] for row in rows]
        return _decided(context, acts.change(code, projects, to, reason_code or "", words or ""))


def _register_adding(app: Dash) -> None:
    form = Form(
        by=(Input("add-send", "n_clicks"),),
        reads=(State("add-project", "value"), State("add-reason", "value"), State("edition-of", "data")),
        said="board-result",
    )

    @on_submit(app, form)
    def added(context: Context, project: str, reason: str, code: str) -> Done:
        return Done(context.text("prog-added", code=acts.add(code, project or "", reason or "")))
