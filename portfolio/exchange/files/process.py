"""Start the process that reads an upload, wait for it, end it: when time is over, when nobody wants it, at the end.

Each upload has a process of its own. What it may cost is settings: memory, cells, and seconds of the processor, of
which a large file has more. By the clock it may take three times as long: a busy machine is no fault of the file.
"""

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from portfolio.core.clock import Stopwatch
from portfolio.core.errors import ConflictError
from portfolio.core.settings import get_settings
from portfolio.exchange.files.child import NO_MEMORY
from portfolio.exchange.files.table import CHUNK

Stopping = Callable[[], bool]
SECONDS_PER_MB = 2
PATIENCE = 3
ROOM_MB = 2048
READER = "portfolio.exchange.files.reader"
TICK = 0.02
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "TMPDIR", "LANG", "LC_ALL")
OK, TOO_SLOW, GAVE_UP = "", "reader_too_slow", "reader_gave_up"
log = logging.getLogger("portfolio.reading")
_running: set["subprocess.Popen[bytes]"] = set()
_lock = threading.Lock()
_closed = threading.Event()


def read_apart(source: Path, spool: Path, aside: list[str], stopping: Stopping = lambda: False) -> tuple[str, int]:
    """Read `source` into `spool`; returns a finding's code (`OK`: it was read) and the seconds it was allowed.

    Raises `ConflictError` (`import.cancelled`) when `stopping` says so or the server is ending.
    """
    settings = get_settings()
    seconds = settings.reader_seconds + SECONDS_PER_MB * (source.stat().st_size >> 20)
    task = {
        "source": str(source.resolve()),
        "spool": str(spool.resolve()),
        "memory_mb": settings.reader_memory_mb,
        "cells": settings.reader_cells,
        "seconds": seconds,
        "room_mb": ROOM_MB,
        "chunk": CHUNK,
        "aside": aside,
    }
    return run(READER, task, seconds, stopping), seconds


def run(module: str, task: Mapping[str, object], seconds: int, stopping: Stopping = lambda: False) -> str:
    """Give `task` to a process that runs `module`, for `seconds` of the processor, and wait until it has ended.

    Returns `OK` when it did it, else `TOO_SLOW` or `GAVE_UP`. Raises `ConflictError`
    (`import.cancelled`) when it was not wanted any more.
    """
    with tempfile.TemporaryFile() as complaints:
        process = _started(module, complaints.fileno())
        try:
            _ask(process, task)
            done = _waited(process, seconds, stopping)
        finally:
            _end(process)
        complaints.seek(0)
        return _verdict(process.returncode, done, complaints.read().decode(errors="replace")[-4000:])


def _started(module: str, complaints: int) -> "subprocess.Popen[bytes]":
    if _closed.is_set():
        raise ConflictError("import.cancelled")
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # A session of its own, so that Ctrl-C reaches the parent alone, which then ends it.
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        env=environment,
        start_new_session=True,
    )
    with _lock:
        _running.add(process)
    return process


def _ask(process: "subprocess.Popen[bytes]", task: Mapping[str, object]) -> None:
    """Hand the task over; the pipe stays open, since its end is how the process learns that nobody waits."""
    assert process.stdin is not None
    try:
        process.stdin.write(orjson.dumps(task) + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        log.warning("a reading process ended before it was asked")


def _waited(process: "subprocess.Popen[bytes]", seconds: int, stopping: Stopping) -> bool:
    """Whether the process ended by itself in time."""
    watch = Stopwatch()
    while watch.seconds < seconds * PATIENCE:
        try:
            process.wait(TICK)
            break
        except subprocess.TimeoutExpired:
            if stopping() or _closed.is_set():
                raise ConflictError("import.cancelled") from None
    if _closed.is_set():
        raise ConflictError("import.cancelled")
    return process.poll() is not None


def _end(process: "subprocess.Popen[bytes]") -> None:
    with _lock:
        _running.discard(process)
    process.kill()
    process.wait()
    if process.stdin is not None:
        try:
            process.stdin.close()
        except BrokenPipeError:
            log.debug("the pipe of an ended reading process was closed already")


def _verdict(code: int, done: bool, complaints: str) -> str:
    if not done or code == -signal.SIGXCPU:
        return TOO_SLOW
    if code == 0:
        return OK
    if code != NO_MEMORY:
        log.warning("a reading process ended with %s: %s", code, complaints)
    return GAVE_UP


def end_all() -> None:
    """End every reading process; those who wait for one are told that it was cancelled, and none starts any more."""
    _closed.set()
    with _lock:
        for process in _running:
            process.kill()


def reopen() -> None:
    """Let processes start again: a server that starts in a process where another has ended."""
    _closed.clear()
