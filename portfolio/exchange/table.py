"""A table as it is read from a file: heading and rows of text, and how a cell becomes text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CHUNK = 20_000
Chunk = tuple[Sequence[int], list[list[str]]]
Row = tuple[int, list[str]]


@dataclass
class Table:
    """One table of a file: its heading cells and its rows in chunks (line numbers, cells as text).

    `kind` is what a template says of itself, None where the heading has to tell.
    """

    sheet: str | None
    heading: list[str]
    chunks: Iterator[Chunk]
    kind: str | None = None

    def rows(self) -> Iterator[Row]:
        """The rows one by one."""
        for numbers, cells in self.chunks:
            yield from zip(numbers, cells, strict=True)


def cell_text(value: Any) -> str:
    """A cell as the text its CSV would hold: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else shown_number(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()


def shown_number(value: float) -> str:
    """A float as Excel means it: 15 significant digits, no exponent."""
    return format(float(f"{value:.15g}"), ".10f").rstrip("0").rstrip(".")
