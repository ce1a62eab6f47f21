"""What an import would do, row by row: the first rows of each outcome, kept with their place and their changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portfolio.exchange.sheets.findings import Place

OUTCOMES = ("new", "changed", "unchanged")
LISTED = 500
Change = tuple[str, str]


@dataclass
class Preview:
    """The first `LISTED` rows of each outcome; all are counted by the tally.

    A row is `{kind, sheet, row, key, fields}`: `key` names the record, `fields` holds by column what stood and what is
    to stand, as exchange text.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {outcome: [] for outcome in OUTCOMES})
    kinds: list[str] = field(default_factory=list)
    _place: Place | None = None

    def begin(self, kind: str, place: Place) -> None:
        """The rows that follow are of `kind`."""
        self._place = place
        if kind not in self.kinds:
            self.kinds.append(kind)

    def wants(self, outcome: str) -> bool:
        """Whether there is room for another row of this outcome."""
        return len(self.rows[outcome]) < LISTED

    def add(self, outcome: str, key: Mapping[str, Any], fields: Mapping[str, Change], row: int | None = None) -> None:
        """Keep a row while there is room; without `row` it is the one that is being read."""
        if outcome not in self.rows or not self.wants(outcome) or self._place is None:
            return
        told = {name: list(change) for name, change in fields.items() if change[0] != change[1]}
        at = {"sheet": self._place.sheet, "row": row if row is not None else self._place.row}
        named = {name: "" if value is None else str(value) for name, value in key.items()}
        self.rows[outcome].append({"kind": self.kinds[-1], **at, "key": named, "fields": told})
