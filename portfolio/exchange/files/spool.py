"""The file between the process that reads an upload and the one that uses its rows: chunks first, contents last.

Read and written by both sides, and by the reading side with little else loaded: it imports nothing of the product but
the table's words. Nothing in it is executed when it is read.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from portfolio.exchange.files.cells import Cells
from portfolio.exchange.files.table import Facts

_LENGTH = 8


class Told(msgspec.Struct, array_like=True, frozen=True):
    """A finding of the reading process: its code, the line, the value and the words."""

    code: str
    row: int | None = None
    value: str | None = None
    params: dict[str, str] = {}


class Rows(msgspec.Struct, array_like=True):
    """A chunk: line numbers, the rows' cells, marks as (line, column, mark), and what was found in it."""

    numbers: Sequence[int]
    cells: Sequence[list[str]]
    marks: list[tuple[int, int, int]] = []
    told: list[Told] = []


class _Part(msgspec.Struct, array_like=True):
    """A chunk as it is written: its cells are those of `text` when it has a `width`, else `cells`."""

    numbers: list[int]
    width: int
    text: str
    cells: list[list[str]]
    marks: list[tuple[int, int, int]]
    told: list[Told]

    @classmethod
    def of(cls, rows: Rows) -> "_Part":
        numbers, joined = list(rows.numbers), Cells.joined(rows.cells)
        if joined is None:
            return cls(numbers, 0, "", list(rows.cells), rows.marks, rows.told)
        return cls(numbers, joined.width, joined.text, [], rows.marks, rows.told)

    def rows(self) -> Rows:
        """The chunk."""
        cells = Cells(self.text, self.width) if self.width else self.cells
        return Rows(self.numbers, cells, self.marks, self.told)


class Sheet(msgspec.Struct, array_like=True):
    """A table's place in the spool: its name, heading, the line of the heading, where its chunks begin, how many.

    `whole`: the sheet does not begin with a heading of one row, so all its rows are kept and `heading` is blank.
    """

    name: str | None
    heading: list[str]
    line: int
    offset: int
    chunks: int
    rows: int
    facts: Facts
    whole: bool = False


class Contents(msgspec.Struct, array_like=True):
    """What a file holds; `template` are the words of a template's hidden sheet, `told` concerns the file as a whole."""

    sheets: list[Sheet] = []
    told: list[Told] = []
    template: list[tuple[str, str]] | None = None


class Writer:
    """Writes a spool."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._encoder = msgspec.msgpack.Encoder()
        self.contents = Contents()

    @property
    def offset(self) -> int:
        """Where the next chunk will begin."""
        return self._file.tell()

    def put(self, rows: Rows) -> None:
        """Write a chunk."""
        self._write(_Part.of(rows))

    def close(self) -> None:
        """Write the contents and close the file."""
        length = self._write(self.contents)
        self._file.write(length.to_bytes(_LENGTH, "big"))
        self._file.close()

    def _write(self, part: _Part | Contents) -> int:
        data = self._encoder.encode(part)
        self._file.write(len(data).to_bytes(_LENGTH, "big"))
        self._file.write(data)
        return len(data)


def contents(path: Path) -> Contents:
    """What a spool holds."""
    with path.open("rb") as file:
        file.seek(-_LENGTH, 2)
        length = int.from_bytes(file.read(_LENGTH), "big")
        file.seek(-_LENGTH - length, 2)
        return msgspec.msgpack.decode(file.read(length), type=Contents)


def chunks(path: Path, sheet: Sheet) -> Iterator[Rows]:
    """The chunks of a table, one in memory at a time."""
    decoder = msgspec.msgpack.Decoder(_Part)
    with path.open("rb") as file:
        file.seek(sheet.offset)
        for _ in range(sheet.chunks):
            yield decoder.decode(_part(file)).rows()


def _part(file: IO[bytes]) -> bytes:
    return file.read(int.from_bytes(file.read(_LENGTH), "big"))
