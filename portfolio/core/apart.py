"""Work done apart: heavy computing in a child process of its own, kept for its inputs, ended when nobody waits for it.

A thread that computes costs every reader of the same process its turn (lists answer eight times slower beside one). A
page asks again and again while it shows that it waits; leaving it or asking for something else is enough to end what
it asked for before. Answers are kept for their key, which must name everything they are made from.
"""

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from portfolio.core.errors import PortfolioError

PATIENCE_SECONDS = 6.0  # a page asks each second; one that has not for so long is gone
SWEEP_SECONDS = 0.5
LENGTH = struct.Struct(">Q")
Arguments = Callable[[], tuple[Any, ...]]


class WorkFailedError(PortfolioError):
    """Work done apart ended without an answer: too little memory, or a fault that the log tells."""


@dataclass
class _Job:
    """Work asked for: who waits (and when each last asked), and its process once it has begun."""

    function: str
    arguments: bytes
    askers: dict[str, float]
    process: "subprocess.Popen[bytes] | None" = None
    over: threading.Event = field(default_factory=threading.Event)
    failed: bool = False


class Apart:
    """A queue of work with at most `most` processes at once, the latest asked for first, and `kept` answers."""

    def __init__(self, most: int = 1, kept: int = 64, patience: float = PATIENCE_SECONDS) -> None:
        self._most, self._size, self._patience = most, kept, patience
        self._lock = threading.RLock()
        self._jobs: OrderedDict[Hashable, _Job] = OrderedDict()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._sweeper: threading.Thread | None = None
        atexit.register(self.close)

    def ask(self, key: Hashable, asker: str, function: str, arguments: Arguments) -> Any:
        """The answer of `function` (`module:name`) to `arguments`, or None while it is being worked on.

        Whatever else the `asker` had asked for is no longer wanted by it. Raises `WorkFailedError`, once, when the
        process ended without an answer; asking again begins anew.
        """
        with self._lock:
            self._leave(asker, key)
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            job = self._jobs.get(key)
            if job is not None and job.failed:
                del self._jobs[key]
                raise WorkFailedError("work.failed")
            if job is not None:
                job.askers[asker] = time.monotonic()
                return None
        # Gathering what the work is made from may take a while; another asker may be faster, which costs no more.
        given = pickle.dumps(arguments(), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._jobs.setdefault(key, _Job(function, given, {})).askers[asker] = time.monotonic()
            self._advance()
        return None

    def wait(self, key: Hashable, asker: str, function: str, arguments: Arguments) -> Any:
        """The answer, waiting for it; for callers with a thread of their own. Raises `WorkFailedError`."""
        while (answer := self.ask(key, asker, function, arguments)) is None:
            with self._lock:
                job = self._jobs.get(key)
            if job is not None:
                job.over.wait(self._patience / 3)
        return answer

    def leave(self, asker: str) -> None:
        """Nothing that the asker asked for is wanted by it any more."""
        with self._lock:
            self._leave(asker, None)

    def working(self) -> int:
        """How many processes are at work."""
        with self._lock:
            return sum(job.process is not None and not job.over.is_set() for job in self._jobs.values())

    def close(self) -> None:
        """End all work."""
        with self._lock:
            for key in list(self._jobs):
                self._end(key)

    def _leave(self, asker: str, but: Hashable) -> None:
        for key, job in list(self._jobs.items()):
            if key != but and job.askers.pop(asker, None) is not None and not job.askers:
                self._end(key)

    def _end(self, key: Hashable) -> None:
        job = self._jobs.pop(key)
        if job.process is not None:
            job.process.kill()
        job.over.set()
        self._advance()

    def _advance(self) -> None:
        """Begin what waits, the latest first: the one that somebody looks at now."""
        for key in reversed(list(self._jobs)):
            if self.working() >= self._most:
                break
            job = self._jobs[key]
            if job.process is None and not job.over.is_set():
                job.process = _started(job.function)
                threading.Thread(target=self._attend, args=(key, job), daemon=True).start()
        if self._jobs and self._sweeper is None:
            self._sweeper = threading.Thread(target=self._sweep, daemon=True)
            self._sweeper.start()

    def _attend(self, key: Hashable, job: _Job) -> None:
        """Give the process its arguments, take its answer and begin what comes next."""
        answer = _answer(job.process, job.arguments) if job.process else None
        with self._lock:
            job.over.set()
            if self._jobs.get(key) is job:
                if answer is None:
                    job.failed = True
                else:
                    del self._jobs[key]
                    self._kept[key] = pickle.loads(answer)
                    while len(self._kept) > self._size:
                        self._kept.popitem(last=False)
            self._advance()

    def _sweep(self) -> None:
        """End what nobody has asked for of late."""
        while True:
            time.sleep(SWEEP_SECONDS)
            with self._lock:
                late = time.monotonic() - self._patience
                for key, job in list(self._jobs.items()):
                    job.askers = {asker: at for asker, at in job.askers.items() if at >= late}
                    if not job.askers:
                        self._end(key)
                if not self._jobs:
                    self._sweeper = None
                    return


def _started(function: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "portfolio.core.apart_worker", function]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _answer(process: "subprocess.Popen[bytes]", arguments: bytes) -> bytes | None:
    """What the process wrote; None when it ended without an answer. Its input stays open: its end ends the process."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(LENGTH.pack(len(arguments)) + arguments)
        process.stdin.flush()
        answer = process.stdout.read()
    except BrokenPipeError:
        answer = b""
    finally:
        process.stdout.close()
        with suppress(BrokenPipeError):  # it was ended while its arguments were on their way
            process.stdin.close()
        process.wait()
    return answer if process.returncode == 0 and answer else None


def end_with_parent() -> None:
    """For the child: end when the process that asked is gone, which shows in the end of the standard input."""

    def watch() -> None:
        sys.stdin.buffer.read(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
