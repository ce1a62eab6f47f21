"""While one types: every fault at its input, what the stage asks for, how complete the record is; all of it kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, Patch, State, no_update

from dashboard.components.completeness import gauge
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.figures.pin import PIN
from dashboard.pages.entry import hints as entry_hints
from dashboard.pages.entry import outline
from dashboard.pages.entry.ended import ended_notes
from dashboard.pages.entry.sections import TYPE, counties, ident, kinds
from dashboard.pages.entry.values import (
    CONTACT_PARTS,
    SCALE_PARTS,
    Needs,
    Read,
    for_rules,
    read_form,
    rows_of,
    stated_of,
)
from dashboard.questions import entry as questions
from dashboard.words.fields import FACT_OF, INPUT_OF
from portfolio.core.clock import utc_now
from portfolio.core.errors import FieldError
from portfolio.core.formatting import moment
from portfolio.reporting.drafts import is_new
from portfolio.reporting.rules import Completeness, completeness

INPUTS = {"type": TYPE, "name": ALL}
HINTS, BLOCKS, MORE = ({"type": f"entry-{name}", "name": ALL} for name in ("hint", "block", "more"))
Ids = list[dict[str, str]]


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two forms state the same; blank and absent are the same."""
    names = one.keys() | other.keys()
    return all(
        (one.get(name) or None) == (other.get(name) or None) or one.get(name) == other.get(name) for name in names
    )


def faults_of(read: Read, typed: Mapping[str, Any], code: str | None) -> dict[str, FieldError]:
    """Input → its fault, those of reading and those of the rules; needs under `need:item:year`."""
    found = dict(read.faults)
    for fault in questions.check(for_rules(read.stated), code):
        found.setdefault(input_of(fault.field, typed), fault)
    if not read.stated["name_zh"]:
        found.pop("name_zh", None)  # that it is required is marked and listed; an empty form does not begin in red
    return found


def input_of(name: str, typed: Mapping[str, Any]) -> str:
    """The input a fault of the domain belongs to; rows of lists are counted as the form has them."""
    parts = name.split(".")
    if parts[0] in ("scales", "contacts") and len(parts) == 3:
        filled = [
            place for place, _ in rows_of(typed, parts[0], SCALE_PARTS if parts[0] == "scales" else CONTACT_PARTS)
        ]
        return f"{parts[0]}.{filled[int(parts[1])]}.{parts[2]}"
    if parts[0] == "needs":
        return "need:" + name.removeprefix("needs.").rpartition(".")[0] + ":" + parts[-1]
    return INPUT_OF.get(name, name)


def complete(read: Read, faults: Mapping[str, FieldError]) -> Completeness:
    """How complete the record is as typed; what is at fault does not count."""
    named = [replace(fault, field=_field_of(fault.field)) for fault in faults.values()]
    return completeness(for_rules(read.stated), named)


def _field_of(name: str) -> str:
    """The field of the domain that an input's own fault is of."""
    if name.startswith("need:"):
        return name.replace(":", "s.", 1).replace(":", ".")
    return FACT_OF.get(name, name)


def register_callbacks(app: Dash) -> None:
    """Checks, choices that depend on each other, the pin."""
    _register_numbers(app)
    _register_checks(app)
    _register_choices(app)


def _register_numbers(app: Dash) -> None:
    # Each change is numbered before it is sent and the answer repeats the number: so it is known what is kept.
    app.clientside_callback(
        ClientsideFunction("drafts", "mark"),
        Output("entry-mark", "data"),
        Input(INPUTS, "value"),
        Input("entry-needs-held", "data"),
        State(INPUTS, "id"),
        State("entry-base", "data"),
        State("entry-mark", "data"),
    )
    app.clientside_callback(
        ClientsideFunction("drafts", "kept"),
        Output("entry-kept", "id"),
        Input("entry-kept", "data"),
        prevent_initial_call=True,
    )


# What is shown of the form as it stands, and what it is worked out from.
SHOWN = (
    Output(INPUTS, "error"),
    Output(INPUTS, "withAsterisk"),
    Output(HINTS, "children"),
    Output(BLOCKS, "className"),
    Output(MORE, "children"),
    Output(MORE, "hidden"),
    Output("entry-gauge", "children"),
    Output("entry-index", "children"),
    Output("entry-status", "children"),
    Output("entry-meanwhile", "children"),
    Output("entry-kept", "data"),
)
READ = (
    State(INPUTS, "value"),
    State("entry-needs-held", "data"),
    State(INPUTS, "id"),
    State(HINTS, "id"),
    State(BLOCKS, "id"),
    State(MORE, "id"),
    State("entry-base", "data"),
    State("entry-subject", "data"),
)


