"""Import files: find their kind, read, check, apply; all rows or, with any finding, none (unless partial)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlmodel import Session

from portfolio.access.origin import begin_import, end_import
from portfolio.access.rules import Actor, Scope, require
from portfolio.core.i18n import t
from portfolio.exchange.files.table import Table
from portfolio.exchange.rows.criteria import CriteriaImporter
from portfolio.exchange.rows.ledger_import import LedgerImporter, PoolsImporter
from portfolio.exchange.rows.needs_import import NeedsImporter
from portfolio.exchange.rows.office_tables import OfficeTables, Surveyed, laid_out_by_office
from portfolio.exchange.rows.projects_import import ProjectsImporter
from portfolio.exchange.rows.scheme_import import TasksImporter, UnitsImporter
from portfolio.exchange.rows.steps import StepsImporter
from portfolio.exchange.rows.yearly import YearlyImporter
from portfolio.exchange.shapes.profile import Profile
from portfolio.exchange.sheets import reading
from portfolio.exchange.sheets.columns import Heading, guess_kind, read_heading
from portfolio.exchange.sheets.findings import Findings, Place, counted
from portfolio.exchange.sheets.preview import Preview
from portfolio.exchange.sheets.reading import Spooled

Advance = Callable[[int], None]


@dataclass
class Tally:
    """How many rows were new, changed or as before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    preview: Preview | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The three counts by name."""
        return {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}


class Importer(Protocol):
    """Reads the rows of one kind, reports findings at `place` and writes what is good."""

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        """Prepare for a table with `heading`."""

    def take(self, table: Table) -> int:
        """Read and apply all rows; returns how many there were."""


IMPORTERS: dict[str, Callable[..., Importer]] = {
    "projects": ProjectsImporter,
    "needs": NeedsImporter,
    "pools": PoolsImporter,
    "ledger": LedgerImporter,
    "steps": StepsImporter,
    "criteria": CriteriaImporter,
    "yearly": YearlyImporter,
    "units": UnitsImporter,
    "tasks": TasksImporter,
}
ORDER = ("units", "tasks", "projects", "needs", "pools", "ledger", "steps", "criteria", "yearly")


@dataclass
class Outcome:
    """What an import found and did; `applied` says whether its rows may stay, `import_id` its number in the journal."""

    total: int = 0
    tally: Tally = field(default_factory=Tally)
    findings: Findings = field(default_factory=Findings)
    tables: list[Surveyed] = field(default_factory=list)
    applied: bool = False
    import_id: str = ""
    kinds: list[str] = field(default_factory=list)

    def begin(self, kind: str, place: Place) -> None:
        """A table of `kind` follows."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        if self.tally.preview is not None:
            self.tally.preview.begin(kind, place)

    @property
    def failed(self) -> int:
        """Rows with a finding."""
        return self.findings.failed_rows

    def line(self, lang: str) -> str:
        """The result line: 总计 N，新增 N，变更 N，未变 N，N 行有问题，共 N 处."""
        tally = self.tally
        return t(
            "import-result",
            lang,
            total=str(self.total),
            new=str(tally.new),
            changed=str(tally.changed),
            unchanged=str(tally.unchanged),
            problems=counted(self.failed, self.findings.total, lang),
        )

    def as_record(self, lang: str) -> dict[str, Any]:
        """The outcome as `--json` and the API give it."""
        counts: dict[str, Any] = {"total": self.total, **self.tally.counts, "failed": self.failed}
        findings = [finding.as_record(lang) for finding in self.findings]
        warnings = [warning.as_record(lang) for warning in self.findings.warnings]
        counts |= {"import_id": self.import_id} if self.applied else {}
        told = {"findings_total": self.findings.total, "findings": findings, "warnings": warnings}
        return {"applied": self.applied, **counts, **told}


@dataclass(frozen=True)
class Options:
    """How to import: `kind` when the heading does not tell, `partial` keeps good rows, `check` writes nothing.

    `previewed` keeps the first rows of each outcome with their changes. `profiles` by name say what columns of offices'
    own tables mean.
    """

    kind: str | None = None
    partial: bool = False
    check: bool = False
    limit_mb: int = 100
    names: tuple[str, ...] = ()
    previewed: bool = False
    profiles: tuple[tuple[str, Profile], ...] = ()


def run_import(
    session: Session,
    actor: Actor,
    scope: Scope,
    paths: Sequence[Path],
    options: Options,
    advance: Advance = lambda _: None,
) -> Outcome:
    """Read `paths`, before anything is asked of the database, and import them in the session's transaction.

    The edge commits when `applied` and rolls back otherwise.
    """
    require(actor, "exchange.import")
    names = options.names or [path.name for path in paths]
    with reading.spooled(paths, names, options.limit_mb) as sources:
        return import_read(session, actor, scope, sources, options, advance)


def import_read(
    session: Session,
    actor: Actor,
    scope: Scope,
    sources: Sequence[Spooled],
    options: Options,
    advance: Advance = lambda _: None,
) -> Outcome:
    """Import files that were read, in the session's transaction; as `run_import`."""
    require(actor, "exchange.import")
    outcome = Outcome(import_id=begin_import(session, actor.import_id))
    outcome.tally.preview = Preview() if options.previewed else None
    for source in sources:
        _import_file(session, actor, scope, source, Place(source.name, outcome.findings), options, outcome, advance)
    end_import(session)
    outcome.applied = not options.check and (options.partial or not outcome.findings)
    return outcome


def _import_file(
    session: Session,
    actor: Actor,
    scope: Scope,
    source: Spooled,
    place: Place,
    options: Options,
    outcome: Outcome,
    advance: Advance,
) -> None:
    before = outcome.findings.total
    number, rows, office = 0, 0, OfficeTables(session, options.profiles)
    for number, table in enumerate(reading.tables(source, place, advance, options.kind), 1):
        place.head("", {})
        parts = office.tables(table, place) if laid_out_by_office(table, options.kind) else (table,)
        for part in (one for one in parts if not one.called or options.kind in (None, kind_of(one))):
            taken = _import_table(session, actor, scope, part, place, options, outcome)
            outcome.total, rows = outcome.total + taken, rows + taken
    outcome.tables += office.surveyed
    place.head("", {})
    place.sheet, place.row = None, None
    if rows == 0 and outcome.findings.total == before:
        place.report("no_rows" if number else "empty_file", value=place.file)


def kind_of(table: Table) -> str | None:
    """The kind of a table of ours that an office's own gave."""
    return table.kind or guess_kind(table.heading)


def _import_table(
    session: Session, actor: Actor, scope: Scope, table: Table, place: Place, options: Options, outcome: Outcome
) -> int:
    """Import one table of ours; returns how many of its rows were meant as records."""
    kind = kind_of(table) if table.called else table.kind or options.kind or guess_kind(table.heading)
    place.head("", {})
    if kind is None:
        place.report("unknown_kind", value=", ".join(table.heading)[:200])
        return 0
    heading = read_heading(kind, table.heading, place)
    if heading is None:
        return 0
    if table.called:
        place.head(kind, table.called)
    outcome.begin(kind, place)
    return IMPORTERS[kind](session, actor, scope, heading, place, outcome.tally).take(table)


def sort_by_kind(paths: Sequence[Path]) -> list[Path]:
    """`paths` with those that others refer to first, told by their names (`units.csv` before `projects.csv`)."""
    return sorted(paths, key=lambda path: next((n for n, kind in enumerate(ORDER) if kind in path.stem), len(ORDER)))
