"""What docker-compose.yml runs is run here as it stands, against a real PostgreSQL instead of its container."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.databases import Databases
from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def environment(service: str, database_url: str, port: int) -> dict[str, str]:
    """The service's environment, with the container's host and port exchanged for ours."""
    given = dict(SERVICES[service]["environment"])
    assert given["DATABASE_URL"].startswith("postgresql+psycopg://portfolio:${POSTGRES_PASSWORD:?")
    given |= {"DATABASE_URL": database_url, "HOST": "127.0.0.1", "PORT": str(port), "PORTFOLIO_LANGUAGE": "zh"}
    programs = str(Path(sys.executable).parent)
    return {**os.environ, **given, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def address(both_databases: Databases, tmp_path: Path) -> Iterator[str]:
    url, port = both_databases.empty("postgresql"), free_port()
    setup = SERVICES["setup"]["command"]
    subprocess.run(setup, env=environment("setup", url, port), cwd=tmp_path, check=True)
    process = subprocess.Popen(SERVICES["portfolio"]["command"], env=environment("portfolio", url, port), cwd=tmp_path)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def read(address: str, attempts: int = 400) -> Any:
    for _ in range(attempts):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}")


def test_services_run_on_postgresql(address: str) -> None:
    assert read(f"{address}/api/ready")["status"] == "ready"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"{address}/api/v1/projects?limit=1", timeout=10)
    with urllib.request.urlopen(address + "/", timeout=10) as page:
        assert page.url == f"{address}/sign-in?next=/"
        assert 'lang="zh-CN"' in page.read().decode()


def test_order_health_and_volumes() -> None:
    assert SERVICES["setup"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert SERVICES["portfolio"]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    assert "/api/ready" in " ".join(SERVICES["portfolio"]["healthcheck"]["test"])
    assert SERVICES["database"]["volumes"][0].split(":")[0] in COMPOSE["volumes"]
    files, place = SERVICES["portfolio"]["volumes"][0].split(":")
    assert files in COMPOSE["volumes"]
    assert SERVICES["portfolio"]["environment"]["IMPORTS_DIR"].startswith(place)


def test_secrets_come_from_the_environment() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = re.findall(r"PASSWORD: (\S+)", text) + re.findall(r"//portfolio:(.+?)@database", text)
    assert len(given) == 2
    assert all(value.startswith("${POSTGRES_PASSWORD:?") for value in given)


def test_image_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last_stage = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER portfolio" in last_stage
    assert any("--require-hashes" in line for line in lines)
