"""The `portfolio` command in a process of its own, forked from one that has loaded the product once."""

import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

WAIT_SECONDS = 300
_FROM = multiprocessing.get_context("forkserver")
_FROM.set_forkserver_preload(["portfolio.cli.app", "tests.support.command"])


def nothing() -> None:
    """What is done to a command's process before it begins."""


def run_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    typed: str = "",
    before: Callable[[], None] = nothing,
) -> "subprocess.CompletedProcess[str]":
    """Run `portfolio ARGUMENTS` in `folder` with `typed` on its standard input; its exit code and what it wrote.

    `before` is called in the new process first; it must be one that can be found by its name there.
    """
    with tempfile.TemporaryDirectory() as kept:
        streams = [Path(kept, name) for name in ("in", "out", "err")]
        streams[0].write_text(typed, encoding="utf-8")
        given = (list(arguments), dict(environment), str(folder), *map(str, streams), before)
        process = _FROM.Process(target=_main, args=given)
        process.start()
        process.join(WAIT_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), WAIT_SECONDS)
        told = [stream.read_text(encoding="utf-8") for stream in streams[1:]]
    return subprocess.CompletedProcess(list(arguments), process.exitcode, *told)


def _main(
    arguments: list[str],
    environment: dict[str, str],
    folder: str,
    typed: str,
    out: str,
    err: str,
    before: Callable[[], None],
) -> None:
    """What the new process does: become the command that a shell would have started."""
    from portfolio.cli.app import main
    from portfolio.core.settings import get_settings

    for number, (path, flags) in enumerate(((typed, os.O_RDONLY), (out, _NEW), (err, _NEW))):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    # A process of multiprocessing has put its standard input away; the other two streams stand on their numbers.
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["portfolio", *arguments]
    get_settings.cache_clear()
    before()
    main()


_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
