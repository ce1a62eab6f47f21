"""Child processes that solve, and a race of two of them over one program."""

import logging
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
import orjson

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program
from portfolio.core.clock import Stopwatch

HIGHS, CPSAT = "highs", "cpsat"
SMALL_COLUMNS, SECOND_COLUMNS, LARGEST_SUM = 400, 4_000, 2**53
HELP_AFTER, GRACE, TICK = 1.0, 2.0, 0.02
LAST_WORDS = 12
LOG = logging.getLogger(__name__)
Said = tuple[str, dict[str, Any] | None]


class Child:
    """One child process with its lines put into a queue."""

    def __init__(self, name: str, heard: "queue.Queue[Said]") -> None:
        self.name, self._heard = name, heard
        command = [sys.executable, "-m", "portfolio.allocation.search.worker", name]
        # A session of its own, so that Ctrl-C reaches the parent alone, which then keeps the best found.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._complaints: deque[str] = deque(maxlen=LAST_WORDS)
        self._readers = [threading.Thread(target=part, daemon=True) for part in (self._read, self._overhear)]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._heard.put((self.name, orjson.loads(line)))
        self._heard.put((self.name, None))

    def _overhear(self) -> None:
        for line in self._process.stderr or ():
            self._complaints.append(line.decode(errors="replace").rstrip())

    def ask(self, task: dict[str, Any], data: bytes) -> None:
        """Send a task with its program."""
        self._write(orjson.dumps({**task, "bytes": len(data)}) + b"\n" + data)

    def stop(self, number: int) -> None:
        """Ask it to end a task."""
        self._write(orjson.dumps({"stop": number}) + b"\n")

    def _write(self, data: bytes) -> None:
        if self._process.stdin is not None and self._process.poll() is None:
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def last_words(self) -> str:
        """The end of what the process wrote to its error output."""
        return " | ".join(self._complaints)


@dataclass
class Outcome:
    """What a race has found so far; `proven` when the leading engine finished, `ended` says what ended it."""

    chosen: Ints | None = None
    bound: float = np.inf
    proven: bool = False
    infeasible: bool = False
    ended: str = "done"
    engine: str = ""

    def value(self, program: Program) -> float:
        """The best value, minus infinity when there is none."""
        return -np.inf if self.chosen is None else float(program.value(self.chosen))


@dataclass(frozen=True)
class Terms:
    """A race's limits, and who watches it."""

    seconds: float
    gap: float
    processes: int
    watch: Callable[[Outcome, float], None]
    stopping: Callable[[], bool]


