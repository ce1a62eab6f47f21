"""While one types: every fault at its input, what the stage asks for, how complete the record is; all of it kept."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, Patch, State, ctx, html, no_update

from dashboard.components.aria import aria
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.figures.pin import PIN
from dashboard.pages.entry import needs as entry_needs
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
from dashboard.words.fields import AMOUNT, INPUT_OF, field_name, inputs_of
from portfolio.core.clock import utc_now
from portfolio.core.errors import FieldError
from portfolio.core.formatting import moment
from portfolio.reporting.drafts import is_new
from portfolio.reporting.pasting import MOST_CELLS, read_paste
from portfolio.reporting.rules import ANNUAL, completeness, lacking, required

INPUTS = {"type": TYPE, "name": ALL}


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


def gauge(context: Context, stated: Mapping[str, Any]) -> list[Any]:
    """How complete the record is, and what its stage and an annual plan still ask for."""
    seen = for_rules(stated)
    share = completeness(seen)
    now = [field_name(context, fault.field) for fault in lacking(seen, stated.get("stage"))]
    later = [field_name(context, fault.field) for fault in lacking(seen, ANNUAL)]
    parts: list[Any] = [
        dmc.Group(
            [
                dmc.Progress(value=share, className="gauge", size="lg", **aria(label=context.text("project-complete"))),
                dmc.Text(f"{share}%", fw=600),
            ]
        )
    ]
    if now:
        parts.append(dmc.Text(context.text("entry-lacking", names=context.listed(now)), size="sm", c="orange"))
    else:
        parts.append(dmc.Text(context.text("entry-enough"), size="sm", className="yes"))
    if later:
        words = context.text("entry-lacking-annual", count=str(len(later)))
        parts.append(html.Details([html.Summary(words), dmc.Text(context.listed(later), size="sm")]))
    return parts


def register_callbacks(app: Dash) -> None:
    """Checks, choices that depend on each other, the pin, the grid."""
    _register_numbers(app)
    _register_checks(app)
    _register_choices(app)
    _register_grid(app)


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


def _register_checks(app: Dash) -> None:
    @app.callback(
        Output(INPUTS, "error"),
        Output(INPUTS, "withAsterisk"),
        Output("entry-gauge", "children"),
        Output("entry-status", "children"),
        Output("entry-meanwhile", "children"),
        Output("entry-kept", "data"),
        Input("entry-mark", "data"),
        State(INPUTS, "value"),
        State("entry-needs-held", "data"),
        State(INPUTS, "id"),
        State("entry-base", "data"),
        State("entry-subject", "data"),
    )
    def typed(
        mark: dict[str, int] | None,
        values: list[Any],
        held: dict[str, Any],
        ids: list[dict[str, str]],
        base: dict[str, Any],
        subject: str,
    ) -> Any:
        if mark is None:
            return ([no_update] * len(ids), [no_update] * len(ids), *(no_update,) * 4)
        context = request_context()
        content = {one["name"]: value for one, value in zip(ids, values, strict=True)}
        read = read_form(content, Needs(**held), references().tree)
        faults = faults_of(read, content, None if is_new(subject) else subject)
        asked = {inputs_of(name) for name in required(for_rules(read.stated), read.stated["stage"])}
        errors = [_words(context, faults.get(one["name"])) for one in ids]
        status = _keep(context, subject, content, held, base, read)
        return (
            errors,
            [one["name"] in asked for one in ids],
            [*gauge(context, read.stated), *ended_notes(context, references(), read.stated, base["stated"])],
            status,
            meanwhile(context, subject, base),
            mark,
        )


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


def _register_grid(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("entry", "units"),
        Output("entry-units", "data"),
        Input({"type": "entry-unit", "name": ALL}, "value"),
        State({"type": "entry-unit", "name": ALL}, "id"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output("entry-needs-held", "data"),
        Output("entry-needs", "rowData"),
        Output("entry-needs", "columnDefs"),
        Output("entry-needs-told", "children"),
        Output("entry-add-item", "value"),
        Output(ident(AMOUNT), "value"),
        Input("entry-needs", "cellValueChanged"),
        Input("entry-paste", "data"),
        Input("entry-add-item", "value"),
        Input({"type": "entry-year", "name": ALL}, "n_clicks"),
        Input("entry-units", "data"),
        Input("entry-restore", "data"),
        State("entry-needs-held", "data"),
        State(ident(AMOUNT), "value"),
        prevent_initial_call=True,
    )
    def cells(
        changes: list[dict[str, Any]] | None,
        paste: dict[str, Any] | None,
        item: str | None,
        _years: list[int | None],
        units: dict[str, str] | None,
        restore: dict[str, Any] | None,
        held: dict[str, Any],
        amount: str,
    ) -> Any:
        context, tree, needs = request_context(), references().tree, Needs(**held)
        if ctx.triggered_id == "entry-restore" and restore:
            fresh = entry_needs.with_cells(Needs(**(restore["needs"] or held)), restore["changes"])
            rows, columns = entry_needs.rows(context, tree, fresh), entry_needs.columns(context, fresh)
            return asdict(fresh), rows, columns, None, None, no_update
        done = _step(context, tree, needs, changes, paste, item, units or dict(needs.units))
        if done is None:
            return (no_update,) * 6
        fresh, told = done
        money = entry_needs.converted(amount, needs.units["money"], fresh.units["money"])
        rows, columns = entry_needs.rows(context, tree, fresh), entry_needs.columns(context, fresh)
        return asdict(fresh), rows, columns, told, None, money if money != amount else no_update


def _step(
    context: Context,
    tree: Any,
    needs: Needs,
    changes: list[dict[str, Any]] | None,
    paste: dict[str, Any] | None,
    item: str | None,
    units: dict[str, str],
) -> tuple[Needs, Any] | None:
    """The grid after whatever was done to it, with what there is to tell; None when nothing was."""
    cause: Any = ctx.triggered_id
    if cause == "entry-needs" and changes:
        return entry_needs.with_cells(needs, changes), None
    if cause == "entry-paste" and paste:
        return _pasted(context, tree, needs, paste)
    if cause == "entry-add-item" and item:
        return Needs(**{**asdict(needs), "items": list(dict.fromkeys([*needs.items, item]))}), None
    if isinstance(cause, dict) and cause["type"] == "entry-year" and ctx.triggered[0]["value"]:
        return entry_needs.with_year(needs, cause["name"]), None
    if cause == "entry-units" and units != dict(needs.units):
        return entry_needs.in_units(needs, tree, units), None
    return None


def _pasted(context: Context, tree: Any, needs: Needs, paste: dict[str, Any]) -> tuple[Needs, Any]:
    shown = [row["item"] for row in entry_needs.rows(context, tree, needs)]
    column = str(paste.get("column") or "")
    at = int(column[1:]) if column[1:].isdigit() else needs.years[0]
    found = read_paste(str(paste["text"]), tree, shown, list(needs.years), str(paste.get("item") or ""), at)
    told = [dmc.Text(context.text("entry-pasted", count=str(len(found.cells))), size="sm")]
    for key, names in (("entry-unplaced", found.unplaced), ("entry-parents", found.parents)):
        if names:
            told.append(dmc.Text(context.text(key, names=context.listed(names[:8])), size="sm", c="orange"))
    if found.cut:
        told.append(dmc.Text(context.text("entry-cut", count=str(MOST_CELLS)), size="sm", c="orange"))
    return entry_needs.with_paste(needs, found, tree), told
