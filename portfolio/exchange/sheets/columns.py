"""The columns of each kind of table: their headings in both languages, and how a heading names a unit."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portfolio.core.i18n import LANGUAGES, t
from portfolio.core.units import UNIT_WORDS, UNITS
from portfolio.exchange.sheets.findings import Place

KINDS: dict[str, tuple[str, ...]] = {
    "projects": (
        "code",
        "national_code",
        "name_zh",
        "name_en",
        "kind",
        "nature",
        "approval_type",
        "capacity_zh",
        "region_codes",
        "section",
        "task_ids",
        "lead_unit",
        "office_unit",
        "units",
        "owner",
        "stage",
        "start_month",
        "finish_month",
        "actual_start_month",
        "actual_finish_month",
        "total_investment",
        "cross_province",
        "co_agreed",
        "co_agreed_doc",
        "sea_related",
        "lon",
        "lat",
        "source",
        "illustrative_fields",
    ),
    "needs": ("project", "item", "year", "required", "basis"),
    "pools": (
        "pool",
        "item",
        "year",
        "region_code",
        "level",
        "quantity",
        "valid_until",
        "doc_no",
        "kind",
        "name",
        "on_date",
        "basis",
        "carries",
    ),
    "ledger": (
        "entry",
        "kind",
        "pool",
        "project",
        "item",
        "year",
        "quantity",
        "on_date",
        "doc_no",
        "note",
        "source",
        "counter_pool",
        "reverses",
    ),
    "steps": (
        "project",
        "step",
        "status",
        "planned_on",
        "actual_on",
        "valid_until",
        "doc_no",
        "authority",
        "note",
        "basis",
    ),
    "criteria": ("project", "criterion", "value", "basis"),
    "yearly": ("project", "year", "completed", "to_date", "expected", "note"),
    "units": (
        "code",
        "name_zh",
        "full_name_zh",
        "name_en",
        "kind",
        "region_code",
        "credit_code",
        "valid_from",
        "valid_to",
        "successor",
        "note_zh",
        "aliases_zh",
    ),
    "tasks": ("id", "section", "part", "title_zh", "title_en", "bracket_zh", "units", "lead_unit", "lead_note_zh"),
}
EDITION_KINDS: dict[str, tuple[str, ...]] = {
    "entries": (
        "code",
        "name_zh",
        "kind",
        "city",
        "lead_unit",
        "owner",
        "person",
        "capacity_zh",
        "stage",
        "start_month",
        "finish_month",
        "total_investment",
        "category",
        "annual_investment",
        "content",
    ),
    "needs": KINDS["needs"],
    "milestones": ("project", "name", "due_month", "done_month"),
}
PROBLEM_KINDS: dict[str, tuple[str, ...]] = {
    "projects": (
        *KINDS["projects"],
        "rung",
        "must",
        "exclude_group",
        "together_group",
        "requires",
        "phases",
        "least_phases",
        "max_delay",
        "approved",
    ),
    "needs": (*KINDS["needs"], "phase"),
    "pools": KINDS["pools"],
    "criteria": ("project", "criterion", "value"),
    "shares": ("region_code", "item", "percent"),
}
# Columns of templates that only narrow the choices of another: read, compared with it, never kept.
HELPERS: dict[str, tuple[str, ...]] = {"projects": ("sector", "city", "county"), "needs": ("element",)}
# What an export says of a row besides: known again when it comes back, and read past.
TOLD: dict[str, tuple[str, ...]] = {
    "projects": ("complete_percent", "accepted", "proposed"),
    "needs": ("proposed",),
}
_COLUMNS = KINDS | EDITION_KINDS
REQUIRED: dict[str, tuple[str, ...]] = {
    "projects": ("name_zh",),
    "needs": ("project", "item", "year", "required"),
    "pools": ("pool", "item", "year", "quantity"),
    "ledger": ("kind", "pool", "quantity", "on_date"),
    "steps": ("project", "step", "status"),
    "criteria": ("project", "criterion", "value"),
    "yearly": ("project", "year", "completed"),
    "units": ("code", "name_zh"),
    "tasks": ("id",),
    "entries": ("name_zh",),
    "milestones": ("project", "name", "due_month"),
}
# What headings were called before planned and actual months were told apart: tables of then are still read.
FORMER: dict[str, dict[str, tuple[str, ...]]] = {
    "projects": {"start_month": ("开工年月", "Start"), "finish_month": ("建成年月", "Finish")},
    "entries": {"start_month": ("开工时间", "Start"), "finish_month": ("竣工时间", "Finish")},
}
WITH_UNIT = {"total_investment": "money", "annual_investment": "money", "required": "any", "quantity": "any"}
WITH_UNIT |= dict.fromkeys(("completed", "to_date", "expected"), "money")
LONGEST_HEADING = 200  # what is longer names no column, and is not searched for brackets
_BRACKET = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+)\s*[)\]]\s*$")


@dataclass(frozen=True)
class Heading:
    """What a file's heading row says: the machine name at each place (None: not ours) and the unit it names."""

    names: tuple[str | None, ...]
    units: dict[str, str]
    kind: str = ""


