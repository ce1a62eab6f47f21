"""Imports as JSON of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from portfolio.exchange.uploads.queries import note_text
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import Import

COUNTS = ("total", "new", "changed", "unchanged", "refused", "findings", "warnings")
PLAIN = ("id", "kind", "state", "actor", "made_at", "applied_at", "applied_by", "undone_at", "undone_by")


class ImportFileOut(BaseModel):
    """A kept file."""

    name: str
    sha256: str
    size: int


class ImportSummary(BaseModel):
    """An import in the list."""

    id: int
    kind: str
    state: str
    actor: str
    made_at: datetime
    applied_at: datetime | None
    applied_by: str
    undone_at: datetime | None
    undone_by: str
    total: int
    new: int
    changed: int
    unchanged: int
    refused: int
    findings: int
    warnings: int
    revision: int | None
    note: str
    note_code: str
    files: list[ImportFileOut]


class ImportOut(ImportSummary):
    """One import; `progress` is the percentage of the files read while somebody is at work on it.

    `amended` counts the accepted projects that it makes drafts when it is confirmed, or made when it was applied.
    """

    progress: int
    amended: int


class ImportList(BaseModel):
    """A page of imports."""

    items: list[ImportSummary]
    next: str | None
    total: int


class ImportRow(BaseModel):
    """A row of a preview: by column what stood and what is to stand, as exchange text."""

    kind: str
    sheet: str | None
    row: int | None
    key: Mapping[str, str]
    fields: Mapping[str, tuple[str, str]]


class ImportRows(BaseModel):
    """The first rows of an outcome, and how many there are."""

    items: list[ImportRow]
    total: int


class FindingOut(BaseModel):
    """What is wrong at a place, and the remedy; `column` is the file's heading, `field` its machine name."""

    file: str
    sheet: str | None
    row: int | None
    record: str | None
    column: str | None
    value: str | None
    field: str | None = None
    code: str
    reason: str
    remedy: str


class ImportFindings(BaseModel):
    """Findings, how many there are, and warnings."""

    items: list[FindingOut]
    total: int
    warnings: list[FindingOut]


def import_json(record: Import, files: Sequence[StoredFile], lang: str) -> dict[str, Any]:
    """An import as JSON."""
    body: dict[str, Any] = {name: getattr(record, name) for name in (*PLAIN, *COUNTS, "revision")}
    body |= {"note_code": record.note, "note": note_text(record, lang)}
    return {**body, "files": [file.__dict__ for file in files]}


def whole_json(record: Import, files: Sequence[StoredFile], lang: str, progress: int, amended: int) -> dict[str, Any]:
    """An import as JSON with the progress of the work on it and the accepted projects that it makes drafts."""
    return {**import_json(record, files, lang), "progress": progress, "amended": amended}
