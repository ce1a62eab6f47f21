"""Read a table pasted from a spreadsheet into needs: by its own headings where it has them, else from a cell on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.core.number_reading import read_number
from portfolio.core.units import UNIT_WORDS
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.vocabulary.tree import ElementTree

YEAR = re.compile(r"^\s*(\d{4})\s*年?\s*$")
NUMBER = re.compile(r"^-?[\d,，.\s]*\d[\d,，.\s]*$")
MOST_CELLS = 2_000
MOST_LETTERS = 500_000
LONGEST_FIGURE = 60


@dataclass(frozen=True)
class Pasted:
    """`cells` as (item, year) → text with the items and years they brought; what could not be placed, and why.

    `units` holds the unit a row states for its item; `parents` the names of computed totals, which take no figures;
    `cut` says that the table was longer than one may paste.
    """

    cells: dict[tuple[str, int], str]
    items: list[str]
    years: list[int]
    unplaced: list[str]
    parents: list[str] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def read_paste(
    text: str, tree: ElementTree, items: Sequence[str], years: Sequence[int], at_item: str, at_year: int
) -> Pasted:
    """What a pasted table means.

    A first row of years and a first column of item names place their cells themselves; without them rows and columns
    go on from the cell (`at_item`, `at_year`) over `items` and `years` as the grid shows them. Only leaves take cells;
    a dash is an empty cell, what is no exact number stays as it was written, and under headings a column may state each
    row's unit.
    """
    cut, text = len(text) > MOST_LETTERS, text[:MOST_LETTERS]
    rows = [line.split("\t") for line in text.replace("\r", "").rstrip("\n").split("\n")]
    headed = _years_of(rows[0], tree)
    body = rows[1:] if headed else rows
    named = _items_of(body, tree)
    columns = _columns(rows, headed, named is not None, years, at_year)
    placed = list(zip(named or _from(items, at_item, len(body)), body, strict=False))
    filled = [(item, row) for item, row in placed if item and tree.by_code[item].leaf]
    cells = {
        (item, year): _plain(row[place]) for item, row in filled for place, year in columns.items() if place < len(row)
    }
    kept = dict(list(cells.items())[:MOST_CELLS])
    left = [
        (item, row) for item, row in [*placed, *(("", row) for row in body[len(placed) :])] if _is_left(item, row, tree)
    ]
    return Pasted(
        kept,
        list(dict.fromkeys(item for item, _ in kept)),
        sorted({year for _, year in kept}),
        [row[0].strip() for item, row in left if not item],
        [row[0].strip() for item, row in left if item],
        {item: unit for item, row in filled for unit in [_unit_of(row, headed)] if unit},
        cut or len(kept) < len(cells),
    )


def _plain(cell: str) -> str:
    """An exact number in its one spelling, blank where nothing is said; what is no exact number as it was written."""
    read = read_number(cell)
    if isinstance(read, Decimal):
        return format(read, "f")
    return "" if read is None else cell.strip()


def _is_left(item: str, row: Sequence[str], tree: ElementTree) -> bool:
    """Whether a row says something and found no place."""
    return not (item and tree.by_code[item].leaf) and any(cell.strip() for cell in row)


def _unit_of(row: Sequence[str], headed: dict[int, int]) -> str | None:
    """The unit a row states beside its years; without headings no column can be told from a year's."""
    beside = (cell.strip().lower() for place, cell in enumerate(row) if headed and place not in headed)
    return next((UNIT_WORDS[cell] for cell in beside if cell in UNIT_WORDS), None)


def _years_of(row: Sequence[str], tree: ElementTree) -> dict[int, int]:
    """Column → year of a heading row; empty when the row is none: it names an item, or holds other figures."""
    found = {place: YEAR.match(cell) for place, cell in enumerate(row)}
    years = {place: int(match[1]) for place, match in found.items() if match}
    usual = all(FIRST_YEAR <= year <= LAST_YEAR for year in years.values())
    figures = any(NUMBER.match(cell[:LONGEST_FIGURE]) for place, cell in enumerate(row) if place not in years)
    is_item = bool(row[0].strip()) and tree.resolve(row[0]) is not None
    return years if years and usual and not figures and not is_item else {}


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
