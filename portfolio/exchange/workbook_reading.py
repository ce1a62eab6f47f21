"""Open XLSX files as rows of text; a template says itself what it is and which of its rows are only samples."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portfolio.core.i18n import LANGUAGES, t
from portfolio.exchange import template_mark
from portfolio.exchange.findings import Place
from portfolio.exchange.table import CHUNK, Chunk, Row, Table, cell_text
from portfolio.exchange.template_mark import Template

_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_ROW = re.compile(rb"<row [^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d+)"')
_PIECE, _OVERLAP = 1 << 20, 400
HIDDEN_NAMED = 20
# What opening a file that is no workbook, or a broken one, raises.
NO_WORKBOOK = (InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, OSError)
Advance = Callable[[int], None]


def xlsx_tables(path: Path, place: Place, advance: Advance, kind: str | None) -> Iterator[Table]:
    """The tables of the visible sheets; of a template only its own sheet, refused when it is not ours to read."""
    try:
        workbook = load_workbook(path, read_only=True, data_only=False)
    except NO_WORKBOOK:
        place.report("bad_workbook", value=place.file)
        return
    template = template_mark.read(workbook)
    if template is None or template_mark.fits(template, kind, place):
        sheets = _sheets(workbook, template)
        for sheet in sheets:
            yield from _table(path, sheet, template, place, _Share(advance, path.stat().st_size // len(sheets), sheet))
    workbook.close()


class _Share:
    """Tells of a sheet's part of the file as its rows are read."""

    def __init__(self, advance: Advance, size: int, sheet: Any) -> None:
        self._advance, self._left = advance, size
        self._each = size / max(1, sheet.max_row or 1)

    def rows(self, count: int) -> None:
        """`count` more rows were read."""
        piece = min(self._left, int(self._each * count))
        self._left -= piece
        self._advance(piece)

    def end(self) -> None:
        """The sheet is done."""
        self._advance(self._left)


def _sheets(workbook: Any, template: Template | None) -> list[Any]:
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    own = [sheet for sheet in visible if template is not None and sheet.title == template.sheet]
    aside = {t("annotate-sheet", lang) for lang in LANGUAGES} | {t("template-guide", lang) for lang in LANGUAGES}
    return own or [sheet for sheet in visible if sheet.title not in aside]


def _table(path: Path, sheet: Any, template: Template | None, place: Place, share: _Share) -> Iterator[Table]:
    place.sheet, place.row = sheet.title, None
    _look_through(path, sheet, place)
    rows = _rows(sheet, template, place)
    heading = next(rows, None)
    if heading is not None:
        width = len(_trimmed(heading[1]))
        chunks = _chunks(rows, width, share)
        yield Table(sheet.title, heading[1][:width], chunks, template.kind if template else None)
    share.end()


def _look_through(path: Path, sheet: Any, place: Place) -> None:
    """Report merged cells and warn of hidden rows, from the sheet's XML, which is not kept."""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as file:
        tail, merged, hidden = b"", dict[bytes, None](), dict[bytes, None]()
        while piece := file.read(_PIECE):
            seen = tail + piece
            merged.update(dict.fromkeys(_MERGED.findall(seen)))
            for row in _ROW.findall(seen) if b"hidden" in seen else ():
                number = _NUMBER.search(row)
                if number and _HIDDEN.search(row):
                    hidden[number.group(1)] = None
            tail = piece[-_OVERLAP:]
    for cells in merged:
        place.report("merged_cells", value=cells.decode())
    if hidden:
        named = ", ".join(number.decode() for number in list(hidden)[:HIDDEN_NAMED])
        place.warn("hidden_rows", value=named, count=str(len(hidden)))


def _rows(sheet: Any, template: Template | None, place: Place) -> Iterator[Row]:
    sample = list(template.sample) if template else None
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = [cell_text(cell) for cell in cells]
        if not any(texts) or (sample is not None and _trimmed(texts) == sample):
            continue
        if sample is not None and any(map(template_mark.is_sample, texts)):
            place.row = number
            place.report("sample_row", value=next(filter(template_mark.is_sample, texts)))
            continue
        yield number, texts


def _chunks(rows: Iterator[Row], width: int, share: _Share) -> Iterator[Chunk]:
    while chunk := list(islice(rows, CHUNK)):
        share.rows(len(chunk))
        yield [number for number, _ in chunk], [(cells + [""] * width)[:width] for _, cells in chunk]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells
