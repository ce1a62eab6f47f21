"""The sections of the entry form: which inputs stand where, with their choices."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.entry.ended import labelled
from dashboard.pages.entry.values import CONTACT_PARTS, SCALE_PARTS, Typed
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
# What decides whose a record is and what is asked of it: always in sight.
LEADING = ("name_zh", "sector", "kind", "nature", "stage", "cities", "lead_unit")
COMPANIONS = {"counties": "cities", "lat": "lon", "map": "lon"}
AGREED = ("cross_province", "co_agreed")  # what is agreed with others has documents
_LISTED = {
    "location": ("map",),
    "investment": ("yearly",),
    "scale": ("scales",),
    "basis": tuple(f"bases.{kind}" for kind in BASIS_KINDS),
    "people": ("contacts",),
    "agreement": ("documents",),
}
# Section → everything in it that is shown or folded as one.
BLOCKS: Mapping[str, tuple[str, ...]] = {
    **{name: (*fields, *_LISTED.get(name, ())) for name, fields in SECTIONS.items()},
    "needs": ("needs",),
}
WIDE = (
    *("name_zh", "name_en", "capacity_zh", "task_ids", "units", "address"),
    *(name for names in _LISTED.values() for name in names),
    "needs",
)
MANY = ("cities", "counties", "task_ids", "units")
Options = list[dict[str, str]]


def ident(name: str) -> dict[str, str]:
    """The id of an input."""
    return {"type": TYPE, "name": name}


def place_class(name: str, sight: bool, due: bool = False) -> str:
    """The classes of a block: a long one takes the whole row, one out of sight goes with its section's fold."""
    words = ["entry-block", "wide-field" if name in WIDE else "", "" if sight else "later", "due" if due else ""]
    return " ".join(word for word in words if word)


def block(name: str, content: Any, sight: set[str]) -> html.Div:
    """A block of the form; the page finds it by its name."""
    return html.Div(content, id={"type": "entry-block", "name": name}, className=place_class(name, name in sight))


def section(
    context: Context, references: References, name: str, typed: Typed, sight: set[str], extra: Sequence[Any] = ()
) -> list[Any]:
    """What a section holds: its inputs, and whatever stands below them."""
    inputs = [field(context, references, one, typed, sight) for one in SECTIONS[name]]
    return [html.Div([*inputs, *lists(context, name, typed, sight), *extra], className="entry-grid")]


def framed(context: Context, name: str, card: str, content: Sequence[Any], more: Sequence[Any], note: str = "") -> Any:
    """A section as a card: its name, the button that unfolds it, and what it holds; its name takes the focus."""
    button = html.Button(
        list(more),
        id={"type": "entry-more", "name": name},
        className="entry-more",
        type="button",
        hidden=not more,
        **aria(expanded="false", controls=card),
    )
    title = dmc.Title(context.text(f"entry-section-{name}"), order=2, size="h5")
    head = html.Div([title, button], className="entry-head", tabIndex=-1)
    below = dmc.Text(note, size="xs", c="dimmed", mt=4) if note else None
    made = dmc.Card([head, *content, below], withBorder=True, padding="md", id=card)
    return html.Div(made, id={"type": "entry-section", "name": name}, className="entry-section")


def field(context: Context, references: References, name: str, typed: Typed, sight: set[str]) -> Any:
    """One input, filled, with room for what is to be said of it."""
    hint = html.Div(id={"type": "entry-hint", "name": name}, className="entry-hint", role="status")
    return block(name, [_input(context, references, name, typed), hint], sight)


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
        return labelled(context, references.units.by_code, references.units.by_code)
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
    return labelled(context, references.regions, (one.code for one in found if one.city_code in cities))


def _name(context: Context, region: Any) -> str:
    return str((region.name_en or region.name_zh) if context.lang == "en" else region.name_zh)


def lists(context: Context, section_name: str, typed: Typed, sight: set[str]) -> list[Any]:
    """The rows of a section's list: scales, persons, or what the project stands on."""
    if section_name == "scale":
        return [block("scales", _rows(context, typed, "scales", SCALE_PARTS), sight)]
    if section_name == "people":
        return [block("contacts", _rows(context, typed, "contacts", CONTACT_PARTS), sight)]
    if section_name == "basis":
        return [block(f"bases.{kind}", _basis(context, typed, kind), sight) for kind in BASIS_KINDS]
    return []


def _basis(context: Context, typed: Typed, kind: str) -> html.Div:
    cells = [_cell(context, typed, f"bases.{kind}.{part}") for part in ("words", "doc_no")]
    return html.Div(cells, className="entry-rows two")


def _rows(context: Context, typed: Typed, group: str, parts: Sequence[str]) -> list[Any]:
    """The rows that hold something and one to begin with; the next ones appear when they are wanted."""
    places = sorted({int(name.split(".")[1]) for name in typed if name.startswith(f"{group}.")})
    held = [place for place in places if any(typed.get(f"{group}.{place}.{part}") for part in parts)]
    lines = []
    for place in places:
        cells = [_cell(context, typed, f"{group}.{place}.{part}") for part in parts]
        head = context.text("entry-responsible" if place == 0 else "entry-contact") if group == "contacts" else ""
        shown = place <= max([0, *held])
        lines.append(
            html.Div(
                [html.Span(head, className="row-head") if head else None, *cells],
                id={"type": "entry-row", "name": f"{group}.{place}"},
                className="entry-row" if shown else "entry-row spare",
            )
        )
    add = dmc.Button(
        context.text(f"entry-add-{group}"),
        id={"type": "entry-row-add", "name": group},
        variant="default",
        size="compact-sm",
        leftSection=icon("plus", 14),
    )
    return [html.Div(lines, className=f"entry-rows {group}"), html.Div(add, className="entry-add")]


def _cell(context: Context, typed: Typed, name: str) -> dmc.TextInput:
    return dmc.TextInput(
        id=ident(name),
        label=context.text(label_key(name)),
        value=str(typed.get(name) or ""),
        debounce=DEBOUNCE,
        size="sm",
    )
