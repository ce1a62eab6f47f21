"""The rules of a scenario beside its pools: cities' shares, groups of projects, and projects put in or out by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
import msgspec
from dash import ALL, Dash, Input, State, ctx, html

from dashboard.components.aria import aria
from dashboard.components.links import name_of
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions import allocation as questions
from dashboard.words.places import city_name
from portfolio.scenarios.options import GroupOption, Options, ShareOption
from portfolio.scenarios.records import PinRecord

KINDS = ("exclude", "together", "require")
OFF = {"type": "rule-off", "list": ALL, "key": ALL}
MOST_OFFERED = 60


def section(context: Context, page: questions.AllocationPage) -> html.Details:
    """The three lists with their forms, folded."""
    options: Options = page.head["options"]
    names = {row["code"]: name_of(context, row) for row in page.candidates}
    count = len(options.shares) + len(options.groups) + len(page.pins)
    return html.Details(
        [
            html.Summary(context.text("rules-title", count=str(count))),
            *_shares(context, options.shares),
            *_groups(context, options.groups, names),
            *_pins(context, page.pins, names),
            html.Div(id="rules-result", role="status"),
        ],
        id="allocation-rules",
    )


def _heading(context: Context, name: str) -> list[Any]:
    note = dmc.Text(context.text(f"rules-{name}-note"), size="xs", c="dimmed", mb=6)
    return [html.H3(context.text(f"rules-{name}"), className="section"), note]


def _off(context: Context, name: str, key: str, label: str) -> dmc.Button:
    said = aria(label=context.text("rules-off-one", name=label))
    identity = {"type": "rule-off", "list": name, "key": key}
    return dmc.Button(context.text("rules-off"), id=identity, size="compact-sm", variant="subtle", color="red", **said)


def _shares(context: Context, shares: Sequence[ShareOption]) -> list[Any]:
    text, refs = context.text, references()
    cities = [one.code for one in refs.regions.values() if one.level == "city"]
    named = {code: city_name(code, context, refs) or code for code in cities}
    items = [{"value": node.code, "label": refs.tree.path_name(node.code, context.lang)} for node in refs.tree.nodes]
    rows = []
    for one in shares:
        item = refs.tree.by_code[one.item].name(context.lang) if one.item in refs.tree.by_code else one.item
        words = f"{named.get(one.region, one.region)} {item}"
        off = _off(context, "shares", f"{one.region}|{one.item}", words)
        rows.append([named.get(one.region, one.region), item, f"{one.percent}%", off])
    regions = [{"value": code, "label": name} for code, name in named.items()]
    fields = [
        dmc.Select(id="share-region", label=text("column-pools-region_code"), data=regions, searchable=True),
        dmc.Select(id="share-item", label=text("column-needs-item"), data=items, searchable=True, limit=MOST_OFFERED),
        dmc.NumberInput(id="share-percent", label=text("rules-percent"), min=0, max=100, allowDecimal=False),
        dmc.Button(text("rules-add"), id="share-add", size="sm", variant="default"),
    ]
    heads = ("column-pools-region_code", "column-needs-item", "rules-percent>", "=")
    return [*_heading(context, "shares"), *_listed(context, heads, rows), html.Div(fields, className="form")]


def _groups(context: Context, groups: Sequence[GroupOption], names: dict[str, str]) -> list[Any]:
    text = context.text
    rows = [
        [
            one.code,
            text(f"rules-kind-{one.kind}"),
            context.listed(names.get(code, code) for code in one.projects),
            _off(context, "groups", one.code, one.code),
        ]
        for one in groups
    ]
    kinds = [{"value": kind, "label": text(f"rules-kind-{kind}")} for kind in KINDS]
    fields = [
        dmc.TextInput(id="group-code", label=text("rules-group")),
        dmc.Select(id="group-kind", label=text("rules-kind"), data=kinds, value=KINDS[0], allowDeselect=False),
        _picker(context, "group-projects", names),
        dmc.Button(text("rules-add"), id="group-add", size="sm", variant="default"),
    ]
    heads = ("rules-group", "rules-kind", "rules-projects", "=")
    return [*_heading(context, "groups"), *_listed(context, heads, rows), html.Div(fields, className="form")]


def _pins(context: Context, pins: Sequence[PinRecord], names: dict[str, str]) -> list[Any]:
    text = context.text
    rows = [
        [
            names.get(one["project"], one["project"]),
            text("allocation-pinned-in" if one["inside"] else "allocation-pinned-out"),
            one["reason"],
            one["actor"],
            _off(context, "pins", one["project"], names.get(one["project"], one["project"])),
        ]
        for one in pins
    ]
    fields = [
        _picker(context, "must-projects", names),
        dmc.TextInput(id="must-reason", label=text("board-reason")),
        dmc.Button(text("allocation-pin-in"), id="must-in", size="sm", variant="default"),
        dmc.Button(text("allocation-pin-out"), id="must-out", size="sm", variant="default"),
    ]
    heads = ("col-name", "allocation-pin", "board-reason", "rules-by", "=")
    return [*_heading(context, "pins"), *_listed(context, heads, rows), html.Div(fields, className="form")]


def _listed(context: Context, heads: Sequence[str], rows: list[list[Any]]) -> list[Any]:
    return [table(context, heads, rows, "rules-none")] if rows else []


def _picker(context: Context, identity: str, names: dict[str, str]) -> dmc.MultiSelect:
    data = [{"value": code, "label": f"{name} {code}"} for code, name in names.items()]
    label = context.text("rules-projects")
    return dmc.MultiSelect(
        id=identity, label=label, data=data, searchable=True, limit=MOST_OFFERED, className="wide-field"
    )


def register(app: Dash) -> None:
    """Add a share, a group, a pin; take one away."""
    _register_shares(app)
    _register_groups(app)
    _register_pins(app)
    _register_removal(app)


def _form(by: Sequence[Input], reads: Sequence[State], beside: Mapping[str, str]) -> Form:
    return Form(by, (*reads, State("allocation-of", "data")), "rules-result", beside=beside)


def _done(context: Context) -> Done:
    return Done(context.text("scenarios-options-done"))


def _changed(code: str, name: str, change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> None:
    """Change one list of a scenario's options."""
    questions.set_options(
        code, lambda held: msgspec.structs.replace(held, **{name: change(tuple(getattr(held, name)))})
    )


