"""Which lines a pool pays: its node covers the source; where several levels pay under it, the level is the pool's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from portfolio.finance.rules.books import level_of
from portfolio.vocabulary.codes import read_list

MONEY = "fund"


@lru_cache
def known_items() -> frozenset[str]:
    """Every code of the element tree as it ships."""
    return frozenset(row["code"] for row in read_list("items"))


@lru_cache
def spans_levels(node: str) -> bool:
    """Whether the items under a node of funds are paid by more than one level."""
    if not _under(node, MONEY):
        return False
    return len({level_of(code) for code in known_items() if _under(code, node)}) > 1


def pays(node: str, level: str, item: str) -> bool:
    """Whether a pool on `node` held by `level` pays needs of `item`, region and year aside.

    Where a node of funds spans several levels (all `fund`, all of `fund.local_budget`), a pool of one level pays only
    what that level pays; a pool without a level, of a node that one level pays, or of land, sea or forest pays all
    that lies under its node.
    """
    return _under(item, node) and (not level or not spans_levels(node) or level_of(item) == level)


def _under(item: str, node: str) -> bool:
    return item == node or item.startswith(node + ".")


@dataclass(frozen=True)
class Reserve:
    """What a bucket (locked, preallocated) of a pool on `node` for `year` holds for a project, in base units."""

    pool: str
    bucket: str
    node: str
    level: str
    year: int
    quantity: int

    @property
    def key(self) -> tuple[str, str]:
        """Its pool and bucket."""
        return self.pool, self.bucket


def for_line(reserves: Iterable[Reserve], item: str, year: int) -> tuple[Reserve, ...]:
    """The reserves that pay a line of `item` and `year`, the narrowest source first."""
    found = [one for one in reserves if one.year == year and one.quantity > 0 and pays(one.node, one.level, item)]
    return tuple(sorted(found, key=lambda one: (-one.node.count("."), one.pool, one.bucket)))


def drawn(reserves: Iterable[Reserve], amount: int, left: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """(pool, bucket) → how much of `amount` each reserve gives, in their order; `left`: what earlier lines left of one.

    What the reserves lack is in nobody's part: it has to come from a pool that is named.
    """
    found = {}
    for one in reserves:
        taken = min(amount, left.get(one.key, one.quantity))
        if taken > 0:
            amount -= taken
            found[one.key] = taken
    return found
