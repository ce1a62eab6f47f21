"""Vendored files are the ones the table names, and the outlines are what a map needs."""

import ast
import hashlib
import json
import re
from pathlib import Path

import plotly.graph_objects as go

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "third-party.md").read_text(encoding="utf-8")
OURS = {"api/static/swagger/page.html", "api/static/swagger/start.js"}  # what shows the vendored bundle
ROWS = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", TABLE, re.M)


def test_hashes_match_the_table() -> None:
    assert len(ROWS) >= 8
    for name, sha256 in ROWS:
        assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == sha256, name


def test_every_vendored_file_is_in_the_table() -> None:
    folders = ("dashboard/assets/vendor", "dashboard/data", "api/static/swagger", "tests/support/vendor")
    present = {str(p.relative_to(ROOT)) for folder in folders for p in (ROOT / folder).iterdir() if p.is_file()}
    present.add("portfolio/vocabulary/data/cities.geojson")  # among code lists of our own
    assert present - OURS == {name for name, _ in ROWS}


def test_six_cities_in_closed_rings() -> None:
    features = json.loads((ROOT / "portfolio/vocabulary/data/cities.geojson").read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["code"] for f in features} == {"450100", "450500", "450600", "450700", "450900", "451400"}
    for feature in features:
        for polygon in feature["geometry"]["coordinates"]:
            ring = polygon[0]
            assert ring[0] == ring[-1]
            assert len(ring) >= 12
            assert all(106 <= lon <= 111.5 and 20.5 <= lat <= 24.2 for lon, lat in ring)


PLOTLY = ROOT / "scripts" / "vendor" / "plotly"
BUNDLE = ROOT / "dashboard" / "assets" / "vendor" / "plotly-chosen.min.js"
TRACES = {name.lower() for name in dir(go) if isinstance(getattr(go, name), type)} - {
    "figure",
    "figurewidget",
    "layout",
}


def drawn() -> set[str]:
    """The kinds of trace that the dashboard's figures are made of."""
    found = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "go":
                found.add(node.attr.lower())
    return found & TRACES


def test_the_bundle_draws_what_figures_are_made_of_and_no_more() -> None:
    entry = (PLOTLY / "entry.js").read_text(encoding="utf-8")
    # The core draws scatter by itself.
    named = set(re.findall(r"plotly\.js/lib/(\w+)", entry)) - {"core"} | {"scatter"}
    said = BUNDLE.read_text(encoding="utf-8")[:300]
    (banner,) = re.findall(r"built with (.*)", said)
    built = set(re.split(r", | and ", banner))
    assert drawn() == named == built


def test_the_bundle_is_built_from_a_lock_without_addresses() -> None:
    asked = json.loads((PLOTLY / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = (PLOTLY / "package-lock.json").read_text(encoding="utf-8")
    held = json.loads(lock)["packages"]
    assert "://" not in lock
    assert all("integrity" in package for place, package in held.items() if place)
    assert {name: held[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert f"plotly.js v{asked['plotly.js']}" in BUNDLE.read_text(encoding="utf-8")[:300]
