"""How a sheet begins, told from the form of its first rows alone: with its heading, or with something above it."""

import re
from collections.abc import Sequence

from portfolio.exchange.files.sheet_cells import Line

EARLY = 40  # rows that are looked at before a sheet is read
GAP = 3  # blank columns after which a filled cell belongs to no table
FULL = 0.6
LEAST = 2
STATED = re.compile(r"^[^:：]{2,10}[:：]")  # 填报单位：某局


def heads_alone(early: Sequence[Line]) -> bool:
    """Whether the first row is a heading of one row: several cells, hardly one blank, none that fills itself in.

    A heading over several rows has blanks where cells were merged; a title is one cell, and 单位：万元 states a value.
    """
    width, wide = width_of(early[:1]), width_of(early)
    if len(early) == 1 or wide <= LEAST:
        return len(early) == 1 or width == wide
    texts = [cell.text for cell in early[0].cells if cell.column < width]
    broad = width > LEAST or width >= FULL * wide
    stated = any(STATED.search(text) for text in texts)
    return broad and len(texts) >= FULL * width and not stated and not _goes_on(early[0], early[1])


def width_of(early: Sequence[Line]) -> int:
    """How many columns the first rows use, without stray cells far to their right."""
    filled = sorted({cell.column for line in early for cell in line.cells})
    width = 0
    for column in filled:
        if column - width > GAP:
            break
        width = column + 1
    return width


def _goes_on(first: Line, second: Line) -> bool:
    """Whether the second row completes the first: it is blank at the left, and has words where the first is blank."""
    above, below = ({cell.column for cell in line.cells} for line in (first, second))
    return min(above) not in below and bool(below - above) and bool(below & above)
