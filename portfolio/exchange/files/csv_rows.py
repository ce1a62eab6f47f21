"""The rows of a CSV file: its encoding told, every row with as many cells as the heading or reported."""

import csv
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice
from pathlib import Path

from portfolio.exchange.files.cells import BETWEEN, Cells
from portfolio.exchange.files.csv_dialect import DialectError, dialect_of
from portfolio.exchange.files.spool import Told
from portfolio.exchange.files.table import Chunk

_UNUSUAL = ('"', "\r", "\0", BETWEEN)


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
        self._separator, self._line = dialect.separator, 0
        self.heading = self._heading()

    def _heading(self) -> list[str]:
        reader = csv.reader(self._file, delimiter=self._separator, strict=True)
        try:
            heading: list[str] | None = next(reader, None)
        except csv.Error:
            raise NoRowsError("bad_csv", 1) from None
        self._line = reader.line_num
        if heading is None or "\0" in "".join(heading):
            raise NoRowsError("empty_file" if heading is None else "bad_encoding")
        return heading

    def chunks(self, most: int) -> Iterator[tuple[Chunk, list[Told]]]:
        """The rows, `most` at a time, that have as many cells as the heading; others are told unless they are blank."""
        told = list[Told]()
        while not told and (lines := list(islice(self._file, most))):
            plain = _plain(lines, self._separator, len(self.heading))
            if plain is None:
                chunk, told, uneven = self._parsed(lines, most)
                yield chunk, [*told, *uneven]
            else:
                before, self._line = self._line, self._line + len(lines)
                yield (range(before + 1, self._line + 1), plain), []
        self._file.close()

    def _parsed(self, lines: list[str], most: int) -> tuple[Chunk, list[Told], list[Told]]:
        """At most `most` rows that begin with `lines`, what ends the file before its end, and rows of another width.

        Each row takes a line at least: `lines`, of which there are `most` unless the file ends, are used up by them.
        """
        told, before, rows = list[Told](), self._line, list[list[str]]()
        reader = csv.reader(chain(lines, self._file), delimiter=self._separator, strict=True)
        try:
            rows.extend(islice(reader, most))
        except csv.Error:
            # What was read before the fault stays in the list.
            told = [Told("bad_csv", before + reader.line_num)]
        self._line = before + reader.line_num
        plain = reader.line_num == len(rows)
        numbers = range(before + 1, before + 1 + len(rows)) if plain else _line_numbers(before, rows)
        chunk, uneven = _of_width(numbers, rows, len(self.heading))
        return chunk, told, uneven


def _plain(lines: list[str], separator: str, width: int) -> Cells | None:
    """Lines that need no parsing as rows: nothing quoted, each as wide as the heading; None for any others.

    A blank line is no row, so that with a single column every line must be looked at.
    """
    text = "".join(lines).replace("\r\n", "\n").removesuffix("\n")
    if width == 1 or any(sign in text for sign in _UNUSUAL) or max(map(len, lines)) > csv.field_size_limit():
        return None
    if {line.count(separator) for line in lines} != {width - 1}:
        return None
    return Cells(text.replace(separator, BETWEEN).replace("\n", BETWEEN), width)


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
