"""Nothing undeclared: what is imported is named in pyproject.toml, and what is named there is used."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT = ("portfolio", "api", "dashboard", "migrations", "asgi.py")
OURS = {"portfolio", "api", "dashboard", "bench", "tests", "scripts", "asgi"}
# Used without an import of ours.
BY_OTHERS = {
    "python-multipart": "FastAPI reads forms with it",
    "psycopg": "SQLAlchemy loads the driver that the address of the database names",
    "httpx2": "Authlib's client and the tests' client of the API ask with it",
}
# One library reads and writes JSON (orjson); msgspec checks records against their types. Python's own stays where
# orjson cannot stand in: names that stand twice must be seen, and an export keeps its spaces after commas.
OWN_JSON = {"api/door/wire.py", "portfolio/exchange/sheets/writing.py"}
PROGRAMS = {"check-jsonschema", "coverage", "import-linter", "mypy", "ruff", "pytest-xdist", "hatchling", "editables"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*requirements: Iterable[str]) -> set[str]:
    return {canonical(re.split(r"[\s<>=!~\[;]", one)[0]) for part in requirements for one in part}


def imported(*rooms: str) -> dict[str, str]:
    """Distribution → a file that imports it, of everything that is neither ours nor Python's."""
    told = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    owners, found = packages_distributions(), dict[str, str]()
    for name in told.splitlines():
        if name.split("/")[0] not in rooms or not (ROOT / name).exists():
            continue
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            for module in modules:
                top = module.split(".")[0]
                if top not in OURS and top not in sys.stdlib_module_names:
                    owner = sorted(owners.get(top, [top]))[0]
                    found.setdefault(canonical(owner), name)
    return found


def stubs(name: str) -> bool:
    return name.startswith("types-") or name.endswith("-stubs")


GROUPS = {name: declared(part) for name, part in PROJECT["dependency-groups"].items()}
NEEDED = declared(PROJECT["project"]["dependencies"])


def test_what_the_product_imports_is_declared() -> None:
    undeclared = {name: where for name, where in imported(*PRODUCT).items() if name not in NEEDED}
    assert undeclared == {}


def test_what_the_product_declares_is_imported() -> None:
    assert NEEDED - imported(*PRODUCT).keys() - BY_OTHERS.keys() == set()


def test_what_tests_and_benches_import_is_declared() -> None:
    known = NEEDED | GROUPS["dev"]
    assert {name: where for name, where in imported("tests", "scripts").items() if name not in known} == {}
    assert {name: where for name, where in imported("bench").items() if name not in known | GROUPS["bench"]} == {}


def test_what_the_groups_declare_is_used() -> None:
    assert {name for name in GROUPS["dev"] - PROGRAMS if not stubs(name)} - imported("tests", "scripts").keys() == set()
    assert GROUPS["bench"] - imported("bench").keys() == set()
    assert GROUPS["build"] <= PROGRAMS


def test_what_is_used_without_an_import_is_declared_all_the_same() -> None:
    assert BY_OTHERS.keys() <= NEEDED
    assert GROUPS["dev"] | GROUPS["build"] >= PROGRAMS


def test_one_library_for_json() -> None:
    told = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    rooms = [name for name in told.splitlines() if name.split("/")[0] in ("portfolio", "api", "dashboard", "asgi.py")]
    users = {name for name in rooms if re.search(r"^import json$", (ROOT / name).read_text("utf-8"), re.M)}
    assert users == OWN_JSON
