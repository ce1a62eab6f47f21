"""The buckets of pools and accounts, counted again from the entries alone."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.ledger.rules import FREE, HELD, OUTSIDE
from portfolio.ledger.tables import Account, LedgerEntry, Pool

Counts = Counter[tuple[Any, ...]]


def miscounts(session: Session) -> Iterator[tuple[str, str]]:
    """Each bucket that is not the sum of its entries, as (`pool` or `account`, where)."""
    pools, accounts = counted(session)
    yield from _differing("pool", pools, _stored(session, Pool, (FREE, *HELD), ("id",)))
    yield from _differing("account", accounts, _stored(session, Account, HELD, ("pool_id", "project_id")))


def counted(session: Session) -> tuple[Counts, Counts]:
    """(pool, bucket) → quantity and (pool, project, bucket) → quantity, both from the entries."""
    pools: Counts = Counter()
    accounts: Counts = Counter()
    entry = LedgerEntry
    keys: tuple[Any, ...] = (entry.pool_id, entry.counter_pool_id, entry.project_id, entry.source, entry.target)
    statement = select(*keys, func.sum(col(entry.quantity))).group_by(*keys)
    for pool, counter, project, source, target, quantity in session.execute(statement):
        if source != OUTSIDE:
            pools[pool, source] -= int(quantity)
        if target != OUTSIDE:
            pools[counter or pool, target] += int(quantity)
        if source in HELD:
            accounts[pool, project, source] -= int(quantity)
        if target in HELD:
            accounts[pool, project, target] += int(quantity)
    return pools, accounts


def _stored(session: Session, table: type[Any], buckets: tuple[str, ...], key: tuple[str, ...]) -> Counts:
    found: Counts = Counter()
    columns = [getattr(table, name) for name in (*key, *buckets)]
    for row in session.execute(select(*columns)):
        for bucket, quantity in zip(buckets, row[len(key) :], strict=True):
            found[*row[: len(key)], bucket] = int(quantity)
    return found


def _differing(kind: str, counted: Counts, stored: Counts) -> Iterator[tuple[str, str]]:
    for key in sorted(counted.keys() | stored.keys()):
        if counted[key] != stored[key]:
            yield kind, f"{' '.join(map(str, key))}: {stored[key]} ≠ {counted[key]}"
