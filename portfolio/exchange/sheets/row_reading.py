"""A row of a table as cells by column: what stands there, or a finding; one rule for every kind of table."""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from portfolio.core.number_reading import is_error_value
from portfolio.core.plain_text import clean, refused, says_nothing, usual
from portfolio.exchange.files.table import Mark, Table
from portfolio.exchange.sheets.columns import Heading
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.foot_rows import FOOT, LIKE, FootRows
from portfolio.projects.rules import works

NUMBERS = frozenset(("total_investment", "annual_investment", "required", "quantity", "value", "percent", "lon", "lat"))
NUMBERS |= {"completed", "to_date", "expected"}
NUMBERS |= {"phases", "least_phases", "max_delay", "approved", "phase"}
MONTHS = frozenset((*works.MONTHS, "due_month", "done_month"))
DAYS = frozenset(("on_date", "valid_until", "valid_from", "valid_to", "planned_on", "actual_on"))
FLAGS = frozenset(("cross_province", "co_agreed", "sea_related", "carries", "must"))
YEARS = frozenset(("year",))
RECORD = ("name_zh", "project", "code")
_LOST = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,3}")
_SHORT = 6


class RowReader:
    """Takes the rows of one table in their order; what a cell may not be is reported once, at its place."""

    def __init__(self, heading: Heading, table: Table, place: Place, passed_over: Collection[str] = ()) -> None:
        """`passed_over`: kinds of rows that are told and left out where others stop the file."""
        self.heading, self.table, self.place = heading, table, place
        self._told = {FOOT, LIKE, *passed_over}
        self._foot = FootRows(heading.names)
        self._record = [heading.names.index(name) for name in RECORD if name in heading.names]
        self.total = 0

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Every row that is a record or meant as one."""
        for number, cells in self.table.rows():
            named = self.read(number, cells)
            if named is not None:
                yield number, named

    def read(self, number: int, cells: Sequence[str]) -> dict[str, str] | None:
        """The cells of the row by column; None for a row that is blank or, which is told, no record.

        After it `place.harmed` says whether the row has a finding, `total` how many rows were meant as records.
        """
        place = self.place
        place.begin(number)
        joined = "".join(cells)
        if not joined or joined.isspace():
            return None
        if not usual(joined):
            cells = self._cleaned(cells)
        cells = ["" if len(cell) <= _SHORT and says_nothing(cell) else cell for cell in cells]
        if not any(cells):
            return None
        place.called(" ".join(cells[at] for at in self._record if at < len(cells) and cells[at]))
        kind = self._foot.kind(cells)
        self.total += kind in (None, LIKE) or kind not in self._told
        if kind in self._told:
            place.warn(kind or "", value=_first(cells))
        elif kind is not None:
            place.report(kind, value=_first(cells))
        if kind not in (None, LIKE):
            return None
        named = {name: cell for name, cell in zip(self.heading.names, cells, strict=False) if name is not None}
        if self.table.marks:
            self._look_at_marks(number, named)
        if "=" in joined or "#" in joined or "+" in joined:
            self._look_at_texts(named)
        return named

    def _cleaned(self, cells: Sequence[str]) -> list[str]:
        """The cells without what cannot be seen; one with what no text may hold is reported and blank."""
        found = []
        for name, cell in zip((*self.heading.names, *[None] * len(cells)), cells, strict=False):
            bad = None if usual(cell) else refused(cell)
            if bad is not None:
                shown = "".join("�" if refused(sign) else sign for sign in cell)
                self.place.settle("refused_character", name, shown, character=bad)
            found.append("" if bad is not None else clean(cell))
        return found

    def _look_at_texts(self, named: dict[str, str]) -> None:
        """Formulas, errors and codes a spreadsheet made a number of, as they stand in the text."""
        for name, cell in named.items():
            if cell.startswith("="):
                self.place.settle("formula", name, cell)
            elif cell.startswith("#") and is_error_value(cell):
                self.place.settle("error_value", name, cell)
            elif name not in NUMBERS and _LOST.fullmatch(cell):
                self.place.settle("long_number", name, cell)

    def _look_at_marks(self, number: int, named: dict[str, str]) -> None:
        """What the cells are in a workbook; a date that is shown as a month becomes that month."""
        marks = self.table.marks
        for at, name in enumerate(self.heading.names):
            mark = marks.get((number, at))
            if mark is None or name is None:
                continue
            fault = _fault(mark, name)
            if fault:
                shown = _shown(mark, named[name])
                self.place.settle(fault, name, shown, plain=shown.rstrip("%"))
            elif Mark.DATE_MONTH in mark and name in MONTHS:
                named[name] = named[name][:7]


def _fault(mark: Mark, name: str) -> str | None:
    """The code of what a cell of `mark` may not be in column `name`."""
    if Mark.ERROR in mark:
        return "error_value"
    if Mark.ARRAY_FORMULA in mark:
        return "array_formula"
    if Mark.FORMULA in mark:
        return "formula"
    if Mark.BOOLEAN in mark and name not in FLAGS:
        return "boolean_cell"
    if Mark.PERCENT in mark:
        return "percent"
    if Mark.NOT_A_NUMBER in mark:
        return "not_a_number"
    if Mark.LONG_NUMBER in mark and name not in NUMBERS:
        return "long_number"
    if (Mark.DATE in mark or Mark.DATE_MONTH in mark) and name not in MONTHS | DAYS | YEARS:
        return "date_in_number" if name in NUMBERS else "date_in_text"
    return None


def _shown(mark: Mark, cell: str) -> str:
    """The cell as the reader sees it in the spreadsheet."""
    if Mark.BOOLEAN in mark:
        return {"1": "TRUE", "0": "FALSE"}.get(cell, cell)
    if not mark & (Mark.PERCENT | Mark.LONG_NUMBER):
        return cell
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return cell
    return f"{format((number * 100).normalize(), 'f')}%" if Mark.PERCENT in mark else f"{float(number):.15G}"


def _first(cells: Sequence[str]) -> str:
    return next((cell.strip() for cell in cells if cell.strip()), "")
