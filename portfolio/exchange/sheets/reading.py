"""Uploaded files as tables: read by a process of their own into a spool, taken from there row by row.

`spooled` does the reading and belongs outside any transaction; `tables` only takes what was read.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from portfolio.core.i18n import LANGUAGES, t
from portfolio.exchange.files import spool
from portfolio.exchange.files.process import Stopping, read_apart
from portfolio.exchange.files.spool import Contents, Rows, Sheet, Told
from portfolio.exchange.files.table import Chunk, Mark, Marks, Table
from portfolio.exchange.sheets import template_mark
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.sheet_facts import merged_marks, tell
from portfolio.exchange.sheets.template_mark import Template

SUFFIXES = (".csv", ".xlsx")
Advance = Callable[[int], None]


@dataclass
class Spooled:
    """A file that was read: what it holds and where its rows lie; `told` is what kept it from being read."""

    name: str
    size: int
    path: Path
    contents: Contents = field(default_factory=Contents)

    @classmethod
    def refused(cls, name: str, told: Sequence[Told]) -> "Spooled":
        """A file that was not read, and why."""
        return cls(name, 0, Path(), Contents(told=list(told)))


@contextmanager
def spooled(
    paths: Sequence[Path], names: Sequence[str], limit_mb: int, stopping: Stopping = lambda: False
) -> Iterator[list[Spooled]]:
    """The files, each read by a process of its own; what they hold is there until the block ends.

    What cannot be read is told by `tables`. Raises `ConflictError` (`import.cancelled`) when `stopping` says so.
    """
    with tempfile.TemporaryDirectory(prefix="portfolio-read-", ignore_cleanup_errors=True) as folder:
        yield [
            _spooled(path, name, Path(folder) / f"{number}.spool", limit_mb, stopping)
            for number, (path, name) in enumerate(zip(paths, names, strict=True))
        ]


def _spooled(path: Path, name: str, target: Path, limit_mb: int, stopping: Stopping) -> Spooled:
    if not path.is_file():
        return Spooled.refused(name, [Told("no_such_file", None, name)])
    if path.suffix.lower() not in SUFFIXES:
        return Spooled.refused(name, [Told("unknown_format", None, name)])
    size = path.stat().st_size
    words = {"size": str(size >> 20), "limit": str(limit_mb)}
    if size > limit_mb << 20:
        return Spooled.refused(name, [Told("file_too_large", None, name, words)])
    code, seconds = read_apart(path, target, _aside(), stopping)
    if code:
        return Spooled.refused(name, [Told(code, None, name, {"limit": str(seconds)})])
    contents = spool.contents(target)
    if any(told.code == "file_too_large" for told in contents.told):
        return Spooled.refused(name, [Told("file_too_large", None, name, words)])
    return Spooled(name, size, target, contents)


def _aside() -> list[str]:
    """The sheets we put into workbooks that hold no rows."""
    return sorted({t(key, lang) for key in ("annotate-sheet", "template-guide") for lang in LANGUAGES})


def tables(source: Spooled, place: Place, advance: Advance, kind: str | None = None) -> Iterator[Table]:
    """The tables of a file that was read; `advance` is told its bytes. What is wrong with it is reported at `place`.

    `kind` is what the caller takes the file for; a template of another kind is refused.
    """
    contents = source.contents
    for told in contents.told:
        _report(told, place, source.name)
    template = template_mark.of(contents.template)
    if template is not None and not template_mark.fits(template, kind, place):
        return
    share = _Share(advance, source.size, sum(sheet.rows for sheet in contents.sheets))
    for number, sheet in enumerate(contents.sheets):
        place.sheet, place.row = sheet.name, None
        tell(sheet.facts, place, first=number == 0, merged=not sheet.whole)
        table = Table(sheet.name, sheet.heading, iter(()), template.kind if template else None, facts=sheet.facts)
        table.whole, table.line = sheet.whole, sheet.line
        table.anew = partial(_chunks, source.path, sheet, template, place, share, table.marks)
        table.chunks = table.anew()
        yield table
    share.end()


def _report(told: Told, place: Place, name: str) -> None:
    place.row = told.row
    place.report(told.code, value=name if told.value is None else told.value, **told.params)


class _Share:
    """Tells of a file's bytes as its rows are taken."""

    def __init__(self, advance: Advance, size: int, rows: int) -> None:
        self._advance, self._left = advance, size
        self._each = size / max(1, rows)

    def rows(self, count: int) -> None:
        """`count` more rows were taken."""
        piece = min(self._left, int(self._each * count))
        self._left -= piece
        self._advance(piece)

    def end(self) -> None:
        """The file is done."""
        self._advance(self._left)
        self._left = 0


def _chunks(
    path: Path, sheet: Sheet, template: Template | None, place: Place, share: _Share, marks: Marks
) -> Iterator[Chunk]:
    """The chunks of a table; `marks` is filled anew for each."""
    for part in spool.chunks(path, sheet):
        share.rows(len(part.numbers))
        for told in part.told:
            _report(told, place, place.file)
        marks.clear()
        marks.update({(number, column): Mark(mark) for number, column, mark in part.marks})
        for cell in merged_marks(sheet.facts, part.numbers, len(sheet.heading)):
            marks[cell] = marks.get(cell, Mark(0)) | Mark.MERGED
        yield _without_samples(part, template, place) if template else (part.numbers, part.cells)


def _without_samples(part: Rows, template: Template, place: Place) -> Chunk:
    """A template's rows but its sample row; rows that were begun in it are reported."""
    numbers, rows = list[int](), list[list[str]]()
    for number, cells in zip(part.numbers, part.cells, strict=True):
        if _trimmed(cells) == list(template.sample):
            continue
        sample = next(filter(template_mark.is_sample, cells), None)
        if sample is None:
            numbers.append(number)
            rows.append(cells)
        else:
            place.row = number
            place.report("sample_row", value=sample)
    return numbers, rows


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
