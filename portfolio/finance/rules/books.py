"""Finance's rules kept as data: levels of sources, ratios, checks, instruments, reasons; with a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portfolio.core.rulebook import Row, Rulebook

BOOK = Rulebook(
    Path(__file__).parents[1] / "data",
    ("levels", "capital_ratios", "checks", "bond_uses", "instruments", "reasons", "envelope_rules"),
)
MARKET = "market"
LEVELS = ("national", "region", "city", "county", MARKET)


@dataclass(frozen=True)
class Ratio:
    """The least share of capital in total investment (per cent), and the points short-board works may go below."""

    match: str
    percent: int
    short_board_points: int
    source: str


def read(name: str) -> tuple[Row, ...]:
    """The rows of one of the room's files."""
    return BOOK.rows(name)


def version() -> str:
    """The version of all files."""
    return BOOK.version


def by_code(name: str) -> Mapping[str, Row]:
    """The rows of a file by their `code`."""
    return BOOK.by_code(name)


@lru_cache
def level_of(item: str) -> str:
    """The level that pays an item of funds: that of the nearest item above that the file names."""
    named = {row["item"]: row["level"] for row in read("levels")}
    code = item
    while code not in named and "." in code:
        code = code.rpartition(".")[0]
    return named.get(code, MARKET)


@lru_cache
def capital_ratio(kind: str | None, sector: str | None) -> Ratio | None:
    """The capital ratio of a kind, else of its sector; None where the file names neither."""
    rows = {row["match"]: row for row in read("capital_ratios")}
    row = rows.get(f"kind:{kind}") or rows.get(f"sector:{sector}")
    if row is None:
        return None
    return Ratio(row["match"], int(row["percent"]), int(row["short_board_points"]), row["source"])


def carry_percent(level: str) -> int:
    """What part of an envelope's undelivered rest the next year gets."""
    rows = {row["level"]: int(row["carry_percent"]) for row in read("envelope_rules")}
    return rows.get(level, 0)
