"""What the pages of scenarios and of the allocation ask, and what planners do there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import may, me, mine, read, revive_jobs, write
from portfolio.access.persons import person_of
from portfolio.access.rules import require
from portfolio.allocation.search.admitting import OPEN
from portfolio.core.errors import FieldError
from portfolio.core.frames import records
from portfolio.rolling.queries import list_editions
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.approval.plan import Plan, plan_approval
from portfolio.scenarios.approval.service import Approval, Approved, approve_scenario
from portfolio.scenarios.comparing import Comparison, compare_scenarios
from portfolio.scenarios.options import Options, decode
from portfolio.scenarios.persons import own_faults
from portfolio.scenarios.queries import (
    LINE,
    UNDER_WAY,
    candidate_names,
    explanations,
    get_job,
    get_scenario,
    list_scenarios,
    pin_rows,
    pool_rows,
    project_frame,
    running_job,
    scenario_head,
    scenario_jobs,
)
from portfolio.scenarios.records import (
    CandidateRecord,
    JobRecord,
    PinRecord,
    ScenarioHead,
    ScenarioPoolRecord,
    ScenarioRecord,
)
from portfolio.scenarios.solving import jobs
from portfolio.scenarios.tables import DRAFT, SOLVED
from portfolio.scenarios.words import Names, admission_words, names_of, reason_words
from portfolio.screening.policies import list_policies
from portfolio.screening.records import PolicyRecord
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree


@dataclass(frozen=True)
class ScenariosPage:
    """The scenarios, and what a new one may be made of."""

    scenarios: list[ScenarioRecord]
    editions: list[str]
    policies: list[PolicyRecord]


def scenarios_page() -> ScenariosPage:
    """The list with its form."""

    def question(session: Session) -> ScenariosPage:
        editions = [one["code"] for one in list_editions(session, mine())]
        return ScenariosPage(list_scenarios(session, mine()), editions, list_policies(session))

    return read(question)


def comparison(codes: Sequence[str], lang: str) -> tuple[Comparison, dict[str, str]]:
    """Two to four scenarios side by side, and the names of their pools."""

    def question(session: Session) -> tuple[Comparison, dict[str, str]]:
        found = compare_scenarios(session, mine(), codes)
        pools: dict[str, str] = {}
        for code in found.heads:
            pools |= names_of(session, mine(), code, lang).pools
        return found, pools

    return read(question)


@dataclass(frozen=True)
class AllocationPage:
    """One scenario with its answer; `ended` counts its jobs that have, `known` is what was found out by solving again,
    `changeable` whether whoever is signed in may change it now, `pins` by project, `candidates` whom pins and groups
    may name."""

    head: ScenarioHead
    others: list[ScenarioRecord]
    pools: list[ScenarioPoolRecord]
    projects: pd.DataFrame
    names: Names
    known: dict[tuple[str, str], dict[str, Any]]
    waiting: bool
    ended: int
    changeable: bool
    pins: list[PinRecord]
    candidates: list[CandidateRecord]


def allocation_page(code: str, lang: str) -> AllocationPage:
    """The page of a scenario; raises `NotFoundError`."""

    def question(session: Session) -> AllocationPage:
        waiting = running_job(session, get_scenario(session, code)) is not None
        head = scenario_head(session, mine(), code)
        return AllocationPage(
            head,
            list_scenarios(session, mine()),
            pool_rows(session, mine(), code),
            project_frame(session, mine(), code),
            names_of(session, mine(), code, lang),
            dict(explanations(session, mine(), code)),
            waiting,
            ended(scenario_jobs(session, mine(), code)),
            head["state"] in (DRAFT, SOLVED) and may("scenario.make"),
            pin_rows(session, mine(), code),
            candidate_names(session, mine(), code),
        )

    return read(question)


@dataclass(frozen=True)
class ProjectAnswer:
    """One candidate of a scenario: its row, the reason and what was found out, in words; `settled`: that no further
    solving would find out more."""

    row: dict[str, Any]
    reason: str
    said: list[str]
    settled: bool


def project_answer(code: str, project: str, lang: str) -> ProjectAnswer | None:
    """What a scenario decided on a project and why; None when it is not a candidate."""

    def question(session: Session) -> ProjectAnswer | None:
        frame = project_frame(session, mine(), code)
        row = next((row for row in records(frame) if row["code"] == project), None)
        if row is None:
            return None
        names = names_of(session, mine(), code, lang)
        known = explanations(session, mine(), code).get(("project", project))
        said = admission_words(known, names) if known else []
        told = (known or {}).get("admission") or {}
        settled = told.get("verdict", OPEN) != OPEN and bool(told.get("least") or not told.get("addition"))
        return ProjectAnswer(row, reason_words(row["reason"], names), said, settled)

    return read(question)


def jobs_of(code: str) -> list[JobRecord]:
    """The jobs of a scenario, the newest first; one that was left is taken up again."""
    found = read(lambda session: scenario_jobs(session, mine(), code))
    if any(job["state"] in UNDER_WAY for job in found):
        revive_jobs()
    return found


def ended(found: Sequence[JobRecord]) -> int:
    """How many jobs have ended that somebody asked for; the line of those waiting comes by itself."""
    return sum(job["kind"] != LINE and job["state"] not in UNDER_WAY for job in found)


def job_steps(code: str) -> JobRecord | None:
    """The newest solve of a scenario with every step of its progress."""

    def question(session: Session) -> JobRecord | None:
        found = next((job for job in scenario_jobs(session, mine(), code) if job["kind"] == jobs.SOLVE), None)
        return None if found is None else get_job(session, mine(), int(found["id"]))

    return read(question)


def names_are_typed() -> bool:
    """Whether nobody signs in here, so that who makes and who approves must be named by hand."""
    return me().user_id is None


@dataclass(frozen=True)
class ApprovalAhead:
    """What an approval would write, what refuses it, and the names of what it touches."""

    code: str
    plan: Plan
    refusals: tuple[FieldError, ...]
    names: Names
    tree: ElementTree


def approval_ahead(code: str, lang: str) -> ApprovalAhead:
    """What whoever is signed in would write by approving a scenario now; raises when there is nothing to approve."""

    def question(session: Session) -> ApprovalAhead:
        require(me(), "scenario.approve")
        plan = plan_approval(session, mine(), code)
        own = [] if names_are_typed() else own_faults(session, get_scenario(session, code), me(), person_of(me(), ""))
        names = names_of(session, mine(), code, lang)
        return ApprovalAhead(code, plan, (*own, *plan.refusals), names, element_tree(session))

    return read(question)


def make(data: service.NewScenario) -> str:
    """Make a scenario; returns its code."""
    return write(lambda session: service.make_scenario(session, me(), data).code)


def copy(code: str, fresh: str, maker: str) -> str:
    """Copy a scenario; returns the child's code."""
    return write(lambda session: service.copy_scenario(session, me(), code, fresh, "", maker).code)


