"""Processes forked from one that has loaded the product once: it takes seconds to load, and tests start hundreds."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

# A run has one such process to fork from, and what it loads is stated once: a second list would replace this one.
_FROM = multiprocessing.get_context("forkserver")
_FROM.set_forkserver_preload(["asgi", "portfolio.cli.app", "portfolio.upkeep.migrate", "tests.support.forked"])
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def nothing() -> None:
    """What is done to a command's process before it begins."""


class Forked:
    """A process, asked and told as `subprocess.Popen` is."""

    def __init__(self, task: Callable[..., object], *given: Any) -> None:
        self._process = _FROM.Process(target=task, args=given)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code once it has ended."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it by force."""
        self.send_signal(signal.SIGKILL)


def queue() -> "multiprocessing.Queue[Any]":
    """What a forked process and this one both hold."""
    return _FROM.Queue()


def start_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    streams: tuple[Path, Path, Path],
    before: Callable[[], None] = nothing,
) -> Forked:
    """Start `portfolio ARGUMENTS` in `folder` on files as standard input, output and errors.

    `before` is called in the new process first; it must be one that can be found by its name there.
    """
    return Forked(_command, list(arguments), dict(environment), str(folder), tuple(map(str, streams)), before)


def _command(
    arguments: list[str],
    environment: dict[str, str],
    folder: str,
    streams: tuple[str, str, str],
    before: Callable[[], None],
) -> None:
    """What the new process does: become the command that a shell would have started."""
    from portfolio.cli.app import main
    from portfolio.core.settings import get_settings

    for number, (path, flags) in enumerate(zip(streams, (os.O_RDONLY, _NEW, _NEW), strict=True)):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    # A process of multiprocessing has put its standard input away; the other two streams stand on their numbers.
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, closefd=False)), encoding="utf-8")
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["portfolio", *arguments]
    get_settings.cache_clear()
    before()
    main()
