"""What an entry is to reach in its year: annual target and curve, content of works, milestones, responsible person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require_some
from portfolio.core import revision
from portfolio.core.database import bulk_insert
from portfolio.core.errors import FieldError, InvalidError, StaleError
from portfolio.journal import service as journal
from portfolio.projects.reach import require_for
from portfolio.projects.rules.works import MONTHS, Works
from portfolio.rolling.entries import one_entry, open_edition, update_entry
from portfolio.rolling.rules.curve import QUARTERS, span_of
from portfolio.rolling.tables import CurvePoint, Edition, EditionEntry, EditionNeed, Milestone
from portfolio.vocabulary.elements import element_tree

MONTH = re.compile(r"^20\d{2}-(0[1-9]|1[0-2])$")
LIMITS = {"content": 500, "person": 80}
MAX_MILESTONES = 40


@dataclass(frozen=True)
class Target:
    """What is to be reached; what is None stays as it is. `curve` by last month of each step, in yuan, not cumulated.

    A curve of twelve months or of the quarters (3, 6, 9, 12); its sum is the annual target.
    """

    annual_yuan: int | None = None
    content: str | None = None
    person: str | None = None
    curve: Mapping[int, int] | None = None
    milestones: Sequence[tuple[str, str, str | None]] | None = None


def set_target(
    session: Session, actor: Actor, code: str, project: str, target: Target, version: int | None = None
) -> None:
    """Write the targets of an entry of a draft; all of them or, with any fault, none."""
    require_some(actor, "edition.target")
    revision.bump(session)
    edition = open_edition(session, code)
    row = one_entry(session, edition, project)
    require_for(session, actor, "edition.target", [row.project_id])
    if version is not None and version != row.version:
        raise StaleError("rolling.stale", {"project": project, "version": row.version}, code=project)
    sum_ = row.annual_yuan if target.annual_yuan is None else target.annual_yuan
    found = _faults(row, target, sum_, _curve(session, edition, row.project_id))
    found += _outside(edition.base_year, row, target.curve or {})
    if found:
        raise InvalidError("rolling.invalid", found)
    fresh = {name: getattr(target, name) for name in ("annual_yuan", "content", "person")}
    stated = {name: value for name, value in fresh.items() if value is not None}
    update_entry(session, edition, row, stated)
    key = (int(edition.id or 0), row.project_id)
    if target.curve is not None:
        _write_curve(session, key, target.curve)
    if target.milestones is not None:
        _write_milestones(session, key, target.milestones)
    after = {"edition": code, **stated, "curve": _plain(target.curve), "milestones": target.milestones}
    before = {name: getattr(row, name) for name in stated}
    journal.record(session, actor, "rolling", [journal.Entry(project, "target", before, after)])
    session.expire_all()


def _plain(curve: Mapping[int, int] | None) -> dict[str, int] | None:
    return None if curve is None else {str(month): amount for month, amount in curve.items()}


def _faults(row: EditionEntry, target: Target, annual: int, held: Mapping[int, int]) -> list[FieldError]:
    found = []
    if annual < 0:
        found.append(FieldError("annual_yuan", "field.negative"))
    if annual and row.category == "preparatory":
        found.append(FieldError("annual_yuan", "rolling.preparatory_has_none", {"value": row.code}))
    for name, limit in LIMITS.items():
        if len(getattr(target, name) or "") > limit:
            found.append(FieldError(name, "field.too_long", {"limit": limit}))
    curve = held if target.curve is None else target.curve
    if curve:
        found += _curve_faults(curve, annual)
    for name, due, done in target.milestones or ():
        if not name.strip() or not MONTH.match(due) or (done is not None and not MONTH.match(done)):
            found.append(FieldError("milestones", "rolling.bad_milestone", {"value": f"{name} {due} {done or ''}"}))
    if len(target.milestones or ()) > MAX_MILESTONES:
        found.append(FieldError("milestones", "field.too_long", {"limit": MAX_MILESTONES}))
    return found


def _curve_faults(curve: Mapping[int, int], annual: int) -> list[FieldError]:
    months = tuple(sorted(curve))
    if months not in (QUARTERS, tuple(range(1, 13))) or any(amount < 0 for amount in curve.values()):
        return [FieldError("curve", "rolling.bad_curve", {"value": " ".join(str(month) for month in months)})]
    if sum(curve.values()) != annual:
        params = {"value": str(sum(curve.values()) / 10_000), "annual": str(annual / 10_000)}
        return [FieldError("curve", "rolling.curve_sum", params)]
    return []


def _outside(year: int, row: EditionEntry, curve: Mapping[int, int]) -> list[FieldError]:
    """Money that a curve puts into months in which there are no works: before they begin, or after they end."""
    works, ends = Works(*(getattr(row, name) for name in ("stage", *MONTHS))), sorted(curve)
    first, last = span_of(year, works)
    steps = zip([0, *ends], ends, strict=False)
    if any(curve[end] and (end - 1 < first or begin > last) for begin, end in steps):
        told = {"start": works.start or "—", "finish": works.finish or "—"}
        return [FieldError("curve", "rolling.curve_outside_works", told)]
    return []


def _write_curve(session: Session, key: tuple[int, int], curve: Mapping[int, int]) -> None:
    _clear(session, CurvePoint, key)
    rows = [(*key, month, amount) for month, amount in sorted(curve.items())]
    bulk_insert(session.connection(), _curves, ("edition_id", "project_id", "month", "amount_yuan"), rows)


def _write_milestones(session: Session, key: tuple[int, int], given: Sequence[tuple[str, str, str | None]]) -> None:
    _clear(session, Milestone, key)
    rows = [(*key, place, name.strip()[:120], due, done) for place, (name, due, done) in enumerate(given, 1)]
    names = ("edition_id", "project_id", "position", "name", "due_month", "done_month")
    bulk_insert(session.connection(), _milestones, names, rows)


def forget_curve(session: Session, edition: Edition, project_id: int) -> None:
    """Take an entry's curve off: its annual figure is no longer the one that was spread."""
    _clear(session, CurvePoint, (int(edition.id or 0), project_id))


