"""Rows of an edition's entries and needs, as drafts write them. Writers call these inside their own transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from portfolio.core.database import bulk_insert
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.core.records import picked
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.works import ACTUAL, MONTHS
from portfolio.rolling.inputs import Chunk
from portfolio.rolling.queries import get_edition
from portfolio.rolling.rules.editions import is_supplement
from portfolio.rolling.rules.roll import ProjectFacts, Proposal
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.vocabulary.elements import element_tree

OPEN = ("draft", "consultation")
COPIED = ("code", "name_zh", "name_en", "kind", "city_code", "lead_unit", "stage", *MONTHS)
PLAIN = ("owner", "capacity_zh")
NEED_COLUMNS = ("edition_id", "project_id", "item_id", "year", "required", "carried", "basis")
CERTAIN = ("kept", "completed")
COPY = "carried_over"


def open_edition(session: Session, code: str) -> Edition:
    """An edition that may still be changed; raises `ConflictError` (`rolling.frozen`)."""
    edition = get_edition(session, code)
    if edition.state not in OPEN:
        raise ConflictError("rolling.frozen", code=code)
    return edition


def entries_of(session: Session, edition: Edition, projects: Sequence[str]) -> list[EditionEntry]:
    """The entries of some projects (codes)."""
    found: list[EditionEntry] = []
    for start in range(0, len(projects), 500):
        part = col(EditionEntry.code).in_(projects[start : start + 500])
        statement = select(EditionEntry).where(col(EditionEntry.edition_id) == edition.id, part)
        found += session.execute(statement.execution_options(populate_existing=True)).scalars()
    return found


def one_entry(session: Session, edition: Edition, project: str) -> EditionEntry:
    """The entry of a project; raises `NotFoundError`."""
    held = entries_of(session, edition, [project])
    if not held:
        raise NotFoundError("rolling.no_entry", value=project)
    return held[0]


def write_chunk(session: Session, edition: int, proposals: Sequence[Proposal], chunk: Chunk) -> None:
    """Write what was proposed of a chunk's projects."""
    names = tuple(column.name for column in _entries.columns)
    known = {facts.code: facts for facts in chunk.inputs.library}
    rows = [fresh_row(edition, one, chunk, known[one.code]) for one in proposals]
    told = [tuple(row[name] for name in names) for row in rows]
    # Facts of the library and what was decided in earlier editions, as they stand there.
    bulk_insert(session.connection(), _entries, names, told, as_given=True)
    write_needs(session, edition, proposals, {row["code"]: row["project_id"] for row in rows})


def write_needs(session: Session, edition: int, proposals: Iterable[Proposal], ids: dict[str, int]) -> None:
    """Write the needs of proposals; `ids` by project code."""
    tree = element_tree(session).by_code
    needs = [
        (edition, ids[one.code], tree[cell[0]].id, cell[1], amount, one.carried.get(cell, 0), one.basis.get(cell, ""))
        for one in proposals
        for cell, amount in sorted(one.needs.items())
    ]
    bulk_insert(session.connection(), _needs, NEED_COLUMNS, needs)


def fresh_row(edition: int, one: Proposal, chunk: Chunk, facts: ProjectFacts) -> dict[str, Any]:
    """The row of a new entry: facts from the library, or as the parent had them when the entry is held."""
    library = chunk.library[one.code]
    parent: Mapping[str, Any] = chunk.parent.get(one.code) or {}
    return {
        **_facts(one, library, parent),
        **_proposed(one),
        "edition_id": edition,
        "project_id": library["id"],
        "decision": "accepted" if one.change in CERTAIN else "proposed",
        "reason": "",
        "content": "",
        "version": 1,
        "reason_code": "",
        "approver": "",
        "person": parent.get("person", ""),
        "ready_percent": facts.ready_percent,
        "complete_percent": facts.complete_percent,
        "points_milli": facts.points_milli,
        "completed_yuan": _completed(one, chunk),
    }


def _completed(one: Proposal, chunk: Chunk) -> int | None:
    """What was completed to the end of the year before: as the chunk knows it, or in a copy as the parent had it."""
    if is_supplement(chunk.inputs.calendar.batch) and one.code in chunk.parent:
        return chunk.parent[one.code]["completed_yuan"]
    held = chunk.inputs.past.get(one.code)
    return held.to_date if held else None


def replaced(one: Proposal, chunk: Chunk) -> dict[str, Any]:
    """The columns of an entry that is rolled or held again."""
    return _facts(one, chunk.library[one.code], chunk.parent.get(one.code) or {}) | _proposed(one)


def _facts(one: Proposal, library: ProjectRecord, parent: Mapping[str, Any]) -> dict[str, Any]:
    if one.held:
        copied = picked(parent, (*COPIED, *PLAIN, "task_ids", "total_yuan"))
        # What came about is not taken back by holding the plan; a copy is of what the parent knew.
        return copied if one.rule == COPY else copied | picked(library, ACTUAL)
    return {
        **picked(library, COPIED),
        **{name: said or "" for name, said in picked(library, PLAIN).items()},
        "task_ids": ";".join(library["task_ids"])[:300],
        "total_yuan": library["total_investment_yuan"],
    }


def _proposed(one: Proposal) -> dict[str, Any]:
    return {
        "category": one.category,
        "derived": one.category,
        "rung": one.rung,
        "change": one.change,
        "rule": one.rule,
        "marks": ";".join(one.marks),
        "annual_yuan": one.annual_yuan,
        "idle_years": one.idle_years,
        "late_months": one.late_months,
    }


def update_entry(session: Session, edition: Edition, row: EditionEntry, fresh: dict[str, Any]) -> None:
    """Change columns of an entry; its version rises."""
    here = (_entries.c.edition_id == edition.id) & (_entries.c.project_id == row.project_id)
    session.connection().execute(update(_entries).where(here).values(**fresh, version=row.version + 1))


def replace_needs(session: Session, edition: Edition, project_id: int, one: Proposal) -> None:
    """Put the needs of a proposal in the place of an entry's."""
    here = (_needs.c.edition_id == edition.id) & (_needs.c.project_id == project_id)
    session.connection().execute(delete(_needs).where(here))
    write_needs(session, int(edition.id or 0), [one], {one.code: project_id})


_entries = EditionEntry.metadata.tables["edition_entries"]
_needs = EditionNeed.metadata.tables["edition_needs"]
