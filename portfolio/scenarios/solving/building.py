"""From the database to a problem: candidates of an edition with what they still need, and the scenario's pools.

A need is counted net of what the ledger already holds for the project in that cell (preallocated, locked, granted,
delivered, used). What an approved scenario of the same edition reserved and nobody used since counts as free: it is
returned when another scenario of the edition is approved.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.allocation.model.answer import Finding
from portfolio.allocation.model.binding import under
from portfolio.allocation.model.linking import linked
from portfolio.allocation.model.problem import (
    Group,
    Need,
    Pool,
    Problem,
    Project,
    Share,
    Stability,
    Terms,
    make_problem,
)
from portfolio.core import revision
from portfolio.ledger.cube import holdings
from portfolio.ledger.rules import HELD
from portfolio.ledger.tables import Account
from portfolio.ledger.tables import Pool as LedgerPool
from portfolio.projects.tables import Project as ProjectRow
from portfolio.projects.tables import ProjectRegion
from portfolio.rolling.loading import programme
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.scenarios import options as asked
from portfolio.scenarios.solving.carrying import Carrying, carried_over, valid_in
from portfolio.scenarios.tables import APPROVED, Proposal, Reserve, Scenario, ScenarioPin, ScenarioPool
from portfolio.screening.policies import get_policy
from portfolio.screening.queries import score_frame
from portfolio.screening.rules.policy import Policy
from portfolio.vocabulary.codes import WHOLE_REGION
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

CO_AGREED = "co_agreed"
Cells = dict[tuple[str, int], int]
Regions = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Candidate:
    """A project that asks, as it stood when the problem was built; amounts are what it still needs in the window."""

    project_id: int
    code: str
    rung: str
    points: float
    vetoed: bool
    needs: Mapping[tuple[str, int], int]

    @property
    def needs_hash(self) -> str:
        """The same for the same rung and needs."""
        rows = [[item, year, quantity] for (item, year), quantity in sorted(self.needs.items())]
        return hashlib.sha256(orjson.dumps([self.rung, rows])).hexdigest()

    def needed(self, element: str) -> int:
        """What it needs of an element: of funds in yuan, of land, sea and forest in m²."""
        return sum(quantity for (item, _), quantity in self.needs.items() if under(item, element))


@dataclass(frozen=True)
class Built:
    """A problem with what it was built from; `findings` are those that only the database can know."""

    problem: Problem
    candidates: tuple[Candidate, ...]
    revision: int
    pools_hash: str
    findings: tuple[Finding, ...] = ()

    @property
    def needs_hash(self) -> str:
        """The same for the same candidates with the same needs."""
        lines = [f"{one.code} {one.needs_hash}" for one in self.candidates]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def build(session: Session, scenario: Scenario) -> Built:
    """The problem of a scenario as the database now is; raises `InvalidError` for a policy with findings."""
    edition = session.get_one(Edition, scenario.edition_id)
    policy, options = get_policy(session, scenario.policy), asked.decode(scenario.options)
    pins = {pin.project_id: pin for pin in pins_of(session, scenario)}
    candidates = _candidates(session, edition, policy)
    pools, unlinked = scenario_pools(session, scenario)
    problem = make_problem(
        _projects(session, candidates, pins),
        [Need(one.code, item, year, count) for one in candidates for (item, year), count in one.needs.items()],
        pools,
        groups=tuple(Group(group.code, group.kind, group.projects) for group in options.groups),
        shares=tuple(Share(share.region, share.item, share.percent) for share in options.shares),
        terms=Terms(options.max_delay, policy.decay, ladder(policy)),
        stability=_stability(session, scenario, options.stability, policy.stability),
        chained=True,
    )
    findings = (*_findings(session, candidates, pins, pools), *unlinked)
    return Built(problem, tuple(candidates), revision.current(session), hash_of_pools(session, scenario), findings)


def ladder(policy: Policy) -> tuple[str, ...]:
    """The rungs, best first; co-agreed works stand above all where the policy puts them first (clause 三(三))."""
    return (CO_AGREED, *policy.rungs) if policy.co_agreed_first else policy.rungs


def pins_of(session: Session, scenario: Scenario) -> list[ScenarioPin]:
    """A scenario's pins."""
    return list(session.execute(select(ScenarioPin).where(col(ScenarioPin.scenario_id) == scenario.id)).scalars())


