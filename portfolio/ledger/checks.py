"""What a posting is compared with: its pool, its project, its dates and what the project asked for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.clock import today
from portfolio.core.errors import FieldError, InvalidError, NotFoundError
from portfolio.ledger import rules
from portfolio.ledger.places import reaches
from portfolio.ledger.tables import Account, Pool
from portfolio.needs.tables import Need
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree


class Asked(Protocol):
    """The parts of a posting these rules look at."""

    @property
    def kind(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def on_date(self) -> str: ...
    @property
    def item(self) -> str | None: ...
    @property
    def year(self) -> int | None: ...
    @property
    def confirmed(self) -> bool: ...


def date_faults(text: str) -> list[FieldError]:
    """Whether `text` is a day written `YYYY-MM-DD`."""
    try:
        valid = date.fromisoformat(text).isoformat() == text
    except ValueError:
        valid = False
    return [] if valid else [FieldError("on_date", "ledger.bad_date", {"value": text})]


def pool_named(session: Session, code: str | None, field: str) -> Pool:
    """The pool of that code; raises `InvalidError` when there is none."""
    pool: Pool | None = session.execute(select(Pool).where(col(Pool.code) == code)).scalar_one_or_none()
    if pool is None:
        raise InvalidError("ledger.invalid", [FieldError(field, "ledger.pool_not_found", {"value": code})])
    return pool


def pools_by_id(session: Session, ids: Iterable[int | None]) -> list[Pool]:
    """The pools of those ids."""
    wanted = [number for number in ids if number is not None]
    return list(session.execute(select(Pool).where(col(Pool.id).in_(wanted))).scalars())


def require_in_scope(session: Session, scope: Scope, project_id: int) -> None:
    """Raise `NotFoundError` unless the project is within the scope."""
    statement = select(col(Project.id)).where(*conditions(NO_FILTERS, scope), col(Project.id) == project_id)
    if session.execute(statement).first() is None:
        raise NotFoundError("project.not_found", code=str(project_id))


def project_code(session: Session, project_id: int | None) -> str | None:
    """The code of a project; None for none."""
    return session.execute(select(col(Project.code)).where(col(Project.id) == project_id)).scalar_one_or_none()


def held(session: Session, pool: Pool, project_id: int | None) -> dict[str, int]:
    """The pool's free quantity and, for a project, what it holds in each bucket."""
    free = session.connection().execute(select(col(Pool.free)).where(col(Pool.id) == pool.id)).scalar_one()
    columns = [getattr(Account, bucket) for bucket in rules.HELD]
    statement = select(*columns).where(col(Account.pool_id) == pool.id, col(Account.project_id) == project_id)
    row = session.connection().execute(statement).first() or (0,) * len(columns)
    return {rules.FREE: int(free), **dict(zip(rules.HELD, map(int, row), strict=True))}


def require_fitting(
    session: Session, posting: Asked, pool: Pool, counter: Pool | None, project: Mapping[str, Any] | None
) -> None:
    """Raise `InvalidError` with every rule that the posting breaks against its pool and project."""
    found = _pool_faults(session, posting, pool, counter)
    if project is not None:
        found += _project_faults(session, posting, pool, project)
    if found:
        raise InvalidError("ledger.invalid", found)


def _pool_faults(session: Session, posting: Asked, pool: Pool, counter: Pool | None) -> list[FieldError]:
    found: list[FieldError] = []
    tree, day = element_tree(session), today().isoformat()
    found += rules.day_faults(posting.kind, posting.on_date, pool.year, pool.carries, pool.valid_until, day)
    if posting.year is not None and posting.year != pool.year:
        found.append(
            FieldError("year", "ledger.year_of_other_pool", {"value": str(posting.year), "year": str(pool.year)})
        )
    if posting.item is not None and posting.item not in {n.code for n in _under(session, pool)}:
        found.append(FieldError("item", "ledger.item_outside_pool", {"value": posting.item}))
    if counter is not None and tree.by_id[counter.item_id].dimension != tree.by_id[pool.item_id].dimension:
        found.append(FieldError("counter_pool", "ledger.counter_pool_of_other_element", {"value": counter.code}))
    if counter is not None and counter.id == pool.id:
        found.append(FieldError("counter_pool", "ledger.counter_pool_is_pool"))
    return found


def _under(session: Session, pool: Pool) -> list[Any]:
    tree = element_tree(session)
    top = tree.by_id[pool.item_id].code
    return [node for node in tree.nodes if node.code == top or node.code.startswith(top + ".")]


def _project_faults(session: Session, posting: Asked, pool: Pool, project: Mapping[str, Any]) -> list[FieldError]:
    found: list[FieldError] = []
    move = rules.MOVES[posting.kind]
    if move.asks and project["stage"] == "withdrawn":
        found.append(FieldError("project", "ledger.project_exited", {"value": project["code"]}))
    if move.asks and not reaches(session, pool.region_code, project):
        found.append(FieldError("project", "ledger.region_outside_pool", {"value": pool.region_code}))
    if move.asks and _lacks_agreement(session, pool, project):
        found.append(FieldError("project", "ledger.agreement_required", {"value": project["code"]}))
    factor = _suspect(session, posting, pool, project) if move.asks and not posting.confirmed else None
    if factor:
        found.append(FieldError("quantity", "ledger.unit_suspect", {"factor": factor}))
    return found


def _lacks_agreement(session: Session, pool: Pool, project: Mapping[str, Any]) -> bool:
    """Clause 三(三): a co-agreed work is paid from the region's pool by the agreement's document."""
    money = element_tree(session).by_id[pool.item_id].dimension == "money"
    return money and pool.level == "region" and bool(project["co_agreed"]) and not project["co_agreed_doc"]


def _suspect(session: Session, posting: Asked, pool: Pool, project: Mapping[str, Any]) -> str | None:
    node = element_tree(session).by_code[posting.item] if posting.item else element_tree(session).by_id[pool.item_id]
    leaves = [leaf.id for leaf in element_tree(session).leaves_under(node.code)]
    asked = select(func.sum(col(Need.required))).where(
        col(Need.project_id) == project["id"], col(Need.item_id).in_(leaves), col(Need.year) == pool.year
    )
    return rules.unit_suspect(posting.quantity, int(session.execute(asked).scalar() or 0))
