"""docs/headings.md is today's list of what offices call their columns."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("headings_list", ROOT / "scripts" / "headings_list.py")
assert _SPEC and _SPEC.loader
headings = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(headings)


def test_the_list_is_that_of_the_tables() -> None:
    assert headings.TARGET.read_text(encoding="utf-8") == headings.content(), "run scripts/headings_list.py"
