"""A refused file as a workbook: the same rows, a comment and a colour on each bad cell, and a sheet of errors.

The workbook is written by a process of its own; here its words are put together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.core.errors import ConflictError
from portfolio.core.i18n import LANGUAGES, t
from portfolio.core.settings import get_settings
from portfolio.exchange.files import process as reading_process
from portfolio.exchange.rows.exporting import NUMERIC
from portfolio.exchange.sheets.columns import guess_kind, spellings_of
from portfolio.exchange.sheets.findings import Finding
from portfolio.exchange.sheets.reading import Spooled, spooled
from portfolio.exchange.sheets.writing import neutral
from portfolio.exchange.uploads.annotator import AUTHOR

__all__ = ["AUTHOR", "annotate", "opens"]
UNOPENED = frozenset(
    ("bad_workbook", "file_too_large", "no_such_file", "unknown_format", "too_many_cells", "bad_encoding")
) | {"reader_too_slow", "reader_gave_up", "bad_csv", "looks_big5", "doubtful_encoding"}
NAMES = ("sheet", "row", "column", "value", "reason", "remedy")
ANNOTATING = "portfolio.exchange.uploads.annotator"
SECONDS_MORE = 30  # writing a large workbook takes longer than reading it


@dataclass(frozen=True)
class Heading:
    """A sheet's heading, and where each of its columns stands, by machine name and by what the heading says."""

    texts: Sequence[str]
    places: Mapping[str, int]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Heading":
        """The heading of `texts`, its columns looked up once."""
        kind = guess_kind(texts)
        known = spellings_of(kind, texts) if kind else {}
        found = {text: place for place, text in enumerate(texts, 1)}
        return cls(texts, found | {name: place for place, name in known.items()})

    @property
    def numeric(self) -> list[int]:
        """The columns that hold numbers."""
        return [place for name, place in self.places.items() if name in NUMERIC]


NONE = Heading((), {})
Headings = Mapping[str | None, Heading]  # by sheet, None for a file without sheets


def annotate(source: Path, target: Path, findings: Sequence[Finding], lang: str) -> None:
    """Write `source` (.csv or .xlsx) with its findings to `target` (.xlsx); all else in a workbook stays as it is.

    A workbook that cannot be opened and written again as it is comes back with its rows alone. Raises `ConflictError`
    (`import.not_annotated`) when the file cannot be read.
    """
    name = next((one.file for one in findings), source.name)
    if not opens([finding.code for finding in findings]):
        raise ConflictError("import.not_annotated", name=name)
    with spooled([source], [name], get_settings().max_import_mb) as (read,):
        if read.contents.told:
            raise ConflictError("import.not_annotated", name=name)
        if not any(_written(how, source, target, read, findings, lang) for how in _ways(source)):
            raise ConflictError("import.not_annotated", name=name)


def opens(codes: Collection[str]) -> bool:
    """Whether a file with findings of these codes can be opened, so that it can come back with comments."""
    return UNOPENED.isdisjoint(codes)


def _ways(source: Path) -> tuple[str, ...]:
    return ("csv",) if source.suffix.lower() == ".csv" else ("kept", "anew")


def _written(how: str, source: Path, target: Path, read: Spooled, findings: Sequence[Finding], lang: str) -> bool:
    headings = {sheet.name: Heading.of(sheet.heading) for sheet in read.contents.sheets}
    settings = get_settings()
    seconds = settings.reader_seconds + SECONDS_MORE + reading_process.SECONDS_PER_MB * (read.size >> 20)
    task = {
        "how": how,
        "source": str(source.resolve()),
        "spool": str(read.path),
        "target": str(target.resolve()),
        "title": t("annotate-sheet", lang),
        "aside": sorted({t("annotate-sheet", one) for one in LANGUAGES}),
        "heads": [t(f"finding-col-{name}", lang) for name in NAMES],
        "lines": [[neutral(cell) for cell in _line(finding, lang, headings)] for finding in findings],
        "rows_title": t("annotate-rows", lang),
        "sheets": _marked(findings, headings, lang),
        "memory_mb": settings.reader_memory_mb,
        "seconds": seconds,
        "room_mb": reading_process.ROOM_MB,
    }
    return reading_process.run(ANNOTATING, task, seconds) == reading_process.OK


def _marked(findings: Iterable[Finding], headings: Headings, lang: str) -> dict[str, Any]:
    """What to mark on each sheet; what concerns no cell is on the sheet of errors alone."""
    by_sheet: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_sheet[finding.sheet].append(finding)
    return {
        name or "": {"cells": _marks(by_sheet.get(name, ()), heading, lang), "numeric": heading.numeric}
        for name, heading in headings.items()
    }


def _marks(findings: Iterable[Finding], heading: Heading, lang: str) -> list[tuple[int, int, str]]:
    places = heading.places
    found: dict[tuple[int, int], list[str]] = {}
    for finding in findings:
        if finding.row is None:
            continue
        column = places.get(finding.column or "") or places.get(finding.value or "") or 1
        found.setdefault((finding.row, column), []).append(f"{finding.reason(lang)}\n→ {finding.remedy(lang)}")
    return [(*cell, "\n".join(texts)) for cell, texts in found.items()]


def _line(finding: Finding, lang: str, headings: Headings) -> list[Any]:
    """A finding's row on the sheet of errors; its column under the heading it has in the file."""
    record, heading = finding.as_record(lang), headings.get(finding.sheet, NONE)
    place = heading.places.get(finding.column or "")
    return [heading.texts[place - 1] if name == "column" and place else record[name] for name in NAMES]
