"""Every text column holds plain texts: what `plain_text` refuses or would cut is refused here, whoever wrote it.

The edges cut what nobody can see before anything reads it; this is the last gate, for whatever came another way. It
refuses and does not cut: what a service has compared, hashed and journalled is then what is stored. A column is a plain
one without being declared so; what is not meant for people to read, or only repeats what was judged before the rule, is
declared `AS_GIVEN`. Comparisons ask with whatever they are given: nothing is stored by asking.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Column, Dialect, String, Table, Text, TypeDecorator, event
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from portfolio.core.errors import InvalidError
from portfolio.core.plain_text import faults, unfit

AS_GIVEN: Final[Mapping[str, Any]] = {"info": {"as_given": True}}
# Who did it: the name of an account, judged when the account was made; one of an earlier day must still be able to act.
WHO = frozenset(("actor", "maker", "applied_by", "undone_by", "answered_by"))


class TextError(InvalidError, DontWrapMixin):
    """A text that no column takes; it leaves a statement as it is, not as a fault of the database."""


class PlainText(AutoString):
    """A text of at most `length` characters in the column `name` (`table.column`)."""

    cache_ok = True

    def __init__(self, length: int | None = None, name: str = "") -> None:
        super().__init__(length)
        self.length, self.name = length, name

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Refuse what is no plain text."""
        if isinstance(value, str):
            require_plain({self.name.rpartition(".")[2]: value})
        return value

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """What is compared with it is any text."""
        return String()


class PlainJson(TypeDecorator[str]):
    """JSON as text whose texts are plain at any depth, told as those of the field `name`."""

    impl = Text
    cache_ok = True

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Refuse a document with a text that is none; most hold nothing that would need to be looked at."""
        if value and (unfit(value) or "\\u" in value):
            require_plain({self.name: orjson.loads(value)})
        return value

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """What is compared with it is any text."""
        return Text()


def document(name: str) -> Column[Any]:
    """A required column of JSON with texts that people wrote."""
    return Column(PlainJson(name), nullable=False)


def require_plain(texts: Mapping[str, Any]) -> None:
    """Raise `TextError` (`request.invalid`) with the field of every text that may not be stored."""
    found = faults(texts, judge=unfit)
    if found:
        raise TextError("request.invalid", found)


def require_plain_rows(table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Raise `TextError` when a text of `rows` is none that its column takes; for insertions that go past the types."""
    for place, name in enumerate(names):
        if isinstance(table.c[name].type, PlainText) and unfit("".join(row[place] or "" for row in rows)):
            for row in rows:
                require_plain({name: row[place]})


def _judged(column: Column[Any], table: Any) -> None:
    """Make a text column of the product's a plain one."""
    ours = isinstance(table, Table) and table.metadata is SQLModel.metadata
    if ours and type(column.type) is AutoString and column.name not in WHO and not column.info.get("as_given"):
        impl: Any = column.type.impl
        column.type = PlainText(impl.length, f"{table.name}.{column.name}")


for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        _judged(_column, _table)
event.listen(Column, "before_parent_attach", _judged)
