"""What a reviewer should look at in a record: it stops nothing, and is told with both sides.

A pin outside the cities that are named, sources that do not add up to the total investment, amounts and areas so far
from what was accepted that another unit may have been meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portfolio.core.errors import FieldError
from portfolio.core.units import outer_text
from portfolio.projects.ended import ended_remarks
from portfolio.projects.rules.facts import MONTH, warnings
from portfolio.reporting.records import Comparison, WholeRecord
from portfolio.scheme.directory import UnitDirectory
from portfolio.vocabulary.outlines import kilometres_outside
from portfolio.vocabulary.regions import RegionDirectory
from portfolio.vocabulary.tree import ElementTree

OUTSIDE_KM = 5.0  # the outlines are simplified, and works reach into the sea before a city's coast
FAR, MU = 10, 15
MU_SPREAD = 0.02


def remarks(
    record: WholeRecord, changes: Comparison, tree: ElementTree, units: UnitDirectory, regions: RegionDirectory
) -> list[FieldError]:
    """Every remark on a record as it would be; `changes` say what it was."""
    return [
        *between(record.project, record.needs["needs"], tree),
        *_ended(record, changes, units, regions),
        *_units(changes, tree),
    ]


def _ended(
    record: WholeRecord, changes: Comparison, units: UnitDirectory, regions: RegionDirectory
) -> Iterator[FieldError]:
    """Units and places that are named anew although they ended, with who took them over."""
    was = {name: before for name, before, _ in changes.fields}
    held = None if changes.new else {**record.project, **was}
    return ended_remarks(record.project, held, units.by_code, regions.by_code)


def between(facts: Mapping[str, Any], needs: Iterable[tuple[str, int, int]], tree: ElementTree) -> list[FieldError]:
    """What the fields of a record say against each other, also of one that is only being typed.

    `facts` as the rules of facts take them, `needs` as (item, year, base units).
    """
    funds = [(year, amount) for item, year, amount in needs if tree.by_code[item].element == "fund" and amount]
    return [*warnings(facts), *_pin(facts), *_sources(facts, funds), *_years(facts, funds)]


def _pin(facts: Mapping[str, Any]) -> Iterator[FieldError]:
    lon, lat = facts["lon"], facts["lat"]
    cities = {f"{code[:4]}00" for code in facts["region_codes"]}
    if lon is None or lat is None or not cities:
        return
    found = [kilometres_outside(city, lon, lat) for city in cities]
    far = [km for km in found if km is not None]
    if len(far) == len(found) and min(far) > OUTSIDE_KM:
        yield FieldError("lon", "remark.pin_outside", {"km": str(round(min(far)))})


def _sources(facts: Mapping[str, Any], funds: list[tuple[int, int]]) -> Iterator[FieldError]:
    """What the sources give over all years against the total investment; a record that names no source is not told."""
    total, asked = facts["total_investment_yuan"], sum(amount for _, amount in funds)
    if total and asked and asked != total:
        told = {"asked": outer_text(asked, "money"), "total": outer_text(total, "money")}
        code = "remark.sources_over" if asked > total else "remark.sources_short"
        yield FieldError("total_investment_yuan", code, told)


def _years(facts: Mapping[str, Any], funds: list[tuple[int, int]]) -> Iterator[FieldError]:
    """Money asked for years after the works are to be finished; before they start, preparing them costs money."""
    finish = facts["finish_month"]
    late = sorted({year for year, _ in funds if finish and MONTH.match(finish) and year > int(finish[:4])})
    if late:
        yield FieldError("needs", "remark.years_after_finish", {"years": "、".join(map(str, late)), "finish": finish})


def _units(changes: Comparison, tree: ElementTree) -> Iterator[FieldError]:
    amounts: Iterable[tuple[str, str, int, int]] = (
        *((name, "money", was, now) for name, was, now in changes.fields if name == "total_investment_yuan"),
        *(
            (f"needs.{item}.{year}", tree.by_code[item].dimension, was, now)
            for item, year, was, now in changes.needs
            if year is not None
        ),
    )
    for field, dimension, was, now in amounts:
        if not was or not now:
            continue
        less, more = sorted((was, now))
        told = {"was": outer_text(was, dimension), "now": outer_text(now, dimension)}
        if dimension == "money" and more >= FAR * less:
            yield FieldError(field, "remark.unit_of_money", {**told, "times": str(round(more / less))})
        elif dimension == "area" and abs(more / less / MU - 1) <= MU_SPREAD:
            yield FieldError(field, "remark.unit_of_area", told)
