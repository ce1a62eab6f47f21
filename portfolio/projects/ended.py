"""Units and places that a record names anew although others took them over: a look is asked for, nothing is stopped."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from portfolio.core.clock import today
from portfolio.core.errors import FieldError
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.regions import region_directory
from portfolio.vocabulary.tables import Region

FIELDS = {"lead_unit": "unit", "office_unit": "unit", "units": "unit", "region_codes": "region"}
Named = Mapping[str, Unit] | Mapping[str, Region]


def ended_remarks(
    facts: Mapping[str, Any], held: Mapping[str, Any] | None, units: Mapping[str, Unit], regions: Mapping[str, Region]
) -> Iterator[FieldError]:
    """Each ended unit or place that `facts` name and `held`, the record before (None of a new one), did not."""
    for field, kind in FIELDS.items():
        known: Named = units if kind == "unit" else regions
        before = _codes(held.get(field)) if held is not None else ()
        for code in _codes(facts.get(field)):
            one = known.get(code)
            if one is not None and code not in before and has_ended(one):
                heir = known.get(one.successor or "")
                told = {kind: one.name_zh, "until": one.valid_to or "—", "heir": heir.name_zh if heir else "—"}
                yield FieldError(field, f"remark.{kind}_ended", told)


def ended_in(session: Session, facts: Mapping[str, Any], held: Mapping[str, Any] | None) -> list[FieldError]:
    """The same by the directories of the session's database."""
    return list(ended_remarks(facts, held, unit_directory(session).by_code, region_directory(session).by_code))


def has_ended(one: Unit | Region) -> bool:
    """Whether another took it over, and did so by today."""
    return one.successor is not None and (one.valid_to is None or one.valid_to[:7] <= today().isoformat()[:7])


def _codes(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
