"""Read a table pasted from a spreadsheet into needs: by its own headings where it has them, else from a cell on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.needs.rules import FIRST_YEAR, LAST_YEAR
from portfolio.vocabulary.elements import ElementTree

YEAR = re.compile(r"^\s*(\d{4})\s*年?\s*$")
BLANKS = re.compile(r"[\s,，\u00a0]")
MOST_CELLS = 2_000


@dataclass(frozen=True)
class Pasted:
    """`cells` as (item, year) → text, the items and years they brought with them, and what could not be placed."""

    cells: dict[tuple[str, int], str]
    items: list[str]
    years: list[int]
    unplaced: list[str]


def read_paste(
    text: str, tree: ElementTree, items: Sequence[str], years: Sequence[int], at_item: str, at_year: int
) -> Pasted:
    """What a pasted table means.

    A first row of years and a first column of item names place their cells themselves; without them rows and columns
    go on from the cell (`at_item`, `at_year`) over `items` and `years` as the grid shows them. Only leaves take cells.
    """
    rows = [line.split("\t") for line in text.replace("\r", "").rstrip("\n").split("\n")]
    headed = _years_of(rows[0])
    named = _items_of(rows[1:] if headed else rows, tree)
    columns = _columns(rows, headed, named is not None, years, at_year)
    body = rows[1:] if headed else rows
    places = named or _from(items, at_item, len(body))
    cells: dict[tuple[str, int], str] = {}
    unplaced: list[str] = []
    for item, row in zip([*places, *[""] * len(body)], body, strict=False):
        if not item or not tree.by_code[item].leaf:
            unplaced += [row[0].strip()] if any(cell.strip() for cell in row) else []
            continue
        for place, year in columns.items():
            if place < len(row) and len(cells) < MOST_CELLS:
                cells[item, year] = BLANKS.sub("", row[place])
    found_items = list(dict.fromkeys(item for item, _ in cells))
    return Pasted(cells, found_items, sorted({year for _, year in cells}), unplaced)


def _years_of(row: Sequence[str]) -> dict[int, int]:
    """Column → year of a heading row; empty when the row is none."""
    found = {place: YEAR.match(cell) for place, cell in enumerate(row)}
    years = {place: int(match[1]) for place, match in found.items() if match}
    filled = sum(bool(cell.strip()) for cell in row)
    usual = all(FIRST_YEAR <= year <= LAST_YEAR for year in years.values())
    return years if years and usual and len(years) >= filled - 2 else {}


def _items_of(rows: Sequence[Sequence[str]], tree: ElementTree) -> list[str] | None:
    """The item each row names in its first column, None when not one of them does."""
    nodes = [tree.resolve(row[0]) if row and row[0].strip() else None for row in rows]
    return [node.code if node else "" for node in nodes] if any(nodes) else None


def _columns(
    rows: Sequence[Sequence[str]], headed: dict[int, int], named: bool, years: Sequence[int], at_year: int
) -> dict[int, int]:
    if headed:
        return headed
    first = 1 if named else 0
    width = max(len(row) for row in rows)
    later = [year for year in years if year >= (years[0] if named and at_year not in years else at_year)]
    return {first + place: year for place, year in enumerate(later) if first + place < width}


def _from(items: Sequence[str], at_item: str, count: int) -> list[str]:
    start = items.index(at_item) if at_item in items else 0
    return list(items[start : start + count])
