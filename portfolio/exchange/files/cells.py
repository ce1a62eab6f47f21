"""A chunk's cells in one text, to be had as rows or as columns: far cheaper to hand over than cells one by one."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import overload

BETWEEN = "\x1f"  # the sign that ASCII has for this; rows in which a cell holds it cannot be joined


class Cells(Sequence[list[str]]):
    """Rows of one width in one text, so that a column is a slice and a row is only made for who asks."""

    def __init__(self, text: str, width: int) -> None:
        """`text` holds the cells of whole rows, at least one, of `width` cells, with `BETWEEN` between them."""
        self.text, self.width = text, width

    @classmethod
    def joined(cls, rows: Sequence[list[str]]) -> "Cells | None":
        """`rows` as one text; None when there are none, when a cell holds `BETWEEN` or their widths differ."""
        if isinstance(rows, Cells):
            return rows
        width = len(rows[0]) if rows else 0
        text = BETWEEN.join(chain.from_iterable(rows))
        whole = text.count(BETWEEN) + 1 == len(rows) * width and set(map(len, rows)) == {width}
        return cls(text, width) if width and whole else None

    @cached_property
    def _flat(self) -> list[str]:
        return self.text.split(BETWEEN)

    def __len__(self) -> int:
        return (self.text.count(BETWEEN) + 1) // self.width

    @overload
    def __getitem__(self, place: int) -> list[str]: ...

    @overload
    def __getitem__(self, place: slice) -> list[list[str]]: ...

    def __getitem__(self, place: int | slice) -> list[str] | list[list[str]]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        start = range(0, len(self._flat), self.width)[place]
        return self._flat[start : start + self.width]

    def __iter__(self) -> Iterator[list[str]]:
        flat, width = self._flat, self.width
        return (flat[start : start + width] for start in range(0, len(flat), width))

    def column(self, place: int) -> list[str]:
        """The cells of a column, counted from 0."""
        return self._flat[place :: self.width]


def columns_of(rows: Sequence[list[str]]) -> Sequence[Sequence[str]]:
    """The columns of rows that are all as wide as the first; none when there are no rows."""
    if isinstance(rows, Cells):
        return [rows.column(place) for place in range(rows.width)]
    return list(zip(*rows, strict=True))
