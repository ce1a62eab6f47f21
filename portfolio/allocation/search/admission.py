"""Why the answer is as it is, by solving again and never by guessing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from portfolio.allocation.model.addition import Waiting, smallest_first
from portfolio.allocation.model.answer import Answer, Settings
from portfolio.allocation.model.constraints import chains
from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.whole import Model
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.reasons import Reasons
from portfolio.allocation.search.rungs import program_of
from portfolio.core.errors import NotFoundError

QUICK = Settings(time_limit=20.0, gap=0.005)


@dataclass(frozen=True)
class Admission:
    """What it would take to let a project in that is out of an answer.

    `refusing`: the pools exceeded when its first way (undelayed, least phases) joins the answer (pool → base units
    over). `addition`: the quota to be added, pool by pool, so that it joins with all else kept as it is; one unit less
    in any of them and it does not. It is None where no quota helps (a must-not, a group, a share of a region).
    `earliest_delay`: the least delay with which it joins with all else kept, nothing added (None: none does).
    `entering`, `leaving`, `loss`: what changes when it is forced in instead, found by a solve within the settings
    (`forced` is that answer's status); `loss` is None when it cannot be forced in.
    """

    project: str
    refusing: Mapping[str, int]
    addition: Mapping[str, int] | None
    earliest_delay: int | None
    forced: str
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    loss: float | None


def explain(engine: Engine, answer: Answer, project: str, settings: Settings = QUICK) -> Admission:
    """What keeps `project` out of `answer`, and what would let it in; raises `NotFoundError` for an unknown one."""
    if project not in engine.problem.place:
        raise NotFoundError("allocation.no_project", value=project)
    model, chosen = engine.model, engine.columns(answer)
    place = engine.problem.place[project]
    others = chosen[model.ways.project[chosen] != place]
    room = Reasons(model, program_of(model), others)
    first = room.first_way(place)
    forced = engine.what_if({}, settings, {project: True}, begin=answer)
    before, after = set(answer.supported), set(forced.supported)
    known = answer.value is not None and forced.value is not None
    return Admission(
        project,
        room.overdraft(first, None),
        _addition(model, room, np.sort(np.append(others, first)), first),
        _earliest(model, others, place),
        forced.status,
        tuple(code for code in forced.supported if code not in before and code != project),
        tuple(code for code in answer.supported if code not in after) if known else (),
        (answer.value or 0.0) - (forced.value or 0.0) if known else None,
    )


def smallest_additions(engine: Engine, answer: Answer) -> tuple[Waiting, ...]:
    """The next in line: those out of `answer` that an addition of quota would let in with all else kept, each with that
    addition (one unit less in any pool and it does not join), the smallest first."""
    model, chosen = engine.model, engine.columns(answer)
    room, found = Reasons(model, program_of(model), chosen), list[Waiting]()
    taken = set(answer.supported)
    for place, project in enumerate(engine.problem.projects):
        if project.code in taken or project.must is False:
            continue
        first = room.first_way(place)
        added = _addition(model, room, np.sort(np.append(chosen, first)), first)
        if added:
            found.append(Waiting(project.code, added))
    return smallest_first(found, engine.problem)


def _addition(model: Model, room: Reasons, joined: Ints, way: int) -> Mapping[str, int] | None:
    """The least quota by pool for `joined` to hold: along a chain that carries over, what a year is given counts for
    the later ones too."""
    over, pools = room.overdraft(way, None), model.problem.pools
    added: dict[str, int] = {}
    for chain in chains(model.problem):
        given = 0
        for place in chain:
            more = over.get(pools[place].code, 0) - given
            if more > 0:
                added[pools[place].code] = more
                given += more
    return added if admits(model, joined, added) else None


def admits(model: Model, columns: Ints, added: Mapping[str, int]) -> bool:
    """Whether the ways hold together once pools are given more (base units); exact."""
    limits = {pool.code: pool.limit + added[pool.code] for pool in model.problem.pools if pool.code in added}
    return program_of(model.with_limits(limits)).feasible(columns)


def _earliest(model: Model, others: Ints, place: int) -> int | None:
    program = program_of(model)
    for column in np.flatnonzero(model.ways.project == place).tolist():
        if program.feasible(np.sort(np.append(others, column))):
            return int(model.ways.delay[column])
    return None
