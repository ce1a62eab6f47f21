"""The product running in a process of its own, as people run it."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import Forked, start_command
from tests.support.postgres import free_port

WAIT_SECONDS = 240  # on a machine that ten others use, starting took more than 90


@dataclass(frozen=True)
class Served:
    """The product where it answers, and its process."""

    address: str
    process: Forked


@contextmanager
def running(database_url: str, log_path: str, **settings: Any) -> Iterator[str]:
    """Serve `database_url` on a free port and yield the address."""
    with serving(database_url, log_path, **settings) as served:
        yield served.address


@contextmanager
def serving(database_url: str, log_path: str, port: int = 0, **settings: str) -> Iterator[Served]:
    """Serve `database_url` on `port`, else a free one; a process that was ended meanwhile is no fault."""
    port = port or free_port()
    environment = {**os.environ, "DATABASE_URL": database_url, "PORT": str(port), "HOST": "127.0.0.1", **settings}
    log = Path(log_path)
    process = start_command(["serve"], environment, Path.cwd(), (Path(os.devnull), log, log))
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, log)
        yield Served(address, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: Forked, log: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/api/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"the product did not start: {log.read_text(encoding='utf-8')[-2000:]}")
