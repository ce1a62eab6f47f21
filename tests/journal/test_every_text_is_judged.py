"""Whatever text a service writes to any column has passed the rule for texts on its way, in every room."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, event
from sqlmodel import Session, SQLModel

from portfolio.core import database, text_columns
from portfolio.core.text_columns import PlainText
from tests.journal import acts
from tests.journal.test_everything_is_journalled import library, money, programme

INSERTED = re.compile(r"\s*INSERT INTO (\w+) \(([^)]*)\)", re.IGNORECASE)
UPDATED = re.compile(r"\s*UPDATE (\w+) SET (.*?)(?: WHERE | RETURNING |$)", re.IGNORECASE | re.DOTALL)
# Repeated from records and earlier editions as they stand there, and told of what was written beside it.
REPEATED = {"edition_entries", "journal"}


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The columns whose texts were judged."""
    found: set[str] = set()
    judge, judge_rows = PlainText.process_bind_param, text_columns.require_plain_rows

    def one(self: PlainText, value: Any, dialect: Any) -> Any:
        found.add(self.name)
        return judge(self, value, dialect)

    def many(table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        found.update(f"{table.name}.{name}" for name in names)
        judge_rows(table, names, rows)

    monkeypatch.setattr(PlainText, "process_bind_param", one)
    monkeypatch.setattr(database, "require_plain_rows", many)
    return found


@pytest.fixture
def written(sqlite_engine: Engine) -> Iterator[set[str]]:
    """The columns that statements wrote to."""
    found: set[str] = set()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if inserted := INSERTED.match(statement):
            found.update(f"{inserted[1]}.{name.strip()}" for name in inserted[2].split(","))
        elif updated := UPDATED.match(statement):
            found.update(f"{updated[1]}.{name}" for name in re.findall(r"(\w+)\s*=\s*\?", updated[2]))

    event.listen(sqlite_engine, "before_cursor_execute", note)
    yield found
    event.remove(sqlite_engine, "before_cursor_execute", note)


def test_every_text_a_service_writes_was_judged(
    sqlite_engine: Engine, written: set[str], passed: set[str], tmp_path: Path
) -> None:
    with Session(sqlite_engine, expire_on_commit=False) as session:
        rooms = (library(session, tmp_path), money(session), programme(session), acts.entry_and_review(session))
        above = (acts.screening(session), acts.planning(session), acts.importing(session, tmp_path))
        for _, act in chain(*rooms, *above, acts.accounts(session, acts.Person(session))):
            act()
            session.commit()
    texts = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, PlainText) and table.name not in REPEATED
    }
    assert texts & written - passed == set()
    assert len(texts & written) > 100
