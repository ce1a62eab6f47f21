"""Write the ledger: open pools, post entries, reverse them. Every posting of a batch holds, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Row, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import About, ConflictError, FieldError, InvalidError, NotFoundError, of_part
from portfolio.core.plain_text import faults as text_faults
from portfolio.core.plain_text import stated
from portfolio.journal import service as journal
from portfolio.ledger import checks, rules
from portfolio.ledger.moving import Step, move
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.ledger.timing import narrowing_faults
from portfolio.needs.rules.items import BASES
from portfolio.projects.naming import about
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region


@dataclass(frozen=True)
class PoolData:
    """A pool to be opened; `quantity` in base units, dates `YYYY-MM-DD`.

    `carries`: its rest may be carried over to the next year (None: as it was; a new pool's may not).
    """

    code: str
    item: str
    year: int
    region_code: str
    level: str
    kind: str
    quantity: int
    doc_no: str
    on_date: str
    valid_until: str | None = None
    name: str = ""
    basis: str = "reported"
    carries: bool | None = None


@dataclass(frozen=True)
class Posting:
    """What is to be entered; `quantity` in base units. `confirmed` says that a suspected unit was looked at, `whole`
    that it is one entry from one bucket, as a file states it."""

    kind: str
    pool: str
    quantity: int
    on_date: str
    project: str | None = None
    item: str | None = None
    year: int | None = None
    doc_no: str = ""
    note: str = ""
    source: str | None = None
    counter_pool: str | None = None
    confirmed: bool = False
    whole: bool = False


def open_pool(session: Session, actor: Actor, scope: Scope, data: PoolData) -> int:
    """Open a pool with its quantity; returns its id."""
    require_some(actor, "pool.open")
    number = revision.bump(session)
    _require_pool(session, data)
    item = element_tree(session).by_code[data.item]
    require(actor, "pool.open", Row(city=data.region_code, element=item.element))
    values = {name: getattr(data, name) for name in ("code", "name", "year", "region_code", "level", "kind", "basis")}
    values |= {"item_id": item.id, "valid_until": data.valid_until, "doc_no": stated(data.doc_no), "revision": number}
    values["carries"] = bool(data.carries)
    made = session.connection().execute(insert(_pools).values(**values, free=0, **dict.fromkeys(rules.HELD, 0)))
    journal.record(session, actor, "ledger", [journal.Entry(data.code, "create", None, _plain(data))])
    if data.quantity:
        post(session, actor, scope, [Posting("open", data.code, data.quantity, data.on_date, doc_no=data.doc_no)])
    return _new_id(made)


def amend_pool(session: Session, actor: Actor, scope: Scope, data: PoolData) -> bool:
    """Bring a pool to `data`: its name, validity and whether it carries over, and by an entry its quantity.

    Item, year, region, level and kind are for life: a pool of others is another pool (`ledger.pool_fixed`). Returns
    whether anything changed.
    """
    require_some(actor, "pool.amend")
    number = revision.bump(session)
    pool = checks.pool_named(session, data.code, "code")
    require(actor, "pool.amend", _pool_row(session, pool))
    _require_same(session, pool, data)
    carries = pool.carries if data.carries is None else data.carries
    require_not_narrowed(session, pool, carries, data.valid_until)
    total = sum(getattr(pool, bucket) for bucket in (rules.FREE, *rules.HELD))
    fresh: dict[str, Any] = {"valid_until": data.valid_until, "name": data.name or pool.name, "basis": data.basis}
    fresh["carries"] = carries
    before = {name: getattr(pool, name) for name in fresh if getattr(pool, name) != fresh[name]}
    if before:
        session.connection().execute(update(_pools).where(_pools.c.id == pool.id).values(**fresh, revision=number))
        after = {name: fresh[name] for name in before}
        journal.record(session, actor, "ledger", [journal.Entry(data.code, "update", before, after)])
    if data.quantity != total:
        kind = "open" if data.quantity > total else "cut"
        more = Posting(kind, data.code, abs(data.quantity - total), data.on_date, doc_no=data.doc_no)
        post(session, actor, scope, [more])
    session.expire(pool)
    return bool(before) or data.quantity != total


def _require_same(session: Session, pool: Pool, data: PoolData) -> None:
    item = element_tree(session).by_id[pool.item_id].code
    held = {"item": item, **{name: getattr(pool, name) for name in ("year", "region_code", "level", "kind")}}
    found = [
        FieldError(name, "ledger.pool_fixed", {"value": str(getattr(data, name)), "held": str(value)})
        for name, value in held.items()
        if getattr(data, name) != value
    ]
    if found:
        raise InvalidError("ledger.invalid", found)


def post(session: Session, actor: Actor, scope: Scope, postings: Sequence[Posting]) -> list[int]:
    """Post a batch in its order, all of it or nothing; returns the entries' ids: a posting that draws on what is
    reserved and on what is free makes one of each.

    Raises `InvalidError` (`ledger.invalid`) with the rule that each faulty posting breaks, as `<place>.<field>`; in a
    batch of several with the project and the pool it is of.
    """
    require_some(actor, "ledger.post")
    revision.bump(session)
    made, told, faults = list[int](), list[journal.Entry](), list[FieldError]()
    for place, posting in enumerate(postings):
        try:
            made += _post(session, actor, scope, posting, told)
        except InvalidError as error:
            faults += of_part(error.fields, place, _about(session, posting) if len(postings) > 1 else None)
    if faults:
        raise InvalidError("ledger.invalid", faults)
    journal.record(session, actor, "ledger", told)
    return made


def reverse(
    session: Session, actor: Actor, scope: Scope, entry_id: int, on_date: str, doc_no: str, note: str = ""
) -> int:
    """Undo one entry by moving its quantity back; an entry is undone once, and an undoing never."""
    require_some(actor, "ledger.post")
    revision.bump(session)
    entry = session.execute(select(LedgerEntry).where(col(LedgerEntry.id) == entry_id)).scalar_one_or_none()
    if entry is None:
        raise NotFoundError("ledger.entry_not_found", id=str(entry_id))
    _require_reversible(session, scope, entry, on_date)
    pools = {pool.id: pool for pool in checks.pools_by_id(session, (entry.pool_id, entry.counter_pool_id))}
    home, counter = pools[entry.pool_id], pools.get(entry.counter_pool_id)
    _require_posting(session, actor, home, counter)
    step = Step(
        counter or home, entry.project_id, entry.target, entry.source, entry.quantity, home if counter else None
    )
    shape = {"kind": "reverse", "item_id": entry.item_id, "year": entry.year, "reverses_id": entry.id}
    shape |= {"on_date": on_date, "doc_no": stated(doc_no), "note": stated(note)}
    told: list[journal.Entry] = []
    made = _write(session, actor, step, shape, checks.project_code(session, entry.project_id), told)
    journal.record(session, actor, "ledger", told)
    return made


def _about(session: Session, posting: Posting) -> About:
    """What people call a posting of a batch: its project and pool."""
    here = select(col(Project.name_zh), col(Project.name_en)).where(col(Project.code) == posting.project)
    row = session.execute(here).first()
    if row is None:
        named = " · ".join(part for part in (posting.project, posting.pool) if part)
        return About(named, named)
    found = about(posting.project or "", row.name_zh, row.name_en)
    return About(f"{found.zh} · {posting.pool}", f"{found.en} · {posting.pool}")


def _post(session: Session, actor: Actor, scope: Scope, posting: Posting, told: list[journal.Entry]) -> list[int]:
    faults = rules.shape_faults(
        posting.kind,
        posting.quantity,
        stated(posting.doc_no),
        posting.project is not None,
        posting.counter_pool is not None,
    )
    faults += checks.date_faults(posting.on_date) + text_faults({"doc_no": posting.doc_no, "note": posting.note})
    if faults:
        raise InvalidError("ledger.invalid", faults)
    pool = checks.pool_named(session, posting.pool, "pool")
    counter = checks.pool_named(session, posting.counter_pool, "counter_pool") if posting.counter_pool else None
    project = _project(session, scope, posting.project) if posting.project else None
    _require_posting(session, actor, pool, counter, project)
    checks.require_fitting(session, posting, pool, counter, project)
    held = checks.held(session, pool, project["id"] if project else None)
    parts = rules.drawn(posting.kind, posting.source, posting.quantity, held, posting.whole)
    if not parts:
        raise InvalidError("ledger.invalid", [FieldError("source", "ledger.bad_source", {"value": posting.source})])
    item = element_tree(session).by_code[posting.item].id if posting.item else pool.item_id
    shape = {"kind": posting.kind, "item_id": item, "year": pool.year, "on_date": posting.on_date}
    shape |= {"doc_no": stated(posting.doc_no), "note": stated(posting.note)}
    target, number = rules.MOVES[posting.kind].target, project["id"] if project else None
    steps = [Step(pool, number, source, target, quantity, counter) for source, quantity in parts]
    return [_write(session, actor, step, shape, posting.project, told) for step in steps]


def _require_posting(
    session: Session, actor: Actor, pool: Pool, counter: Pool | None, project: ProjectRecord | None = None
) -> None:
    """The actor must be let at the pool (and the one moved to), or at the project in the pool's element."""
    held = _pool_row(session, pool)
    require(actor, "ledger.post", row_of(project, held.element) if project else held)
    if counter is not None:
        require(actor, "ledger.post", _pool_row(session, counter))


def require_pool(session: Session, actor: Actor, action: str, code: str) -> None:
    """Raise `ForbiddenError` unless the actor may do `action` to the pool of that code."""
    require(actor, action, _pool_row(session, checks.pool_named(session, code, "code")))


def require_not_narrowed(session: Session, pool: Pool, carries: bool, valid_until: str | None) -> None:
    """Raise `InvalidError` when a pool would end before something that was taken from it."""
    found = checks.date_faults(valid_until) if valid_until else []
    found = [FieldError("valid_until", fault.code, fault.params) for fault in found]
    found = found or narrowing_faults(session, pool, carries, valid_until)
    if found:
        raise InvalidError("ledger.invalid", found)


def _pool_row(session: Session, pool: Pool) -> Row:
    return Row(city=pool.region_code, element=element_tree(session).by_id[pool.item_id].element)


def _project(session: Session, scope: Scope, code: str) -> ProjectRecord:
    try:
        return get_project(session, scope, code)
    except NotFoundError as error:
        raise InvalidError("ledger.invalid", [FieldError("project", error.code, error.params)]) from None


def _write(
    session: Session, actor: Actor, step: Step, shape: dict[str, Any], project: str | None, told: list[journal.Entry]
) -> int:
    move(session, step, shape["kind"], shape["on_date"])
    made = session.connection().execute(
        insert(_entries).values(
            **shape,
            pool_id=step.pool.id,
            counter_pool_id=step.counter.id if step.counter else None,
            project_id=step.project_id,
            quantity=step.quantity,
            source=step.source,
            target=step.target,
            posted_at=utc_now(),
            actor=actor.name,
            revision=revision.bump(session),
        )
    )
    number = _new_id(made)
    counter = step.counter.code if step.counter else None
    moved = {"source": step.source, "target": step.target, "quantity": step.quantity, "counter_pool": counter}
    item = element_tree(session).by_id[shape["item_id"]].code
    told_of = {name: value for name, value in shape.items() if name != "item_id" and value not in (None, "")}
    after = {"entry": number, "pool": step.pool.code, "project": project, "item": item, **told_of, **moved}
    told.append(journal.Entry(project or step.pool.code, "post", None, after))
    return number


def _new_id(made: CursorResult[Any]) -> int:
    return int(next(iter(made.inserted_primary_key or ())))


def _require_pool(session: Session, data: PoolData) -> None:
    found = checks.date_faults(data.on_date) + _code_faults(session, data)
    found += text_faults({"code": data.code, "doc_no": data.doc_no, "name": data.name})
    if not stated(data.doc_no):
        found.append(FieldError("doc_no", "ledger.document_required"))
    if not data.code.strip():
        found.append(FieldError("code", "field.required"))
    if data.quantity < 0:
        found.append(FieldError("quantity", "field.negative"))
    if data.valid_until:
        found += [FieldError("valid_until", fault.code, fault.params) for fault in checks.date_faults(data.valid_until)]
    if found:
        raise InvalidError("ledger.invalid", found)
    if session.execute(select(col(Pool.id)).where(col(Pool.code) == data.code)).first():
        raise ConflictError("ledger.pool_exists", code=data.code)


def _code_faults(session: Session, data: PoolData) -> list[FieldError]:
    found: list[FieldError] = []
    if data.item not in element_tree(session).by_code:
        found.append(FieldError("item", "item.not_found", {"value": data.item}))
    if session.get(Region, data.region_code) is None:
        found.append(FieldError("region_code", "field.unknown_code", {"value": data.region_code}))
    for name, allowed in (("level", rules.LEVELS), ("kind", rules.POOL_KINDS), ("basis", BASES)):
        if getattr(data, name) not in allowed:
            found.append(FieldError(name, "field.unknown_code", {"value": getattr(data, name)}))
    return found


def _require_reversible(session: Session, scope: Scope, entry: LedgerEntry, on_date: str) -> None:
    if entry.project_id is not None:
        checks.require_in_scope(session, scope, entry.project_id)
    found = checks.date_faults(on_date)
    if entry.kind == "reverse":
        found.append(FieldError("id", "ledger.reversal_is_final"))
    if session.execute(select(col(LedgerEntry.id)).where(col(LedgerEntry.reverses_id) == entry.id)).first():
        found.append(FieldError("id", "ledger.already_reversed"))
    if not found and date.fromisoformat(on_date) < date.fromisoformat(entry.on_date):
        found.append(FieldError("on_date", "ledger.reversed_before_made", {"value": on_date, "made": entry.on_date}))
    if found:
        raise InvalidError("ledger.invalid", found)


def _plain(data: PoolData) -> dict[str, Any]:
    return {name: value for name, value in data.__dict__.items() if value not in (None, "")}


_pools = Pool.metadata.tables["pools"]
_entries = LedgerEntry.metadata.tables["ledger_entries"]
