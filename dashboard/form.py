"""One way to make a form: what sends it, what it reads, what it answers, where, and that it is sent only by a click.

A page says with `Form` what stands where and writes one function: it carries the act out with what was read and says
what became of it. Refusals, the notice, the page that is shown again and clicks that nobody made are dealt with here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from dash import Dash, Input, Output, State, ctx, no_update

from dashboard.components.answers import NotANumber, again, done, notice, refusal
from dashboard.context import Context, request_context
from portfolio.core.errors import PortfolioError

LONG_MS = 15_000  # a refusal that stands nowhere else is read to its end
NOTICES = Output("notices", "sendNotifications", allow_duplicate=True)


@dataclass(frozen=True)
class Form:
    """What a form is made of.

    `by` sends it and `reads` are handed to its function in this order. What is refused stands beside the field it
    belongs to (`beside`: field → component), else in `said`, else in a notice; `named(context, field, *read)` says what
    a field is called there, `refused(context, error, *read)` makes other words of a refusal. `leads` says which part of
    the address a success changes: `search` to what `onward` makes of it, from which the page is made again, `href` to
    another page, or none. `shows` are places that a success fills by itself.
    """

    by: Sequence[Input]
    reads: Sequence[State] = ()
    said: str = ""
    leads: Literal["search", "href", ""] = "search"
    beside: Mapping[str, str] = field(default_factory=dict)
    shows: Sequence[Output] = ()
    named: Callable[..., str] | None = None
    refused: Callable[..., Any] | None = None
    onward: Callable[[str], str] = again

    def outputs(self) -> list[Output]:
        """The notice; then, where the form has them, its words, the address, its fields and the places it fills."""
        said = [Output(self.said, "children", allow_duplicate=True)] if self.said else []
        leads = [Output("url", self.leads, allow_duplicate=True)] if self.leads else []
        errors = [Output(one, "error", allow_duplicate=True) for one in self.beside.values()]
        return [NOTICES, *said, *leads, *errors, *self.shows]

    def laid(
        self,
        told: Any = no_update,
        said: Any = no_update,
        to: Any = no_update,
        errors: Sequence[Any] = (),
        shown: Sequence[Any] = (),
    ) -> list[Any]:
        """Values for `outputs`; what is not given stays as it is."""
        words, leads = [said] if self.said else [], [to] if self.leads else []
        return [
            told,
            *words,
            *leads,
            *(errors or [no_update] * len(self.beside)),
            *(shown or [no_update] * len(self.shows)),
        ]


@dataclass(frozen=True)
class Done:
    """What became of it: `words` for the reader, `to` as the new address (the same page again when none is given).

    Words of a form that stays are said beside it; those of a form that leads on are a notice, for the page that is made
    again would wipe them out; `notice` tells them so though the form stays, and `mark` names the notice, for whoever
    takes it away. `said` stands in the form's place instead, `shown` in the places it fills.
    """

    words: str = ""
    to: str = ""
    said: Any = None
    shown: Sequence[Any] = ()
    color: str = "teal"
    notice: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Unsent:
    """Nothing was carried out: what the form says instead, in its place, beside its fields and where it shows."""

    said: Any = None
    shown: Sequence[Any] = ()
    errors: Sequence[str | None] = ()


Act = Callable[..., Done | Unsent | None]


def on_submit(app: Dash, form: Form) -> Callable[[Act], Act]:
    """Carry out the function with the context and what `form` read whenever it is sent; None does nothing."""
    search = [State("url", "search")] if form.leads == "search" else []

    def register(act: Act) -> Act:
        @app.callback(form.outputs(), [*form.by, *form.reads, *search], prevent_initial_call=True)
        def submitted(*given: Any) -> Any:
            if not _clicked():
                return form.laid()
            read = given[len(form.by) : len(form.by) + len(form.reads)]
            context = request_context()
            try:
                answer = act(context, *read)
            except (NotANumber, PortfolioError) as error:
                return _refused(form, context, error, read)
            return _answered(form, context, answer, given[-1] if search else "")

        return act

    return register


def _clicked() -> bool:
    """Whether what caused the call holds a value: buttons that were just drawn, or drawn again, hold none."""
    # `ctx.triggered` knows no value of an id that is not ASCII, such as {"code":"滚动2026"}: look where it was sent.
    causes = [cause["prop_id"].rpartition(".")[0] for cause in ctx.triggered]
    sent = [orjson.loads(name) if name.startswith("{") else name for name in causes]
    held = [one for given in ctx.inputs_list for one in (given if isinstance(given, list) else [given])]
    return any(one.get("value") and one["id"] in sent for one in held)


def _refused(form: Form, context: Context, error: NotANumber | PortfolioError, read: Sequence[Any]) -> list[Any]:
    def named(context: Context, field: str) -> str:
        return form.named(context, field, *read) if form.named else ""

    if form.refused:
        return form.laid(said=form.refused(context, error, *read))
    found = refusal(context, error, tuple(form.beside), named)
    if form.said:
        return form.laid(said=found.alert, errors=found.errors)
    return form.laid(told=[notice(found.words, "red") | {"autoClose": LONG_MS}], errors=found.errors)


def _answered(form: Form, context: Context, answer: Done | Unsent | None, search: str) -> list[Any]:
    if answer is None:
        return form.laid()
    if isinstance(answer, Unsent):
        return form.laid(said=answer.said, errors=answer.errors, shown=answer.shown)
    beside = not (form.leads or answer.notice) and bool(form.said)
    shown = notice(answer.words, answer.color) | ({"id": answer.mark} if answer.mark else {})
    told = [shown] if answer.words and not beside else no_update
    said = done(context, answer.words) if answer.words and beside else answer.said
    to = answer.to or (form.onward(search) if form.leads == "search" else no_update)
    return form.laid(told, said, to, [None] * len(form.beside), answer.shown)
