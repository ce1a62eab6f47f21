"""Screening's rules kept as data: named facts, gates with their lists, states, built-in policies; with a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portfolio.core.rulebook import Row, Rulebook
from portfolio.screening.rules.language import Expression, parse
from portfolio.screening.rules.policy import Policy, decode

DATA = Path(__file__).parents[1] / "data"
BOOK = Rulebook(DATA, ("facts", "lists", "gates", "states"))
OWN = "own_"


@dataclass(frozen=True)
class Gate:
    """A gate: where it applies, when it is breached, what excuses a breach (then it is only to be explained)."""

    code: str
    list: str
    outcome: str
    applies: Expression | None
    breach: Expression
    excuse: Expression | None
    row: Row

    def words(self, what: str, lang: str) -> str:
        """Its `name` or `remedy`."""
        return self.row[f"{what}_{lang}"]

    def source(self, lang: str) -> str:
        """The law or standard it rests on; in English with the Chinese title, by which it is found."""
        title = self.row["source"]
        return f"{self.row['source_en']} ({title})" if lang == "en" else title

    @property
    def decisive(self) -> tuple[str, ...]:
        """The facts without which its state is not known; an excuse that nobody reported merely does not excuse."""
        parts = (self.breach, self.applies)
        return tuple(dict.fromkeys(name for part in parts if part is not None for name in part.names))

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it looks at, in the order of its expressions."""
        parts = (self.breach, self.excuse, self.applies)
        return tuple(dict.fromkeys(name for part in parts if part is not None for name in part.names))


@lru_cache
def gates() -> Mapping[str, Gate]:
    """Every gate by its code, the negative lists before the checks."""
    return {row["code"]: _gate(row) for row in BOOK.rows("gates")}


def _gate(row: Row) -> Gate:
    applies, excuse = (parse(row[name]) if row[name] else None for name in ("applies", "excuse"))
    return Gate(row["code"], row["list"], row["outcome"], applies, parse(row["breach"]), excuse, row)


def gate_lists() -> Mapping[str, Row]:
    """The lists gates stand in."""
    return BOOK.by_code("lists")


def states() -> Mapping[str, Row]:
    """The states a gate can be in for a project."""
    return BOOK.by_code("states")


def facts() -> Mapping[str, Row]:
    """The catalogue of named facts: unit, source and names."""
    return BOOK.by_code("facts")


def is_criterion(code: str) -> bool:
    """Whether offices may state `code` as a criterion: a fact of that source, or one of their own (`own_…`)."""
    row = facts().get(code)
    if row is not None:
        return row["source"] == "criteria"
    name = code.removeprefix(OWN)
    return code.startswith(OWN) and name.isascii() and name.replace("_", "").isalnum() and code.islower()


def gate_name(code: str, lang: str) -> str:
    """A gate's name; its code when there is no such gate any more."""
    return gates()[code].words("name", lang) if code in gates() else code


def state_name(code: str, lang: str) -> str:
    """What a state of gates is called."""
    return states()[code][f"name_{lang}"]


def fact_name(code: str, lang: str) -> str:
    """A fact's name; an office's own criterion is called by its code."""
    row = facts().get(code)
    return row[f"name_{lang}"] if row else code


def version() -> str:
    """The version of the gates and the facts they look at."""
    return BOOK.version


@lru_cache
def built_in() -> Mapping[str, Policy]:
    """The policies that ship with the product, by code."""
    found = [decode(path.read_bytes()) for path in sorted((DATA / "policies").glob("*.json"))]
    return {policy.code: policy for policy in found}
