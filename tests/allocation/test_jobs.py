"""The life of a job on both databases: claimed once, proved by heartbeats, stopped, left and taken up again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.allocation.model.answer import STOPPED, Answer, Decision, Progress, Reason, Settings
from portfolio.allocation.model.problem import Problem
from portfolio.core.clock import utc_now
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError
from portfolio.scenarios import pins, pools
from portfolio.scenarios.queries import LINE, get_job, scenario_head, scenario_jobs
from portfolio.scenarios.solving import jobs
from portfolio.scenarios.solving import work as workers
from portfolio.scenarios.solving.jobs import Claim
from portfolio.scenarios.solving.work import run, work
from tests.allocation.conftest import FIRST, ME, REGION, make, solved
from tests.support.server import running

WAIT = 90.0
NEVER_DONE = """
import time
from portfolio.scenarios.solving.work import work
from portfolio.core.database import make_engine
from portfolio.core.settings import get_settings
work(make_engine(get_settings().database_url), 1, run_job=lambda *given: time.sleep(600))
"""


def ask(session: Session, code: str = "S1") -> int:
    number = jobs.ask(session, LOCAL_OWNER, code)
    session.commit()
    return number


def claimed(session: Session, worker: str = "w", most: int = 1) -> Claim | None:
    found = jobs.claim(session, worker, most)
    session.commit()
    return found


def silent(session: Session, number: int) -> None:
    """As if the worker had not been heard of for longer than the lease."""
    past = utc_now() - timedelta(seconds=jobs.LEASE + 1)
    session.execute(jobs._jobs.update().where(jobs._jobs.c.id == number).values(beat_at=past))
    session.commit()


def until(holds: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come about")


def found(problem: Problem, status: str) -> Answer:
    decisions = [Decision(one.code, False, None, 0, 0.0, one.rung, Reason("not_chosen")) for one in problem.projects]
    decisions[0] = Decision(decisions[0].project, True, 0, 1, 5.0, "", Reason("supported", {"value": 5.0}))
    return Answer(status, 5.0, 9.0, 0.8, 1.0, "none", 0.0, tuple(decisions))


def test_the_same_question_is_one_job(edition: Session) -> None:
    make(edition)
    assert ask(edition) == ask(edition)


def test_a_job_is_claimed_once_and_no_more_than_allowed_at_a_time(edition: Session) -> None:
    for code in ("S1", "S2"):
        make(edition, code)
        ask(edition, code)
    first = claimed(edition)
    assert first is not None and first.scenario == "S1"
    assert claimed(edition, "other") is None
    second = claimed(edition, "other", most=2)
    assert second is not None and second.scenario == "S2"


def test_a_scenario_that_is_being_solved_is_not_changed(edition: Session) -> None:
    make(edition)
    ask(edition)
    with pytest.raises(ConflictError, match="busy"):
        pools.set_limit(edition, LOCAL_OWNER, "S1", REGION, 1)


def test_a_job_left_by_its_worker_is_taken_up_and_the_first_may_not_end_it(edition: Session) -> None:
    make(edition)
    number = ask(edition)
    first = claimed(edition, "first")
    silent(edition, number)
    second = claimed(edition, "second")
    assert first is not None and second == first
    assert jobs.own(edition, first, "first") is False
    assert jobs.beat(edition, first, "first") == (False, False)
    assert jobs.own(edition, second, "second") is True
    assert get_job(edition, EVERYTHING, number)["attempts"] == 2


def test_a_job_that_loses_its_worker_again_and_again_is_given_up(edition: Session) -> None:
    make(edition)
    number = ask(edition)
    for _ in range(jobs.ATTEMPTS):
        assert claimed(edition) is not None
        silent(edition, number)
    assert claimed(edition) is None
    job = get_job(edition, EVERYTHING, number)
    assert (job["state"], job["fault"]) == ("failed", "allocation.worker_lost")


def test_a_waiting_job_is_stopped_at_once(edition: Session) -> None:
    make(edition)
    number = ask(edition)
    assert jobs.stop(edition, LOCAL_OWNER, number) == "stopped"
    edition.commit()
    assert claimed(edition) is None
    with pytest.raises(ConflictError, match="job_ended"):
        jobs.stop(edition, LOCAL_OWNER, number)


def test_a_stopped_search_keeps_the_best_it_has_found(edition: Session) -> None:
    make(edition)
    number = ask(edition)
    engine: Engine = edition.get_bind().engine

    def slow(problem: Problem, _: Settings, watch: Any, stopping: Callable[[], bool]) -> Answer:
        watch(Progress("continuing", 5.0, 9.0, 0.8, 0.1))
        with transaction(engine) as session:
            jobs.stop(session, LOCAL_OWNER, number)
        until(stopping)
        return found(problem, STOPPED)

    assert work(engine, 1, idle=0.01, run_job=partial(run, solver=slow)) == 1
    edition.expire_all()
    job, head = get_job(edition, EVERYTHING, number), scenario_head(edition, EVERYTHING, "S1")
    assert (job["state"], job["progress"][0]["value"], job["progress"][0]["bound"]) == ("stopped", 5.0, 9.0)
    assert (head["state"], head["status"], head["value"], head["supported"]) == ("solved", "stopped", 5.0, 1)


def test_what_is_wrong_with_a_problem_ends_the_job_with_its_findings(edition: Session) -> None:
    make(edition)
    pins.pin_project(edition, *ME, "S1", FIRST, True, "x")
    statement = "UPDATE edition_entries SET change = 'exited' WHERE code = :code"
    edition.execute(text(statement), {"code": FIRST})
    edition.commit()
    solved(edition)
    head = scenario_head(edition, EVERYTHING, "S1")
    assert (head["state"], head["status"]) == ("draft", "invalid")
    assert [one["code"] for one in head["outcome"]["findings"]] == ["allocation_pin_without_entry"]


def test_a_worker_that_breaks_leaves_a_failed_job(edition: Session) -> None:
    make(edition)
    number = ask(edition)

    def broken(*_: Any) -> Answer:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        work(edition.get_bind().engine, 1, idle=0.01, run_job=partial(run, solver=broken))
    edition.expire_all()
    job = get_job(edition, EVERYTHING, number)
    assert (job["state"], job["fault"]) == ("failed", "allocation.worker_failed")


def test_unknown_jobs_and_questions(edition: Session) -> None:
    make(edition)
    with pytest.raises(NotFoundError, match="no_job"):
        get_job(edition, EVERYTHING, 99)
    with pytest.raises(InvalidError, match="bad_job"):
        jobs.ask(edition, LOCAL_OWNER, "S1", "riddle")
    with pytest.raises(ConflictError, match="not_solved"):
        jobs.ask(edition, LOCAL_OWNER, "S1", "frontier")


def test_a_second_worker_finishes_what_a_killed_one_left(edition: Session) -> None:
    make(edition)
    number = ask(edition)
    engine: Engine = edition.get_bind().engine
    first = _worker(engine, NEVER_DONE)
    until(lambda: _state(engine, number) == "running")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    silent(edition, number)
    second = _worker(engine, "from portfolio.scenarios.solving.work import main; main()")
    until(lambda: _state(engine, number) == "done")
    second.wait(timeout=WAIT)
    with Session(engine) as session:
        assert (
            scenario_head(session, EVERYTHING, "S1")["supported"],
            get_job(session, EVERYTHING, number)["attempts"],
        ) == (2, 2)


def _worker(engine: Engine, program: str) -> "subprocess.Popen[bytes]":
    url = engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, start_new_session=True)


def _state(engine: Engine, number: int) -> str:
    with Session(engine) as session:
        return str(get_job(session, EVERYTHING, number)["state"])


def test_a_job_outlives_the_server_that_was_asked(edition: Session, tmp_path: Path) -> None:
    make(edition)
    engine: Engine = edition.get_bind().engine
    url = engine.url.render_as_string(hide_password=False)
    with running(url, str(tmp_path / "log")) as address:
        asked = httpx2.post(f"{address}/api/v1/scenarios/S1/solve", timeout=30)
        assert asked.status_code == 202
        number = asked.json()["job"]
    until(lambda: _state(engine, number) == "done")
    with Session(engine) as session:
        assert scenario_head(session, EVERYTHING, "S1")["supported"] == 2


def test_a_job_that_waited_is_taken_up_when_the_server_starts(edition: Session, tmp_path: Path) -> None:
    make(edition)
    number = ask(edition)
    engine: Engine = edition.get_bind().engine
    with running(engine.url.render_as_string(hide_password=False), str(tmp_path / "log")):
        until(lambda: _state(engine, number) == "done")


def test_two_workers_claim_at_once_and_one_gets_it(edition: Session) -> None:
    make(edition)
    ask(edition)
    engine: Engine = edition.get_bind().engine
    got: list[Claim | None] = []

    def one(name: str) -> None:
        with transaction(engine) as session:
            got.append(jobs.claim(session, name, 1))

    threads = [threading.Thread(target=one, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [claim is not None for claim in got].count(True) == 1


def test_the_line_of_those_waiting_comes_after_what_somebody_asked_for(edition: Session) -> None:
    make(edition)
    solved(edition)
    line = jobs.ask(edition, LOCAL_OWNER, "S1", LINE)
    assert not jobs.somebody_waits(edition)
    asked = jobs.ask(edition, LOCAL_OWNER, "S1", jobs.FRONTIER)
    edition.commit()
    assert jobs.somebody_waits(edition)
    order = [jobs.claim(edition, f"w{place}", 9) for place in range(2)]
    assert [one.job for one in order if one] == [asked, line]


def test_a_line_gives_way_and_is_taken_up_again(edition: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    make(edition)
    solved(edition)
    line = jobs.ask(edition, LOCAL_OWNER, "S1", LINE)
    edition.commit()
    taken = claimed(edition)
    assert taken is not None
    asked = jobs.ask(edition, LOCAL_OWNER, "S1", jobs.FRONTIER)
    edition.commit()
    monkeypatch.setattr(workers, "find_out", lambda *given: until(given[4]))
    run(edition.get_bind().engine, "w", taken)
    edition.expire_all()
    states = [(job["kind"], job["state"], job["id"]) for job in scenario_jobs(edition, EVERYTHING, "S1")[:3]]
    assert states[1:] == [("frontier", "queued", asked), (LINE, "done", line)]
    assert states[0][:2] == (LINE, "queued")