def scenario_pools(session: Session, scenario: Scenario) -> tuple[tuple[Pool, ...], tuple[Finding, ...]]:
    """A scenario's pools, each with the one that stands behind it, and whose rest could not be carried over."""
    tree = element_tree(session).by_id
    statement = select(ScenarioPool).where(col(ScenarioPool.scenario_id) == scenario.id)
    rows = list(session.execute(statement.order_by(col(ScenarioPool.pool))).scalars())
    pools = [
        Pool(row.pool, tree[row.item_id].code, row.year, row.quantity, row.region_code, row.level, row.carries)
        for row in rows
    ]
    papers = {row.pool: Carrying(row.kind, row.valid_until) for row in rows}
    return carried_over(linked(pools, region_paths(session)), papers)


def hash_of_pools(session: Session, scenario: Scenario) -> str:
    """The same for the same pools with the same originals, limits and what they carry over."""
    names = ("pool", "original", "quantity", "carries", "valid_until")
    columns: list[Any] = [getattr(ScenarioPool, name) for name in names]
    statement = select(*columns).where(col(ScenarioPool.scenario_id) == scenario.id).order_by(col(ScenarioPool.pool))
    return hashlib.sha256(orjson.dumps([list(row) for row in session.execute(statement)])).hexdigest()


def region_paths(session: Session) -> Regions:
    """Region → itself and every region that holds it, up to Guangxi."""
    parents = {code: parent for code, parent in session.execute(select(col(Region.code), col(Region.parent)))}
    return {code: tuple(_upward(code, parents)) for code in parents}


def _upward(code: str, parents: Mapping[str, str | None]) -> Iterable[str]:
    here: str | None = code
    while here is not None:
        yield here
        here = parents.get(here)


def unused_reserves(session: Session, edition_id: int) -> dict[tuple[int, int], int]:
    """(pool, project) → what the approved scenario of an edition preallocated there and still lies unused."""
    statement = (
        select(col(Reserve.pool_id), col(Reserve.project_id), col(Reserve.quantity), col(Account.preallocated))
        .join(Scenario, col(Scenario.id) == col(Reserve.scenario_id))
        .join(
            Account,
            (col(Account.pool_id) == col(Reserve.pool_id)) & (col(Account.project_id) == col(Reserve.project_id)),
        )
        .where(
            col(Scenario.edition_id) == edition_id, col(Scenario.state) == APPROVED, col(Reserve.entry_back).is_(None)
        )
    )
    return {(pool, project): min(int(made), int(left)) for pool, project, made, left in session.execute(statement)}


def _candidates(session: Session, edition: Edition, policy: Policy) -> list[Candidate]:
    columns: list[Any] = [EditionEntry.project_id, EditionEntry.code, EditionEntry.rung]
    wanted = (col(EditionEntry.edition_id) == edition.id, standing())
    entries = session.execute(select(*columns).where(*wanted).order_by(col(EditionEntry.code))).all()
    agreed = set(session.execute(select(col(ProjectRow.id)).where(col(ProjectRow.co_agreed).is_(True))).scalars())
    scores = score_frame(session, EVERYTHING, policy.key).set_index("project_id")
    value, vetoed = scores["value"].to_dict(), scores["vetoed"].to_dict()
    needs = net_needs(session, edition)
    return [
        Candidate(
            number,
            code,
            CO_AGREED if policy.co_agreed_first and number in agreed else rung,
            round(max(0.0, float(value.get(number, 0.0))), 6),
            bool(vetoed.get(number, False)),
            needs.get(number, {}),
        )
        for number, code, rung in entries
    ]


def net_needs(session: Session, edition: Edition) -> dict[int, Cells]:
    """Project → (item, year) → what it needs in the window beyond what the ledger holds for it (0: all of it held).

    What is held in a pool that carries over beyond the needs of its year counts against those of later years, in which
    the pool is valid still.
    """
    tree, found = element_tree(session).by_id, defaultdict[int, Cells](dict)
    columns = programme(session, EVERYTHING, edition)
    rows = (columns.project, columns.item, columns.year, columns.required)
    for project, item, year, required in zip(*(part.tolist() for part in rows), strict=True):
        found[project][tree[item].code, year] = required
    held = [one for one in _held(session, edition) if one.project in found]
    over = [(one, _settle(found[one.project], one, one.year)) for one in held]
    last = edition.base_year + edition.years
    for one, left in over:
        for year in range(one.year + 1, last if one.carries else one.year):
            if valid_in(one.valid_until, year):
                left = _settle(found[one.project], replace(one, quantity=left), year)
    within = range(edition.base_year, last)
    return {number: {cell: of for cell, of in cells.items() if cell[1] in within} for number, cells in found.items()}


