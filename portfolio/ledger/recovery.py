"""Recovery of reserves nobody used by a rule's day: first a list, then entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.rulebook import Rulebook
from portfolio.ledger.service import Posting, post
from portfolio.ledger.tables import Account, Pool
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.vocabulary.elements import element_tree

BOOK = Rulebook(Path(__file__).parent / "data", ("recovery",))


@dataclass(frozen=True)
class RecoveryRule:
    """What is taken back from the pools of an element (and level, if named), from which buckets, on which day."""

    code: str
    element: str
    level: str
    years_after: int
    month_day: str
    buckets: tuple[str, ...]

    def day(self, year: int) -> str:
        """The day it falls due for a pool of `year`."""
        return f"{year + self.years_after}-{self.month_day}"


@dataclass(frozen=True)
class Due:
    """A reserve that a rule takes back; `quantity` in base units."""

    rule: str
    due_on: str
    pool: str
    item: str
    year: int
    project: str
    project_name: str
    project_name_en: str
    bucket: str
    quantity: int


@lru_cache
def recovery_rules() -> tuple[RecoveryRule, ...]:
    """The rules in force."""
    return tuple(
        RecoveryRule(
            row["code"],
            row["element"],
            row["level"],
            int(row["years_after"]),
            row["month_day"],
            tuple(row["buckets"].split(";")),
        )
        for row in BOOK.rows("recovery")
    )


def rules_version() -> str:
    """The version of the rules."""
    return BOOK.version


def due(session: Session, scope: Scope, by_date: str, element: str | None = None) -> list[Due]:
    """The reserves that fall back to their pools up to and including `by_date`, in the order of their days."""
    found: list[Due] = []
    for rule in recovery_rules():
        if element is None or rule.element == element:
            found += _due_by(session, scope, rule, by_date)
    return sorted(found, key=lambda one: (one.due_on, one.pool, one.project, one.bucket))


def _due_by(session: Session, scope: Scope, rule: RecoveryRule, by_date: str) -> list[Due]:
    tree = element_tree(session)
    pools = {pool.id: pool for pool in _pools(session, rule, by_date)}
    found = []
    for row in _accounts(session, scope, rule, list(pools)):
        pool = pools[row["pool_id"]]
        names = (pool.code, tree.by_id[pool.item_id].code, pool.year, row["code"], row["name_zh"], row["name_en"])
        for bucket in rule.buckets:
            if row[bucket]:
                found.append(Due(rule.code, rule.day(_year_of(pool)), *names, bucket, row[bucket]))
    return found


def recover(
    session: Session, actor: Actor, scope: Scope, listed: Sequence[Due], on_date: str, doc_no: str
) -> list[int]:
    """Take `listed` back by a document; refused as a whole when any of it has moved since it was listed."""
    return post(
        session,
        actor,
        scope,
        [
            Posting(
                "recover",
                one.pool,
                one.quantity,
                on_date,
                one.project,
                doc_no=doc_no,
                source=one.bucket,
                note=f"{one.rule} {rules_version()}",
            )
            for one in listed
        ],
    )


def _pools(session: Session, rule: RecoveryRule, by_date: str) -> list[Pool]:
    """The pools a rule has fallen due for."""
    items = [node.id for node in element_tree(session).nodes if node.element == rule.element]
    statement = select(Pool).where(col(Pool.item_id).in_(items))
    if rule.level:
        statement = statement.where(col(Pool.level) == rule.level)
    return [pool for pool in session.execute(statement).scalars() if rule.day(_year_of(pool)) <= by_date]


def _year_of(pool: Pool) -> int:
    """The year by which a reserve is taken back: of a pool that carries over the next, whose needs it may serve."""
    return pool.year + 1 if pool.carries else pool.year


def _accounts(session: Session, scope: Scope, rule: RecoveryRule, pools: list[int | None]) -> list[dict[str, Any]]:
    """What projects hold of a rule's buckets in those pools."""
    held = [getattr(Account, bucket) for bucket in rule.buckets]
    anything = or_(*(col(bucket) > 0 for bucket in held))
    statement = (
        select(col(Account.pool_id), col(Project.code), col(Project.name_zh), col(Project.name_en), *held)
        .join(Project, col(Project.id) == col(Account.project_id))
        .where(*conditions(NO_FILTERS, scope), anything)
    )
    found: list[dict[str, Any]] = []
    for start in range(0, len(pools), 500):
        part = statement.where(col(Account.pool_id).in_(pools[start : start + 500]))
        found += [dict(row) for row in session.execute(part).mappings()]
    return found
