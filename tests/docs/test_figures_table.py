"""docs/figures.md is today's table of figures."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("figures_table", ROOT / "scripts" / "figures_table.py")
assert _SPEC and _SPEC.loader
written = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(written)


def test_the_page_is_todays_table() -> None:
    assert written.PAGE.read_text(encoding="utf-8") == written.table(), "run scripts/figures_table.py"
