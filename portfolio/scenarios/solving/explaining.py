"""What is found out about an answer by solving again, kept with the scenario: one project, one pool, the frontier."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Engine as Database
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.allocation.model.addition import barring
from portfolio.allocation.model.answer import OPTIMAL, Answer, Decision, Reason, Settings
from portfolio.allocation.model.binding import covered, under
from portfolio.allocation.model.chain import draws, full_pools, homes, rests
from portfolio.allocation.model.problem import Problem
from portfolio.allocation.search.additions import Additions
from portfolio.allocation.search.admitting import Admitting, in_line
from portfolio.allocation.search.engine import Engine
from portfolio.allocation.search.processes import Crew
from portfolio.core.clock import utc_now
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, NotFoundError
from portfolio.scenarios.queries import LINE, get_scenario, project_frame
from portfolio.scenarios.solving.building import Built
from portfolio.scenarios.solving.jobs import POOL, PROJECT, Claim
from portfolio.scenarios.tables import Explanation, Scenario

GAP, SECONDS = 0.005, 10.0
ADMIT_SECONDS, LINE_SECONDS, LINE_KEPT = 60.0, 60.0, 50
STEPS = 5
STEP_OF = {"fund": 100_000_000, "land": 1_000_000, "sea": 1_000_000, "forest": 1_000_000}
FRONTIER_PERCENTS = (25, 50, 75, 90, 100, 110, 125, 150)
Stopping = Callable[[], bool]
Delays = Mapping[str, int]


def find_out(
    database: Database,
    claimed: Claim,
    built: Built,
    settings: Settings,
    stopping: Stopping,
    crew: Crew | None = None,
) -> None:
    """Answer one question by solving again, and keep what came of it; a `crew` of somebody else's is left running."""
    with Session(database) as session:
        scenario = get_scenario(session, claimed.scenario)
        if claimed.kind == LINE and scenario.value is None:
            return  # changed since: its next answer asks for its own line
        require_unmoved(scenario, built)
        frame = project_frame(session, EVERYTHING, claimed.scenario)
        value, solved_at = float(scenario.value or 0.0), scenario.solved_at
    delays = {code: int(delay) for code, delay in zip(frame["code"], frame["delay"], strict=True) if delay >= 0}
    worth = _by_rung(zip(frame["rung"], frame["value"].fillna(0.0), strict=True))
    quick = replace(settings, gap=max(settings.gap, GAP), time_limit=SECONDS)
    with Engine(built.problem, crew) as engine:
        if claimed.kind == PROJECT:
            content = admission(engine, built.problem, delays, (value, worth), claimed.subject, quick, stopping)
        elif claimed.kind == POOL:
            content = curve(engine, built.problem, delays, value, claimed.subject, quick, stopping)
        elif claimed.kind == LINE:
            content = asdict(in_line(admitting(engine, delays, stopping), LINE_SECONDS, LINE_KEPT))
        else:
            content = money_frontier(engine, built.problem, delays, value, quick, stopping)
    # Of a line that was stopped, those that were solved for are kept: it says itself how many were not.
    if stopping() and claimed.kind != LINE:
        return
    with transaction(database) as session:
        # Changed or solved again meanwhile, the scenario has another answer, or none, and this is not about it.
        if get_scenario(session, claimed.scenario).solved_at == solved_at:
            keep(session, claimed.scenario, claimed.kind, claimed.subject, content)


def require_unmoved(scenario: Scenario, built: Built) -> None:
    """Raise `ConflictError` when the needs or pools are no longer those the answer was made from."""
    if (scenario.needs_hash, scenario.pools_hash) != (built.needs_hash, built.pools_hash):
        raise ConflictError("allocation.moved", code=scenario.code)


def keep(session: Session, code: str, kind: str, subject: str, content: Mapping[str, Any]) -> None:
    """Keep what was found out, over what was known before."""
    scenario = get_scenario(session, code)
    held = session.get(Explanation, (scenario.id, kind, subject))
    row = held or Explanation(scenario_id=int(scenario.id or 0), kind=kind, subject=subject, content="", at=utc_now())
    row.content, row.at = orjson.dumps(dict(content)).decode(), utc_now()
    session.add(row)
    session.flush()


def refusal(problem: Problem, delays: Delays, project: str, delay: int) -> dict[str, int]:
    """What a project would lack beside the supported ones, by the pool that stands last; empty: it fits."""
    return draws(problem, {**delays, project: delay})[1]


def admission(
    engine: Engine,
    problem: Problem,
    delays: Delays,
    stood: tuple[float, Mapping[str, float]],
    project: str,
    settings: Settings,
    stopping: Stopping,
) -> dict[str, Any]:
    """Why a project is out: `refusing` pools; `admission`, what would admit it, rules included, each part by a solve
    (`search.admitting.Admission`); `leaving` and `loss` when it is forced in by a solve; `earliest` delay with
    everything else kept.

    `stood` is the answer's value, whole and by rung; `rungs` tells what forcing changes in each, best rung first.
    """
    if project not in problem.place:
        raise NotFoundError("allocation.no_project", value=project)
    if project in delays:
        return {"project": project, "inside": True}
    short = {delay: refusal(problem, delays, project, delay) for delay in offered(problem, project)}
    fitting = [
        delay for delay, lacking in short.items() if not lacking and not barring(problem, delays, project, delay)
    ]
    forced = engine.what_if({}, settings, {project: True}, begin(delays), stopping)
    told = admitting(engine, delays, stopping).of(project, ADMIT_SECONDS)
    return {
        "project": project,
        "inside": False,
        "refusing": refusing_pools(problem, delays, project),
        "admission": asdict(told),
        "earliest": min(fitting, default=None),
        **_forced(problem, delays, stood, project, forced),
    }


