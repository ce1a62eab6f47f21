"""The drawing of the rooms is today's, and it shows no import upward."""

from pathlib import Path

from tests.support.scripts import script

ROOT = Path(__file__).resolve().parents[2]
drawing = script("architecture_picture")


def test_the_drawing_is_todays() -> None:
    assert drawing.PICTURE.read_text(encoding="utf-8") == drawing.picture(), "run scripts/architecture_picture.py"


def test_no_room_imports_one_above_it() -> None:
    order = drawing.rooms()
    counted = drawing.imports(order)
    assert len(counted) > 100
    assert [pair for pair in counted if order.index(pair[0]) > order.index(pair[1])] == []
    assert [pair for pair in counted if set(pair) == {"api", "dashboard"}] == []


def test_the_page_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "portfolio").iterdir() if (path / "__init__.py").exists()}
    assert {room for room in rooms if f"`{room}" not in page and f"portfolio.{room}" not in page} == set()