def _clear(session: Session, table: Any, key: tuple[int, int]) -> None:
    session.execute(delete(table).where(col(table.edition_id) == key[0], col(table.project_id) == key[1]))


def _curve(session: Session, edition: Edition, project_id: int) -> dict[int, int]:
    wanted = (col(CurvePoint.edition_id) == edition.id, col(CurvePoint.project_id) == project_id)
    rows = session.execute(select(col(CurvePoint.month), col(CurvePoint.amount_yuan)).where(*wanted))
    return {month: int(amount) for month, amount in rows.all()}


def curves(session: Session, edition: Edition, projects: Sequence[int]) -> dict[int, dict[int, int]]:
    """The curves that were set, by project (id) and month."""
    columns: list[Any] = [CurvePoint.project_id, CurvePoint.month, CurvePoint.amount_yuan]
    found: dict[int, dict[int, int]] = {}
    for part in _parts(projects):
        wanted = (col(CurvePoint.edition_id) == edition.id, col(CurvePoint.project_id).in_(part))
        for project, month, amount in session.execute(select(*columns).where(*wanted)):
            found.setdefault(project, {})[month] = int(amount)
    return found


def milestones(
    session: Session, edition: Edition, projects: Sequence[int]
) -> dict[int, list[tuple[str, str, str | None]]]:
    """Milestones as (name, due month, done month), by project (id), in their order."""
    columns: list[Any] = [Milestone.project_id, Milestone.name, Milestone.due_month, Milestone.done_month]
    found: dict[int, list[tuple[str, str, str | None]]] = {}
    for part in _parts(projects):
        wanted = (col(Milestone.edition_id) == edition.id, col(Milestone.project_id).in_(part))
        statement = select(*columns).where(*wanted).order_by(col(Milestone.project_id), col(Milestone.position))
        for project, name, due, done in session.execute(statement):
            found.setdefault(project, []).append((name, due, done))
    return found


def _parts(projects: Sequence[int]) -> list[Sequence[int]]:
    return [projects[start : start + 500] for start in range(0, len(projects), 500)]


def asked_annual(session: Session, edition: Edition, project_id: int) -> int:
    """The funds an entry's needs ask in the base year, in yuan."""
    funds = [node.id for node in element_tree(session).leaves if node.element == "fund"]
    wanted = (col(EditionNeed.edition_id) == edition.id, col(EditionNeed.project_id) == project_id)
    statement = select(func.sum(col(EditionNeed.required))).where(
        *wanted, col(EditionNeed.year) == edition.base_year, col(EditionNeed.item_id).in_(funds)
    )
    return int(session.execute(statement).scalar() or 0)


def inherit(session: Session, parent: Edition, edition: int, same_year: bool) -> None:
    """Copy milestones from the parent (those not done; all within a year) and, within a year, content and curves."""
    names = ("project_id", "position", "name", "due_month", "done_month")
    going_on = _milestones.c.edition_id == parent.id
    if not same_year:
        going_on &= _milestones.c.done_month.is_(None)
    _copy(session, _milestones, names, going_on, edition)
    if same_year:
        points = ("project_id", "month", "amount_yuan")
        _copy(session, _curves, points, _curves.c.edition_id == parent.id, edition)
        old = _entries.alias()
        same = (old.c.edition_id == parent.id) & (old.c.project_id == _entries.c.project_id)
        content = select(old.c.content).where(same).scalar_subquery()
        here = _entries.c.edition_id == edition
        session.connection().execute(_entries.update().where(here).values(content=func.coalesce(content, "")))


def _copy(session: Session, table: Any, names: tuple[str, ...], condition: Any, edition: int) -> None:
    """Copy rows of another edition to the projects this one has."""
    known = select(_entries.c.project_id).where(_entries.c.edition_id == edition)
    rows = session.connection().execute(
        select(*(table.c[name] for name in names)).where(condition, table.c.project_id.in_(known))
    )
    bulk_insert(session.connection(), table, ("edition_id", *names), [(edition, *row) for row in rows])


_curves = CurvePoint.metadata.tables["edition_curves"]
_milestones = Milestone.metadata.tables["edition_milestones"]
_entries = EditionEntry.metadata.tables["edition_entries"]
