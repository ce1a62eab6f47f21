"""Work done apart: kept for its inputs, one process at a time, ended when nobody waits, told when it fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portfolio.core.apart import Apart, WorkFailedError

SLOW, ADD, NONE = "time:sleep", "operator:add", "os:abort"


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart(patience=1.0)
    yield made
    made.close()


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_answer_is_worked_out_once_and_kept(apart: Apart) -> None:
    asked: list[int] = []

    def given() -> tuple[int, int]:
        asked.append(1)
        return 2, 3

    assert apart.ask("sum", "page", ADD, given) is None
    assert apart.wait("sum", "page", ADD, given) == 5
    assert apart.ask("sum", "another", ADD, given) == 5
    assert asked == [1]


def test_moving_on_ends_what_was_asked_before(apart: Apart) -> None:
    assert apart.ask("first", "page", SLOW, lambda: (600,)) is None
    first = process_of(apart, "first")
    assert apart.wait("second", "page", ADD, lambda: (1, 1)) == 2
    assert first.wait(timeout=30) == -signal.SIGKILL


def test_what_nobody_asks_for_any_more_is_ended(apart: Apart) -> None:
    apart.ask("left", "page", SLOW, lambda: (600,))
    left = process_of(apart, "left")
    assert left.wait(timeout=30) == -signal.SIGKILL
    until(lambda: apart.working() == 0)


def test_a_second_asker_keeps_it_alive_when_the_first_leaves(apart: Apart) -> None:
    for asker in ("one", "two"):
        apart.ask("shared", asker, SLOW, lambda: (600,))
    process = process_of(apart, "shared")
    apart.leave("one")
    assert process.poll() is None
    apart.leave("two")
    assert process.wait(timeout=30) == -signal.SIGKILL


def test_one_at_a_time_and_the_latest_first(apart: Apart) -> None:
    apart.ask("running", "a", SLOW, lambda: (600,))
    apart.ask("waits", "b", SLOW, lambda: (600,))
    apart.ask("latest", "c", SLOW, lambda: (600,))
    assert apart.working() == 1
    apart.leave("a")
    until(lambda: apart._jobs["latest"].process is not None)
    assert apart._jobs["waits"].process is None


def test_a_failure_is_told_once_and_begins_anew(apart: Apart) -> None:
    with pytest.raises(WorkFailedError):
        apart.wait("broken", "page", NONE, tuple)
    assert apart.ask("broken", "page", ADD, lambda: (1, 2)) is None
    assert apart.wait("broken", "page", ADD, lambda: (1, 2)) == 3


def test_work_ends_with_the_process_that_asked() -> None:
    program = (
        "from portfolio.core.apart import Apart; import time\n"
        "made = Apart(); made.ask('k', 'a', 'time:sleep', lambda: (600,))\n"
        "print(made._jobs['k'].process.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: gone(child))


def gone(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    with Path(f"/proc/{number}/stat").open() as told:
        return told.read().rpartition(")")[2].split()[0] == "Z"


def process_of(apart: Apart, key: str) -> "subprocess.Popen[bytes]":
    process = apart._jobs[key].process
    assert process is not None
    return process
