"""What an office says of an item beside its quantity: attributes as data, and the rules on their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portfolio.core.errors import FieldError
from portfolio.core.rulebook import Rulebook
from portfolio.core.units import MAX_BASE

BOOK = Rulebook(Path(__file__).parents[1] / "data", ("attributes", "sea_use_types"))
LIMITS = {
    "area": (0, MAX_BASE),
    "length": (0, 10_000_000),
    "count": (0, 10**12),
    "years": (1, 50),
    "grade": (1, 6),
    "months": (1, 24),
    "year": (2000, 2060),
    "flag": (0, 1),
}
RANGED = ("years", "grade", "months", "year", "flag")


@dataclass(frozen=True)
class Attribute:
    """An attribute of an element or of its leaves (`place`); numbers are whole base units (m², m, kg, years)."""

    code: str
    element: str
    place: str
    type: str
    choices: tuple[str, ...]
    name_zh: str
    name_en: str
    source: str

    def name(self, lang: str) -> str:
        """The attribute's name."""
        return self.name_en if lang == "en" else self.name_zh


@dataclass(frozen=True)
class SeaUse:
    """A use type of the sea in one scheme of classification."""

    scheme: str
    code: str
    name_zh: str
    name_en: str


@lru_cache
def attributes() -> Mapping[str, Attribute]:
    """Every attribute by its code, in the order of a form."""
    found = {}
    for row in BOOK.rows("attributes"):
        choices = tuple(part for part in row["choices"].split("|") if part)
        words = {name: text for name, text in row.items() if name != "choices"}
        found[row["code"]] = Attribute(**words, choices=choices)
    return found


@lru_cache
def sea_uses() -> tuple[SeaUse, ...]:
    """The use types of every scheme."""
    return tuple(SeaUse(**row) for row in BOOK.rows("sea_use_types"))


def version() -> str:
    """The version of both files."""
    return BOOK.version


def value_faults(attribute: str, item: str, leaf: bool, value: str) -> list[FieldError]:
    """What is wrong with one value of an attribute at an item."""
    known = attributes().get(attribute)
    if known is None or known.element != item.split(".", 1)[0] or (known.place == "leaf") != leaf:
        return [FieldError("attribute", "detail.not_here", {"value": attribute, "item": item})]
    if known.type == "choice":
        return [] if value in known.choices else [FieldError("value", "field.unknown_code", {"value": value})]
    if known.type == "sea_use":
        codes = {use.code for use in sea_uses()}
        return [] if value in codes else [FieldError("value", "field.unknown_code", {"value": value})]
    return _number_faults(known.type, value)


def _number_faults(kind: str, value: str) -> list[FieldError]:
    """A range is told where it means something to the office; a measure is only a number, and not beyond reason."""
    low, high = LIMITS[kind]
    plain = value.isascii() and value.isdigit()
    if plain and low <= int(value) <= high:
        return []
    if kind in RANGED:
        return [FieldError("value", "detail.out_of_range", {"value": value, "low": str(low), "high": str(high)})]
    return [FieldError("value", "detail.too_large" if plain else "detail.not_whole", {"value": value})]


Details = Mapping[tuple[str, str], str]
Quantities = Mapping[str, int]


def findings(details: Details, quantities: Quantities, flags: Mapping[str, frozenset[str]]) -> list[FieldError]:
    """Where details and quantities (m² by leaf, all years) contradict each other; nothing stated is no finding.

    Sources: 用地审批 (集体与国有合计等于总面积), 占补平衡, 用海审批 (自然岸线不多于占用岸线),
    use types of their scheme, 使用林地审核 (临时使用不多于该项面积).
    """
    return [*_land(details, quantities, flags), *_sea(details), *_forest(details, quantities)]


def _number(details: Details, item: str, attribute: str) -> int | None:
    value = details.get((item, attribute))
    return None if value is None else int(value)


def _land(details: Details, quantities: Quantities, flags: Mapping[str, frozenset[str]]) -> list[FieldError]:
    found: list[FieldError] = []
    land = {item: m2 for item, m2 in quantities.items() if item.split(".", 1)[0] == "land"}
    total = sum(land.values())
    parts = [_number(details, "land", name) for name in ("collective", "state")]
    if land and None not in parts and sum(part or 0 for part in parts) != total:
        found.append(_contradiction("collective", "detail.owners_do_not_add_up", sum(p or 0 for p in parts), total))
    for attribute, flag in (("offset_quantity", "offset"), ("offset_paddy", "paddy")):
        taken = sum(m2 for item, m2 in land.items() if flag in flags.get(item, frozenset()))
        offset = _number(details, "land", attribute)
        if offset is not None and offset < taken:
            found.append(_contradiction(attribute, "detail.offset_too_small", offset, taken))
    redline = _number(details, "land", "ecological_redline")
    if redline is not None and land and redline > total:
        found.append(_contradiction("ecological_redline", "detail.more_than_whole", redline, total))
    return found


def _sea(details: Details) -> list[FieldError]:
    found: list[FieldError] = []
    pairs = {(use.scheme, use.code) for use in sea_uses()}
    for item in sorted({item for item, _ in details if item.startswith("sea.")}):
        shore, natural = (_number(details, item, name) for name in ("shoreline", "natural_shoreline"))
        if natural is not None and natural > (shore or 0):
            params = {"value": str(natural), "limit": str(shore or 0), "unit": "length"}
            found.append(FieldError(f"{item}.natural_shoreline", "detail.more_than_shoreline", params))
        scheme, use = details.get((item, "use_scheme")), details.get((item, "use_type"))
        if use is not None and (scheme, use) not in pairs:
            params = {"value": use, "scheme": scheme or "-"}
            found.append(FieldError(f"{item}.use_type", "detail.use_of_other_scheme", params))
    return found


def _forest(details: Details, quantities: Quantities) -> list[FieldError]:
    found: list[FieldError] = []
    for (item, attribute), value in sorted(details.items()):
        if attribute == "temporary" and int(value) > quantities.get(item, 0):
            found.append(
                _contradiction(f"{item}.temporary", "detail.more_than_whole", int(value), quantities.get(item, 0))
            )
    return found


def _contradiction(field: str, code: str, stated_m2: int, whole_m2: int) -> FieldError:
    return FieldError(field, code, {"value": _ha(stated_m2), "limit": _ha(whole_m2)})


def _ha(m2: int) -> str:
    return f"{m2 / 10_000:.4f}".rstrip("0").rstrip(".")