def _register_checks(app: Dash) -> None:
    @app.callback(*SHOWN, Input("entry-mark", "data"), *READ)
    def typed(
        mark: dict[str, int] | None,
        values: list[Any],
        held: dict[str, Any],
        ids: Ids,
        hint_ids: Ids,
        block_ids: Ids,
        more_ids: Ids,
        base: dict[str, Any],
        subject: str,
    ) -> Any:
        if mark is None:
            each = (ids, ids, hint_ids, block_ids, more_ids, more_ids)
            return (*([no_update] * len(one) for one in each), *(no_update,) * 5)
        context = request_context()
        content = {one["name"]: value for one, value in zip(ids, values, strict=True)}
        seen = look(content, Needs(**held), None if is_new(subject) else subject)
        return (
            [_words(context, seen.faults.get(one["name"])) for one in ids],
            [one["name"] in seen.asked for one in ids],
            [entry_hints.words(context, seen.hints, one["name"]) for one in hint_ids],
            outline.classes(block_ids, seen.sight, outline.due_blocks(seen.complete)),
            [outline.more_words(context, outline.folded(one["name"], seen.sight)) for one in more_ids],
            [not outline.folded(one["name"], seen.sight) for one in more_ids],
            [
                *gauge(context, seen.complete, False),
                *ended_notes(context, references(), seen.read.stated, base["stated"]),
            ],
            outline.index(context, seen.complete),
            _keep(context, subject, content, held, base, seen.read),
            meanwhile(context, subject, base),
            mark,
        )


@dataclass(frozen=True)
class Look:
    """The form as it stands: what was read, each input's fault, what lies between fields, how complete it is.

    `asked` are the inputs the stage requires, `sight` the blocks that stand open.
    """

    read: Read
    faults: Mapping[str, FieldError]
    hints: Sequence[FieldError]
    complete: Completeness
    asked: set[str]
    sight: set[str]


def look(typed: Mapping[str, Any], needs: Needs, code: str | None) -> Look:
    """Judge what is typed; `code` is None for a new record."""
    tree = references().tree
    read = read_form(typed, needs, tree)
    faults = faults_of(read, typed, code)
    asked = outline.asked_inputs(read)
    found = entry_hints.hints(read, tree, faults)
    return Look(read, faults, found, complete(read, faults), asked, outline.in_sight(typed, needs, asked, faults))


def _words(context: Context, fault: FieldError | None) -> str:
    return context.error(fault.code, **fault.params) if fault else ""


def _keep(
    context: Context, subject: str, content: dict[str, Any], held: dict[str, Any], base: dict[str, Any], read: Read
) -> str:
    """Keep what was typed; what is no more than what is stored needs no keeping."""
    if same(read.stated, base["stated"]) and not read.faults:
        questions.forget(subject)
        return context.text("entry-unchanged")
    saved = questions.same_name(read.stated["name_zh"]) if is_new(subject) else None
    if saved is not None and entry_saved(read, saved):
        return ""
    questions.keep(subject, {"typed": content, "needs": held}, base)
    return context.text("entry-kept", at=moment(utc_now(), context.lang))


def entry_saved(read: Read, saved: Any) -> bool:
    """Whether a stored record states all that was typed."""
    return same(read.stated, stated_of(saved))


def meanwhile(context: Context, subject: str, base: dict[str, Any]) -> Any:
    """That somebody else has changed the record since the form was opened."""
    if is_new(subject):
        return None
    project = questions.present(subject).project
    if all(project[name] == base[name] for name in ("version", "needs_version")):
        return None
    return dmc.Alert(
        context.text("entry-meanwhile"), color="orange", mb="sm", title=context.text("entry-meanwhile-title")
    )


def _register_choices(app: Dash) -> None:
    @app.callback(
        Output(ident("kind"), "data"),
        Output(ident("kind"), "value"),
        Input(ident("sector"), "value"),
        State(ident("kind"), "value"),
        prevent_initial_call=True,
    )
    def of_sector(sector: str | None, kind: str | None) -> Any:
        options = kinds(request_context(), sector)
        fits = any(one["value"] == kind for one in options)
        return options, kind if fits else None

    @app.callback(
        Output(ident("counties"), "data"),
        Output(ident("counties"), "value"),
        Input(ident("cities"), "value"),
        State(ident("counties"), "value"),
        prevent_initial_call=True,
    )
    def of_cities(cities: list[str] | None, chosen: list[str] | None) -> Any:
        options = counties(request_context(), references(), cities or [])
        known = {one["value"] for one in options}
        return options, [code for code in chosen or [] if code in known]

    @app.callback(
        Output("entry-map", "figure"),
        Input(ident("lon"), "value"),
        Input(ident("lat"), "value"),
        prevent_initial_call=True,
    )
    def pin(lon: str | None, lat: str | None) -> Any:
        patch = Patch()
        try:
            patch["data"][PIN]["x"], patch["data"][PIN]["y"] = [float(lon or "")], [float(lat or "")]
        except ValueError:
            patch["data"][PIN]["x"], patch["data"][PIN]["y"] = [], []
        return patch
