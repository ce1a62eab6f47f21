"""Start a worker where jobs wait: from a page, a request, a command, or the start of the server."""

import os
import subprocess
import sys
import time
from threading import Lock

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.core.settings import get_settings
from portfolio.scenarios.solving.jobs import claimable

START_SECONDS = 5.0  # a worker that was just started has not claimed yet
_lock = Lock()
_started: dict[str, float] = {}


def revive(engine: Engine) -> bool:
    """Start a worker if a job waits or was left by one that is gone; returns whether one was started.

    How many work at once is decided when they claim: one that finds nothing to do ends by itself.
    """
    with Session(engine) as session:
        if not claimable(session, get_settings().solve_workers):
            return False
    url = engine.url.render_as_string(hide_password=False)
    with _lock:
        now = time.monotonic()
        if now - _started.get(url, -START_SECONDS) < START_SECONDS:
            return False
        _started[url] = now
    start_worker(url)
    return True


def start_worker(url: str) -> "subprocess.Popen[bytes]":
    """A worker on the database at `url`, in a session of its own, so that it outlives whoever started it."""
    return subprocess.Popen(
        [sys.executable, "-m", "portfolio.scenarios.solving.work"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
