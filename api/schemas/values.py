"""The kinds of value that requests carry: one date, one month, one year, one record number for the whole API.

Without bounds a number of a thousand digits reaches the database, and pydantic alone reads `0` as a day of 1970.
"""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.schemas.typed import REFUSED, Typed
from portfolio.core.plain_text import refused

FIRST_YEAR, LAST_YEAR = 1900, 2099
ODD_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL, and halves of characters
MOST = 2**63 - 1  # what both databases hold as an integer
DAY = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
MONTH = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
DAY_SCHEMA = {
    "type": "string",
    "format": "date",
    "description": f"YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}",
}


class Strict(Typed):
    """A JSON body: no other fields than those named, and each of its own type (no number as text, no `true` as 1)."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Asked(Typed):
    """Parameters of a query, which are all text as they come: no others than those named."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def read_day(value: Any) -> date:
    """The day that `YYYY-MM-DD` names; numbers, instants and years out of bounds are no days."""
    if type(value) is date and FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    if isinstance(value, str) and re.fullmatch(DAY, value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # the 30th of February: told as every other text that is no day
    raise PydanticCustomError("bad_day", "not a day", {"value": shown(value)})


def shown(value: Any) -> str:
    """A value as it can be told: short, and without what no text holds."""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:80]


def _read_month(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(MONTH, value):
        return value
    raise PydanticCustomError("bad_month", "not a month", {"value": shown(value)})


def _read_words(value: str) -> str:
    bad = refused(value)
    if bad is not None:
        raise PydanticCustomError(REFUSED, "refused character {character}", {"character": bad})
    return value


Words = Annotated[str, AfterValidator(_read_words)]  # a field of a form; bodies of JSON are read by `api.door.wire`
Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema(DAY_SCHEMA)]
Month = Annotated[str, BeforeValidator(_read_month), WithJsonSchema({"type": "string", "pattern": MONTH})]
MonthOrNone = Annotated[
    str,
    BeforeValidator(lambda value: value and _read_month(value)),
    WithJsonSchema({"type": "string", "pattern": f"^$|{MONTH}"}),
]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Number = Annotated[int, Field(ge=1, le=MOST, description="the number of a record")]
Count = Annotated[int, Field(ge=0, le=MOST)]


def left_out() -> Any:
    """The default of a field of a change that may be left out but not be null (its type has no `None`)."""
    return Field(default_factory=_nothing)


def _nothing() -> Any:
    return None