def columns(kind: str) -> tuple[str, ...]:
    """Every column a table of `kind` may have, those that only narrow a choice included."""
    return (*_COLUMNS[kind], *HELPERS.get(kind, ()))


def label(kind: str, name: str, lang: str) -> str:
    """The heading of a column for people."""
    return t(f"column-{kind}-{name}", lang)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lstrip("\ufeff'").strip().casefold()


def _spellings(kind: str, chosen: Sequence[str] | None = None) -> dict[str, str]:
    known: dict[str, str] = {}
    for name in chosen or (*columns(kind), *TOLD.get(kind, ())):
        known[name] = name
        known |= {_plain(words): name for words in FORMER.get(kind, {}).get(name, ())}
        for lang in LANGUAGES:
            text = _plain(label(kind, name, lang))
            known[text] = name
            bracketed = _BRACKET.match(text)
            if bracketed:
                known[bracketed.group(1)] = name
    return known


def guess_kind(heading: Sequence[str], among: Mapping[str, tuple[str, ...]] = KINDS) -> str | None:
    """The kind whose columns the heading names best, if it has all that kind requires."""
    best: tuple[int, str] | None = None
    told = {_parts(cell) for cell in heading}
    for kind in among:
        known = _spellings(kind)
        names = {_named(parts, known)[0] for parts in told}
        if set(REQUIRED[kind]) <= names:
            score = (len(names & set(among[kind])), kind)
            best = max(best, score) if best else score
    return best[1] if best else None


def spellings_of(kind: str, heading: Sequence[str]) -> dict[int, str]:
    """The machine name of each heading cell that names a column of `kind`, by its place counted from 1."""
    known = _spellings(kind)
    found = {place: _match(cell, known)[0] for place, cell in enumerate(heading, 1)}
    return {place: name for place, name in found.items() if name is not None and name not in TOLD.get(kind, ())}


def _match(cell: str, known: dict[str, str]) -> tuple[str | None, str | None]:
    """The column and the unit word a heading cell names."""
    return _named(_parts(cell), known)


def _parts(cell: str) -> tuple[str, str, str | None]:
    """A heading cell as it is compared, what stands before its brackets, and what in them."""
    if len(cell) > LONGEST_HEADING:
        return "", "", None
    plain = _plain(cell)
    bracketed = _BRACKET.match(plain)
    return (plain, bracketed.group(1), bracketed.group(2)) if bracketed else (plain, plain, None)


def _named(parts: tuple[str, str, str | None], known: dict[str, str]) -> tuple[str | None, str | None]:
    plain, stem, word = parts
    return known.get(stem) or known.get(plain), word


def read_heading(
    kind: str,
    cells: Sequence[str],
    place: Place,
    columns: Sequence[str] | None = None,
    required: Sequence[str] | None = None,
) -> Heading | None:
    """The heading of a table; every unknown, doubled or missing column is reported, and then there is none.

    A spelling that stands there many times is told once. `columns` and `required` are those of the kind unless others
    are given.
    """
    known, units = _spellings(kind, columns), dict[str, str]()
    matched = {cell: _match(cell, known) for cell in dict.fromkeys(cells)}
    told = TOLD.get(kind, ())
    names = [None if matched[cell][0] in told else matched[cell][0] for cell in cells]
    place.head(kind, {name: (cell, at) for at, (name, cell) in enumerate(zip(names, cells, strict=True)) if name})
    before, expected = place.findings.total, ", ".join(columns or _COLUMNS[kind])
    once, times = set[str](), Counter(cells)
    for cell, (name, word) in matched.items():
        if name in told:
            continue
        if name is None:
            if cell.strip():
                place.report("unknown_column", value=cell, known=expected)
            continue
        if name in once or times[cell] > 1:
            place.report("doubled_column", column=name, value=cell)
        elif name in WITH_UNIT and word is not None and not _mixed(word):
            _read_unit(name, word, cell, units, place)
        once.add(name)
    for name in REQUIRED[kind] if required is None else required:
        if name not in once:
            place.report("missing_column", column=name, value=label(kind, name, "zh"))
    return Heading(tuple(names), units, kind) if place.findings.total == before else None


def _mixed(word: str) -> bool:
    return "/" in word or "、" in word


def _read_unit(name: str, word: str, cell: str, units: dict[str, str], place: Place) -> None:
    unit = UNIT_WORDS.get(word)
    if unit is None or (WITH_UNIT[name] == "money" and UNITS[unit].dimension != "money"):
        place.report("unknown_unit", column=name, value=cell)
    else:
        units[name] = unit
