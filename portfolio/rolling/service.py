"""Write editions: roll a draft, decide its entries, send it round, approve and issue it, drop it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_write
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.database import bulk_insert
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError, StaleError
from portfolio.journal import service as journal
from portfolio.needs.tables import Need
from portfolio.rolling.inputs import read_inputs
from portfolio.rolling.queries import get_edition
from portfolio.rolling.roll import Proposal, roll
from portfolio.rolling.rules import BOOK, CATEGORIES, FROZEN, MAX_YEARS, batch_fits, rung
from portfolio.rolling.tables import Edition, EditionEntry, EditionNeed
from portfolio.vocabulary.elements import element_tree

DECISIONS = ("proposed", "accepted", "rejected")
OPEN = ("draft", "consultation")
NEXT = {"draft": "consultation", "consultation": "draft", "approved": "issued"}


@dataclass(frozen=True)
class NewEdition:
    """A draft to be rolled; `parent` is the code of a frozen edition, none to found the first."""

    code: str
    base_year: int
    years: int = 3
    batch: str = "annual"
    parent: str | None = None
    note: str = ""


def roll_edition(session: Session, actor: Actor, scope: Scope, data: NewEdition) -> int:
    """Make a draft by rolling its parent forward; returns the number of entries.

    Raises `InvalidError` (`rolling.invalid`) for a bad window or batch or a parent that is not frozen, `ConflictError`
    when the code is taken.
    """
    require_write(actor)
    revision.bump(session)
    parent = get_edition(session, data.parent) if data.parent else None
    _require_fitting(session, data, parent)
    inputs, projects = read_inputs(session, scope, parent, data.base_year, data.years)
    values = {
        "code": data.code,
        "base_year": data.base_year,
        "years": data.years,
        "batch": data.batch,
        "note": data.note,
    }
    values |= {"parent_id": parent.id if parent else None, "state": "draft", "doc_no": "", "approved_on": None}
    values |= {
        "inputs_hash": inputs.digest(),
        "rules_version": BOOK.version,
        "version": 1,
        "basis": _basis(session, parent),
    }
    made = session.connection().execute(insert(_editions).values(**values, made_at=utc_now(), actor=actor.name))
    edition = int(next(iter(made.inserted_primary_key or ())))
    proposals = [one for one in roll(inputs) if one.code in projects]
    _write_entries(session, edition, proposals, projects)
    journal.record(
        session, actor, "rolling", [journal.Entry(data.code, "roll", None, {**values, "entries": len(proposals)})]
    )
    return len(proposals)


def _basis(session: Session, parent: Edition | None) -> str:
    """`illustrative` when any illustrative figure, or an edition made of some, went into the roll."""
    made_up = select(col(Need.project_id)).where(col(Need.basis) == "illustrative").limit(1)
    if (parent is not None and parent.basis == "illustrative") or session.execute(made_up).first():
        return "illustrative"
    return "reported"


def _require_fitting(session: Session, data: NewEdition, parent: Edition | None) -> None:
    found: list[FieldError] = []
    if not data.code.strip():
        found.append(FieldError("code", "field.required"))
    if not 1 <= data.years <= MAX_YEARS:
        found.append(FieldError("years", "rolling.bad_window", {"value": str(data.years), "most": str(MAX_YEARS)}))
    if not batch_fits(data.batch):
        found.append(FieldError("batch", "field.unknown_code", {"value": data.batch}))
    if parent is not None and parent.state not in FROZEN:
        found.append(FieldError("parent", "rolling.parent_is_draft", {"value": parent.code}))
    if parent is not None and data.base_year < parent.base_year:
        found.append(FieldError("base_year", "rolling.before_parent", {"value": str(data.base_year)}))
    if found:
        raise InvalidError("rolling.invalid", found)
    if session.execute(select(col(Edition.id)).where(col(Edition.code) == data.code)).first():
        raise ConflictError("rolling.edition_exists", code=data.code)


def _write_entries(
    session: Session, edition: int, proposals: Sequence[Proposal], projects: dict[str, dict[str, Any]]
) -> None:
    tree, connection = element_tree(session).by_code, session.connection()
    names = tuple(column.name for column in _entries.columns)
    rows = [_entry_row(edition, one, projects[one.code]) for one in proposals]
    bulk_insert(connection, _entries, names, [tuple(row[name] for name in names) for row in rows])
    needs = [
        (edition, projects[one.code]["id"], tree[item].id, year, amount)
        for one in proposals
        for (item, year), amount in sorted(one.needs.items())
    ]
    bulk_insert(connection, _needs, ("edition_id", "project_id", "item_id", "year", "required"), needs)


def _entry_row(edition: int, one: Proposal, project: dict[str, Any]) -> dict[str, Any]:
    names = ("code", "name_zh", "name_en", "kind", "city_code", "lead_unit", "stage", "start_month", "finish_month")
    certain = one.change in ("kept", "completed")
    return {
        "edition_id": edition,
        "project_id": project["id"],
        **{name: project[name] for name in names},
        "total_yuan": project["total_investment_yuan"],
        "category": one.category,
        "derived": one.category,
        "rung": one.rung,
        "change": one.change,
        "rule": one.rule,
        "decision": "accepted" if certain else "proposed",
        "reason": "",
        "marks": ";".join(one.marks),
        "annual_yuan": one.annual_yuan,
        "content": "",
        "idle_years": one.idle_years,
        "version": 1,
    }


def decide_entries(
    session: Session, actor: Actor, code: str, projects: Sequence[str], decision: str, reason: str = ""
) -> int:
    """Accept or reject proposals of a draft, all or none; a rejection needs its reason. Returns how many changed."""
    require_write(actor)
    revision.bump(session)
    edition = _open_edition(session, code)
    found = [] if decision in DECISIONS else [FieldError("decision", "field.unknown_code", {"value": decision})]
    if decision == "rejected" and not reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    held = _entries_of(session, edition, projects)
    missing = sorted(set(projects) - {row.code for row in held})
    found += [FieldError("projects", "rolling.no_entry", {"value": code}) for code in missing]
    if found:
        raise InvalidError("rolling.invalid", found)
    changed = [row for row in held if row.decision != decision]
    for row in changed:
        _update_entry(session, edition, row, {"decision": decision, "reason": reason})
    entries = [
        journal.Entry(row.code, "decide", {"decision": row.decision}, {"edition": code, "decision": decision})
        for row in changed
    ]
    journal.record(session, actor, "rolling", entries, reason or None)
    session.expire_all()
    return len(changed)


def override_category(
    session: Session, actor: Actor, code: str, project: str, category: str, reason: str, version: int | None = None
) -> None:
    """Put an entry of a draft into another category, with the reason; what the dates say stays beside it."""
    require_write(actor)
    revision.bump(session)
    edition = _open_edition(session, code)
    held = _entries_of(session, edition, [project])
    if not held:
        raise NotFoundError("rolling.no_entry", value=project)
    if version is not None and version != held[0].version:
        raise StaleError("rolling.stale", {"project": project, "version": held[0].version}, code=project)
    found = [] if category in CATEGORIES else [FieldError("category", "field.unknown_code", {"value": category})]
    if not reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    if found:
        raise InvalidError("rolling.invalid", found)
    row = held[0]
    before = {"category": row.category}
    fresh: dict[str, Any] = {"category": category, "rung": rung(category, row.stage), "reason": reason}
    if category == "preparatory":
        fresh["annual_yuan"] = 0
    _update_entry(session, edition, row, fresh)
    after = {"edition": code, "category": category}
    journal.record(session, actor, "rolling", [journal.Entry(project, "category", before, after)], reason)
    session.expire_all()


def send_round(session: Session, actor: Actor, code: str) -> str:
    """Send a draft out for consultation, call it back, or issue an approved edition; returns the new state."""
    require_write(actor)
    revision.bump(session)
    edition = get_edition(session, code)
    state = NEXT.get(edition.state)
    if state is None:
        raise ConflictError("rolling.no_step", code=code)
    _set_state(session, actor, edition, {"state": state})
    return state


def approve(session: Session, actor: Actor, code: str, doc_no: str, on_date: str) -> None:
    """Approve a draft under a document: it is frozen, and the edition it replaces is superseded.

    Refused while a proposal is undecided, while a project to be completed asks money beyond the window, or when another
    edition of the same year and batch was approved already.
    """
    require_write(actor)
    revision.bump(session)
    edition = _open_edition(session, code)
    found = [] if doc_no.strip() else [FieldError("doc_no", "ledger.document_required")]
    found += _undecided(session, edition)
    found += _beyond_window(session, edition)
    if found:
        raise InvalidError("rolling.invalid", found)
    same = (col(Edition.base_year) == edition.base_year, col(Edition.batch) == edition.batch)
    other = session.execute(select(col(Edition.code)).where(*same, col(Edition.state).in_(FROZEN))).scalar()
    if other:
        raise ConflictError("rolling.batch_approved", code=other)
    if edition.parent_id is not None:
        parent = session.get_one(Edition, edition.parent_id)
        _set_state(session, actor, parent, {"state": "superseded"})
    _set_state(session, actor, edition, {"state": "approved", "doc_no": doc_no.strip(), "approved_on": on_date})


def _undecided(session: Session, edition: Edition) -> list[FieldError]:
    wanted = (col(EditionEntry.edition_id) == edition.id, col(EditionEntry.decision) == "proposed")
    rows = session.execute(select(col(EditionEntry.code)).where(*wanted).order_by(col(EditionEntry.code)).limit(20))
    return [FieldError("decision", "rolling.undecided", {"value": code}) for code in rows.scalars()]


def _beyond_window(session: Session, edition: Edition) -> list[FieldError]:
    """Continuing projects that ask funds in a year after the window."""
    funds = [node.id for node in element_tree(session).nodes if node.element == "fund"]
    statement = (
        select(col(EditionEntry.code))
        .join(EditionNeed, col(EditionNeed.project_id) == col(EditionEntry.project_id))
        .where(
            col(EditionEntry.edition_id) == edition.id,
            col(EditionNeed.edition_id) == edition.id,
            col(EditionEntry.category) == "completing",
            col(EditionEntry.decision) == "accepted",
            col(EditionEntry.change).not_in(["exited", "completed"]),
            col(EditionNeed.item_id).in_(funds),
            col(EditionNeed.year) >= edition.base_year + edition.years,
        )
        .distinct()
        .order_by(col(EditionEntry.code))
        .limit(20)
    )
    return [FieldError("years", "rolling.beyond_window", {"value": c}) for c in session.execute(statement).scalars()]


def drop_edition(session: Session, actor: Actor, code: str) -> None:
    """Drop a draft with its entries; the journal keeps that it was."""
    require_write(actor)
    revision.bump(session)
    edition = _open_edition(session, code)
    before = {"base_year": edition.base_year, "years": edition.years, "batch": edition.batch}
    for table in (_needs, _entries):
        session.connection().execute(delete(table).where(table.c.edition_id == edition.id))
    session.connection().execute(delete(_editions).where(_editions.c.id == edition.id))
    session.expire_all()
    journal.record(session, actor, "rolling", [journal.Entry(code, "drop", before, None)])


def _open_edition(session: Session, code: str) -> Edition:
    edition = get_edition(session, code)
    if edition.state not in OPEN:
        raise ConflictError("rolling.frozen", code=code)
    return edition


def _entries_of(session: Session, edition: Edition, projects: Sequence[str]) -> list[EditionEntry]:
    found: list[EditionEntry] = []
    for start in range(0, len(projects), 500):
        part = col(EditionEntry.code).in_(projects[start : start + 500])
        statement = select(EditionEntry).where(col(EditionEntry.edition_id) == edition.id, part)
        found += session.execute(statement).scalars()
    return found


def _update_entry(session: Session, edition: Edition, row: EditionEntry, fresh: dict[str, Any]) -> None:
    here = (_entries.c.edition_id == edition.id) & (_entries.c.project_id == row.project_id)
    session.connection().execute(update(_entries).where(here).values(**fresh, version=row.version + 1))


def _set_state(session: Session, actor: Actor, edition: Edition, fresh: dict[str, Any]) -> None:
    before = {name: getattr(edition, name) for name in fresh}
    values = {**fresh, "version": edition.version + 1}
    session.connection().execute(update(_editions).where(_editions.c.id == edition.id).values(**values))
    journal.record(session, actor, "rolling", [journal.Entry(edition.code, "state", before, fresh)])
    session.expire(edition)


_editions = Edition.metadata.tables["editions"]
_entries = EditionEntry.metadata.tables["edition_entries"]
_needs = EditionNeed.metadata.tables["edition_needs"]
