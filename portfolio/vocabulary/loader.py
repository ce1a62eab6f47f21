"""Load the code lists into their tables: new and changed rows are written, none is removed."""

from functools import cache
from typing import Any

from sqlmodel import Session, SQLModel

from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.vocabulary.codes import list_version, read_list
from portfolio.vocabulary.elements import build_tree, forget_tree
from portfolio.vocabulary.tables import CodeList, Item, Region
from portfolio.vocabulary.tree import ElementTree

LOADED = ("regions", "items")


def load_code_lists(session: Session) -> list[str]:
    """Bring regions and items up to the shipped version; return the names of the lists that changed."""
    changed = [name for name in LOADED if _held_version(session, name) != list_version(name)]
    if not changed:
        return []
    revision.touch(session, None)
    if "regions" in changed:
        _merge(session, Region, _region_rows())
    if "items" in changed:
        _merge(session, Item, _item_rows())
    for name in changed:
        session.merge(CodeList(name=name, version=list_version(name), loaded_at=utc_now()))
    session.flush()
    forget_tree(session)
    return changed


@cache
def shipped_tree() -> ElementTree:
    """The element tree as it ships, without a database."""
    return build_tree(Item(**row) for row in _item_rows())


def _held_version(session: Session, name: str) -> str | None:
    held = session.get(CodeList, name)
    return held.version if held else None


def _merge(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    for row in rows:
        session.merge(table(**row))
        session.flush()


def _region_rows() -> list[dict[str, Any]]:
    rows = [{key: value or None for key, value in row.items()} for row in read_list("regions")]
    parents = {row["code"]: row for row in rows}
    for row in rows:
        row["city_code"] = _city_of(row, parents)
        row["source"] = row["source"] or ""
    return sorted(rows, key=lambda row: _depth(row, parents))


def _city_of(row: dict[str, Any], parents: dict[Any, dict[str, Any]]) -> str | None:
    here: dict[str, Any] | None = row
    while here is not None and here["level"] != "city":
        here = parents.get(here["parent"])
    return here["code"] if here else None


def _depth(row: dict[str, Any], parents: dict[Any, dict[str, Any]]) -> int:
    depth, here = 0, row
    while here["parent"]:
        depth, here = depth + 1, parents[here["parent"]]
    return depth


def _item_rows() -> list[dict[str, Any]]:
    rows = read_list("items")
    id_of = {row["code"]: int(row["id"]) for row in rows}
    parents = {row["parent"] for row in rows}
    threshold = "national_threshold_m2"
    return [
        {
            "id": int(row["id"]),
            "code": row["code"],
            "parent_id": id_of.get(row["parent"]),
            "dimension": row["dimension"],
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "position": position,
            "is_leaf": row["code"] not in parents,
            "flags": row["flags"],
            threshold: int(row[threshold]) if row[threshold] else None,
            "source": row["source"],
        }
        for position, row in enumerate(rows, 1)
    ]
