"""A project's needs as one value, to be kept beside the record and compared with later."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.needs.tables import Need, NeedDetail, NotApplicable
from portfolio.vocabulary.elements import element_tree


def kept_needs(session: Session, project_id: int) -> dict[str, Any]:
    """`needs` as [item, year, base units], `not_applicable` item codes, `details` as [item, attribute, value]."""
    codes = element_tree(session).by_id
    own, closed, said = col(Need.project_id), col(NotApplicable.project_id), col(NeedDetail.project_id)
    needs = select(col(Need.item_id), col(Need.year), col(Need.required)).where(own == project_id)
    shut = select(col(NotApplicable.item_id)).where(closed == project_id)
    details = select(col(NeedDetail.item_id), col(NeedDetail.attribute), col(NeedDetail.value)).where(
        said == project_id
    )
    return {
        "needs": sorted([codes[item].code, year, required] for item, year, required in session.execute(needs)),
        "not_applicable": sorted(codes[item].code for item in session.execute(shut).scalars()),
        "details": sorted([codes[item].code, name, value] for item, name, value in session.execute(details)),
    }


def compare_needs(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, int | None, Any, Any]]:
    """Where two values of `kept_needs` differ: (item, year, before, after) in base units; 不涉及 has no year."""
    found: list[tuple[str, int | None, Any, Any]] = []
    old, new = _by_key(before["needs"]), _by_key(after["needs"])
    for item, year in sorted(old.keys() | new.keys()):
        if old.get((item, year)) != new.get((item, year)):
            found.append((item, year, old.get((item, year)), new.get((item, year))))
    was, now = set(before["not_applicable"]), set(after["not_applicable"])
    return found + [(item, None, item in was, item in now) for item in sorted(was ^ now)]


def compare_details(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, Any, Any]]:
    """Where two values of `kept_needs` differ beside the quantities: (item, attribute, before, after)."""
    was, now = ({(item, name): value for item, name, value in side["details"]} for side in (before, after))
    keys = sorted(was.keys() | now.keys())
    return [(*key, was.get(key), now.get(key)) for key in keys if was.get(key) != now.get(key)]


def _by_key(rows: Iterable[Any]) -> dict[tuple[str, int], int]:
    return {(item, year): required for item, year, required in rows}
