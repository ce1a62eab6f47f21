"""Draw docs/images/architecture.svg: who imports whom, room by room, from the code and the order in pyproject.toml.

Rooms stand from the top floor down; a number in a row says how many modules of that room import the column's room.
Everything right of the diagonal is downward, so a number left of it would be an import upward: there is none.
"""

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "architecture.svg"
CONTRACT = "A room imports only the rooms below it"
CELL, LABEL, HEAD = 26, 132, 112


def rooms() -> list[str]:
    """Rooms from the top floor to the ground, as the import contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["name"] == CONTRACT)
    inside = [room.strip() for layer in layers for room in layer.split("|")]
    return ["api", "dashboard", *inside]


def imports(order: list[str]) -> Counter[tuple[str, str]]:
    """Modules by the room they stand in and the room they import."""
    counted = Counter[tuple[str, str]]()
    for folder in ("api", "dashboard", "portfolio"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            here = _room(".".join(path.relative_to(ROOT).with_suffix("").parts), order)
            there = {_room(name, order) for name in _named(path)} - {here, None}
            counted.update((here, room) for room in there if here and room)
    return counted


def _named(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def _room(module: str, order: list[str]) -> str | None:
    return next((room for room in order if f"{module}.".startswith(f"{room}.")), None)


def picture() -> str:
    """The drawing as SVG; it follows the reader's light or dark theme."""
    order = rooms()
    counted = imports(order)
    size = len(order) * CELL
    width, height = LABEL + size + 8, HEAD + size + 8
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="Imports among the rooms">',
        "<style>text{font:12px sans-serif;fill:#1f2933}.n{text-anchor:middle}.r{text-anchor:end}"
        ".d{fill:#0b4f8a}.c{fill:#0b4f8a}.g{stroke:#c8d1da;stroke-width:.5}.b{fill:#fff}"
        "@media(prefers-color-scheme:dark){text{fill:#dfe6ec}.b{fill:#10161c}.g{stroke:#33404d}}</style>",
        f'<rect class="b" width="{width}" height="{height}"/>',
    ]
    for place, room in enumerate(order):
        drawn += _frame(place, room.removeprefix("portfolio."), size)
    for (here, there), count in sorted(counted.items()):
        drawn += _cell(order.index(here), order.index(there), count)
    return "\n".join([*drawn, "</svg>", ""])


def _frame(place: int, name: str, size: int) -> list[str]:
    """A room's name at its row and column, its square on the diagonal and the lines under and beside it."""
    at = place * CELL
    x, y = LABEL + at, HEAD + at
    return [
        f'<text class="r" x="{LABEL - 8}" y="{y + 17}">{name}</text>',
        f'<text transform="translate({x + 17} {HEAD - 8}) rotate(-60)">{name}</text>',
        f'<rect class="d" x="{x}" y="{y}" width="{CELL}" height="{CELL}"/>',
        f'<path class="g" d="M{LABEL} {y}h{size}M{x} {HEAD}v{size}"/>',
    ]


def _cell(row: int, column: int, count: int) -> list[str]:
    x, y = LABEL + column * CELL, HEAD + row * CELL
    shade = min(0.5, 0.08 + count / 100)
    return [
        f'<rect class="c" x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill-opacity="{shade:.2f}"/>',
        f'<text class="n" x="{x + CELL // 2}" y="{y + 17}">{count}</text>',
    ]


def main() -> int:
    """Draw it; with `--check` only say whether the drawing is today's."""
    if "--check" in sys.argv:
        return int(PICTURE.read_text(encoding="utf-8") != picture())
    PICTURE.write_text(picture(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
