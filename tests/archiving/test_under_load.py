"""A backup taken, and put back in its place, while eight writers save.

All that was acknowledged before it is in it, nothing is in it by half; the server goes on writing in what was restored.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from sqlalchemy import Engine, text

from tests.archiving.conftest import Elsewhere
from tests.support.command import run_command
from tests.support.server import serving

WRITERS = 8
BEFORE = 5
YEARS = (2030, 2031)
WAIT_SECONDS, STALE, BUSY = 120, 412, 503
PROJECTS = [f"GX-2018-{number:04d}" for number in range(201, 201 + WRITERS)]


@dataclass
class Writer:
    """Saves its project and its two needs, one request each, numbered; notes when each was acknowledged."""

    address: str
    code: str
    acknowledged: list[tuple[float, int]] = field(default_factory=list)
    fault: str = ""

    def run(self, stop: threading.Event) -> None:
        """Save until told to stop."""
        with httpx2.Client(base_url=self.address, timeout=60) as client:
            number = 0
            while not stop.is_set() and not self.fault:
                number += 1
                self._save(client, number)

    def _save(self, client: httpx2.Client, number: int) -> None:
        path = f"/api/v1/projects/{self.code}/needs"
        found = client.get(path)
        if found.status_code == BUSY:
            return  # PostgreSQL was being replaced just then; nothing was read or written
        tag = found.headers["ETag"]
        edits = [{"item": "fund.own", "year": year, "required": number} for year in YEARS]
        answer = client.patch(path, json={"edits": edits}, headers={"If-Match": tag})
        if answer.status_code in (STALE, BUSY):
            return  # the library was replaced between the two requests, or just then: nothing was written
        if answer.status_code != 200:
            self.fault = f"{answer.status_code} {answer.text[:300]}"
            return
        self.acknowledged.append((time.monotonic(), number))


def numbers_in(engine: Engine) -> dict[str, set[int]]:
    """What each project's needs of the two years say, by the number of the save."""
    wanted = text(
        "SELECT p.code, n.required FROM needs n JOIN projects p ON p.id = n.project_id WHERE n.year IN (2030, 2031)"
    )
    found: dict[str, set[int]] = {}
    with engine.connect() as connection:
        for code, required in connection.execute(wanted):
            found.setdefault(code, set()).add(int(required) // 10_000)
    return found


def journalled(engine: Engine, code: str) -> int:
    """How many changes of needs a project's history tells."""
    wanted = text("SELECT count(*) FROM journal WHERE room = 'needs' AND subject = :code")
    with engine.connect() as connection:
        return int(connection.execute(wanted, {"code": code}).scalar_one())


def wait_for(writers: list[Writer], count: int) -> None:
    """Until every writer has saved so many more times."""
    goal = [len(writer.acknowledged) + count for writer in writers]
    deadline = time.monotonic() + WAIT_SECONDS
    while any(len(writer.acknowledged) < least for writer, least in zip(writers, goal, strict=True)):
        assert time.monotonic() < deadline and not any(writer.fault for writer in writers), [w.fault for w in writers]
        time.sleep(0.05)


def test_a_backup_under_load_is_one_moment(
    engine: Engine, elsewhere: Elsewhere, folders: Callable[[str], Path], tmp_path: Path
) -> None:
    environment = {**os.environ, "DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    stop = threading.Event()
    with serving(environment["DATABASE_URL"], str(tmp_path / "log"), SIGN_IN="off") as server:
        writers = [Writer(server.address, code) for code in PROJECTS]
        threads = [threading.Thread(target=writer.run, args=(stop,)) for writer in writers]
        for thread in threads:
            thread.start()
        try:
            wait_for(writers, BEFORE)
            started = time.monotonic()
            made = run_command(["backup", "b.zip", "--json"], environment, tmp_path)
            ended = time.monotonic()
            saved = [len(writer.acknowledged) for writer in writers]
            replaced = run_command(["restore", "b.zip", "--replace"], environment, tmp_path)
            wait_for(writers, 1)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert made.returncode == 0, made.stderr
    assert replaced.returncode == 0, replaced.stdout + replaced.stderr
    assert [name for name, numbers in numbers_in(engine).items() if len(numbers) != 1] == []
    assert run_command(["check"], environment, tmp_path).returncode == 0
    assert [writer.fault for writer in writers] == [""] * WRITERS
    during = sum(started < at < ended for writer in writers for at, _ in writer.acknowledged)
    assert during > 0
    folders("there")
    fresh = elsewhere()
    there = {**os.environ, "DATABASE_URL": fresh.url.render_as_string(hide_password=False)}
    restored = run_command(["restore", "b.zip"], there, tmp_path)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    found = numbers_in(fresh)
    for writer, count in zip(writers, saved, strict=True):
        (number,) = found[writer.code]  # both needs are of one save
        assert number >= max(n for at, n in writer.acknowledged if at < started)
        assert number <= count + 1  # what was saved when the backup had ended, or was under way then
        assert journalled(fresh, writer.code) == number
