"""What the import pages ask, and the work on imports, which outlives the request that began it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from dashboard.data import handed, me, mine, read, write
from portfolio.exchange.shapes.profile import read_profile
from portfolio.exchange.templates.lists import lists
from portfolio.exchange.uploads import applying, profiles
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.preview_words import Told, told
from portfolio.exchange.uploads.service import set_mapping
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import Import
from portfolio.people.limits import admit_import

Listed = Sequence[tuple[Import, Sequence[StoredFile]]]


@dataclass(frozen=True)
class ImportPage:
    """One import as its page shows it: rows in words by outcome, findings and warnings as records.

    `amended` counts the accepted records that it makes, or made, drafts. `tables` are those of an office's own form.
    """

    record: Import
    files: Sequence[StoredFile]
    rows: Mapping[str, Sequence[Told]]
    findings: Sequence[Mapping[str, Any]]
    warnings: Sequence[Mapping[str, Any]]
    progress: int
    amended: int
    tables: Sequence[Mapping[str, Any]]

    @property
    def kinds(self) -> list[str]:
        """The kinds of its tables."""
        return [kind for kind in self.record.kind.split(";") if kind]


def recent_imports() -> Listed:
    """The newest imports."""
    handed(applying.settle)
    return read(lambda session: imports_queries.list_imports(session, me()))


def import_page(number: int, lang: str) -> ImportPage:
    """The import `number`; raises `NotFoundError`."""
    handed(lambda engine: applying.settle(engine, number))
    done = handed(lambda engine: imports_store.progress(imports_store.folder_of(engine), number))

    def question(session: Session) -> ImportPage:
        record, preview = imports_queries.get(session, number, me()), imports_queries.preview_of(session, number)
        chosen = lists(session, mine(), lang)
        rows = {outcome: [told(row, chosen) for row in kept] for outcome, kept in preview["rows"].items()}
        findings = [finding.as_record(lang) for finding in preview["findings"]]
        warnings = [warning.as_record(lang) for warning in preview["warnings"]]
        files, drafts = imports_queries.files_of(session, number), imports_queries.amended_by(session, record)
        return ImportPage(record, files, rows, findings, warnings, done, drafts, preview["tables"])

    return read(question)


def state_of(number: int) -> tuple[str, int]:
    """The state of an import and how far the work on it is, in percent."""
    handed(lambda engine: applying.settle(engine, number))
    done = handed(lambda engine: imports_store.progress(imports_store.folder_of(engine), number))
    return read(lambda session: imports_queries.get(session, number, me()).state), done


def take_in(path: Path, name: str) -> int:
    """Keep an uploaded file and check it; returns the import's number."""
    write(lambda session: admit_import(session, me()))
    return handed(lambda engine: applying.take_in(engine, me(), mine(), [(path, name)]))


def confirm(number: int) -> None:
    """Write what was previewed; raises what stands against it."""
    handed(lambda engine: applying.confirm(engine, me(), mine(), number))


def check_again(number: int) -> None:
    """Check the import anew."""
    handed(lambda engine: applying.check_again(engine, me(), mine(), number))


def tables_of(number: int) -> Sequence[Mapping[str, Any]]:
    """The tables of an import in an office's own form, with what their columns were taken for."""

    def question(session: Session) -> Sequence[Mapping[str, Any]]:
        imports_queries.get(session, number, me())
        found: Sequence[Mapping[str, Any]] = imports_queries.preview_of(session, number)["tables"]
        return found

    return read(question)


def map_columns(number: int, content: Mapping[str, Any]) -> None:
    """Say what the columns of an import mean, and check it anew."""
    write(lambda session: set_mapping(session, me(), number, read_profile(content)))
    check_again(number)


def save_profile(name: str, content: Mapping[str, Any]) -> None:
    """Keep what columns mean under a name."""
    write(lambda session: profiles.save_profile(session, me(), name, read_profile(content)))


def cancel(number: int) -> None:
    """Stop the check or the applying of an import that is under way."""
    handed(lambda engine: applying.cancel(engine, me(), number))


def undo(number: int) -> None:
    """Undo the import as a whole; raises what stands against it."""
    handed(lambda engine: applying.undo(engine, me(), mine(), number))
