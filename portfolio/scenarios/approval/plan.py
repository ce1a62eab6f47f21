"""What the approval of a scenario would write, and what refuses it: told before it is written, and written as told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, require_read
from portfolio.allocation.model.chain import draws
from portfolio.core.errors import ConflictError, FieldError
from portfolio.ledger.tables import Account, Pool
from portfolio.projects.tables import Project
from portfolio.rolling.tables import Edition
from portfolio.scenarios.heads import pools_of
from portfolio.scenarios.pools import GONE, ledger_standing, standing_of
from portfolio.scenarios.queries import READ, get_scenario, running_job
from portfolio.scenarios.solving.building import Built, build
from portfolio.scenarios.tables import APPROVED, SOLVED, SUPERSEDED, Reserve, Scenario, ScenarioProject
from portfolio.vocabulary.elements import element_tree

NAMED = 20


@dataclass(frozen=True)
class Draft:
    """A proposal to be written: a quantity (base units) of a leaf in the year it comes, after `delay` years."""

    project: str
    item: str
    year: int
    quantity: int
    delay: int


@dataclass(frozen=True)
class Hold:
    """A quantity (base units of `dimension`) of a pool of `element` to be preallocated to a project, or to be returned
    by it; `reserve` is the row of the earlier reserve that is returned."""

    project: str
    pool: str
    quantity: int
    element: str
    reserve: int | None = None

    @property
    def dimension(self) -> str:
        """`money` or `area`."""
        return "money" if self.element == "fund" else "area"


@dataclass(frozen=True)
class Plan:
    """Everything an approval would write; with `refusals` it would write nothing. `delays` are
    the supported projects with the years each is put off, `earlier` is the approved scenario
    that would be superseded, `back` what of its reserves nobody used."""

    built: Built
    refusals: tuple[FieldError, ...]
    delays: Mapping[str, int]
    proposals: tuple[Draft, ...]
    reserves: tuple[Hold, ...]
    back: tuple[Hold, ...]
    earlier: str | None


def plan_approval(session: Session, scope: Scope, code: str) -> Plan:
    """What approving a solved scenario would write now; raises `ConflictError` when there is nothing to approve."""
    require_read(scope, READ)
    scenario = get_scenario(session, code)
    require_solved(session, scenario)
    return planned(session, scenario)


def planned(session: Session, scenario: Scenario) -> Plan:
    """The plan of a scenario that was solved, from the database as it now is."""
    built, rows = build(session, scenario), _answer_rows(session, scenario)
    refusals = [*_moved_pools(session, scenario), *_moved_needs(built, rows), *_vetoes(built, rows)]
    refusals += _unopened(session, scenario)
    known = {one.code for one in built.candidates}
    delays = {row.code: row.delay for row in rows if row.delay >= 0 and row.code in known}
    earlier = approved_before(session, scenario)
    return Plan(
        built,
        tuple(refusals),
        delays,
        tuple(_proposals(built, delays)),
        tuple(_reserves(built, delays)),
        () if earlier is None else tuple(_unused(session, earlier)),
        None if earlier is None else earlier.code,
    )


def require_solved(session: Session, scenario: Scenario) -> None:
    """Raise `ConflictError` unless the scenario has an answer with an allocation and was not approved before."""
    if scenario.state in (APPROVED, SUPERSEDED):
        raise ConflictError("allocation.approved", code=scenario.code)
    if running_job(session, scenario, "solve") is not None:
        raise ConflictError("allocation.busy", code=scenario.code)
    if scenario.state != SOLVED:
        raise ConflictError("allocation.not_solved", code=scenario.code)
    if scenario.value is None:
        raise ConflictError("allocation.no_allocation", code=scenario.code)


def approved_before(session: Session, scenario: Scenario) -> Scenario | None:
    """The approved scenario of the same edition."""
    wanted = (col(Scenario.edition_id) == scenario.edition_id, col(Scenario.state) == APPROVED)
    return session.execute(select(Scenario).where(*wanted)).scalars().first()


def _answer_rows(session: Session, scenario: Scenario) -> list[ScenarioProject]:
    statement = select(ScenarioProject).where(col(ScenarioProject.scenario_id) == scenario.id)
    return list(session.execute(statement.order_by(col(ScenarioProject.code))).scalars())


def _moved_pools(session: Session, scenario: Scenario) -> list[FieldError]:
    """Pools of which the ledger no longer has, or no longer lets carry over, what it did when they were copied, and new
    ones."""
    now = ledger_standing(session, session.get_one(Edition, scenario.edition_id))
    held = {row.pool: standing_of(row.model_dump()) for row in pools_of(session, scenario) if row.pool_id is not None}
    moved = sorted(name for name in now.keys() | held.keys() if now.get(name, GONE) != held.get(name, GONE))
    return [FieldError("pools", "allocation.pool_moved", {"value": name}) for name in moved[:NAMED]]


def _moved_needs(built: Built, rows: Iterable[ScenarioProject]) -> list[FieldError]:
    now = {one.code: one.needs_hash for one in built.candidates}
    held = {row.code: row.needs_hash for row in rows}
    moved = sorted(code for code in now.keys() | held.keys() if now.get(code) != held.get(code))
    return [FieldError("projects", "allocation.needs_moved", {"value": code}) for code in moved[:NAMED]]


def _vetoes(built: Built, rows: Iterable[ScenarioProject]) -> list[FieldError]:
    vetoed = {one.code for one in built.candidates if one.vetoed}
    inside = [row.code for row in rows if row.delay >= 0 and row.code in vetoed]
    return [FieldError("projects", "allocation.veto_stands", {"value": code}) for code in inside[:NAMED]]


def _unopened(session: Session, scenario: Scenario) -> list[FieldError]:
    """Pools that the answer uses beyond what the ledger has: what if is not yet so."""
    return [
        FieldError("pools", "allocation.limit_not_open", {"value": row.pool})
        for row in pools_of(session, scenario)
        if (row.used or 0) > row.original
    ][:NAMED]


def _proposals(built: Built, delays: Mapping[str, int]) -> Iterable[Draft]:
    """Everything a supported project needs, whether a pool covers it or not."""
    problem = built.problem
    for place in range(len(problem.needs)):
        project = problem.projects[int(problem.needs.project[place])].code
        quantity = int(problem.needs.quantity[place])
        if project in delays and quantity:
            item, year = problem.items[int(problem.needs.item[place])], int(problem.needs.year[place])
            yield Draft(project, item, year + delays[project], quantity, delays[project])


def _reserves(built: Built, delays: Mapping[str, int]) -> Iterable[Hold]:
    """What every supported project draws, the narrow pool first, what that lacks from the one behind it."""
    sums: dict[tuple[str, str], int] = {}
    problem = built.problem
    for draw in draws(problem, delays)[0]:
        project = problem.projects[int(problem.needs.project[draw.need])].code
        sums[project, draw.pool] = sums.get((project, draw.pool), 0) + draw.quantity
    element = {pool.code: pool.item.partition(".")[0] for pool in problem.pools}
    return (Hold(project, pool, sums[project, pool], element[pool]) for project, pool in sorted(sums))


def _unused(session: Session, earlier: Scenario) -> Iterable[Hold]:
    """What an approved scenario reserved and nobody used since."""
    tree = element_tree(session).by_id
    here: Any = (col(Account.pool_id) == col(Reserve.pool_id)) & (col(Account.project_id) == col(Reserve.project_id))
    statement = (
        select(Reserve, col(Pool.code), col(Pool.item_id), col(Project.code), col(Account.preallocated))
        .join(Pool, col(Pool.id) == col(Reserve.pool_id))
        .join(Project, col(Project.id) == col(Reserve.project_id))
        .join(Account, here)
        .where(col(Reserve.scenario_id) == earlier.id, col(Reserve.entry_back).is_(None))
        .order_by(col(Reserve.id))
    )
    for row, pool, item, project, left in session.execute(statement):
        if min(row.quantity, int(left)) > 0:
            yield Hold(project, pool, min(row.quantity, int(left)), tree[item].element, row.id)