@dataclass(frozen=True)
class _Holding:
    """What a project holds in pools of a node and year, and whether what is over may serve later years."""

    project: int
    node: str
    year: int
    quantity: int
    carries: bool
    valid_until: str | None


def _held(session: Session, edition: Edition) -> list[_Holding]:
    """Every account in the window, and of earlier years those that carry over; the deepest items first."""
    tree, kept = element_tree(session).by_id, holdings(session)
    own = unused_reserves(session, int(edition.id or 0))
    statement = select(col(LedgerPool.id), col(LedgerPool.valid_until)).where(col(LedgerPool.carries).is_(True))
    carrying = {number: until for number, until in session.execute(statement)}
    year = kept.pool_year[kept.pool]
    reached = (year >= edition.base_year) | np.isin(kept.pool, list(carrying))
    found = []
    for row in np.flatnonzero(reached & (year < edition.base_year + edition.years)).tolist():
        pool, project = int(kept.pool[row]), int(kept.project[row])
        quantity = int(kept.held[row, : len(HELD)].sum()) - own.get((pool, project), 0)
        if quantity > 0:
            node, papers = tree[int(kept.pool_item[pool])].code, (pool in carrying, carrying.get(pool))
            found.append(_Holding(project, node, int(year[row]), quantity, *papers))
    return sorted(found, key=lambda one: (-one.node.count("."), one.project, one.node, one.year, one.quantity))


def _settle(cells: Cells, held: _Holding, year: int) -> int:
    """Net the needs of a year under the node by what is held; returns what is over."""
    quantity = held.quantity
    for item, of in sorted(cells):
        if of == year and under(item, held.node):
            met = min(quantity, cells[item, of])
            cells[item, of] -= met
            quantity -= met
    return quantity


def _projects(session: Session, candidates: Sequence[Candidate], pins: Mapping[int, ScenarioPin]) -> list[Project]:
    paths, touched = region_paths(session), defaultdict[int, list[str]](list)
    for number, region in session.execute(select(col(ProjectRegion.project_id), col(ProjectRegion.region_code))):
        touched[number].append(region)
    found = []
    for one in candidates:
        lines = [set(paths.get(code, (code,))) - {WHOLE_REGION} for code in touched[one.project_id]]
        pin = pins.get(one.project_id)
        must = False if one.vetoed else None if pin is None else pin.inside
        regions = frozenset[str]().union(*lines)
        within = frozenset(set.intersection(*lines)) if lines else frozenset[str]()
        found.append(Project(one.code, one.points, one.rung, regions, must, within=within))
    return found


def _stability(session: Session, scenario: Scenario, wanted: float | None, of_policy: float) -> Stability | None:
    """What the newest approved scenario of the edition, or of the editions before it, supported."""
    cost = of_policy if wanted is None else wanted
    if cost <= 0:
        return None
    here: Edition | None = session.get_one(Edition, scenario.edition_id)
    while here is not None:
        approved = _approved_delays(session, int(here.id or 0))
        if approved:
            return Stability(approved, cost)
        here = session.get(Edition, here.parent_id) if here.parent_id else None
    return None


def _approved_delays(session: Session, edition_id: int) -> dict[str, int]:
    statement = (
        select(col(ProjectRow.code), func.max(col(Proposal.delay)))
        .join(Proposal, col(Proposal.project_id) == col(ProjectRow.id))
        .join(Scenario, col(Scenario.id) == col(Proposal.scenario_id))
        .where(col(Scenario.edition_id) == edition_id, col(Scenario.state) == APPROVED)
        .group_by(col(ProjectRow.code))
    )
    return {code: int(delay) for code, delay in session.execute(statement)}


def _findings(
    session: Session, candidates: Sequence[Candidate], pins: Mapping[int, ScenarioPin], pools: Sequence[Pool]
) -> Iterable[Finding]:
    of = {one.project_id: one for one in candidates}
    for number, pin in pins.items():
        one = of.get(number)
        if one is None:
            yield Finding("allocation_pin_without_entry", {"project": session.get_one(ProjectRow, number).code})
        elif pin.inside and one.vetoed:
            yield Finding("allocation_pinned_veto", {"project": one.code})
    if not pools:
        yield Finding("allocation_no_pools", {})
