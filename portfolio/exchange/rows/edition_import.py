"""Import a whole edition that was published elsewhere, so that a series of plans can be loaded and compared."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from portfolio.access.origin import begin_import, end_import
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.database import bulk_insert
from portfolio.core.errors import ConflictError, FieldError, InvalidError, PortfolioError
from portfolio.core.records import picked
from portfolio.exchange.rows.edition_tables import EditionTables, Record, read_edition_tables
from portfolio.exchange.sheets.findings import Findings, Place
from portfolio.exchange.sheets.reading import Spooled, spooled
from portfolio.journal import service as journal
from portfolio.projects.references import load_references
from portfolio.projects.rules.works import ACTUAL, Works
from portfolio.projects.service import create_project
from portfolio.projects.tables import Project, ProjectData
from portfolio.rolling.approval import require_only
from portfolio.rolling.entries import COPIED, NEED_COLUMNS, PLAIN
from portfolio.rolling.inputs import Chunk, read_chunks
from portfolio.rolling.queries import get_edition
from portfolio.rolling.records import HeldEntry
from portfolio.rolling.rules.editions import MAX_YEARS, batch_fits, category, rung
from portfolio.rolling.rules.roll import Calendar, ParentEntry
from portfolio.rolling.service import insert_edition, require_free_code, set_state
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed, Milestone
from portfolio.vocabulary.elements import element_tree

UNSPECIFIED = "fund.tbd"


@dataclass(frozen=True)
class ForeignEdition:
    """The head of an edition published elsewhere. `create`: put projects the library lacks into it."""

    code: str
    base_year: int
    doc_no: str
    on_date: str
    years: int = 3
    batch: str = "annual"
    parent: str | None = None
    create: bool = False
    limit_mb: int = 100


@dataclass
class Imported:
    """What an import found and did."""

    entries: int = 0
    created: int = 0
    dropped: int = 0
    findings: Findings = field(default_factory=Findings)


def imported_record(outcome: Imported, lang: str) -> dict[str, Any]:
    """The outcome as `--json` and the API give it."""
    counts = {"entries": outcome.entries, "created": outcome.created, "dropped": outcome.dropped}
    findings = [finding.as_record(lang) for finding in outcome.findings]
    warnings = [warning.as_record(lang) for warning in outcome.findings.warnings]
    told = {"findings_total": outcome.findings.total, "findings": findings, "warnings": warnings}
    return {"applied": not findings, **counts, **told}


def import_edition(
    session: Session, actor: Actor, scope: Scope, paths: Sequence[Path], head: ForeignEdition
) -> Imported:
    """Read the files, before anything is asked of the database, and write the edition, frozen under its document.

    With any finding nothing may be committed. Funds of the year that the list gives without saying their source are put
    under `fund.tbd`.
    """
    require(actor, "edition.import")
    with spooled(paths, [path.name for path in paths], head.limit_mb) as sources:
        return import_edition_read(session, actor, scope, sources, head)


def import_edition_read(
    session: Session, actor: Actor, scope: Scope, sources: Sequence[Spooled], head: ForeignEdition
) -> Imported:
    """Write the edition of files that were read; as `import_edition`."""
    require(actor, "edition.import")
    revision.bump(session)
    begin_import(session)
    parent = get_edition(session, head.parent) if head.parent else None
    _require_head(session, head, parent)
    outcome = Imported()
    tables = read_edition_tables(session, sources, outcome.findings)
    ids = _projects(session, actor, tables, head, outcome)
    if outcome.findings:
        return outcome
    before = _parent_entries(session, scope, parent, head)
    values = {"code": head.code, "base_year": head.base_year, "years": head.years, "batch": head.batch}
    values |= {"parent_id": parent.id if parent else None, "basis": "reported", "origin": "imported"}
    edition = insert_edition(session, actor, {**values, "note": "", "later_years": True})
    rows = [_entry(edition, ids[_key(record)], record, head, before) for _, record in tables.entries]
    listed = {row["project_id"] for row in rows}
    rows += [_dropped(edition, row) for row in before[1].values() if row["project_id"] not in listed]
    _write(session, edition, rows, tables, ids, outcome)
    if outcome.findings:
        return outcome
    _freeze(session, actor, head, parent)
    outcome.entries, outcome.dropped = len(tables.entries), len(rows) - len(tables.entries)
    counts = {"entries": outcome.entries, "created": outcome.created, "dropped": outcome.dropped}
    journal.record(session, actor, "rolling", [journal.Entry(head.code, "import", None, {**values, **counts})])
    end_import(session)
    return outcome


def _require_head(session: Session, head: ForeignEdition, parent: Edition | None) -> None:
    found = [FieldError(name, "field.required") for name in ("code", "doc_no") if not getattr(head, name).strip()]
    if not 1 <= head.years <= MAX_YEARS:
        found.append(FieldError("years", "rolling.bad_window", {"value": str(head.years), "most": str(MAX_YEARS)}))
    if not batch_fits(head.batch):
        found.append(FieldError("batch", "field.unknown_code", {"value": head.batch}))
    if parent is not None and parent.state not in ("approved", "issued"):
        found.append(FieldError("parent", "rolling.parent_is_draft", {"value": parent.code}))
    if found:
        raise InvalidError("rolling.invalid", found)
    require_free_code(session, head.code)


def _key(record: Record) -> str:
    return str(record["code"] or record["name_zh"])


def _projects(
    session: Session, actor: Actor, tables: EditionTables, head: ForeignEdition, outcome: Imported
) -> dict[str, int]:
    """The project (id) of every entry, by its code, else its name; new ones are made when the head says so."""
    known: dict[str, list[int]] = {}
    for number, code, name in session.execute(select(col(Project.id), col(Project.code), col(Project.name_zh))):
        known.setdefault(code, []).append(number)
        known.setdefault(name, []).append(number)
    references, found = load_references(session), dict[str, int]()
    for place, record in tables.entries:
        key = _key(record)
        if key in found or len(set(known.get(key, ()))) > 1:
            place.report("doubled_key", "code" if record["code"] else "name_zh", key)
        elif key in known:
            found[key] = known[key][0]
        elif not head.create:
            place.report("unknown_project", "code" if record["code"] else "name_zh", key)
        elif not outcome.findings:
            found[key] = _created(session, actor, place, record, head, references)
            outcome.created += 1
    return found


def _created(
    session: Session, actor: Actor, place: Place, record: Record, head: ForeignEdition, references: Any
) -> int:
    names = ("code", "name_zh", "kind", "lead_unit", "owner", "capacity_zh", "stage", "start_month", "finish_month")
    facts = {name: record[name] for name in names}
    regions = (record["city_code"],) if record["city_code"] else ()
    data = ProjectData(
        **facts,
        total_investment_yuan=record["total_investment_yuan"],
        region_codes=regions,
        source=f"{head.doc_no} {head.code}"[:200],
    )
    try:
        return int(create_project(session, actor, data, head.doc_no, references)["id"])
    except PortfolioError as error:
        for fault in error.fields or [FieldError("code", error.code, error.params)]:
            place.report(fault.code, fault.field, **{k: v for k, v in fault.params.items() if k != "value"})
        return 0


def _parent_entries(
    session: Session, scope: Scope, parent: Edition | None, head: ForeignEdition
) -> tuple[dict[int, ParentEntry], dict[int, HeldEntry]]:
    """The standing entries of the parent and their rows, by project id."""
    if parent is None:
        return {}, {}
    entries: dict[int, ParentEntry] = {}
    rows: dict[int, HeldEntry] = {}
    for chunk in read_chunks(session, scope, parent, Calendar(head.base_year, head.years, parent.base_year)):
        rows |= {row["project_id"]: row for row in chunk.parent.values()}
        entries |= _by_id(chunk)
    return entries, rows


def _by_id(chunk: Chunk) -> dict[int, ParentEntry]:
    return {chunk.parent[entry.code]["project_id"]: entry for entry in chunk.inputs.parent}


def _entry(edition: int, project: int, record: Record, head: ForeignEdition, before: Any) -> dict[str, Any]:
    derived = category(head.base_year, Works(record["stage"], record["start_month"], record["finish_month"]))
    chosen = record["category"] or derived
    held: ParentEntry | None = before[0].get(project)
    names = ("name_zh", "kind", "city_code", "lead_unit", "stage", "start_month", "finish_month", *PLAIN)
    return _blank(edition, project) | {
        **{name: record[name] for name in names},
        "code": record["code"],
        "total_yuan": record["total_investment_yuan"],
        "category": chosen,
        "derived": derived,
        "rung": rung(chosen, record["stage"]),
        "change": _change(held, record, chosen),
        "annual_yuan": 0 if chosen == "preparatory" else record["annual_investment_yuan"] or 0,
        "content": record["content"],
        "person": record["person"],
    }


def _change(held: ParentEntry | None, record: Record, chosen: str) -> str:
    if held is None:
        return "added"
    if held.category == "preparatory" and chosen != "preparatory":
        return "promoted"
    told = (held.start_month, held.finish_month, held.total_yuan)
    same = told == (record["start_month"], record["finish_month"], record["total_investment_yuan"])
    return "kept" if same else "adjusted"


def _dropped(edition: int, row: HeldEntry) -> dict[str, Any]:
    """An entry of the parent that the file no longer lists."""
    kept = picked(row, (*COPIED, *PLAIN, "total_yuan", "category", "derived", "rung", "task_ids"))
    return _blank(edition, row["project_id"]) | kept | {"change": "exited"}


def _blank(edition: int, project: int) -> dict[str, Any]:
    texts = dict.fromkeys(
        ("name_en", "reason", "marks", "content", "reason_code", "approver", "person", "task_ids"), ""
    )
    numbers = dict.fromkeys(("annual_yuan", "idle_years", "ready_percent", "complete_percent"), 0)
    fixed = {"edition_id": edition, "project_id": project, "rule": "imported", "decision": "accepted", "version": 1}
    fixed |= dict.fromkeys(("points_milli", "late_months", "completed_yuan", *ACTUAL))
    return texts | numbers | fixed


def _write(
    session: Session,
    edition: int,
    rows: list[dict[str, Any]],
    tables: EditionTables,
    ids: dict[str, int],
    outcome: Imported,
) -> None:
    codes = dict(session.execute(select(col(Project.id), col(Project.code))).all())
    names = tuple(column.name for column in _entries.columns)
    for row in rows:
        row["code"] = codes[row["project_id"]]
    ids = ids | {codes[number]: number for number in ids.values()} | _named(tables, ids)
    bulk_insert(session.connection(), _entries, names, [tuple(row[name] for name in names) for row in rows])
    needs = _needs(session, edition, tables, ids)
    _add_unspecified(session, edition, rows, needs)
    bulk_insert(
        session.connection(), _needs_table, NEED_COLUMNS, [(*key, amount, 0, "") for key, amount in needs.items()]
    )
    steps = _steps(edition, tables, ids)
    columns = ("edition_id", "project_id", "position", "name", "due_month", "done_month")
    bulk_insert(session.connection(), _milestones, columns, steps)


def _named(tables: EditionTables, ids: dict[str, int]) -> dict[str, int]:
    return {record["name_zh"]: ids[_key(record)] for _, record in tables.entries}


def _needs(
    session: Session, edition: int, tables: EditionTables, ids: dict[str, int]
) -> dict[tuple[int, int, int, int], int]:
    tree, found = element_tree(session).by_code, dict[tuple[int, int, int, int], int]()
    for place, record in tables.needs:
        if record["project"] not in ids:
            place.report("unknown_project", "project", record["project"])
        elif record["required"]:
            key = (edition, ids[record["project"]], tree[record["item"]].id, record["year"])
            if key in found:
                place.report("doubled_key", "item", f"{record['item']} {record['year']}")
            found[key] = record["required"]
    return found


def _add_unspecified(
    session: Session, edition: int, rows: list[dict[str, Any]], needs: dict[tuple[int, int, int, int], int]
) -> None:
    """The year's investment of entries whose needs say nothing of funds in that year."""
    tree, year = element_tree(session), session.get_one(Edition, edition).base_year
    funds = {leaf.id for leaf in tree.leaves if leaf.element == "fund"}
    told = {project for _, project, item, of in needs if item in funds and of == year}
    for row in rows:
        if row["annual_yuan"] and row["project_id"] not in told:
            needs[edition, row["project_id"], tree.by_code[UNSPECIFIED].id, year] = row["annual_yuan"]


def _steps(edition: int, tables: EditionTables, ids: dict[str, int]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    counts: dict[int, int] = {}
    for place, record in tables.milestones:
        project = ids.get(record["project"])
        if project is None:
            place.report("unknown_project", "project", record["project"])
            continue
        counts[project] = counts.get(project, 0) + 1
        found.append((edition, project, counts[project], record["name"], record["due_month"], record["done_month"]))
    return found


def _freeze(session: Session, actor: Actor, head: ForeignEdition, parent: Edition | None) -> None:
    edition = get_edition(session, head.code)
    require_only(session, edition)
    if parent is not None and parent.state not in ("approved", "issued"):
        raise ConflictError("rolling.parent_superseded", code=parent.code)
    if parent is not None:
        set_state(session, actor, parent, {"state": "superseded"})
    set_state(session, actor, edition, {"state": "issued", "doc_no": head.doc_no, "approved_on": head.on_date})


_entries = EditionEntry.metadata.tables["edition_entries"]
_needs_table = EditionNeed.metadata.tables["edition_needs"]
_milestones = Milestone.metadata.tables["edition_milestones"]
