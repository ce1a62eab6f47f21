"""Import small tables row by row: read, check, then apply each."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import FieldError, PortfolioError
from portfolio.exchange.files.table import Table
from portfolio.exchange.sheets.columns import Heading
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.preview import Change, Preview
from portfolio.exchange.sheets.row_reading import RowReader

REFUSED = "refused"  # a row the service would not take; it has been reported
KEPT = "kept"  # a row that is written, and counted, with the others of its chunk


class Tally(Protocol):
    """The running counts of an import."""

    new: int
    changed: int
    unchanged: int
    preview: Preview | None


def count(tally: Tally, outcome: str) -> None:
    """Count one row's outcome: `new`, `changed` or `unchanged`."""
    setattr(tally, outcome, getattr(tally, outcome) + 1)


class RowImporter:
    """Takes the rows of one table one by one; each kind says how a row is read and applied."""

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        self.session, self.actor, self.scope = session, actor, scope
        self.heading, self.place, self.tally = heading, place, tally
        self.seen: set[str] = set()

    def take(self, table: Table) -> int:
        """Read and apply the rows one by one."""
        reader = RowReader(self.heading, table, self.place)
        for numbers, rows in table.chunks:
            for number, cells in zip(numbers, rows, strict=True):
                named = reader.read(number, cells)
                if named is not None:
                    self._take_row(named)
            self._end_chunk()
        return reader.total

    def _take_row(self, cells: dict[str, str]) -> None:
        record = self._read(cells)
        if not self.place.harmed:
            outcome = self._apply(record)
            if outcome not in (REFUSED, KEPT):
                count(self.tally, outcome)

    def _end_chunk(self) -> None:
        """Write what was kept of a chunk's rows; most kinds have written each already."""

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        raise NotImplementedError

    def _apply(self, record: dict[str, Any]) -> str:
        raise NotImplementedError

    def tell(self, outcome: str, key: Mapping[str, Any], fields: Mapping[str, Change]) -> None:
        """Tell the preview, if there is one, of the row that is being read."""
        if self.tally.preview is not None:
            self.tally.preview.add(outcome, key, fields)

    def day(self, cells: dict[str, str], name: str) -> str | None:
        """A day `2019-03-31` (also as a spreadsheet writes it), None when blank or reported."""
        cell = cells.get(name, "").strip().removesuffix(" 00:00:00")
        if not cell:
            return None
        try:
            return date.fromisoformat(cell).isoformat()
        except ValueError:
            self.place.report("bad_day", name, cell)
            return None

    def refused(self, error: PortfolioError, column: str) -> str:
        """Report what the service would not take; a fault of no column of its own is put under `column`."""
        for fault in error.fields or [FieldError(column, error.code, error.params)]:
            name = fault.field.rpartition(".")[2]
            params = {key: value for key, value in fault.params.items() if key != "value"}
            self.place.report(fault.code, column if name == "code" else name, fault.params.get("value"), **params)
        return REFUSED

    def key(
        self, cells: dict[str, str], name: str, shape: re.Pattern[str], fault: str = "bad_key", **words: str
    ) -> str:
        """The row's key, reported when it is malformed (as `fault`) or stood in the file before."""
        key = cells.get(name, "").strip()
        if not key:
            self.place.report("blank", name)
            return key
        if not shape.match(key):
            self.place.report(fault, name, key, **words)
        elif key in self.seen:
            self.place.report("doubled_key", name, key)
        self.seen.add(key)
        return key
