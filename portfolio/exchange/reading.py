"""Open CSV and XLSX files as rows of text, with everything that makes a table untrustworthy reported."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any

from portfolio.exchange.findings import Place
from portfolio.exchange.table import CHUNK, Chunk, Table
from portfolio.exchange.workbook_reading import xlsx_tables

SUFFIXES = (".csv", ".xlsx")
UNPACKED_LIMIT = 2 * 1024**3
WHOLE_LIMIT = 256 << 20  # parts other than sheets (texts, styles, drawings) are held in memory whole
_SAMPLE = 1 << 20


def size_fits(path: Path, limit_mb: int, place: Place) -> bool:
    """Whether the file is no larger than the limit, also when unpacked."""
    size = path.stat().st_size
    if path.suffix.lower() == ".xlsx" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if _too_much(archive):
                place.report("file_too_large", value=place.file, size=size >> 20, limit=limit_mb)
                return False
    if size > limit_mb << 20:
        place.report("file_too_large", value=place.file, size=size >> 20, limit=limit_mb)
        return False
    return True


def _too_much(archive: zipfile.ZipFile) -> bool:
    """Whether a workbook unpacks to more than is read; what a part says of its size is what is read of it at most."""
    sheets = sum(one.file_size for one in archive.infolist() if one.filename.startswith("xl/worksheets/"))
    whole = sum(one.file_size for one in archive.infolist()) - sheets
    return whole > WHOLE_LIMIT or sheets + whole > UNPACKED_LIMIT


def tables(path: Path, place: Place, advance: Callable[[int], None], kind: str | None = None) -> Iterator[Table]:
    """The tables of a file; `advance` is told the bytes read. An unreadable file yields none, with a finding.

    `kind` is what the caller takes the file for; a template of another kind is refused.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        yield from _csv_tables(path, place, advance)
    elif suffix == ".xlsx":
        yield from xlsx_tables(path, place, advance, kind)
    else:
        place.report("unknown_format", value=place.file)


def encoding_of(path: Path) -> str | None:
    """`utf-8-sig` or `gb18030`, whichever reads the whole file; None when neither does."""
    return next((name for name in ("utf-8-sig", "gb18030") if _decodes(path, name)), None)


def _decodes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        try:
            while file.read(_SAMPLE):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _csv_tables(path: Path, place: Place, advance: Callable[[int], None]) -> Iterator[Table]:
    encoding = encoding_of(path)
    if encoding is None:
        place.report("bad_encoding", value=place.file)
        return
    with path.open("rb") as raw:
        counted = io.BufferedReader(_Counted(raw, advance), _SAMPLE)
        text = io.TextIOWrapper(counted, encoding=encoding, newline="")
        reader = csv.reader(text, strict=True)
        heading = _heading(reader, place)
        if heading is not None:
            yield Table(None, heading, _csv_chunks(reader, len(heading), place))


class _Counted(io.RawIOBase):
    """A binary file that tells how far it was read."""

    def __init__(self, file: IO[bytes], advance: Callable[[int], None]) -> None:
        self._file, self._advance = file, advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._advance(len(data))
        return len(data)


def _heading(reader: Iterator[list[str]], place: Place) -> list[str] | None:
    try:
        heading = next(reader, None)
    except csv.Error:
        # A quotation mark that is never closed, or a heading of megabytes.
        place.row = 1
        place.report("bad_csv", value=place.file)
        return None
    if heading is None or "\0" in "".join(heading):
        place.report("empty_file" if heading is None else "bad_encoding", value=place.file)
        return None
    return heading


def _csv_chunks(reader: Any, width: int, place: Place) -> Iterator[Chunk]:
    whole = True
    while whole:
        before, rows = reader.line_num, list[list[str]]()
        try:
            rows.extend(islice(reader, CHUNK))
            whole = len(rows) == CHUNK
        except csv.Error:
            # What was read before the fault stays in the list.
            place.row, whole = reader.line_num, False
            place.report("bad_csv", value=place.file)
        plain = reader.line_num - before == len(rows)
        numbers = range(before + 1, before + 1 + len(rows)) if plain else _line_numbers(before, rows)
        yield _of_width(numbers, rows, width, place)


def _line_numbers(before: int, rows: list[list[str]]) -> list[int]:
    """The line each row ends on, where cells hold line breaks."""
    return list(accumulate((1 + sum(cell.count("\n") for cell in row) for row in rows), initial=before))[1:]


def _of_width(numbers: Sequence[int], rows: list[list[str]], width: int, place: Place) -> Chunk:
    """The rows that have as many cells as the heading; others are reported unless they are blank."""
    if set(map(len, rows)) <= {width}:
        return numbers, rows
    for number, cells in zip(numbers, rows, strict=True):
        if len(cells) != width and any(cells):
            place.row = number
            place.report("bad_width", value=len(cells), expected=width)
    good = [(number, cells) for number, cells in zip(numbers, rows, strict=True) if len(cells) == width]
    return [number for number, _ in good], [cells for _, cells in good]
