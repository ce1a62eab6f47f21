"""What the routes of screening take."""

from typing import Any

from pydantic import Field

from api.typed import Typed


class LiftIn(Typed):
    """A veto lifted by a named person under a document."""

    person: str = Field(max_length=80)
    doc_no: str = Field(max_length=80)
    words: str = Field("", max_length=1000)


class JustificationIn(Typed):
    """A written justification of a failed or unknown check."""

    person: str = Field(max_length=80)
    words: str = Field(max_length=1000)
    doc_no: str = Field("", max_length=80)


class RestorationIn(Typed):
    """What was lifted or justified is taken back."""

    person: str = Field(max_length=80)
    words: str = Field("", max_length=1000)


class CriteriaIn(Typed):
    """Criteria of a project by code; null takes one back."""

    values: dict[str, float | None] = Field(max_length=200)


class PolicyIn(Typed):
    """A policy to save as the next version of its code, or over a draft version."""

    definition: dict[str, Any]
    note: str = Field("", max_length=500)
    over: int | None = Field(None, ge=1)


class DefinitionIn(Typed):
    """A policy to look over; nothing is written."""

    definition: dict[str, Any]


class WeightsIn(Typed):
    """Pairwise judgements [i, j, how much more i weighs than j] (places from 0), or a number to rank by order."""

    size: int = Field(ge=1, le=15)
    judgements: list[tuple[int, int, float]] | None = Field(None, max_length=120)


class KeepIn(Typed):
    """A note beside kept scores."""

    note: str = Field("", max_length=500)
