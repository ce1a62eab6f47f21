"""What would admit a project, rules and precedence included: an addition, or what keeps it out whatever is added.

Every sentence rests on solves of the whole problem with the addition (`additions`): other projects may join, leave or
move to another year, groups, shares and lists hold, and higher rungs come first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portfolio.allocation.model.addition import barring, lacking_beside, size_of
from portfolio.allocation.model.binding import binds_item
from portfolio.allocation.model.chain import last_pools
from portfolio.allocation.model.problem import POINTS, Ints, Problem
from portfolio.allocation.search.additions import Added, Additions, Along, Unproven, Values
from portfolio.allocation.search.conflict import smallest_conflict

ENOUGH, ADDED, FORBIDDEN, OUTBID, WORTHLESS, OPEN = "enough", "added", "forbidden", "outbid", "worthless", "open"
VERDICTS = (ENOUGH, ADDED, FORBIDDEN, OUTBID, WORTHLESS, OPEN)
NEXT_SECONDS = 5.0


@dataclass(frozen=True)
class Bar:
    """A rule that keeps a project out (`exclude`, `together`, `require`, `share`, `must`, `must_not`, `pool`), its name
    and the other projects it names."""

    rule: str
    name: str
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Admission:
    """What would admit a project that is out of an answer.

    `enough`: nothing more is needed, every best answer holds it. `added`: every best answer with `addition` (pool →
    base units) holds it, put off by `delay` years; `entering` and `leaving` are who else changes; `least` says that one
    unit less in any one pool was proven not to do. `forbidden`: the `rules` leave no answer with it, whatever is added.
    `outbid`: were every need covered, a best answer would still do without it, since by the `rules` it would displace
    `leaving`, worth more by `worth` points in the rung `rung`, the first that differs. `worthless`: nothing is
    displaced and nothing won. `open`: not found out in the time; an `addition` then admits, perhaps not the least.
    """

    project: str
    verdict: str
    addition: Added
    least: bool = False
    delay: int | None = None
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    rules: tuple[Bar, ...] = ()
    rung: str = ""
    worth: float = 0.0


class Admitting:
    """Questions about one answer (project → delay); `additions` holds its engine and what it solved so far."""

    def __init__(self, additions: Additions, delays: Mapping[str, int]) -> None:
        self.additions, self.delays = additions, delays
        self.problem: Problem = additions.engine.problem
        self.pools = _widest(self.problem)
        self.most = {pool: _all_needs(self.problem, pool) for pool in self.pools}

    def of(self, project: str, seconds: float, everywhere: bool = True) -> Admission:
        """What would admit a project within the seconds; with `everywhere` also quota of pools that it does not itself
        lack, and what keeps it out when no quota helps."""
        self.additions.begin(seconds)
        place, found = self.problem.place[project], dict[str, int]()
        if self.problem.projects[place].must is False:
            return Admission(project, FORBIDDEN, {}, rules=(Bar("must_not", project),))
        try:
            if self.additions.beyond(place, {}, self.additions.without(place, {})[0])[1] is not None:
                return self._told(place, ENOUGH, {}, True)
            for pools, first in self._ways_up(project, everywhere):
                found = self._along(place, pools, first)
                if found:
                    # On the path of one pool no unit was passed over.
                    least = (found, True) if len(pools) == 1 else self.additions.settled(place, found, sorted(found))
                    return self._told(place, ADDED, *least)
            return self._kept_out(place) if everywhere else Admission(project, OPEN, {})
        except Unproven:
            return Admission(project, OPEN, found)

    def _ways_up(self, project: str, everywhere: bool) -> Iterator[tuple[Sequence[str], Added]]:
        """Sets of pools that may be added to, each with the addition that its path leads over."""
        first = lacking_beside(self.problem, self.delays, project)
        if first:
            yield sorted(first), first
        if everywhere and set(first) != set(self.pools):
            yield self.pools, first

    def _along(self, place: int, pools: Sequence[str], first: Added) -> dict[str, int]:
        """An addition to the pools that admits a project, found on a path that rises from nothing over `first` until
        every need is covered; empty where the path has none."""
        along, high = _path(pools, first, {pool: self.most[pool] for pool in pools})
        step = self.additions.up(place, along, high)
        if step is None:
            return {}
        added = dict(along(step))
        if len(pools) == 1:
            return added
        witness = self.additions.beyond(place, added, self.additions.without(place, added)[0])[1]
        if witness is None:
            raise Unproven
        # Whatever less still holds this answer admits as well: it is better than the best without the project.
        return self.additions.shrunk(witness, added, sorted(pools, key=lambda pool: pool in first))

    def _told(self, place: int, verdict: str, addition: Added, least: bool) -> Admission:
        """A verdict with the best answer that goes with it."""
        project = self.problem.projects[place].code
        found = self.additions.best(addition, {place: True})
        if found is None:
            raise Unproven
        after = self._delays_of(found[1])
        entering, leaving = _changed(self.delays, after)
        others = tuple(one for one in entering if one != project)
        return Admission(project, verdict, addition, least, after[project], others, leaving)

    def _kept_out(self, place: int) -> Admission:
        """Why a project is out though every need were covered."""
        project = self.problem.projects[place].code
        found = self.additions.best(self.most, {place: True})
        if found is None:
            rules = self._forbidding(place)
            return Admission(project, FORBIDDEN if rules else OPEN, {}, rules=rules)
        values, chosen = self.additions.without(place, self.most)
        if values < found[0]:
            # Admitted with all of it, though on none of the paths tried.
            return Admission(project, OPEN, self.most)
        without, inside = self._delays_of(chosen), self._delays_of(found[1])
        broken = barring(self.problem, without, project, inside[project])
        rules = tuple(self._bar(one.rule, one.name, project, without) for one in broken)
        leaving = _changed(without, inside)[1]
        rung, worth = self._first_loss(values, found[0])
        return Admission(
            project, OUTBID if rules else WORTHLESS, {}, leaving=leaving, rules=rules, rung=rung, worth=worth
        )

    def _forbidding(self, place: int) -> tuple[Bar, ...]:
        additions, project = self.additions, self.problem.projects[place].code
        found = smallest_conflict(additions.engine.crew, additions.model(self.most), additions.over, {place: True})
        named = ((one.code.removeprefix("conflict_"), str(one.params["value"])) for one in found)
        return tuple(self._bar(rule, name, project, None) for rule, name in named)

    def _bar(self, rule: str, name: str, project: str, inside: Mapping[str, int] | None) -> Bar:
        """A rule by name with the other projects of its group; of one that excludes, those that are `inside`."""
        group = next((one for one in self.problem.groups if one.code == name), None)
        if group is None or rule in ("share", "must", "must_not", "pool"):
            return Bar(rule, name)
        others = [one for one in group.projects if one != project]
        if inside is not None:
            others = [one for one in others if (one in inside) is (rule == "exclude")] or others
        return Bar(rule, name, tuple(others))

    def _first_loss(self, values: Values, with_it: Values) -> tuple[str, float]:
        rungs = sorted({int(rung) for rung in self.additions.engine.model.rung})
        ladder = self.problem.terms.rungs
        for rung, best, less in zip(rungs, values, with_it, strict=True):
            if best != less:
                return ladder[rung] if rung < len(ladder) else "", (best - less) / POINTS
        return "", 0.0

    def _delays_of(self, chosen: Ints) -> dict[str, int]:
        ways = self.additions.engine.model.ways
        return {
            self.problem.projects[int(ways.project[column])].code: int(ways.delay[column]) for column in chosen.tolist()
        }


@dataclass(frozen=True)
class Line:
    """Who is next in line, the smallest addition first, of `asked` projects that were solved for; `open` others that
    are out were not asked or not answered in the time."""

    waiting: tuple[Admission, ...]
    asked: int
    open: int


def in_line(admitting: Admitting, seconds: float, most: int | None = None) -> Line:
    """Ask of those that are out, in the order of what they lack beside the answer, until the time is over or `most`
    were found whom an addition of the pools they lack admits."""
    problem, additions = admitting.problem, admitting.additions
    out = [one.code for one in problem.projects if one.code not in admitting.delays and one.must is not False]
    lacks = {code: lacking_beside(problem, admitting.delays, code) for code in out}
    order = sorted(out, key=lambda code: (not lacks[code], size_of(lacks[code], code, problem)))
    additions.begin(seconds)
    whole, found, asked, unknown = additions.clock, list[Admission](), 0, 0
    for code in order:
        left = seconds - whole.seconds
        if left <= 0 or additions.stopping() or (most is not None and len(found) >= most):
            break
        told = admitting.of(code, min(left, NEXT_SECONDS), everywhere=False)
        asked += 1
        if told.verdict in (ADDED, ENOUGH):
            found.append(told)
        elif additions.over():
            unknown += 1
    found.sort(key=lambda one: size_of(one.addition, one.project, problem))
    return Line(tuple(found), asked, len(order) - asked + unknown)


def _widest(problem: Problem) -> tuple[str, ...]:
    """The pools that all others draw on at last; where pools nest, every pool."""
    places = last_pools(problem) if problem.chained else range(len(problem.pools))
    return tuple(sorted(problem.pools[place].code for place in places))


def _all_needs(problem: Problem, pool: str) -> int:
    """More than a pool could ever be asked for: every need of its items, whoever's and whenever."""
    of = problem.pools[problem.pool_place[pool]]
    items = np.array([binds_item(of, item) for item in problem.items], np.bool_)
    return int(problem.needs.quantity[items[problem.needs.item]].sum()) if len(problem.needs) else 0


def _path(pools: Sequence[str], first: Added, most: Added) -> tuple[Along, int]:
    """A rising path of additions, and its last step: from nothing to `first`, then on to `most`, evenly over the pools.
    With one pool every step is one unit, so that no addition is passed over."""
    begin = {pool: min(first.get(pool, 0), most[pool]) for pool in pools}
    rest = {pool: most[pool] - begin[pool] for pool in pools}
    one, two = max(begin.values(), default=0), max(rest.values(), default=0)

    def along(step: int) -> dict[str, int]:
        if step <= one:
            return {pool: -(-begin[pool] * step // one) if one else 0 for pool in pools}
        return {pool: begin[pool] - (-rest[pool] * (step - one) // two) for pool in pools}

    return along, one + two


def _changed(before: Mapping[str, int], after: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who joins and who leaves."""
    return tuple(sorted(set(after) - set(before))), tuple(sorted(set(before) - set(after)))