class Crew:
    """Child processes kept between tasks; a context manager ends them."""

    def __init__(self) -> None:
        self._heard: queue.Queue[Said] = queue.Queue()
        self._children: dict[str, Child] = {}
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every child."""
        for name in list(self._children):
            self._children.pop(name).end()

    def race(self, program: Program, start: Ints | None, terms: Terms) -> Outcome:
        """Search a program.

        One engine leads: CP-SAT where there are few columns, else HiGHS; its own finish decides, so that the same
        inputs give the same answer. The other joins after a second; what it finds counts when time is over.
        """
        return _Race(self, program, start, terms).run()

    def send(self, name: str, program: Program, start: Ints | None, seconds: float, gap: float) -> int:
        """Give a child a task; returns its number."""
        if name not in self._children:
            self._children[name] = Child(name, self._heard)
        self._number += 1
        begin = None if start is None else start.tolist()
        task = {"task": self._number, "start": begin, "seconds": seconds, "gap": gap}
        self._children[name].ask(task, program.to_bytes())
        return self._number

    def stop(self, name: str, number: int) -> None:
        """Ask a child to end a task."""
        if name in self._children:
            self._children[name].stop(number)

    def drop(self, name: str) -> None:
        """End a child that does not answer; the next task starts another."""
        if name in self._children:
            self._children.pop(name).end()

    def bury(self, name: str) -> None:
        """Drop a child that ended by itself, and log what it said last."""
        if name in self._children:
            LOG.error("the solving process %s ended: %s", name, self._children[name].last_words())
            self.drop(name)

    def hear(self) -> Said | None:
        """The next line, None when there is none for a moment."""
        try:
            return self._heard.get(timeout=TICK)
        except queue.Empty:
            return None


def engines_for(program: Program) -> tuple[str, str | None]:
    """The engine that leads and the one that helps (None: nobody can)."""
    sums = np.zeros(len(program.lower) + 1)
    np.add.at(sums, program.row_of, np.abs(program.weights).astype(np.float64))
    fits = sums.max() < LARGEST_SUM and np.abs(program.gain).astype(np.float64).sum() < LARGEST_SUM
    if not fits or len(program.gain) > SECOND_COLUMNS:
        return HIGHS, None
    return (CPSAT, HIGHS) if len(program.gain) <= SMALL_COLUMNS else (HIGHS, CPSAT)


NEARLY = 0.95


class _Race:
    def __init__(self, crew: Crew, program: Program, start: Ints | None, terms: Terms) -> None:
        self.crew, self.program, self.terms, self.clock = crew, program, terms, Stopwatch()
        self.start = start if start is not None and program.feasible(start) else None
        self.lead, self.help = engines_for(program)
        self.tasks: dict[str, int] = {}
        self.called_off = 0.0
        self.outcome = Outcome(self.start, _sum_of_best(program), engine=self.lead)

    def run(self) -> Outcome:
        outcome = self.outcome
        if self.terms.seconds <= 0:
            outcome.ended = "time_limit"
            return outcome
        self._send(self.lead)
        while self.lead in self.tasks:
            said = self.crew.hear()
            if said is not None:
                self._take(*said)
            self._call_help()
            self._watch_clock()
        self._dismiss()
        return outcome

    def _send(self, name: str) -> None:
        left = self.terms.seconds - self.clock.seconds
        self.tasks[name] = self.crew.send(name, self.program, self.start, left, self.terms.gap)

    def _call_help(self) -> None:
        wanted = self.terms.processes > 1 and self.help is not None and self.help not in self.tasks
        if wanted and self.lead in self.tasks and self.clock.seconds > HELP_AFTER and self.outcome.ended == "done":
            name, self.help = str(self.help), None
            self._send(name)

    def _watch_clock(self) -> None:
        """Call the engines off when time is over or somebody stops them, and end those that do not listen."""
        now = self.clock.seconds
        if self.outcome.ended == "done" and self.lead in self.tasks:
            if self.terms.stopping():
                self._call_off("stopped")
            elif now > self.terms.seconds:
                self._call_off("time_limit")
        elif self.outcome.ended != "done" and now > self.called_off + GRACE:
            for name in list(self.tasks):
                self.crew.drop(name)
                self.tasks.pop(name)

    def _call_off(self, why: str) -> None:
        self.outcome.ended, self.called_off = why, self.clock.seconds
        for name, number in self.tasks.items():
            self.crew.stop(name, number)

    def _dismiss(self) -> None:
        """End a helper that is still at it."""
        for name in list(self.tasks):
            self.crew.drop(name)

    def _take(self, name: str, said: dict[str, Any] | None) -> None:
        if said is None:
            # The child is gone: out of memory, or killed from outside.
            self.crew.bury(name)
            if self.tasks.pop(name, None) is not None and name == self.lead and self.outcome.ended == "done":
                self.outcome.ended = "failed"
        elif said["task"] == self.tasks.get(name):
            self._hear(name, said)
            self.terms.watch(self.outcome, self.clock.seconds)

    def _hear(self, name: str, said: dict[str, Any]) -> None:
        if "better" in said:
            self._offer(name, said["better"])
        elif "bound" in said:
            self.outcome.bound = min(self.outcome.bound, said["bound"])
        else:
            self._finish(name, said["done"])

    def _offer(self, name: str, columns: list[int], decides: bool = False) -> None:
        chosen = np.sort(np.array(columns, np.int64))
        better = self.program.value(chosen) > self.outcome.value(self.program)
        if (better or decides) and self.program.feasible(chosen):
            self.outcome.chosen, self.outcome.engine = chosen, name

    def _finish(self, name: str, done: dict[str, Any]) -> None:
        self.tasks.pop(name)
        if done["bound"] is not None:
            self.outcome.bound = min(self.outcome.bound, done["bound"])
        proven = done["complete"] and name == self.lead
        if done["chosen"] is not None:
            self._offer(name, done["chosen"], decides=proven)
        if name == self.lead:
            self.outcome.infeasible = done["infeasible"]
            self.outcome.proven = proven
            if not proven and self.outcome.ended == "done":
                over = self.clock.seconds >= self.terms.seconds * NEARLY
                self.outcome.ended = "time_limit" if over else "feasible"


def _sum_of_best(program: Program) -> float:
    """A bound that needs no search: every column that gains."""
    return float(np.maximum(program.gain * program.ceiling, 0).sum())
