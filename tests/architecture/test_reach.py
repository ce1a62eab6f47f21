"""Nothing dead: what the product is made of can be reached from where it starts, and not by tests alone."""

import subprocess
from pathlib import Path

import pytest

from tests.support.reach import House, Key, Reach

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portfolio", "api", "dashboard", "bench", "migrations", "scripts", "asgi.py")
STARTS: tuple[Key, ...] = (
    ("asgi", "create_app"),
    ("portfolio.cli.app", "main"),
    ("bench.__main__", ""),
    ("bench.mutate", ""),
)


def name_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@pytest.fixture(scope="module")
def house() -> House:
    told = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [path for path in told.splitlines() if path.split("/")[0] in ROOMS and (ROOT / path).exists()]
    return House({name_of(path): (ROOT / path).read_text(encoding="utf-8") for path in paths})


@pytest.fixture(scope="module")
def reach(house: House) -> Reach:
    """What can be come to from the server, the command, the benches and what other programs load by its place."""
    loaded: list[Key] = [("migrations.env", "")]
    for module in house.sources:
        if module.startswith("migrations.versions."):  # Alembic calls these two
            loaded += [(module, name) for name in ("upgrade", "downgrade")]
        elif module.startswith("scripts."):
            loaded.append((module, ""))
    # What the product is measured against is served by another program or another framework.
    loaded += [key for key in house.bodies if key[0].startswith("bench.peers")]
    return Reach(house).follow(*STARTS, *loaded)


def test_every_module_is_read_by_what_runs(reach: Reach) -> None:
    assert reach.unread() == []


def test_every_function_and_class_is_used_by_what_runs(reach: Reach) -> None:
    assert reach.unreached() == []


HOUSE = {
    "asgi": "from shop import pages, rules\nfor page in pages.PAGES:\n    page.layout()\nrules.used()\n",
    "shop": "",
    "shop.pages": "from shop import page\nPAGES = (page,)\n",
    "shop.page": "def layout(): return _inside()\ndef _inside(): ...\ndef other(): ...\n",
    "shop.rules": "from shop.kept import Held\n"
    "def used(): return [Held().read(), run(['-m', 'shop.worker'])]\n"
    "def run(command): ...\n"
    "def dead(): return dead_too()\n"
    "def dead_too(): return dead_too()\n",
    "shop.kept": "class Held:\n    def read(self): ...\n    def write(self): ...\n    def _own(self): ...\n",
    "shop.worker": "from shop.names import handed as taken\nif __name__ == '__main__':\n    taken()\n",
    "shop.names": "from shop.origin import handed\n",
    "shop.origin": "def handed(): ...\ndef imported(): ...\n",
    "shop.routes": "from shop.origin import imported\nrouter = make()\n@router.get('/')\ndef route(): ...\n",
    "shop.alone": "def alone(): ...\n",
}


def found(house: dict[str, str]) -> Reach:
    return Reach(House(house)).follow(("asgi", ""))


def test_what_only_tests_would_use_is_found() -> None:
    """Unused: a function that only calls itself, one that another dead one calls, a method, a page's extra."""
    assert found(HOUSE).unread() == ["shop.alone", "shop.routes"]
    assert found(HOUSE).unreached() == [
        "shop.alone.alone",
        "shop.kept.Held.write",
        "shop.origin.imported",
        "shop.page.other",
        "shop.routes.route",
        "shop.rules.dead",
        "shop.rules.dead_too",
    ]


def test_importing_a_function_is_not_using_it_but_handing_it_over_is() -> None:
    """A route is called by whoever its decorator gave it to, once its module is read."""
    wired = found(HOUSE | {"asgi": HOUSE["asgi"] + "import shop.routes\nfrom shop import routes\n"})
    assert "shop.routes.route" not in wired.unreached()
    assert "shop.origin.imported" in wired.unreached()
