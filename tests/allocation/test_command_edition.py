"""`portfolio allocate --edition`: an edition solved against the ledger's pools, and nothing written to the database."""

import json
import os
import subprocess
from pathlib import Path

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.core import revision
from portfolio.scenarios.queries import list_scenarios
from tests.allocation.conftest import EDITION, REGION
from tests.support.command import run_command


def command(session: Session, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "DATABASE_URL": url, "PORTFOLIO_LANGUAGE": "zh"}
    return run_command(["allocate", *arguments], environment, folder)


def test_an_edition_is_solved_and_nothing_written(edition: Session, tmp_path: Path) -> None:
    before = revision.current(edition)
    edition.rollback()
    done = command(edition, tmp_path, "--edition", EDITION, "--json", "-o", "answer.csv")
    assert done.returncode == 0, done.stderr
    body = json.loads(done.stdout.strip().splitlines()[-1])
    used = {row["pool"]: row["used"] for row in body["pools"]}
    assert (body["status"], len(body["supported"]), used[REGION]) == ("optimal", 2, 0.007)
    assert (tmp_path / "answer.csv").read_text(encoding="utf-8-sig").splitlines()[0].startswith("project,supported")
    assert list_scenarios(edition, EVERYTHING) == []
    assert revision.current(edition) == before


def test_wrong_usage_and_unknown_editions(edition: Session, tmp_path: Path) -> None:
    assert command(edition, tmp_path).returncode == 2
    assert command(edition, tmp_path, "--edition", EDITION, "--problem", ".").returncode == 2
    unknown = command(edition, tmp_path, "--edition", "none")
    assert (unknown.returncode, "没有版次" in unknown.stderr) == (1, True)
