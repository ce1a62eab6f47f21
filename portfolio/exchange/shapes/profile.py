"""What somebody said the columns of a table mean: data that is kept under a name, and goes from office to office."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from portfolio.core.errors import InvalidError
from portfolio.core.units import UNITS
from portfolio.exchange.shapes.layout import Head
from portfolio.exchange.shapes.meaning import NEED, TAKEN

MOST_COLUMNS, LONGEST_KEY, LONGEST_VALUE = 300, 200, 200


@dataclass(frozen=True)
class Choice:
    """A column's fact (blank: left), the item of its needs where no cell says it, and the unit of its amounts."""

    fact: str = ""
    item: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Profile:
    """Choices by heading, and what a cell stands for by fact: `{"lead_unit": {"市交通局": "CITY-450700"}}`.

    A heading is kept with its years as `Y`, so that next year's table is the same: `至Y年底累计完成投资`.
    """

    columns: Mapping[str, Choice] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def covers(self, heads: Iterable[Head]) -> bool:
        """Whether it says of every one of the columns what it means."""
        return bool(self.columns) and all(key_of(head) in self.columns for head in heads)

    def as_record(self) -> dict[str, Any]:
        """The profile as JSON holds it."""
        return asdict(self)


def key_of(head: Head) -> str:
    """A column's heading as a profile keeps it."""
    return "/".join(words.stem for words in head.said)[:LONGEST_KEY]


def read_profile(content: str | bytes | Mapping[str, Any]) -> Profile:
    """A profile from its JSON; raises `InvalidError` (`profile.…`) for what no profile may hold."""
    told = _parsed(content) if isinstance(content, str | bytes) else content
    columns, values = told.get("columns", {}), told.get("values", {})
    if not isinstance(columns, Mapping) or not isinstance(values, Mapping) or len(columns) > MOST_COLUMNS:
        raise InvalidError("profile.bad_form")
    chosen = {str(key)[:LONGEST_KEY]: _choice(str(key), choice) for key, choice in columns.items()}
    return Profile(chosen, {str(fact): _values(said) for fact, said in values.items()})


def _parsed(content: str | bytes) -> Mapping[str, Any]:
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise InvalidError("profile.bad_form") from None
    if not isinstance(told, Mapping):
        raise InvalidError("profile.bad_form")
    return told


def _choice(key: str, said: Any) -> Choice:
    if not isinstance(said, Mapping):
        raise InvalidError("profile.bad_form")
    fact, item, unit = (said.get(name) or None for name in ("fact", "item", "unit"))
    if fact is not None and fact not in TAKEN:
        raise InvalidError("profile.bad_fact", value=str(fact), heading=key, allowed="、".join(TAKEN))
    if unit is not None and unit not in UNITS:
        raise InvalidError("profile.bad_unit", value=str(unit), heading=key, allowed="、".join(UNITS))
    return Choice(fact or "", str(item) if item and fact == NEED else None, unit)


def _values(said: Any) -> dict[str, str]:
    if not isinstance(said, Mapping):
        raise InvalidError("profile.bad_form")
    return {str(cell)[:LONGEST_VALUE]: str(code)[:LONGEST_VALUE] for cell, code in said.items()}
