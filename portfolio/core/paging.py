"""Keyset paging: opaque cursors, and the next page at the price of the first."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import ColumnElement, Select, and_, or_

from portfolio.core.errors import InvalidError

MAX_LIMIT = 500
DEFAULT_LIMIT = 50


Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` of a list, the cursor of the `next` page (None at the end) and the `total` without paging."""

    rows: Sequence[Row]
    next: str | None
    total: int


@dataclass(frozen=True)
class Order:
    """A sort: the column, its direction, and the unique column that breaks ties. Missing values come last."""

    name: str
    column: ColumnElement[Any]
    tie: ColumnElement[Any]
    descending: bool = False
    nullable: bool = True


def encode_cursor(order: Order, value: Any, tie: Any) -> str:
    """The opaque place after the row that holds `value` and `tie`."""
    raw = orjson.dumps([order.name, order.descending, value, tie])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(order: Order, cursor: str) -> tuple[Any, Any]:
    """The (value, tie) a cursor stands for; raises `InvalidError` for one of another sort or made up."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, descending, value, tie = orjson.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, binascii.Error, UnicodeError):
        raise InvalidError("list.bad_cursor") from None
    plain = (str, int, type(None))
    fits = (name, descending) == (order.name, order.descending)
    if not fits or not isinstance(value, plain) or not isinstance(tie, int | str):
        raise InvalidError("list.bad_cursor")
    return value, tie


def _beyond(column: ColumnElement[Any], tie: ColumnElement[Any], value: Any, last: Any, down: bool) -> Any:
    if down:
        return and_(column <= value, or_(column < value, tie < last))
    return and_(column >= value, or_(column > value, tie > last))


def segments(statement: Select[Any], order: Order, after: str | None) -> list[Select[Any]]:
    """The statements whose rows, one after the other, are the list from `after` on.

    A nullable column is read as two ranges, the valued rows and then the empty ones, so each is a plain index range.
    """
    down, column, tie = order.descending, order.column, order.tie
    by_tie = tie.desc() if down else tie.asc()
    valued = statement.order_by(column.desc() if down else column.asc(), by_tie)
    empty = statement.where(column.is_(None)).order_by(by_tie)
    if order.nullable:
        valued = valued.where(column.is_not(None))
    if after is None:
        return [valued, empty] if order.nullable else [valued]
    value, last = decode_cursor(order, after)
    if value is None:
        return [empty.where(tie < last if down else tie > last)]
    rest = valued.where(_beyond(column, tie, value, last, down))
    return [rest, empty] if order.nullable else [rest]
