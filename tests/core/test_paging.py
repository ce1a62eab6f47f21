"""Pages of a list: followed from one to the next they are the whole list, each row once, in its order."""

from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.engine import Connection

from portfolio.core.errors import InvalidError
from portfolio.core.paging import Order, decode_cursor, encode_cursor, segments

ROWS = Table("rows", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer))
ENGINE = create_engine("sqlite://")
ROWS.metadata.create_all(ENGINE)
VALUES = st.lists(st.one_of(st.none(), st.integers(-3, 3)), max_size=14)


def order(descending: bool = False, nullable: bool = True) -> Order:
    return Order("value", ROWS.c.value, ROWS.c.id, descending, nullable)


def page(connection: Connection, asked: Order, after: str | None, size: int) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    for statement in segments(select(ROWS.c.id, ROWS.c.value), asked, after):
        rows = connection.execute(statement.limit(size - len(found)))
        found += [(row.id, row.value) for row in rows]
    return found


def pages(connection: Connection, asked: Order, size: int) -> Iterator[tuple[int, int | None]]:
    after: str | None = None
    while rows := page(connection, asked, after, size):
        yield from rows
        after = encode_cursor(asked, rows[-1][1], rows[-1][0])


@given(VALUES, st.booleans(), st.integers(1, 5))
def test_the_pages_are_the_list(values: list[int | None], descending: bool, size: int) -> None:
    """Missing values come last in either direction; the unique column breaks ties."""
    with ENGINE.begin() as connection:
        connection.execute(ROWS.delete())
        if values:
            connection.execute(insert(ROWS), [{"id": place, "value": value} for place, value in enumerate(values, 1)])
        # One more than there are: pages that come round again would never end.
        found = list(islice(pages(connection, order(descending), size), len(values) + 1))
    rows = list(enumerate(values, 1))
    sign = -1 if descending else 1
    assert found == sorted(rows, key=lambda row: (row[1] is None, sign * (row[1] or 0), sign * row[0]))


@given(st.one_of(st.none(), st.integers(-(2**53), 2**53), st.text(max_size=20)), st.integers(0, 2**53))
def test_a_cursor_is_read_as_it_was_written(value: int | str | None, tie: int) -> None:
    cursor = encode_cursor(order(), value, tie)
    assert cursor.isascii() and "=" not in cursor
    assert decode_cursor(order(), cursor) == (value, tie)


@pytest.mark.parametrize("made_up", ["", "甲", "AAAA", "W10", encode_cursor(order(descending=True), 1, 1)])
def test_a_cursor_of_another_sort_or_made_up_is_refused(made_up: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode_cursor(order(), made_up)
    assert caught.value.code == "list.bad_cursor"


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}])
def test_a_place_that_no_row_holds_is_refused(value: object) -> None:
    with pytest.raises(InvalidError):
        decode_cursor(order(), encode_cursor(order(), value, 1))


def test_a_column_that_is_never_empty_is_read_in_one_range() -> None:
    assert len(segments(select(ROWS.c.id), order(nullable=False), None)) == 1
    assert len(segments(select(ROWS.c.id), order(), None)) == 2
    assert len(segments(select(ROWS.c.id), order(), encode_cursor(order(), None, 3))) == 1
