"""Profiles of offices' own tables, and the tables of an import, as JSON of the API."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field


class ImportChoiceIn(BaseModel):
    """What a column means: a fact (blank: it is left), the item of a need, the unit of its amounts."""

    fact: str = Field("", max_length=40)
    item: str | None = Field(None, max_length=80)
    unit: str | None = Field(None, max_length=20)


class ImportProfileIn(BaseModel):
    """What the columns of a table mean, by heading with its years as `Y`; `values` translate cells of a fact."""

    columns: dict[str, ImportChoiceIn] = Field(default_factory=dict, max_length=300)
    values: dict[str, dict[str, str]] = Field(default_factory=dict, max_length=40)

    def as_content(self) -> dict[str, Any]:
        """The profile as the domain reads it."""
        return self.model_dump()


class ImportProfileOut(BaseModel):
    """A profile with who made it, for which office, and when."""

    name: str
    office: str
    actor: str
    at: str
    columns: Mapping[str, Any]
    values: Mapping[str, Mapping[str, str]]


class ImportColumnOut(BaseModel):
    """A column: its heading as a profile calls it (`key`) and as it stands, what it was taken for and why, samples."""

    key: str
    heading: str
    fact: str
    taken: bool
    why: str
    sure: str
    year: int | None
    item: str | None
    unit: str | None
    samples: list[str]


class ImportTableOut(BaseModel):
    """A table of an import in an office's own form; `profile` is the one it was read by, blank for none."""

    file: str
    sheet: str
    title: str
    line: int
    profile: str
    columns: list[ImportColumnOut]


class ImportProfileDropped(BaseModel):
    """What was forgotten."""

    dropped: str
