"""What the routes of screening take."""

from typing import Annotated, Any

from pydantic import Field

from api.schemas.values import MOST, Strict


class LiftIn(Strict):
    """A veto lifted by a named person under a document."""

    person: str = Field(max_length=80)
    doc_no: str = Field(max_length=80)
    words: str = Field("", max_length=1000)


class JustificationIn(Strict):
    """A written justification of a failed or unknown check."""

    person: str = Field(max_length=80)
    words: str = Field(max_length=1000)
    doc_no: str = Field("", max_length=80)


class RestorationIn(Strict):
    """What was lifted or justified is taken back."""

    person: str = Field(max_length=80)
    words: str = Field("", max_length=1000)


class CriteriaIn(Strict):
    """Criteria of a project by code; null takes one back."""

    values: dict[str, float | None] = Field(max_length=200)


class PolicyIn(Strict):
    """A policy to save as the next version of its code, or over a draft version."""

    definition: dict[str, Any]
    note: str = Field("", max_length=500)
    over: int | None = Field(None, ge=1, le=MOST)


class DefinitionIn(Strict):
    """A policy to look over; nothing is written."""

    definition: dict[str, Any]


Place = Annotated[int, Field(ge=-1_000, le=1_000)]  # a place out of the table is told as a fault of its judgement
# A list of JSON is no tuple to the strict.
Judgement = Annotated[tuple[Place, Place, float], Field(strict=False)]


class WeightsIn(Strict):
    """Pairwise judgements [i, j, how much more i weighs than j] (places from 0), or a number to rank by order."""

    size: int = Field(ge=1, le=15)
    judgements: list[Judgement] | None = Field(None, max_length=120)


class KeepIn(Strict):
    """A note beside kept scores."""

    note: str = Field("", max_length=500)
