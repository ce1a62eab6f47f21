"""The rows of a CSV file: its encoding told, every row with as many cells as the heading or reported."""

import csv
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from portfolio.exchange.files.csv_dialect import DialectError, dialect_of
from portfolio.exchange.files.spool import Told
from portfolio.exchange.files.table import Chunk


class NoRowsError(Exception):
    """The file cannot be read as CSV; `told` says why."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.told = Told(code, row)


class CsvRows:
    """A CSV file that is being read: its heading, then its rows in chunks with what is wrong in each."""

    def __init__(self, path: Path) -> None:
        """Read the heading; raises `NoRowsError`."""
        try:
            dialect = dialect_of(path)
        except DialectError as error:
            raise NoRowsError(error.code) from None
        self._file = path.open(encoding=dialect.encoding, newline="")
        self._reader: Any = csv.reader(self._file, delimiter=dialect.separator, strict=True)
        self.heading = self._heading()

    def _heading(self) -> list[str]:
        try:
            heading: list[str] | None = next(self._reader, None)
        except csv.Error:
            raise NoRowsError("bad_csv", 1) from None
        if heading is None or "\0" in "".join(heading):
            raise NoRowsError("empty_file" if heading is None else "bad_encoding")
        return heading

    def chunks(self, most: int) -> Iterator[tuple[Chunk, list[Told]]]:
        """The rows, `most` at a time, that have as many cells as the heading; others are told unless they are blank."""
        whole, reader, told = True, self._reader, list[Told]()
        while whole:
            before, rows = reader.line_num, list[list[str]]()
            try:
                rows.extend(islice(reader, most))
                whole = len(rows) == most
            except csv.Error:
                # What was read before the fault stays in the list.
                whole, told = False, [Told("bad_csv", reader.line_num)]
            plain = reader.line_num - before == len(rows)
            numbers = range(before + 1, before + 1 + len(rows)) if plain else _line_numbers(before, rows)
            chunk, uneven = _of_width(numbers, rows, len(self.heading))
            yield chunk, [*told, *uneven]
        self._file.close()


def _line_numbers(before: int, rows: list[list[str]]) -> list[int]:
    """The line each row ends on, where cells hold line breaks."""
    return list(accumulate((1 + sum(cell.count("\n") for cell in row) for row in rows), initial=before))[1:]


def _of_width(numbers: Sequence[int], rows: list[list[str]], width: int) -> tuple[Chunk, list[Told]]:
    if set(map(len, rows)) <= {width}:
        return (numbers, rows), []
    told = [
        Told("bad_width", number, str(len(cells)), {"expected": str(width)})
        for number, cells in zip(numbers, rows, strict=True)
        if len(cells) != width and any(cells)
    ]
    good = [(number, cells) for number, cells in zip(numbers, rows, strict=True) if len(cells) == width]
    return ([number for number, _ in good], [cells for _, cells in good]), told
