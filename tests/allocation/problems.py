"""Small problems: random ones for laws, and how rows become a problem."""

from typing import Any

from hypothesis import strategies as st

from portfolio.allocation.model.answer import Answer
from portfolio.allocation.model.problem import Group, Need, Pool, Problem, Project, Share, Terms, make_problem
from tests.allocation.plain_checker import Rows, Way

ITEMS = ("fund.local_budget.region", "fund.local_budget.city", "fund.own", "land.agri.garden")
NODES = ("fund", "fund.local_budget", "fund.local_budget.region", "fund.own", "land")
CITIES = ("450100", "450700")


def problem_of(rows: Rows) -> Problem:
    terms = Terms(rows.max_delay, rows.loss, rows.rungs)
    return make_problem(rows.projects, rows.needs, rows.pools, groups=rows.groups, shares=rows.shares, terms=terms)


def plan_of(answer: Answer) -> dict[str, Way]:
    return {
        one.project: (one.delay, one.phases) if one.supported and one.delay is not None else None
        for one in answer.decisions
    }


@st.composite
def projects(draw: st.DrawFn, count: int, rungs: tuple[str, ...], pins: bool) -> tuple[Project, ...]:
    return tuple(
        Project(
            f"P{place}",
            draw(st.integers(0, 40)) / 4,
            draw(st.sampled_from(rungs)),
            frozenset(draw(st.sets(st.sampled_from(CITIES), max_size=2))),
            draw(st.sampled_from([None, None, None, True, False])) if pins else None,
            draw(st.sampled_from([(), (), (0.5, 0.5)])),
        )
        for place in range(count)
    )


@st.composite
def rows(draw: st.DrawFn, /, pins: bool = True, most: int = 5, **fixed: Any) -> Rows:
    """A random problem of up to `most` projects over three years."""
    rungs = draw(st.sampled_from([("first",), ("first", "second"), ("first", "second", "")]))
    asking = draw(projects(draw(st.integers(1, most)), rungs, pins))
    needs = {}
    for project in asking:
        for _ in range(draw(st.integers(1, 3))):
            phase = draw(st.integers(1, max(len(project.phases), 1)))
            key = (project.code, draw(st.sampled_from(ITEMS)), draw(st.integers(2026, 2027)), phase)
            needs[key] = Need(key[0], key[1], key[2], draw(st.integers(0, 9)) * 1000, phase)
    pools: dict[Any, Pool] = {}
    for _ in range(draw(st.integers(1, 6))):
        level = draw(st.sampled_from(["", "region", "city"]))
        node, year = draw(st.sampled_from(NODES)), draw(st.integers(2026, 2028))
        region = draw(st.sampled_from(["450000", *CITIES]))
        carries = draw(st.booleans())
        quantity = draw(st.integers(0, 20)) * 1000 + 500
        pools[node, year, region, level] = Pool(f"K{len(pools)}", node, year, quantity, region, level, carries)
    groups: tuple[Group, ...] = ()
    shares: tuple[Share, ...] = ()
    if pins and len(asking) > 2:
        kind = draw(st.sampled_from(["exclude", "together", "require"]))
        groups = (Group("G", kind, tuple(project.code for project in asking[:2])),)
        shares = draw(st.sampled_from([(), (), (Share("450700", "fund", 30),)]))
    unique = {pool.code: pool for pool in pools.values()}
    delay = draw(st.integers(0, 1))
    parts = {"groups": groups, "shares": shares, "max_delay": delay, "loss": 0.25, **fixed}
    return Rows(asking, tuple(needs.values()), tuple(unique.values()), **parts)
