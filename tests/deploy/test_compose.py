"""What docker-compose.yml runs is run here as it stands, against a real PostgreSQL instead of its container."""

import json
import os
import re
import shutil
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
FILE = ROOT / "docker-compose.yml"


class Strict(yaml.SafeLoader):
    """YAML as it is meant: a key that stands twice in one mapping is refused, where the plain loader takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep) for key, _ in node.value if key.value != "<<"]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load(text: str) -> Any:
    return yaml.load(text, Strict)


COMPOSE: dict[str, Any] = load(FILE.read_text(encoding="utf-8"))
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


def test_order_and_health() -> None:
    assert SERVICES["setup"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert SERVICES["portfolio"]["depends_on"]["setup"]["condition"] == "service_completed_successfully"
    assert "/api/ready" in " ".join(SERVICES["portfolio"]["healthcheck"]["test"])
    assert SERVICES["database"]["volumes"][0].split(":")[0] in COMPOSE["volumes"]


@pytest.mark.parametrize("service", ["setup", "portfolio"])
def test_what_is_written_lies_in_a_volume_of_a_read_only_container(service: str) -> None:
    told = SERVICES[service]
    mounted = dict(volume.split(":")[::-1] for volume in told["volumes"])
    assert told["read_only"] is True and told["tmpfs"] == ["/tmp"]
    for name in ("ATTACHMENTS_DIR", "IMPORTS_DIR"):
        held = [volume for place, volume in mounted.items() if told["environment"][name].startswith(f"{place}/")]
        assert held and set(held) <= set(COMPOSE["volumes"]), name
    owned = re.findall(r"install -d -o portfolio (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert set(mounted) <= set(owned), "a fresh volume takes its owner from the image"


def test_a_key_that_stands_twice_is_refused() -> None:
    twice = FILE.read_text(encoding="utf-8") + "services: {}\n"
    with pytest.raises(yaml.constructor.ConstructorError, match="'services' stands twice"):
        load(twice)
    inner = "a:\n  volumes: [x]\n  read_only: true\n  volumes: [y]\n"
    with pytest.raises(yaml.constructor.ConstructorError, match="'volumes' stands twice"):
        load(inner)


def checked(command: list[str], text: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What a program that reads compose files says of `text`."""
    path = folder / "docker-compose.yml"
    path.write_text(text, encoding="utf-8")
    given = {**os.environ, "POSTGRES_PASSWORD": "given"}
    return subprocess.run([*command, str(path)], env=given, capture_output=True, text=True, check=False)


PROGRAMS = str(Path(sys.executable).parent)
SCHEMA = [f"{PROGRAMS}/check-jsonschema", "--builtin-schema", "vendor.compose-spec"]
BROKEN = {
    "a key twice": ("read_only: true\n", "read_only: true\n    volumes: [files:/elsewhere]\n"),
    "no such word": ("read_only: true\n", "read_only: true\n    mem_limits: 1g\n"),
    "a word for a list": ("volumes: *files", "volumes: nowhere"),
}


def readers() -> list[list[str]]:
    """The schema of compose files; and the docker client, where the system offers one that reads such a file alone."""
    found = [SCHEMA]
    docker = shutil.which("docker")
    if (
        docker
        and subprocess.run([docker, "stack", "config", "--help"], capture_output=True, check=False).returncode == 0
    ):
        found.append([docker, "stack", "config", "-c"])
    return found


def for_a_stack(text: str) -> str:
    """The file as a stack's reader takes it: there a service waits for others without saying for what of them."""
    return re.sub(r"depends_on:\n      (\w+):\n        condition: \w+", r"depends_on: [\1]", text)


@pytest.mark.parametrize("command", readers(), ids=lambda command: Path(command[0]).name)
def test_programs_that_read_compose_files_take_it_and_refuse_broken_ones(command: list[str], tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    text = text if command == SCHEMA else for_a_stack(text)
    told = checked(command, text, tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    for name, (old, new) in BROKEN.items():
        assert old in text
        assert checked(command, text.replace(old, new, 1), tmp_path).returncode != 0, name


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
