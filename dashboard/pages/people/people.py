"""Administration of people: list, add, role and unit, disable, reset, unlock."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.behind import total
from dashboard.components.links import address, card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.people import addresses as people_addresses
from dashboard.pages.people import handing
from dashboard.pages.people.account import moment
from dashboard.pages.people.addresses import addresses_card
from dashboard.questions import people as questions
from dashboard.words.places import city_name
from portfolio.access.rules import ELEMENTS, ROLES
from portfolio.core.records import picked
from portfolio.people.records import UserRecord
from portfolio.people.service import NewUser
from portfolio.scheme.rules import SIX_CITIES

FORM = ("name", "full_name", "role", "unit", "city", "element", "password")
CHANGED = ("full_name", "role", "unit", "city", "element")
MARKS = ("disabled", "locked", "must_change", "totp_on", "demonstration")
DOINGS = {"disable": "people-disable", "enable": "people-enable", "unlock": "people-unlock", "second": "people-second"}


def layout(context: Context) -> Any:
    """The list, with the form of the account the address names, else the one to add."""
    chosen = context.value("name")
    held = questions.person(chosen) if chosen else None
    locked = context.value("state") == "locked"
    people = [one for one in questions.people() if one["locked"] or not locked]
    rows = [_row(context, one) for one in people]
    heads = ("people-name", "people-full_name", "people-role", "people-of", "people-state", "people-seen")
    forms: list[Any] = [_form(context, held)]
    if held is not None:
        forms.append(handing.content(context, held))
    shown = html.Div(table(context, heads, rows, "people-none"), **total("locked", sum(map(_locked, people))))
    every = dmc.Anchor(context.text("filter-clear"), href="/people", refresh=False, size="sm") if locked else None
    listed = card(context.text("people-list"), [every, shown], "card-people")
    return html.Div(
        [
            dmc.Title(context.text("nav-people"), order=1, size="h3", mb="sm"),
            dmc.Grid(
                [
                    dmc.GridCol(listed, span={"base": 12, "lg": 8}),
                    dmc.GridCol(offered("user.manage", dmc.Stack(forms)), span={"base": 12, "lg": 4}),
                    dmc.GridCol(addresses_card(context), span={"base": 12, "lg": 8}),
                ]
            ),
        ]
    )


def _locked(one: UserRecord) -> bool:
    return bool(one["locked"])


def _row(context: Context, one: UserRecord) -> list[Any]:
    refs = references()
    parts = [refs.units.name(one["unit"], context.lang) if one["unit"] else ""]
    parts.append(city_name(one["city"], context, refs) if one["city"] else "")
    parts.append(context.text(f"element-{one['element']}") if one["element"] else "")
    marks = [context.text(f"people-is-{mark}") for mark, on in picked(one, MARKS).items() if on]
    return [
        dmc.Anchor(one["name"], href=address("/people", {"name": one["name"]}), refresh=False, size="sm"),
        one["full_name"],
        context.text(f"role-{one['role']}"),
        context.listed(part for part in parts if part),
        context.listed(marks),
        moment(one["signed_in_at"]),
    ]


def _form(context: Context, held: UserRecord | None) -> dmc.Card:
    text = context.text
    given: Mapping[str, Any] = held or {}
    refs = references()
    roles = [{"value": role, "label": text(f"role-{role}")} for role in ROLES]
    units = [{"value": unit.code, "label": refs.units.name(unit.code, context.lang)} for unit in refs.units.units]
    cities = [{"value": code, "label": city_name(code, context, refs)} for code in SIX_CITIES]
    elements = [{"value": one, "label": text(f"element-{one}")} for one in ELEMENTS]
    value = given.get
    fields = [
        dmc.TextInput(id="person-name", label=text("people-name"), value=value("name", ""), disabled=held is not None),
        dmc.TextInput(id="person-full_name", label=text("people-full_name"), value=value("full_name", "")),
        dmc.Select(id="person-role", label=text("people-role"), data=roles, value=value("role", ROLES[0])),
        dmc.Select(
            id="person-unit",
            label=text("people-unit"),
            data=units,
            value=value("unit"),
            searchable=True,
            clearable=True,
        ),
        dmc.Select(id="person-city", label=text("col-city"), data=cities, value=value("city"), clearable=True),
        dmc.Select(
            id="person-element", label=text("people-element"), data=elements, value=value("element"), clearable=True
        ),
        dmc.PasswordInput(id="person-password", label=text("people-password")),
    ]
    buttons = _buttons(context, held)
    content = [dmc.Stack(fields, gap="xs"), buttons, html.Div(id="person-result", role="status")]
    title = text("people-change", name=held["name"]) if held else text("people-add")
    return card(title, content, "card-person", text("people-password-note"))


def _buttons(context: Context, held: UserRecord | None) -> dmc.Group:
    """Add, or what can be done with the account held; all ids are always there for the callbacks."""
    text, there = context.text, held is not None
    doing = dict.fromkeys(DOINGS, False)
    if held is not None:
        doing |= {"disable": not held["disabled"], "enable": held["disabled"]}
        doing |= {"unlock": held["locked"], "second": held["totp_on"]}
    shown = [
        dmc.Button(text("people-add"), id="person-add", display="none" if there else None),
        dmc.Button(text("save"), id="person-save", display=None if there else "none"),
        dmc.Button(text("people-reset"), id="person-reset", variant="default", display=None if there else "none"),
    ]
    shown += [
        dmc.Button(
            text(key), id=f"person-{name}", variant="subtle", color="red", display=None if doing[name] else "none"
        )
        for name, key in DOINGS.items()
    ]
    return dmc.Group(shown, gap="xs", mt="sm")


def _carry_out(doing: str, given: dict[str, Any]) -> None:
    name = given["name"] or ""
    plain = {field: given[field] or None for field in ("unit", "city", "element")}
    if doing == "add":
        of = (plain["unit"], plain["city"], plain["element"])
        data = NewUser(name, given["role"] or "", given["full_name"] or "", *of, given["password"] or "")
        questions.add_person(data)
    elif doing == "save":
        questions.change_person(name, {**plain, "full_name": given["full_name"] or "", "role": given["role"]})
    elif doing == "reset":
        questions.reset_person(name, given["password"] or "")
    elif doing == "unlock":
        questions.unlock_person(name)
    elif doing == "second":
        questions.second_off_for(name)
    else:
        questions.change_person(name, {"disabled": doing == "disable"})


def register_callbacks(app: Dash) -> None:
    """Each button does its one thing to the account of the form, or to an address."""
    for doing in ("add", "save", "reset", *DOINGS):
        _register(app, doing)
    people_addresses.register_callbacks(app)
    handing.register_callbacks(app)


def _register(app: Dash, doing: str) -> None:
    form = Form(
        by=(Input(f"person-{doing}", "n_clicks"),),
        reads=tuple(State(f"person-{name}", "value") for name in FORM),
        said="person-result",
    )

    @on_submit(app, form)
    def act(context: Context, *given: Any) -> Done:
        _carry_out(doing, dict(zip(FORM, given, strict=True)))
        return Done(context.text("saved"))
