"""What the form's inputs hold as values of the domain, and back: units read, lists gathered, faults at their inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dashboard.words.fields import AMOUNT
from portfolio.core.errors import FieldError
from portfolio.core.number_reading import NumberFault, read_number
from portfolio.core.plain_text import clean, refused
from portfolio.core.plain_text import stated as stated_text
from portfolio.core.records import picked
from portfolio.core.units import NotExactError, from_base, to_base
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.projects.rules.profile import BASIS_KINDS, CONTACT_ROLES, SINGLE
from portfolio.projects.rules.works import MONTHS
from portfolio.reporting.entry import Entered
from portfolio.reporting.records import WholeRecord
from portfolio.vocabulary.codes import sector_of
from portfolio.vocabulary.tree import ElementTree

TEXTS = ("name_zh", "name_en", "owner", "capacity_zh", "co_agreed_doc")
CODES = ("national_code", "kind", "nature", "approval_type", "stage", "lead_unit", *MONTHS)
FLAGS = ("sea_related", "cross_province", "co_agreed")
LISTS = ("task_ids", "units")
DEGREES = ("lon", "lat")
SCALE_PARTS = ("name", "quantity", "unit")
CONTACT_PARTS = ("name", "phone", "landline", "email")
SPARE = 6  # rows of a list that may be asked for before the form is opened again
UNITS = {"money": "wan_yuan", "area": "ha"}
Stated = dict[str, Any]
Typed = dict[str, Any]


@dataclass(frozen=True)
class Needs:
    """The needs grid as it is: texts by item and year, items declared 不涉及, the rows and years shown, the units."""

    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    closed: Sequence[str] = ()
    items: Sequence[str] = ()
    years: Sequence[int] = ()
    units: Mapping[str, str] = field(default_factory=lambda: dict(UNITS))


@dataclass(frozen=True)
class Read:
    """What the inputs mean, and the fault of each input that means nothing."""

    stated: Stated
    faults: dict[str, FieldError]


def stated_of(record: WholeRecord) -> Stated:
    """A stored record in the form's flat terms: facts, profile parts, `need:item:year`, `closed:item`."""
    project, profile, needs = record.project, record.profile, record.needs
    names = (*TEXTS, *CODES, *FLAGS, *LISTS, *DEGREES, "region_codes", "total_investment_yuan")
    stated: Stated = picked(project, names)
    stated |= {name: profile[name] for name in SINGLE}
    stated |= {f"bases.{kind}": profile["bases"].get(kind) for kind in BASIS_KINDS}
    stated |= {name: profile[name] for name in ("scales", "contacts")}
    stated |= {f"need:{item}:{year}": required for item, year, required in needs["needs"]}
    return stated | {f"closed:{item}": True for item in needs["not_applicable"]}


def typed_of(stated: Mapping[str, Any], units: Mapping[str, str], city_of: Mapping[str, str | None]) -> Typed:
    """What the inputs show for a record; `city_of` tells a county's city."""
    typed: Typed = {name: stated.get(name) for name in (*CODES, *LISTS, *SINGLE, *TEXTS)}
    typed |= {name: None if stated.get(name) is None else "yes" if stated[name] else "no" for name in FLAGS}
    typed |= {name: "" if stated.get(name) is None else str(stated[name]) for name in DEGREES}
    amount = stated.get("total_investment_yuan")
    typed[AMOUNT] = "" if amount is None else plain(amount, units["money"])
    typed["sector"] = sector_of(stated.get("kind"))
    codes = list(stated.get("region_codes") or [])
    typed["cities"] = list(dict.fromkeys(city_of.get(code) or code for code in codes))
    typed["counties"] = [code for code in codes if code not in typed["cities"]]
    return typed | _typed_lists(stated)


