"""Rows under the shape that readers are told of, so that a key spelled wrong is found before anything runs.

What a database gives has no type; each query names here the `TypedDict` its rows follow, and a test holds them to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

Shape = TypeVar("Shape")


def record_of(shape: type[Shape], values: dict[str, Any]) -> Shape:
    """The same `values`, as a record of `shape`."""
    return cast(Shape, values)


def records_of(shape: type[Shape], rows: Iterable[Mapping[Any, Any]]) -> list[Shape]:
    """Rows as records of `shape`."""
    return [record_of(shape, dict(row)) for row in rows]


def picked(record: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a record holds under `names`, which are worked out as the program runs."""
    return {name: record[name] for name in names}
