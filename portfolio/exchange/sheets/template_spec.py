"""The templates as data: by kind the columns with their type, the list they choose from, their width and sample."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portfolio.core.rulebook import Row, Rulebook
from portfolio.exchange.sheets.columns import REQUIRED, label

BOOK = Rulebook(Path(__file__).parents[1] / "data", ("templates",))
TEMPLATES = ("projects", "needs", "steps", "yearly", "pools", "ledger")
LISTED = ("choice", "child", "flag", "project")
NUMBERS = ("amount", "need", "longitude", "latitude", "year")


@dataclass(frozen=True)
class Field:
    """A column of a template; `type` decides how a cell is checked and explained, `list` what it may choose from."""

    kind: str
    column: str
    type: str
    list: str
    width: int
    sample_zh: str
    sample_en: str

    @property
    def required(self) -> bool:
        """Whether every row needs it."""
        return self.column in REQUIRED[self.kind]

    def sample(self, lang: str) -> str:
        """The sample, a code where the column chooses from a list."""
        return self.sample_en if lang == "en" else self.sample_zh

    def heading(self, lang: str) -> str:
        """The heading with its unit."""
        return label(self.kind, self.column, lang)


@lru_cache
def fields(kind: str) -> tuple[Field, ...]:
    """The columns of a template, in their order; a `child` narrows by the column before it."""
    rows = [row for row in BOOK.rows("templates") if row["kind"] == kind]
    return tuple(_field(row) for row in rows)


def _field(row: Row) -> Field:
    texts = (row["kind"], row["column"], row["type"], row["list"])
    return Field(*texts, int(row["width"]), row["sample_zh"], row["sample_en"])