def _typed_lists(stated: Mapping[str, Any]) -> Typed:
    typed: Typed = {}
    for kind in BASIS_KINDS:
        basis = stated.get(f"bases.{kind}") or {}
        typed |= {f"bases.{kind}.{part}": basis.get(part, "") for part in ("words", "doc_no")}
    scales, contacts = stated.get("scales") or [], stated.get("contacts") or []
    for place in range(len(scales) + SPARE):
        row = scales[place] if place < len(scales) else {}
        typed |= {f"scales.{place}.{part}": row.get(part, "") for part in SCALE_PARTS}
    for place in range(len(contacts) + SPARE):
        row = contacts[place] if place < len(contacts) else {}
        typed |= {f"contacts.{place}.{part}": row.get(part, "") for part in CONTACT_PARTS}
    return typed


def needs_of(stated: Mapping[str, Any], tree: ElementTree, units: Mapping[str, str], years: Sequence[int]) -> Needs:
    """The needs grid for a record: its answered items, and the years it speaks of besides `years`."""
    cells: dict[str, dict[str, str]] = {}
    shown = set(years)
    for name, required in stated.items():
        kind, _, rest = name.partition(":")
        if kind == "need" and required is not None:
            item, _, year = rest.rpartition(":")
            cells.setdefault(item, {})[year] = plain(required, units[tree.by_code[item].dimension])
            shown.add(int(year))
    closed = [name.partition(":")[2] for name, value in stated.items() if name.startswith("closed:") and value]
    span = list(range(min(shown), max(shown) + 1)) if shown else []
    return Needs(cells, closed, list(cells), span, units)


def read_form(typed: Mapping[str, Any], needs: Needs, tree: ElementTree) -> Read:
    """What was typed as values of the domain; what cannot be read is a fault and counts as not stated."""
    faults = _text_faults(typed)
    stated: Stated = {name: stated_text(str(typed.get(name) or "")) for name in (*TEXTS, *SINGLE)}
    stated |= {name: clean(str(typed.get(name) or "")) or None for name in CODES}
    stated |= {name: {"yes": True, "no": False}.get(typed.get(name) or "") for name in FLAGS}
    stated |= {name: list(typed.get(name) or []) for name in LISTS}
    for name in DEGREES:
        stated[name] = _degrees(str(typed.get(name) or ""), name, faults)
    stated["region_codes"] = _regions(typed)
    stated["total_investment_yuan"] = _quantity(str(typed.get(AMOUNT) or ""), needs.units["money"], AMOUNT, faults)
    for kind in BASIS_KINDS:
        basis = {part: stated_text(str(typed.get(f"bases.{kind}.{part}") or "")) for part in ("words", "doc_no")}
        stated[f"bases.{kind}"] = basis if any(basis.values()) else None
    stated["scales"] = [row for _, row in rows_of(typed, "scales", SCALE_PARTS)]
    stated["contacts"] = [
        {"role": CONTACT_ROLES[min(place, 1)], **row} for place, row in rows_of(typed, "contacts", CONTACT_PARTS)
    ]
    for item, by_year in needs.cells.items():
        for year, text in by_year.items():
            unit = needs.units[tree.by_code[item].dimension]
            stated[f"need:{item}:{year}"] = _quantity(text, unit, f"need:{item}:{year}", faults)
    stated |= {f"closed:{item}": True for item in needs.closed}
    kept = {name: value for name, value in stated.items() if value is not None or ":" not in name}
    return Read(kept, faults)


