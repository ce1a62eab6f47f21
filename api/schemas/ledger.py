"""What the ledger's routes take; quantities in 万元 or 公顷 by the pool's item."""

from typing import Literal

from pydantic import Field

from api.schemas.values import MOST, Day, Strict, Year

Kind = Literal["open", "cut", "preallocate", "lock", "grant", "deliver", "use", "return", "recover", "transfer"]


class PoolIn(Strict):
    """A pool to open."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field("", max_length=120)
    item: str
    year: int = Field(ge=2000, le=2060)
    region_code: str
    level: Literal["national", "region", "city", "county"]
    kind: Literal["budget", "quota", "bond_limit", "fund", "bank_line"]
    quantity: float = Field(ge=0)
    doc_no: str = Field(max_length=80)
    on_date: Day
    valid_until: Day | None = None
    carries: bool = Field(False, description="whether what is left may be carried over to the next year, while valid")


class PostingIn(Strict):
    """One entry; `confirmed` says that a quantity suspected of a wrong unit was looked at."""

    kind: Kind
    pool: str
    quantity: float
    on_date: Day
    project: str | None = None
    item: str | None = None
    year: Year | None = None
    doc_no: str = Field("", max_length=80)
    note: str = Field("", max_length=500)
    source: str | None = None
    counter_pool: str | None = None
    confirmed: bool = False


class PostingBatchIn(Strict):
    """Entries to post in their order, all or none."""

    entries: list[PostingIn] = Field(min_length=1, max_length=2000)


class ReversalIn(Strict):
    """The day, document and reason of a reversal."""

    on_date: Day
    doc_no: str = Field("", max_length=80)
    note: str = Field("", max_length=500)


class RecoveryIn(Strict):
    """Take back the list of the day `by`, which had `expected` lines when it was looked at."""

    by: Day
    expected: int = Field(ge=1, le=MOST)
    on_date: Day
    doc_no: str = Field(min_length=1, max_length=80)
