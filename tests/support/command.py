"""The `portfolio` command in a process of its own: its exit code and what it wrote."""

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.support.forked import nothing, start_command

WAIT_SECONDS = 300


def run_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    typed: str = "",
    before: Callable[[], None] = nothing,
) -> "subprocess.CompletedProcess[str]":
    """Run `portfolio ARGUMENTS` in `folder` with `typed` on its standard input; its exit code and what it wrote."""
    with tempfile.TemporaryDirectory() as kept:
        typed_in, out, err = (Path(kept, name) for name in ("in", "out", "err"))
        typed_in.write_text(typed, encoding="utf-8")
        process = start_command(arguments, environment, folder, (typed_in, out, err), before)
        try:
            code = process.wait(WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        told = [stream.read_text(encoding="utf-8") for stream in (out, err)]
    return subprocess.CompletedProcess(list(arguments), code, *told)
