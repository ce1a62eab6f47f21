"""Solve a scenario: build its problem, have it answered, keep the answer with what it was made from."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import orjson
from sqlalchemy import insert, update
from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.allocation.model.answer import INVALID, Answer, Finding, Progress, Reason, Settings
from portfolio.allocation.model.chain import carried_in, draws, full_pools, homes, rests
from portfolio.allocation.model.problem import Problem
from portfolio.allocation.search.engine import solve as solve_problem
from portfolio.core.clock import utc_now
from portfolio.journal import service as journal
from portfolio.scenarios.heads import clear_answer, write_head
from portfolio.scenarios.options import Options, decode
from portfolio.scenarios.queries import get_scenario
from portfolio.scenarios.solving.building import Built, build
from portfolio.scenarios.solving.cut import ranked_projects, ranked_value
from portfolio.scenarios.tables import DRAFT, SOLVED, Scenario, ScenarioPool, ScenarioProject

Watch = Callable[[Progress], None]
Stopping = Callable[[], bool]
Solver = Callable[[Problem, Settings, Watch | None, Stopping], Answer]
OUT = -1
VETOED = Reason("vetoed")


def settings_of(options: Options) -> Settings:
    """What the engine is allowed."""
    return Settings(options.time_limit, options.gap)


def read_problem(session: Session, code: str) -> tuple[Built, Settings]:
    """The problem of a scenario as the database now is, and what its options allow."""
    scenario = get_scenario(session, code)
    return build(session, scenario), settings_of(decode(scenario.options))


def answer_problem(
    built: Built, settings: Settings, watch: Watch | None, stopping: Stopping, solver: Solver = solve_problem
) -> Answer:
    """The engine's answer with what the database alone knows beside it; what that knows to be wrong is answered
    `invalid` with its findings."""
    severe = tuple(finding for finding in built.findings if finding.severe)
    if severe:
        return Answer(INVALID, None, None, None, 0.0, "", 0.0, findings=severe)
    answer = solver(built.problem, settings, watch, stopping)
    return replace(answer, findings=(*answer.findings, *built.findings)) if built.findings else answer


def keep_answer(session: Session, actor: Actor, code: str, built: Built, answer: Answer) -> Scenario:
    """Keep an answer with revision and hashes of what it was made from; the last one is forgotten."""
    scenario = get_scenario(session, code)
    clear_answer(session, scenario)
    delays = {one.project: one.delay for one in answer.decisions if one.supported and one.delay is not None}
    used = _used(session, scenario, built.problem, delays) if answer.value is not None else {}
    _write_projects(session, scenario, built, answer)
    figures = {name: getattr(answer, name) for name in ("status", "value", "bound", "gap", "seconds")}
    head = {
        **figures,
        "greedy_value": ranked_value(built.problem) if answer.decisions else None,
        "state": DRAFT if answer.status == INVALID else SOLVED,
        "built_revision": built.revision,
        "needs_hash": built.needs_hash,
        "pools_hash": built.pools_hash,
        "solved_at": utc_now(),
        "outcome": orjson.dumps(_outcome(built.problem, answer, delays)).decode(),
    }
    write_head(session, scenario, head)
    told = {"status": answer.status, "value": answer.value, "supported": len(delays), "pools_used": len(used)}
    journal.record(session, actor, "allocation", [journal.Entry(code, "answer", None, told)])
    return scenario


def _used(session: Session, scenario: Scenario, problem: Problem, delays: Mapping[str, int]) -> dict[str, int]:
    """What each pool gives, narrow pools before wide ones; written beside its limit, as is what was carried over."""
    used = {pool.code: 0 for pool in problem.pools}
    found = draws(problem, delays)[0]
    carried = carried_in(problem, found)
    for draw in found:
        used[draw.pool] += draw.quantity
    for pool, quantity in used.items():
        here = (_pools.c.scenario_id == scenario.id, _pools.c.pool == pool)
        session.connection().execute(update(_pools).where(*here).values(used=quantity, carried_in=carried.get(pool, 0)))
    return {pool: quantity for pool, quantity in used.items() if quantity}


def _write_projects(session: Session, scenario: Scenario, built: Built, answer: Answer) -> None:
    decided = {one.project: one for one in answer.decisions}
    ranked = ranked_projects(built.problem) if answer.decisions else frozenset()
    refusing = _refusing(built.problem, answer)
    rows = []
    for one in built.candidates:
        found = decided.get(one.code)
        inside = found is not None and found.supported
        row: dict[str, Any] = {
            "scenario_id": scenario.id,
            "project_id": one.project_id,
            "code": one.code,
            "rung": one.rung,
        }
        row |= {"points": one.points, "vetoed": one.vetoed, "needs_hash": one.needs_hash}
        row |= {"fund_yuan": one.needed("fund"), "ranked": one.code in ranked}
        row |= {f"{element}_m2": one.needed(element) for element in ("land", "sea", "forest")}
        row |= {"delay": (found.delay or 0) if found and inside else OUT, "value": found.value if found else 0.0}
        reason = VETOED if found and one.vetoed else found.reason if found else None
        rows.append(row | {"reason": _reason(reason, refusing.get(one.code)) if reason else ""})
    if rows:
        session.connection().execute(insert(_projects), rows)


def _refusing(problem: Problem, answer: Answer) -> dict[str, tuple[str, ...]]:
    """For every project that is out, or comes later for want of room: the pools that refuse it undelayed."""
    delays = {one.project: one.delay for one in answer.decisions if one.supported and one.delay is not None}
    left, home = rests(problem, draws(problem, delays)[0]), homes(problem, 0)
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, project in enumerate(problem.needs.project.tolist()):
        wanted.setdefault(project, []).append((int(home[row]), int(problem.needs.quantity[row])))
    asked = [one.project for one in answer.decisions if "pools" in one.reason.params]
    return {code: full_pools(problem, left, wanted.get(problem.place[code], [])) for code in asked}


def _reason(reason: Reason, refusing: tuple[str, ...] | None) -> str:
    params = dict(reason.params) | ({"pools": list(refusing)} if refusing else {})
    return orjson.dumps({"code": reason.code, "params": params}).decode()


def _outcome(problem: Problem, answer: Answer, delays: Mapping[str, int]) -> dict[str, Any]:
    return {
        "engine": answer.engine,
        "rungs": [asdict(rung) for rung in answer.rungs],
        "findings": [_finding(one) for one in answer.findings],
        "conflict": [{"code": one.code, "params": dict(one.params)} for one in answer.conflict],
        "needs": _supported_needs(problem, delays),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "params": dict(finding.params), "severe": finding.severe}


def _supported_needs(problem: Problem, delays: Mapping[str, int]) -> list[dict[str, Any]]:
    """What the supported need, by item and the year it comes in."""
    needs = problem.needs
    delay = np.array([delays.get(project.code, OUT) for project in problem.projects], np.int64)
    sums: dict[tuple[str, int], int] = {}
    for row in np.flatnonzero(delay[needs.project] >= 0).tolist() if len(needs) else []:
        key = (problem.items[int(needs.item[row])], int(needs.year[row] + delay[needs.project[row]]))
        sums[key] = sums.get(key, 0) + int(needs.quantity[row])
    return [{"item": item, "year": year, "quantity": quantity} for (item, year), quantity in sorted(sums.items())]


_pools = ScenarioPool.metadata.tables["scenario_pools"]
_projects = ScenarioProject.metadata.tables["scenario_projects"]
