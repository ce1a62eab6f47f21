"""Bodies and filters whose texts follow the product's one rule: the unseen is cut, what no text may hold is refused."""

from typing import Any

from pydantic import BaseModel, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from portfolio.core.plain_text import cleaned, faults

REFUSED = "refused_character"
SECRET = frozenset(("password",))  # what somebody chose as a secret is taken as it is


class Typed(BaseModel):
    """What comes in: every text at any depth is cleaned or refused."""

    @field_validator("*", mode="before")
    @classmethod
    def _texts(cls, value: Any, info: ValidationInfo) -> Any:
        if info.field_name in SECRET:
            return value
        found = faults({"": value})
        if found:
            raise PydanticCustomError(REFUSED, "refused character {character}", dict(found[0].params))
        return cleaned(value)
