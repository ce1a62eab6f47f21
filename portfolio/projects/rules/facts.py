"""Rules of a project's facts: what stops a record, what only warns, what is still missing, where it counts."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portfolio.core import plain_text
from portfolio.core.errors import FieldError
from portfolio.projects.rules import national_code
from portfolio.projects.rules.works import ACTUAL, MONTHS, PLANNED
from portfolio.vocabulary.codes import WHOLE_REGION

MONTH = re.compile(r"^(19|20)\d{2}-(0[1-9]|1[0-2])$")
CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{2,23}$")
LON_RANGE, LAT_RANGE = (104.4, 112.1), (20.9, 26.4)
SEARCHED = ("code", "national_code", "name_zh", "name_en", "capacity_zh", "owner")
# What a project's record may carry files of: itself, 三省区共同议定, 跨省区协调; each a kind of its own under its code.
FILED = ("project", "co_agreed", "cross_province")
CODED = ("kind", "nature", "approval_type", "stage")
UNITS = ("lead_unit", "office_unit")


@dataclass(frozen=True)
class Known:
    """What a record is held to by field: the codes it may name (`kind`, …, `units`), how long its words may be."""

    codes: Mapping[str, Collection[str]]
    lengths: Mapping[str, int]


def faults(facts: Mapping[str, Any], known: Known) -> list[FieldError]:
    """Every fault that stops the record, field by field."""
    return [
        *_identity_faults(facts, known),
        *_coded_faults(facts, known),
        *_schedule_faults(facts),
        *_place_faults(facts),
    ]


def _identity_faults(facts: Mapping[str, Any], known: Known) -> Iterable[FieldError]:
    yield from plain_text.faults({name: facts.get(name) for name in known.lengths})
    if not facts.get("name_zh", "").strip():
        yield FieldError("name_zh", "field.required")
    for name, limit in known.lengths.items():
        if len(facts.get(name) or "") > limit:
            yield FieldError(name, "field.too_long", {"limit": limit})
    if not CODE.match(facts.get("code") or ""):
        yield FieldError("code", "project.bad_code", {"value": facts.get("code") or ""})
    code = facts.get("national_code")
    wrong = national_code.fault(code) if code else None
    if wrong:
        yield FieldError("national_code", f"national_code.{wrong}", {"value": code})
    amount = facts.get("total_investment_yuan")
    if amount is not None and amount < 0:
        yield FieldError("total_investment_yuan", "field.negative")


def _coded_faults(facts: Mapping[str, Any], known: Known) -> Iterable[FieldError]:
    for name in (*CODED, *UNITS):
        value = facts.get(name)
        if value is not None and value not in known.codes["units" if name in UNITS else name]:
            yield FieldError(name, "field.unknown_code", {"value": value})
    for name in ("region_codes", "task_ids", "units"):
        for value in facts.get(name) or ():
            if value not in known.codes[name]:
                yield FieldError(name, "field.unknown_code", {"value": value})
    for name in ("stage_basis", "schedule_basis", "investment_basis"):
        if facts.get(name) not in (None, "reported", "illustrative"):
            yield FieldError(name, "field.unknown_code", {"value": facts[name]})


def _schedule_faults(facts: Mapping[str, Any]) -> Iterable[FieldError]:
    stated = {name: value for name in MONTHS if (value := facts.get(name)) is not None}
    for name, value in stated.items():
        if not MONTH.match(value):
            yield FieldError(name, "field.bad_month", {"value": value})
    read = {name: value for name, value in stated.items() if MONTH.match(value)}
    for first, last in (PLANNED, ACTUAL):
        start, finish = read.get(first), read.get(last)
        if start and finish and finish < start:
            yield FieldError(last, "project.finish_before_start", {"start": start, "finish": finish})


def _place_faults(facts: Mapping[str, Any]) -> Iterable[FieldError]:
    lon, lat = facts.get("lon"), facts.get("lat")
    if (lon is None) != (lat is None):
        yield FieldError("lat" if lat is None else "lon", "project.half_coordinates")
    for name, value, (low, high) in (("lon", lon, LON_RANGE), ("lat", lat, LAT_RANGE)):
        if value is not None and not low <= value <= high:
            yield FieldError(name, "project.outside_guangxi", {"value": value, "low": low, "high": high})


def warnings(facts: Mapping[str, Any]) -> list[FieldError]:
    """What a person should look at but which stops nothing."""
    found = []
    code, regions = facts.get("national_code"), tuple(facts.get("region_codes") or ())
    if code and regions and not national_code.fault(code):
        region = national_code.region_of(code)
        if region != WHOLE_REGION and not any(region[:4] == other[:4] for other in regions):
            found.append(FieldError("national_code", "national_code.other_region", {"region": region}))
    if facts.get("co_agreed") and not facts.get("co_agreed_doc"):
        found.append(FieldError("co_agreed_doc", "project.co_agreed_without_doc"))
    if facts.get(ACTUAL[1]) and not facts.get(ACTUAL[0]):
        found.append(FieldError(ACTUAL[0], "project.finished_without_start", {"finish": facts[ACTUAL[1]]}))
    return found


def reporting_city(region_codes: Iterable[str], city_of: Mapping[str, str | None]) -> str | None:
    """The one city sums count a project under: its only city; 450000 when it lies in several or in the region at large.

    None when no region is known. So sums over cities add up to the whole.
    """
    cities = {city_of.get(code) for code in region_codes}
    if not cities:
        return None
    only = next(iter(cities))
    return only if len(cities) == 1 and only is not None else WHOLE_REGION


def search_text(facts: Mapping[str, Any]) -> str:
    """What the library's search looks through: codes, names, capacity and owner, in one width and small letters."""
    return plain_text.searchable(" ".join(str(facts[name]) for name in SEARCHED if facts.get(name)))
