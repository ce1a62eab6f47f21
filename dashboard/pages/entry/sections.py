"""The sections of the entry form: which inputs stand where, with their choices."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.links import card
from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.entry.values import CONTACT_PARTS, CONTACTS, SCALE_PARTS, SCALES, Typed
from dashboard.words.fields import AMOUNT, CODED, label_key
from portfolio.projects.rules.profile import AFFILIATIONS, BASIS_KINDS
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import entries

TYPE = "entry"
DEBOUNCE = 300
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "identity": (
        "name_zh",
        "name_en",
        "sector",
        "kind",
        "nature",
        "stage",
        "approval_type",
        "national_code",
        "owner",
        "owner_credit_code",
        "affiliation",
    ),
    "location": ("cities", "counties", "address", "lon", "lat"),
    "scale": ("capacity_zh",),
    "schedule": MONTHS,
    "investment": ("total_investment",),
    "basis": ("task_ids", "lead_unit", "units"),
    "people": ("supervision_unit",),
    "agreement": ("sea_related", "cross_province", "cross_province_doc", "co_agreed", "co_agreed_doc"),
}
HINTS = {
    "start_month": "2027-03",
    "finish_month": "2029-12",
    "actual_start_month": "2027-03",
    "actual_finish_month": "2029-12",
    "lon": "104.4—112.1",
    "lat": "20.9—26.4",
    "national_code": "2404-450100-04-01-123456",
}
MANY = ("cities", "counties", "task_ids", "units")
Options = list[dict[str, str]]


def ident(name: str) -> dict[str, str]:
    """The id of an input."""
    return {"type": TYPE, "name": name}


def section(context: Context, references: References, name: str, typed: Typed, extra: Sequence[Any] = ()) -> dmc.Card:
    """A section with its inputs, and whatever stands below them."""
    inputs = [field(context, references, one, typed) for one in SECTIONS[name]]
    rows = lists(context, name, typed)
    content = [html.Div(inputs, className="entry-grid"), *rows, *extra]
    return card(context.text(f"entry-section-{name}"), content, f"entry-{name}")


def field(context: Context, references: References, name: str, typed: Typed) -> Any:
    """One input, filled; a long one takes the whole row."""
    made = _input(context, references, name, typed)
    return html.Div(made, className="wide-field") if name in WIDE else made


def _input(context: Context, references: References, name: str, typed: Typed) -> Any:
    label = context.text(label_key(name))
    shared = {"id": ident(name), "label": label}
    options = choices_of(context, references, name, typed)
    if name in MANY:
        return dmc.MultiSelect(**shared, data=options, value=typed.get(name) or [], searchable=True, clearable=True)
    if options is not None:
        return dmc.Select(**shared, data=options, value=typed.get(name) or None, searchable=True, clearable=True)
    value = str(typed.get(name) or "")
    if name == "capacity_zh":
        return dmc.Textarea(**shared, value=value, autosize=True, minRows=2, debounce=DEBOUNCE)
    made = dmc.TextInput(**shared, value=value, placeholder=HINTS.get(name, ""), debounce=DEBOUNCE)
    if name != AMOUNT:
        return made
    return html.Div([made, html.Div(id="entry-amount-note", role="status", className="entry-amount")])


WIDE = ("name_zh", "name_en", "capacity_zh", "task_ids", "units", "address")


def choices_of(context: Context, references: References, name: str, typed: Typed) -> Options | None:
    """The choices of an input, None for one that is typed freely."""
    named = "name_en" if context.lang == "en" else "name_zh"
    if name == "sector":
        return [{"value": code, "label": row[named]} for code, row in entries("sectors").items()]
    if name == "kind":
        return kinds(context, typed.get("sector"))
    if name in CODED:
        return [{"value": code, "label": row[named]} for code, row in entries(CODED[name]).items()]
    if name in ("sea_related", "cross_province", "co_agreed"):
        return [{"value": one, "label": context.text(one)} for one in ("yes", "no")]
    if name == "affiliation":
        return [{"value": one, "label": context.text(f"affiliation-{one}")} for one in AFFILIATIONS]
    return _listed(context, references, name, typed)


def _listed(context: Context, references: References, name: str, typed: Typed) -> Options | None:
    if name in ("lead_unit", "units"):
        return [
            {"value": code, "label": references.units.name(code, context.lang)} for code in references.units.by_code
        ]
    if name == "cities":
        cities = [region for region in references.regions.values() if region.level in ("city", "province")]
        return [{"value": one.code, "label": _name(context, one)} for one in cities]
    if name == "counties":
        return counties(context, references, typed.get("cities") or [])
    if name == "task_ids":
        titles = zip(references.tasks["id"], references.tasks[f"title_{context.lang}"], strict=True)
        return [{"value": code, "label": f"{code} {title}"} for code, title in titles]
    return None


def kinds(context: Context, sector: str | None) -> Options:
    """The project kinds of a sector, all of them while none is chosen."""
    named = "name_en" if context.lang == "en" else "name_zh"
    rows = entries("kinds").items()
    return [{"value": code, "label": row[named]} for code, row in rows if not sector or row["sector"] == sector]


def counties(context: Context, references: References, cities: Sequence[str]) -> Options:
    """The counties and districts of the chosen cities."""
    found = [one for one in references.regions.values() if one.level not in ("city", "province")]
    return [{"value": one.code, "label": _name(context, one)} for one in found if one.city_code in cities]


def _name(context: Context, region: Any) -> str:
    return str((region.name_en or region.name_zh) if context.lang == "en" else region.name_zh)


def lists(context: Context, section_name: str, typed: Typed) -> list[Any]:
    """The rows of a section's list: scales, persons, or what the project stands on."""
    if section_name == "scale":
        return [_rows(context, typed, "scales", SCALE_PARTS, SCALES)]
    if section_name == "people":
        return [_rows(context, typed, "contacts", CONTACT_PARTS, CONTACTS)]
    if section_name == "basis":
        cells = [_cell(context, typed, f"bases.{kind}.{part}") for kind in BASIS_KINDS for part in ("words", "doc_no")]
        return [html.Div(cells, className="entry-rows two")]
    return []


def _rows(context: Context, typed: Typed, group: str, parts: Sequence[str], least: int) -> html.Div:
    held = [int(name.split(".")[1]) for name in typed if name.startswith(f"{group}.")]
    lines = []
    for place in range(max([least, *(n + 1 for n in held)])):
        cells = [_cell(context, typed, f"{group}.{place}.{part}") for part in parts]
        head = context.text("entry-responsible" if place == 0 else "entry-contact") if group == "contacts" else ""
        lines.append(html.Div([html.Span(head, className="row-head") if head else None, *cells], className="entry-row"))
    return html.Div(lines, className=f"entry-rows {group}")


def _cell(context: Context, typed: Typed, name: str) -> dmc.TextInput:
    return dmc.TextInput(
        id=ident(name),
        label=context.text(label_key(name)),
        value=str(typed.get(name) or ""),
        debounce=DEBOUNCE,
        size="sm",
    )
