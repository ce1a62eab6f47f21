"""The rows of a table that are records, with what belongs to them from merged cells; the others are told and summed."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from portfolio.core.number_reading import read_number
from portfolio.core.plain_text import clean, says_nothing, usual
from portfolio.exchange.files.sheet_cells import column_letters
from portfolio.exchange.files.table import Chunk, Row
from portfolio.exchange.shapes.layout import Box, Region
from portfolio.exchange.shapes.meaning import WITH_UNIT, Use
from portfolio.exchange.shapes.sums import Sums
from portfolio.exchange.shapes.words import NAME
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.foot_rows import GROUP, LIKE, TOTALS, FootRows

NAMED = 20
AMOUNTS = (*WITH_UNIT, "year_plan", "sum")


class RecordRows:
    """Takes the rows of one table; the same rows can be taken several times."""

    def __init__(self, region: Region, uses: Sequence[Use], merged: Sequence[Box]) -> None:
        self._region = region
        width = max((use.head.place for use in uses), default=-1) + 1
        facts = {use.head.place: use.fact or None for use in uses}
        self._names = [facts.get(at) for at in range(width)]
        self._named = next((at for at, fact in facts.items() if fact == NAME), None)
        self._item = next((at for at, fact in facts.items() if fact == "item"), None)
        self._amounts = [at for at, fact in facts.items() if fact in AMOUNTS]
        self._merged = [box for box in merged if region.first <= box[0] <= region.last]

    def rows(self, chunks: Iterator[Chunk], place: Place | None = None) -> Iterator[Row]:
        """The records: line and cells, as many as the table has columns.

        What is no record, and what is wrong with the sums, is told at `place`, where one is given.
        """
        foot, sums = FootRows(self._names), Sums()
        held, passed = list[str](), list[int]()
        for number, cells in self._inside(chunks):
            cells = [self._cell(cell) for cell in cells]
            if not any(cells):
                continue
            kind = foot.kind(cells)
            if kind in (None, LIKE):
                cells = held = self._filled_in(number, cells, held)
                if not self._is_record(cells):
                    kind = "row_without_name"
            if kind in (None, LIKE):
                sums.record(self._figures(cells))
                if place is not None and self._merged:
                    self._tell_merged(number, place)
                yield number, cells
            else:
                self._pass_over(kind or "", number, cells, sums)
                passed.append(number)
        sums.end()
        if place is not None:
            self._tell_passed(passed, place)
            self._tell_sums(sums, place)

    def _inside(self, chunks: Iterator[Chunk]) -> Iterator[Row]:
        first, last, width = self._region.first, self._region.last, len(self._names)
        for numbers, rows in chunks:
            for number, cells in zip(numbers, rows, strict=True):
                if first <= number <= last:
                    yield number, [*islice(cells, width), *[""] * (width - len(cells))]

    def _cell(self, cell: str) -> str:
        if not cell or says_nothing(cell):
            return ""
        return cell if usual(cell) else clean(cell)

    def _filled_in(self, number: int, cells: list[str], held: Sequence[str]) -> list[str]:
        """A row with what stands in the merged cells it belongs to, and the project named above its sources."""
        filled = list(cells)
        for at, cell in enumerate(cells):
            if not cell and at < len(held) and at not in self._amounts:
                shared = any(
                    top < number <= bottom and left == at == right for top, bottom, left, right in self._merged
                )
                filled[at] = held[at] if shared or self._belongs_above(cells, at) else ""
        return filled

    def _shared(self, number: int, at: int) -> bool:
        """Whether a cell is merged with the one above it, and with none beside it."""
        return any(top < number <= bottom and left == at == right for top, bottom, left, right in self._merged)

    def _belongs_above(self, cells: Sequence[str], at: int) -> bool:
        """Whether a blank at the left of a source's row means the project named above it."""
        if self._item is None or self._named is None or cells[self._named] or not cells[self._item]:
            return False
        return at < self._item

    def _is_record(self, cells: Sequence[str]) -> bool:
        return self._named is None or bool(cells[self._named])

    def _figures(self, cells: Sequence[str]) -> dict[int, Decimal]:
        read = {at: read_number(cells[at]) for at in self._amounts}
        return {at: number for at, number in read.items() if isinstance(number, Decimal)}

    def _tell_merged(self, number: int, place: Place) -> None:
        """Report merged cells of a record that mean more than one thing: amounts of several rows, several columns."""
        for top, bottom, left, right in self._merged:
            shared = top < bottom and left in self._amounts
            if top <= number <= bottom and number == max(top, self._region.first) and (shared or left < right):
                place.begin(number)
                place.report("merged_cells", value=f"{column_letters(left)}{top}:{column_letters(right)}{bottom}")

    def _pass_over(self, kind: str, number: int, cells: Sequence[str], sums: Sums) -> None:
        words = next(cell for cell in cells if cell)
        if kind == GROUP:
            sums.group(number, words, self._figures(cells))
        elif kind == TOTALS:
            sums.total(number, words, self._figures(cells))

    def _tell_passed(self, lines: Sequence[int], place: Place) -> None:
        if lines:
            place.begin(lines[0])
            place.warn("rows_passed", value=told_lines(lines), count=str(len(lines)))

    def _tell_sums(self, sums: Sums, place: Place) -> None:
        heads = {head.place: head.text for head in self._region.heads}
        for wrong in sums.differences:
            place.begin(wrong.line)
            stated, counted = (format(amount.normalize(), "f") for amount in (wrong.stated, wrong.counted))
            place.warn("sum_differs", value=stated, heading=heads[wrong.place], counted=counted)


def told_lines(lines: Sequence[int]) -> str:
    """Lines as they are told: the first `NAMED` of them."""
    return "、".join(map(str, lines[:NAMED])) + ("…" if len(lines) > NAMED else "")
