"""What tests of imports share: uploads that are checked, and workbooks made from templates."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.exchange.sheets.template_spec import fields
from portfolio.exchange.templates.workbook import write_template
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads.tables import Import
from portfolio.projects.filters import ProjectFilters

CODE = "GX-2018-0207"
OTHER = "GX-2018-0206"
Upload = Callable[..., int]


@pytest.fixture
def demo_session(demo_engine: Engine) -> Iterator[Session]:
    with Session(demo_engine, expire_on_commit=False) as opened:
        yield opened


class Desk:
    """Uploads, confirms and undoes imports of one database as an office does."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder

    def upload(self, content: str | bytes | Workbook, name: str = "table.csv", kind: str | None = None) -> int:
        path = self.folder / name
        if isinstance(content, Workbook):
            content.save(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        number = applying.take_in(self.engine, LOCAL_OWNER, EVERYTHING, [(path, name)], kind)
        applying.ended(self.engine, number)
        return number

    def confirm(self, number: int) -> None:
        applying.confirm(self.engine, LOCAL_OWNER, EVERYTHING, number)
        applying.ended(self.engine, number)

    def undo(self, number: int) -> None:
        applying.undo(self.engine, LOCAL_OWNER, EVERYTHING, number)
        applying.ended(self.engine, number)

    def applied(self, content: str | Workbook, name: str = "table.csv") -> int:
        number = self.upload(content, name)
        self.confirm(number)
        return number

    def record(self, number: int) -> Import:
        with Session(self.engine) as session:
            return imports_queries.get(session, number)

    def rows(self, number: int, outcome: str) -> list[dict[str, object]]:
        with Session(self.engine) as session:
            found: list[dict[str, object]] = imports_queries.preview_of(session, number)["rows"][outcome]
            return found

    def codes(self, number: int, of: str = "findings") -> list[str]:
        with Session(self.engine) as session:
            return [finding.code for finding in imports_queries.preview_of(session, number)[of]]


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


@pytest.fixture
def light_desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    return Desk(sqlite_engine, tmp_path)


def template_of(
    session: Session, path: Path, kind: str, lang: str = "zh", filters: ProjectFilters | None = None
) -> Workbook:
    """The template of `kind` as openpyxl opens it."""
    write_template(session, EVERYTHING, kind, path, lang, filters)
    return load_workbook(path)


def put(book: Workbook, table: str, row: int, /, **cells: Any) -> None:
    """Write cells of a template by their columns' machine names."""
    places = {field.column: place for place, field in enumerate(fields(table), 1)}
    sheet = book.worksheets[0]
    for name, value in cells.items():
        sheet.cell(row, places[name]).value = value
