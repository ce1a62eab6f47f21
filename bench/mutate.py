"""Which wrong changes to the rules no test notices: `python -m bench.mutate [module …]` (`make mutate`).

The tree is never touched. This process loads the tests that import a module; for each mutant a child of it is given the
changed code in memory, runs those tests and ends with whether one failed. A mutant may survive here that a test on a
database kills, and one that means the same as the original always does: survivors are to be read, not counted.
"""

import argparse
import ast
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from bench.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
RULES = (
    "portfolio.core.units",
    "portfolio.core.formatting",
    "portfolio.core.paging",
    "portfolio.needs.rules.items",
    "portfolio.ledger.rules",
    "portfolio.reporting.rules",
    "portfolio.rolling.rules.editions",
    "portfolio.rolling.rules.carrying",
    "portfolio.finance.rules.funding",
    "portfolio.scheme.rules",
)
# The rules are the same on both databases; a mutant that hangs is one that was noticed.
QUICK = ["-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql"]
SECONDS = 60
ROOMS = ("portfolio", "api", "dashboard", "tests")
CONSTANTS = (int, float, str, tuple, list, dict, set, frozenset, Decimal, Fraction)


def tests_of(module: str) -> list[str]:
    """The test files that import a module by name."""
    told = subprocess.run(
        ["git", "ls-files", "tests/**/test_*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in told.stdout.splitlines() if module in _imported(ROOT / name)]


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def change(module: ModuleType, mutant: Mutant) -> None:
    """Give a loaded module the mutant's code: functions stay the objects that others hold."""
    code = compile(ast.fix_missing_locations(mutant.tree), str(module.__file__), "exec")
    fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(code, fresh)
    for name, value in fresh.items():
        held = vars(module).get(name)
        if name.startswith("__") or getattr(value, "__module__", module.__name__) != module.__name__:
            continue
        if isinstance(value, type) and isinstance(held, type):
            for inner, part in vars(value).items():
                _swap(vars(held).get(inner), part)
        elif not _swap(held, value) and isinstance(value, CONSTANTS) and value != held:
            _replace(name, held, value)


def _swap(held: Any, fresh: Any) -> bool:
    """Whether the object was a function, which then runs the new code."""
    old, new = _function(held), _function(fresh)
    if old is None or new is None:
        return False
    old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
    if hasattr(held, "cache_clear"):
        held.cache_clear()
    return True


def _function(value: Any) -> FunctionType | None:
    for inner in ("fget", "func", "__func__", "__wrapped__"):
        value = getattr(value, inner, None) or value
    return value if isinstance(value, FunctionType) else None


def _replace(name: str, held: Any, fresh: Any) -> None:
    """A constant is replaced wherever it was imported under its name."""
    for module in list(sys.modules.values()):
        if module.__name__.split(".")[0] in ROOMS and vars(module).get(name) is held:
            setattr(module, name, fresh)


def in_child(act: Callable[[], int]) -> int:
    """What `act` answers in a child of this process that says nothing; -1 when it was ended for taking too long."""
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.alarm(SECONDS)
        code = 1  # a change that cannot even be loaded was noticed
        try:
            code = int(act())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def survivors(name: str, tests: list[str]) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant of a module, and whether it survived its tests."""
    module = importlib.import_module(name)

    def tried(mutant: Mutant) -> int:
        change(module, mutant)
        return int(pytest.main([*QUICK, *tests]))

    for mutant in mutants(Path(str(module.__file__)).read_text(encoding="utf-8")):
        yield mutant, in_child(partial(tried, mutant)) == 0


def report(name: str) -> None:
    """Try one module's mutants and print those that survived."""
    tests, started, count, living = tests_of(name), time.monotonic(), 0, 0
    print(f"{name}: {len(tests)} test files", flush=True)
    if not tests or in_child(lambda: int(pytest.main([*QUICK, *tests]))) != 0:
        print("  not tried: no test imports it, or its tests fail as it is")
        return
    for mutant, lives in survivors(name, tests):
        count, living = count + 1, living + lives
        if lives:
            print(f"  line {mutant.line}: {mutant.before}  →  {mutant.after}", flush=True)
    print(f"  {count - living} of {count} killed in {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    """Try the modules named, else those of `RULES`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=RULES)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    chosen = list(parser.parse_args().modules)
    paths = sorted({path for name in chosen for path in tests_of(name)})
    # Loaded here once, so that no child has to.
    loaded = pytest.main(["-q", "-q", "--collect-only", "-p", "no:cacheprovider", *paths])
    if loaded != pytest.ExitCode.OK:
        raise SystemExit(int(loaded))
    for name in chosen:
        report(name)


if __name__ == "__main__":
    main()
