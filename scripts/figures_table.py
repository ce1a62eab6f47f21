"""Write docs/figures.md: every figure, the list it opens, and the total of the list that equals it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dashboard.behind import FIGURES, STILL

PAGE = Path(__file__).resolve().parents[1] / "docs" / "figures.md"
HEAD = """# Figures and their lists

Written by `scripts/figures_table.py` from `dashboard/behind.py`; tests compare this page with that table, and each
figure with its list's total ([decision 0034](decisions/0034-a-figure-opens-its-list.md)). The address keeps what the
page itself is narrowed by. `base` is yuan or square metres, as the item has it.

| figure | page | list | narrowed by | total | unit |
|---|---|---|---|---|---|
"""
STAND = "\n## Charts that open no list\n\n| chart | why |\n|---|---|\n"


def _place(opens: str) -> str:
    """The list's address, and the part of the page."""
    path, _, part = opens.partition("#")
    return f"`{path}`" + (f", {part}" if part else "")


def table() -> str:
    """The page's text."""
    rows = [
        f"| {name} | `{one.page}` | {_place(one.opens)} | {' '.join(one.by) or '–'} | {one.total} | {one.unit} |\n"
        for name, one in FIGURES.items()
    ]
    return HEAD + "".join(rows) + STAND + "".join(f"| {name} | {why} |\n" for name, why in STILL.items())


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