def admitting(engine: Engine, delays: Delays, stopping: Stopping) -> Admitting:
    """Questions about what would admit those that are out of an answer."""
    return Admitting(Additions(engine, engine.columns(begin(delays)), stopping), delays)


def _by_rung(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for rung, value in values:
        found[rung] = found.get(rung, 0.0) + float(value)
    return found


def _rung_changes(problem: Problem, before: Mapping[str, float], forced: Answer) -> list[tuple[str, float]]:
    after = _by_rung((one.rung, one.value) for one in forced.decisions)
    ladder = {rung: place for place, rung in enumerate(problem.terms.rungs)}
    order = sorted(before.keys() | after.keys(), key=lambda rung: (ladder.get(rung, len(ladder)), rung))
    changes = [(rung, round(after.get(rung, 0.0) - before.get(rung, 0.0), 6)) for rung in order]
    return [(rung, change) for rung, change in changes if change]


def _forced(
    problem: Problem, delays: Delays, stood: tuple[float, Mapping[str, float]], project: str, forced: Answer
) -> dict[str, Any]:
    value, worth = stood
    if forced.value is None:
        return {"possible": forced.status != "infeasible", "entering": [], "leaving": [], "loss": None, "proven": False}
    inside = set(forced.supported)
    return {
        "possible": True,
        "entering": sorted(inside - set(delays) - {project}),
        "leaving": sorted(set(delays) - inside),
        "loss": round(value - forced.value, 6),
        "proven": forced.status == "optimal",
        "rungs": _rung_changes(problem, worth, forced),
    }


def begin(delays: Delays) -> Answer:
    """The kept answer, for a search to begin with."""
    kept = Reason("supported")
    decisions = tuple(Decision(code, True, delay, 1, 0.0, "", kept) for code, delay in delays.items())
    return Answer(OPTIMAL, 0.0, None, None, 0.0, "", 0.0, decisions)


def offered(problem: Problem, project: str) -> list[int]:
    """The delays by which a project may be put off: none moves a need out of the reach of the pools."""
    mine = problem.needs.project == problem.place[project]
    own = problem.projects[problem.place[project]].max_delay
    longest = problem.terms.max_delay if own is None else min(own, problem.terms.max_delay)
    now = covered(problem, 0)
    return [delay for delay in range(longest + 1) if not delay or not (mine & now & ~covered(problem, delay)).any()]


def refusing_pools(problem: Problem, delays: Delays, project: str) -> list[str]:
    """The pools, narrow and wide, that are used up where the project would draw, undelayed."""
    place, home = problem.place[project], homes(problem, 0)
    mine = np.flatnonzero(problem.needs.project == place)
    wanted = [(int(home[row]), int(problem.needs.quantity[row])) for row in mine.tolist()]
    return list(full_pools(problem, rests(problem, draws(problem, delays)[0]), wanted))


def curve(
    engine: Engine, problem: Problem, delays: Delays, value: float, pool: str, settings: Settings, stopping: Stopping
) -> dict[str, Any]:
    """What one more 亿元 or 100 公顷 of a pool would buy, and one more, each by a solve."""
    if pool not in problem.pool_place:
        raise NotFoundError("allocation.no_pool", value=pool)
    held = problem.pools[problem.pool_place[pool]]
    step = STEP_OF[held.item.partition(".")[0]]
    steps = [{"limit": held.limit, "value": value, "bound": value, "entering": []}]
    for count in range(1, STEPS + 1):
        if stopping():
            break
        limit = held.limit + count * step
        steps.append(_point(engine.what_if({pool: limit}, settings, None, begin(delays), stopping), limit, delays))
    return {"pool": pool, "step": step, "steps": steps}


def money_frontier(
    engine: Engine, problem: Problem, delays: Delays, value: float, settings: Settings, stopping: Stopping
) -> dict[str, Any]:
    """The value that parts and multiples of all money would carry, land, sea and forest as they are.

    Rungs come one after another, so that with more money a higher rung may gain less than a lower one loses by it: the
    total is shown as it is.
    """
    funds = [pool for pool in problem.pools if under(pool.item, "fund")]
    whole = sum(pool.limit for pool in funds)
    points = []
    for percent in FRONTIER_PERCENTS:
        if stopping():
            break
        if percent == 100:
            points.append({"limit": whole, "value": value, "bound": value, "entering": [], "percent": percent})
            continue
        limits = {pool.code: pool.limit * percent // 100 for pool in funds}
        answer = engine.what_if(limits, settings, None, begin(delays), stopping)
        points.append({**_point(answer, whole * percent // 100, delays), "percent": percent})
    return {"points": points}


def _point(answer: Answer, limit: int, delays: Delays) -> dict[str, Any]:
    entering = sorted(set(answer.supported) - set(delays))
    return {"limit": limit, "value": answer.value, "bound": answer.bound, "entering": entering}
