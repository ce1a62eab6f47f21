"""The child process that solves: `python -m portfolio.allocation.search.worker highs|cpsat`.

HiGHS and CP-SAT cannot share a process, and a process that is not needed any more can always be ended. In come lines of
JSON, a task followed by as many bytes of its program as it says; out go lines of JSON: `better`, `bound`, `done`, each
with the task's number. A line `{"stop": n}` ends task n with the best found; the end of the input ends the process.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

import numpy as np
import orjson

from portfolio.allocation.model.problem import Ints
from portfolio.allocation.model.program import Program
from portfolio.allocation.search.watching import Found, Watcher

ENGINES = ("highs", "cpsat")
Task = tuple[dict[str, Any], Program]
Solve = Callable[[dict[str, Any], Program, Watcher], Found]


class _Teller(Watcher):
    """Writes what a search finds as lines, and stops it when its number is called."""

    def __init__(self, number: int, say: Callable[[dict[str, Any]], None], stopped: set[int]) -> None:
        self._number, self._say, self._stopped = number, say, stopped

    def better(self, chosen: Ints) -> None:
        self._say({"task": self._number, "better": chosen.tolist()})

    def bound(self, value: float) -> None:
        if np.isfinite(value):
            self._say({"task": self._number, "bound": float(value)})

    def stopping(self) -> bool:
        return self._number in self._stopped


def _listen(source: IO[bytes], tasks: "queue.Queue[Task | None]", stopped: set[int]) -> None:
    """Read tasks and stops until the parent goes away."""
    while line := source.readline():
        said = orjson.loads(line)
        if "stop" in said:
            stopped.add(said["stop"])
        else:
            tasks.put((said, Program.from_bytes(source.read(said["bytes"]))))
    tasks.put(None)
    # Whoever asked is gone: a search that still runs would run for nobody.
    os._exit(0)


def _highs() -> Solve:
    from portfolio.allocation.search.core_search import CoreSearch
    from portfolio.allocation.search.relaxation import Relaxation

    kept = Relaxation()

    def solve(task: dict[str, Any], program: Program, watcher: Watcher) -> Found:
        start = None if task["start"] is None else np.array(task["start"], np.int64)
        return CoreSearch(kept, program, task["seconds"], task["gap"], watcher).run(start)

    return solve


def _cpsat() -> Solve:
    from portfolio.allocation.search import second_engine

    def solve(task: dict[str, Any], program: Program, watcher: Watcher) -> Found:
        start = None if task["start"] is None else np.array(task["start"], np.int64)
        return second_engine.search(program, start, task["seconds"], task["gap"], watcher)

    return solve


def serve(source: IO[bytes], target: IO[str], solve: Solve) -> None:
    """Answer tasks one after another."""
    tasks: queue.Queue[Task | None] = queue.Queue()
    stopped: set[int] = set()
    lock = threading.Lock()

    def say(record: dict[str, Any]) -> None:
        with lock:
            target.write(orjson.dumps(record).decode() + "\n")
            target.flush()

    threading.Thread(target=_listen, args=(source, tasks, stopped), daemon=True).start()
    while (task := tasks.get()) is not None:
        said, program = task
        found = solve(said, program, _Teller(said["task"], say, stopped))
        chosen = None if found.chosen is None else found.chosen.tolist()
        bound = float(found.bound) if np.isfinite(found.bound) else None
        done = {
            "chosen": chosen,
            "bound": bound,
            "complete": bool(found.complete),
            "infeasible": bool(found.infeasible),
        }
        say({"task": said["task"], "done": done})


def main() -> None:
    """Keep the real output for the protocol: solvers print greetings of their own."""
    target = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, target, _highs() if sys.argv[1] == "highs" else _cpsat())


if __name__ == "__main__":
    main()
