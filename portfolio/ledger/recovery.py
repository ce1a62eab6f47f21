"""Recovery of reserves nobody used by a rule's day: first a list, then entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.rulebook import Rulebook
from portfolio.ledger.rules import HELD
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


def due(session: Session, scope: Scope, by_date: str) -> list[Due]:
    """The reserves that fall back to their pools up to and including `by_date`, in the order of their days."""
    tree = element_tree(session)
    found: list[Due] = []
    for row in _accounts(session, scope):
        item = tree.by_id[row["item_id"]]
        for rule in recovery_rules():
            day = rule.day(row["year"])
            if rule.element != item.element or (rule.level and rule.level != row["level"]) or day > by_date:
                continue
            for bucket in rule.buckets:
                if row[bucket]:
                    names = (row["pool"], item.code, row["year"], row["code"], row["name_zh"])
                    found.append(Due(rule.code, day, *names, bucket, row[bucket]))
    return sorted(found, key=lambda one: (one.due_on, one.pool, one.project, one.bucket))


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


def _accounts(session: Session, scope: Scope) -> list[dict[str, Any]]:
    held = [getattr(Account, bucket) for bucket in HELD]
    statement = (
        select(
            col(Pool.code).label("pool"),
            col(Pool.item_id),
            col(Pool.year),
            col(Pool.level),
            col(Project.code),
            col(Project.name_zh),
            *held,
        )
        .join(Account, col(Account.pool_id) == col(Pool.id))
        .join(Project, col(Project.id) == col(Account.project_id))
        .where(*conditions(NO_FILTERS, scope))
    )
    return [dict(row) for row in session.execute(statement).mappings()]
