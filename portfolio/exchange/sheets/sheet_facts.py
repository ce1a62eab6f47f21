"""What a sheet holds besides its rows, told by name: merged ranges, hidden rows, columns and sheets, stray cells."""

import re
from collections.abc import Iterator, Sequence
from itertools import product

from portfolio.exchange.files.sheet_cells import column_number
from portfolio.exchange.files.table import Facts
from portfolio.exchange.files.workbook_parts import DamagedError
from portfolio.exchange.sheets.findings import Place

NAMED = 20
MOST_MARKED = 100_000
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


def tell(facts: Facts, place: Place, first: bool, merged: bool = True) -> None:
    """Report merged ranges, of which all cells but one are blank, and warn of what a reader would not see.

    What concerns the workbook is told with its `first` table. Whoever knows what a sheet's merged ranges mean tells of
    them himself, without `merged`.
    """
    if first and facts.hidden_sheets:
        sheet, place.sheet = place.sheet, None
        place.warn("hidden_sheets", value=_named(facts.hidden_sheets), count=str(len(facts.hidden_sheets)))
        place.sheet = sheet
    for cells in sorted(facts.merged if merged else (), key=lambda text: box_of(text) or (0, 0, 0, 0)):
        place.report("merged_cells", value=cells)
    if facts.hidden_rows:
        place.warn("hidden_rows", value=_named(facts.hidden_rows), count=str(len(facts.hidden_rows)))
    if facts.hidden_columns:
        place.warn("hidden_columns", value=_named(facts.hidden_columns), count=str(len(facts.hidden_columns)))
    if facts.stray_total:
        place.warn("stray_cells", value=_named(facts.stray), count=str(facts.stray_total))


def _named(what: Sequence[object]) -> str:
    return ", ".join(str(one) for one in what[:NAMED])


def merged_marks(facts: Facts, numbers: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """The cells of the rows `numbers` that belong to merged ranges, the first hundred thousand of them."""
    left = MOST_MARKED
    if not facts.merged or not numbers:
        return
    for text in facts.merged:
        box = box_of(text)
        if box is None or box[1] < numbers[0] or box[0] > numbers[-1]:
            continue
        rows = [number for number in numbers if box[0] <= number <= box[1]]
        for cell in product(rows, range(box[2], min(box[3] + 1, width))):
            if left == 0:
                return
            left -= 1
            yield cell


def box_of(text: str) -> tuple[int, int, int, int] | None:
    """First and last row, first and last column (from 0) of a range; None when it is none."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    try:
        return int(found[2]), int(found[4]), column_number(found[1]), column_number(found[3])
    except DamagedError:
        return None