def drop(code: str) -> None:
    """Drop a scenario."""
    write(lambda session: service.drop_scenario(session, me(), code))


def ask(code: str, kind: str = jobs.SOLVE, subject: str = "") -> int:
    """Queue a job and see that somebody works on it."""
    number = write(lambda session: jobs.ask(session, me(), code, kind, subject))
    revive_jobs()
    return number


def stop(code: str) -> int:
    """Stop every job of a scenario that waits or runs; returns how many."""

    def action(session: Session) -> int:
        numbers = [int(job["id"]) for job in scenario_jobs(session, mine(), code) if job["state"] in UNDER_WAY]
        for number in numbers:
            jobs.stop(session, me(), number)
        return len(numbers)

    return write(action)


def approve(code: str, data: Approval) -> Approved:
    """Approve a scenario."""
    return write(lambda session: approve_scenario(session, me(), mine(), code, data))


def set_limit(code: str, pool: str, quantity: int) -> None:
    """Give a pool another limit."""
    write(lambda session: pools.set_limit(session, me(), code, pool, quantity))


def add_pool(code: str, data: pools.NewPool) -> None:
    """Add a pool that the ledger does not have."""
    write(lambda session: pools.add_pool(session, me(), code, data))


def remove_pool(code: str, pool: str) -> None:
    """Take an added pool away again."""
    write(lambda session: pools.remove_pool(session, me(), code, pool))


def renew(code: str) -> int:
    """Read the ledger's pools again."""
    return write(lambda session: pools.renew_pools(session, me(), code))


def set_options(code: str, change: Callable[[Options], Options]) -> None:
    """Give a scenario the options that `change` makes of those it has."""

    def action(session: Session) -> None:
        held = decode(get_scenario(session, code).options)
        service.change_scenario(session, me(), code, options=change(held))

    write(action)


def pin(code: str, projects: Sequence[str], inside: bool | None, reason: str) -> int:
    """Pin projects in or out, or let them go; all or none."""

    def action(session: Session) -> int:
        pins.pin_projects(session, me(), mine(), code, projects, inside, reason)
        return len(projects)

    return write(action)
