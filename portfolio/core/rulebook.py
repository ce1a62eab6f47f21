"""Rules kept as CSV files beside their room: rows as text, and one version for all of them."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

Row = Mapping[str, str]


@dataclass(frozen=True)
class Rulebook:
    """The CSV files `names` of a folder."""

    folder: Path
    names: tuple[str, ...]

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of file `name`, in their order."""
        return _rows(self.folder / f"{name}.csv")

    def by_code(self, name: str) -> Mapping[str, Row]:
        """The rows of file `name` by their `code`."""
        return _by_code(self.folder / f"{name}.csv")

    @property
    def version(self) -> str:
        """The first 12 digits of the SHA-256 of all files."""
        return _version(self.folder, self.names)


@lru_cache
def _rows(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache
def _by_code(path: Path) -> Mapping[str, Row]:
    return {row["code"]: row for row in _rows(path)}


@lru_cache
def _version(folder: Path, names: tuple[str, ...]) -> str:
    return hashlib.sha256(b"".join((folder / f"{name}.csv").read_bytes() for name in names)).hexdigest()[:12]
