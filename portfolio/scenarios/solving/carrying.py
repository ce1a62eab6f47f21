"""What a pool leaves unspent, carried over to the next year: which pool of the year before stands behind which.

Of separate accounts (`chain`) the one that stands last in its year draws, for what it lacks, on the rest of the same
account of the year before, if that carries over and is valid still. The quantity never leaves its own account.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from portfolio.allocation.model.answer import Finding
from portfolio.allocation.model.chain import MOST_SETS
from portfolio.allocation.model.problem import Pool


@dataclass(frozen=True)
class Carrying:
    """What else decides whether a rest may be carried: the pool's kind, and the last day (`YYYY-MM-DD`) it is valid."""

    kind: str = ""
    valid_until: str | None = None


def valid_in(valid_until: str | None, year: int) -> bool:
    """Whether what is valid until a day (None: without end) is so in a year."""
    return valid_until is None or valid_until >= f"{year}-01-01"


def carried_over(pools: Sequence[Pool], papers: Mapping[str, Carrying]) -> tuple[tuple[Pool, ...], tuple[Finding, ...]]:
    """The linked pools with those of the year before behind the last ones of each year; and, as findings that stop
    nothing, each pool that carries though its rest serves no need of the year after.

    All pools along a chain of years must be valid in its latest; the earlier years are joined first.
    """
    chains = _Chains(pools, papers)
    findings = list[Finding]()
    for pool in sorted(pools, key=lambda one: (one.year, one.code)):
        if not pool.behind:
            findings += chains.join(pool)
    found = tuple(replace(pool, behind=chains.behind[pool.code]) for pool in pools)
    return found, (*findings, *chains.idle())


class _Chains:
    """Who stands behind whom, joined year by year."""

    def __init__(self, pools: Sequence[Pool], papers: Mapping[str, Carrying]) -> None:
        self.pool = {pool.code: pool for pool in pools}
        self.papers = papers
        self.behind = {pool.code: pool.behind for pool in pools}
        self.refused = set[str]()

    def line(self, code: str) -> list[str]:
        """A pool and those behind it."""
        found = [code]
        while self.behind[found[-1]]:
            found.append(self.behind[found[-1]])
        return found

    def join(self, last: Pool) -> Iterator[Finding]:
        """Put behind a pool that stands last in its year the same account of the year before."""
        for first in self._accounts_before(last):
            self._let_go_of_empty(first, last.year)
            behind = self.line(first)
            named = {"value": first, "year": str(last.year)}
            if not all(self._valid(code, last.year) for code in behind):
                self.refused.update(behind)
                yield Finding("allocation_carry_expired", named, severe=False)
            elif self._sets_with(last.code, first) > MOST_SETS:
                self.refused.update(behind)
                yield Finding("allocation_carry_many", named, severe=False)
            else:
                self.behind[last.code] = first
                return

    def _valid(self, code: str, year: int) -> bool:
        return valid_in(self.papers[code].valid_until, year)

    def _let_go_of_empty(self, first: str, year: int) -> None:
        """Part a line from earlier years that are no longer valid, where these have nothing left to lose by it."""
        behind = self.line(first)
        kept = list(takewhile(lambda code: self._valid(code, year), behind))
        gone = behind[len(kept) :]
        if not kept or not gone or any(self.pool[code].limit for code in gone):
            return
        if self.pool[gone[0]].year < self.pool[kept[-1]].year:
            self.behind[kept[-1]] = ""
            self.refused.update(gone)

    def idle(self) -> Iterator[Finding]:
        """Pools that carry, but stand behind none of the next year though there is one; those refused are named."""
        years = [pool.year for pool in self.pool.values()]
        crossing = [
            behind for code, behind in self.behind.items() if behind and self.pool[behind].year < self.pool[code].year
        ]
        used = {code for first in crossing for code in self.line(first)} | self.refused
        for code, pool in self.pool.items():
            if pool.carries and pool.year < max(years) and code not in used:
                yield Finding("allocation_carry_not_last", {"value": code}, severe=False)

    def _accounts_before(self, last: Pool) -> list[str]:
        """Pools of the year before that are the same account and have only such behind them, the longest row first."""
        found = [
            code
            for code, pool in self.pool.items()
            if pool.year == last.year - 1
            and all(self._same(one, last) for one in self.line(code) if self.pool[one].year == pool.year)
        ]
        return sorted(found, key=lambda code: (-len(self.line(code)), code))

    def _same(self, code: str, last: Pool) -> bool:
        pool, kinds = self.pool[code], {self.papers[code].kind, self.papers[last.code].kind} - {""}
        same = (pool.item, pool.region, pool.level) == (last.item, last.region, last.level)
        return pool.carries and same and len(kinds) < 2

    def _sets_with(self, front: str, behind: str) -> int:
        """How many sets (`chain.sets_with`) the last pool would head, were `front` put before `behind`."""
        fronts: dict[str, list[str]] = {behind: [front]}
        for code, place in self.behind.items():
            if place:
                fronts.setdefault(place, []).append(code)

        def count(code: str) -> int:
            total = 1
            for narrow in fronts.get(code, ()):
                total *= 1 + count(narrow)
            return total

        return count(self.line(behind)[-1])
