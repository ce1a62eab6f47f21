"""Totals, subtotals and group rows compared with the rows they are of.

A row 合计 or 总计 is of all records, wherever it stands; 小计 of those since the last subtotal or group row; a
group row (一、交通基础设施) of the records below it, to the next group row of its rank.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

_OF_ALL = re.compile(r"^(?:合\s*计|总\s*计|共\s*计|累\s*计|汇\s*总|总\s*和)")
_SECOND = re.compile(r"^[(（]")
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Difference:
    """A sum that is not that of its rows: where it stands, what it says and what the rows give."""

    line: int
    place: int
    stated: Decimal
    counted: Decimal


@dataclass
class _Open:
    """A group row whose records are being counted."""

    line: int
    rank: int
    stated: Mapping[int, Decimal]
    sums: dict[int, Decimal] = field(default_factory=dict)
    rows: int = 0


class Sums:
    """Takes the rows of a table in their order; `differences` then says which sums are wrong.

    A sum that was rounded for printing (the unit of its last digit, half of it for each row) is right.
    """

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self._all: dict[int, Decimal] = {}
        self._rows = 0
        self._since: dict[int, Decimal] = {}
        self._since_rows = 0
        self._totals: list[_Open] = []
        self._groups: list[_Open] = []

    def record(self, amounts: Mapping[int, Decimal]) -> None:
        """A record's amounts by column."""
        self._rows, self._since_rows = self._rows + 1, self._since_rows + 1
        for sums in (self._all, self._since, *(group.sums for group in self._groups)):
            _add(sums, amounts)
        for group in self._groups:
            group.rows += 1

    def group(self, line: int, words: str, amounts: Mapping[int, Decimal]) -> None:
        """A group row; it ends those of its rank and below."""
        rank = 2 if _SECOND.match(words) else 1
        for ended in [group for group in self._groups if group.rank >= rank]:
            self._compare(ended, ended.sums, ended.rows)
        self._groups = [group for group in self._groups if group.rank < rank]
        self._groups.append(_Open(line, rank, amounts))
        self._since, self._since_rows = {}, 0

    def total(self, line: int, words: str, amounts: Mapping[int, Decimal]) -> None:
        """A row of a total or a subtotal."""
        if _OF_ALL.match(words.strip()):
            self._totals.append(_Open(line, 0, amounts))
            return
        self._compare(_Open(line, 0, amounts), self._since, self._since_rows)
        self._since, self._since_rows = {}, 0

    def end(self) -> None:
        """The table is over."""
        for group in self._groups:
            self._compare(group, group.sums, group.rows)
        for total in self._totals:
            self._compare(total, self._all, self._rows)
        self._groups = []

    def _compare(self, sums: _Open, counted: Mapping[int, Decimal], rows: int) -> None:
        if not rows:
            return
        for place, stated in sums.stated.items():
            found = counted.get(place, Decimal(0))
            exponent = stated.as_tuple().exponent
            digit = Decimal(1).scaleb(min(int(exponent), 0)) if isinstance(exponent, int) else Decimal(1)
            if abs(stated - found) > HALF * digit * (rows + 1):
                self.differences.append(Difference(sums.line, place, stated, found))


def _add(sums: dict[int, Decimal], amounts: Mapping[int, Decimal]) -> None:
    for place, amount in amounts.items():
        sums[place] = sums.get(place, Decimal(0)) + amount
