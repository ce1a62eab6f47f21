"""Vendored files are the ones the table names, and the outlines are what a map needs."""

import hashlib
import json
import re
from pathlib import Path

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
    assert present - OURS == {name for name, _ in ROWS}


def test_six_cities_in_closed_rings() -> None:
    features = json.loads((ROOT / "dashboard/data/cities.geojson").read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["code"] for f in features} == {"450100", "450500", "450600", "450700", "450900", "451400"}
    for feature in features:
        for polygon in feature["geometry"]["coordinates"]:
            ring = polygon[0]
            assert ring[0] == ring[-1]
            assert len(ring) >= 12
            assert all(106 <= lon <= 111.5 and 20.5 <= lat <= 24.2 for lon, lat in ring)
