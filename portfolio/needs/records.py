"""What reading needs gives."""

from typing import TypedDict


class NeedRecord(TypedDict):
    """A need: what a project requires of an item in a year (base units)."""

    project: str
    item: str
    year: int
    required: int
    basis: str
    dimension: str
    revision: int | None