def rows_of(typed: Mapping[str, Any], group: str, parts: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The filled rows of a list of inputs, each with its place."""
    places = sorted({int(name.split(".")[1]) for name in typed if name.startswith(f"{group}.")})
    rows = [
        (place, {part: stated_text(str(typed.get(f"{group}.{place}.{part}") or "")) for part in parts})
        for place in places
    ]
    return [(place, row) for place, row in rows if any(row.values())]


def _regions(typed: Mapping[str, Any]) -> list[str]:
    """The counties chosen, and the cities of which none was."""
    counties, cities = list(typed.get("counties") or []), list(typed.get("cities") or [])
    return [code for city in cities for code in ([c for c in counties if c[:4] == city[:4] and c != city] or [city])]


def _text_faults(typed: Mapping[str, Any]) -> dict[str, FieldError]:
    """The inputs that hold what no text may hold."""
    found = {name: refused(value) for name, value in typed.items() if isinstance(value, str)}
    return {name: FieldError(name, "field.refused_character", {"character": bad}) for name, bad in found.items() if bad}


def _number(text: str, name: str, faults: dict[str, FieldError], unit: str | None = None) -> Decimal | None:
    read = read_number(text, unit)
    if isinstance(read, NumberFault):
        faults[name] = FieldError(name, f"field.{read.code}", {"value": text, **read.params})
        return None
    return read


def _degrees(text: str, name: str, faults: dict[str, FieldError]) -> float | None:
    number = _number(text, name, faults)
    return None if number is None else round(float(number), 6)


def _quantity(text: str, unit: str, name: str, faults: dict[str, FieldError]) -> int | None:
    number = _number(text, name, faults, unit)
    if number is None:
        return None
    try:
        return to_base(number, unit)
    except NotExactError:
        faults[name] = FieldError(name, "field.not_exact", {"value": text})
    except ValueError:
        faults[name] = FieldError(name, "field.too_large", {"value": text})
    return None


def plain(value: int, unit: str) -> str:
    """A quantity as it is typed: no thousands marks, no trailing zeros."""
    return format(from_base(value, unit).normalize(), "f")


def entered(base: Mapping[str, Any], stated: Mapping[str, Any], versions: Mapping[str, Any]) -> Entered:
    """What of a form is to be saved over the record it began from: only what changed; everything when it is new."""
    changed = {name for name in stated.keys() | base.keys() if _bare(stated.get(name)) != _bare(base.get(name))}
    facts = {
        name: stated[name] for name in (*TEXTS, *CODES, *FLAGS, *DEGREES, "total_investment_yuan") if name in changed
    }
    facts |= {name: tuple(stated[name]) for name in (*LISTS, "region_codes") if name in changed}
    profile = {name: stated[name] for name in (*SINGLE, "scales", "contacts") if name in changed}
    if any(name.startswith("bases.") for name in changed):
        profile["bases"] = {kind: stated[f"bases.{kind}"] for kind in BASIS_KINDS if stated.get(f"bases.{kind}")}
    version, needs_version = versions.get("version"), versions.get("needs_version")
    return Entered(facts, profile, _edits(changed, stated), version, needs_version)


def _edits(changed: set[str], stated: Mapping[str, Any]) -> list[NeedEdit]:
    """Statements taken back come first, so that what replaces them finds its place free."""
    edits: list[tuple[int, NeedEdit]] = []
    for name in sorted(changed):
        kind, _, rest = name.partition(":")
        if kind == "closed":
            on = stated.get(name)
            edits.append((2, NeedEdit(rest, None, NOT_APPLICABLE)) if on else (0, NeedEdit(rest, None, None)))
        elif kind == "need":
            item, _, year = rest.rpartition(":")
            required = stated.get(name)
            edits.append((1 if required is None else 3, NeedEdit(item, int(year), required)))
    return [edit for _, edit in sorted(edits, key=lambda pair: pair[0])]


def _bare(value: Any) -> Any:
    if value in (None, "", [], (), {}):
        return None
    return list(value) if isinstance(value, tuple) else value


def for_rules(stated: Mapping[str, Any]) -> dict[str, Any]:
    """The form as the rules of facts, profiles and required fields look at it."""
    elements = {name.partition(":")[2].split(".")[0].split(":")[0] for name in stated if ":" in name}
    bases = {kind: stated[f"bases.{kind}"] for kind in BASIS_KINDS if stated.get(f"bases.{kind}")}
    answered = {element: element in elements or None for element in ("fund", "land", "sea", "forest")}
    return {**stated, "bases": bases, "needs": answered}
