"""A workbook as an office lays it out, and what it must give."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


@dataclass
class Sheet:
    """Rows as they stand, merged ranges, and columns that are hidden."""

    rows: Rows
    name: str = "Sheet1"
    merged: Sequence[str] = ()
    hidden: Sequence[str] = ()


@dataclass
class Book:
    """`projects` by name: the facts that must be stored. `needs`: (name, item, year, base units),
    `yearly`: (name, year, kind, yuan).

    `told` are codes that must be told, `findings` those that must stop the file; none else may.
    """

    name: str
    sheets: Sequence[Sheet]
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    needs: set[tuple[str, str, int, int]] = field(default_factory=set)
    yearly: set[tuple[str, int, str, int]] = field(default_factory=set)
    told: Sequence[str] = ()
    findings: Sequence[str] = ()

    def write(self, folder: Path) -> Path:
        """The workbook as a file."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for sheet in self.sheets:
            page = book.create_sheet(sheet.name)
            for row in sheet.rows:
                page.append(list(row))
            for cells in sheet.merged:
                page.merge_cells(cells)
            for column in sheet.hidden:
                page.column_dimensions[column].hidden = True
        path = folder / f"{self.name}.xlsx"
        book.save(path)
        return path


def book(name: str, rows: Rows, merged: Sequence[str] = (), **given: Any) -> Book:
    """A book of one sheet."""
    return Book(name, [Sheet(rows, merged=merged)], **given)