def _register_shares(app: Dash) -> None:
    names = ("region", "item", "percent")
    form = _form(
        (Input("share-add", "n_clicks"),),
        [State(f"share-{name}", "value") for name in names],
        {name: f"share-{name}" for name in names},
    )

    @on_submit(app, form)
    def add(context: Context, region: str, item: str, percent: Any, code: str) -> Done:
        share = ShareOption(region or "", item or "", int(percent or 0))
        _changed(code, "shares", lambda held: (*held, share))
        return _done(context)


def _register_groups(app: Dash) -> None:
    form = _form(
        (Input("group-add", "n_clicks"),),
        [State(f"group-{name}", "value") for name in ("code", "kind", "projects")],
        {name: f"group-{name}" for name in ("code", "projects")},
    )

    @on_submit(app, form)
    def add(context: Context, group: str, kind: Any, projects: list[str] | None, code: str) -> Done:
        fresh = GroupOption((group or "").strip(), kind, tuple(projects or ()))
        _changed(code, "groups", lambda held: (*held, fresh))
        return _done(context)


def _register_pins(app: Dash) -> None:
    form = _form(
        (Input("must-in", "n_clicks"), Input("must-out", "n_clicks")),
        (State("must-projects", "value"), State("must-reason", "value")),
        {"project": "must-projects", "reason": "must-reason"},
    )

    @on_submit(app, form)
    def pin(context: Context, projects: list[str] | None, reason: str, code: str) -> Done | Unsent:
        if not projects:
            return Unsent(errors=(context.text("allocation-mark-first"), None))
        questions.pin(code, projects, ctx.triggered_id == "must-in", reason or "")
        return _done(context)


def _register_removal(app: Dash) -> None:
    @on_submit(app, _form((Input(OFF, "n_clicks"),), (), {}))
    def remove(context: Context, code: str) -> Done:
        _removed(code, ctx.triggered_id["list"], ctx.triggered_id["key"])
        return _done(context)


def _removed(code: str, name: str, key: str) -> None:
    if name == "pins":
        questions.pin(code, [key], None, "")
    elif name == "groups":
        _changed(code, name, lambda held: tuple(one for one in held if one.code != key))
    else:
        _changed(code, name, lambda held: tuple(one for one in held if f"{one.region}|{one.item}" != key))
