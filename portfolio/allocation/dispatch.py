"""Start a worker where jobs wait: from a page, a request, a command, or the start of the server."""

import os
import subprocess
import sys

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.allocation.jobs import claimable


def revive(engine: Engine) -> bool:
    """Start a worker if a job waits or was left by one that is gone; returns whether one was started.

    How many work at once is decided when they claim: one that finds nothing to do ends by itself.
    """
    with Session(engine) as session:
        if not claimable(session):
            return False
    start_worker(engine)
    return True


def start_worker(engine: Engine) -> "subprocess.Popen[bytes]":
    """A worker in a session of its own, so that it outlives whoever started it."""
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "portfolio.allocation.work"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
