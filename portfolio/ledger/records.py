"""What reading the ledger gives: pools and entries as records (base units)."""

from datetime import datetime
from typing import TypedDict


class PoolRecord(TypedDict):
    """A pool with its buckets and their sum, `total`."""

    id: int
    code: str
    name: str
    item: str
    dimension: str
    year: int
    region_code: str
    level: str
    kind: str
    valid_until: str | None
    carries: bool
    doc_no: str
    basis: str
    free: int
    preallocated: int
    locked: int
    granted: int
    delivered: int
    used: int
    total: int


class EntryRecord(TypedDict):
    """A posting, with the codes of its pool, the other pool, project and item."""

    id: int
    kind: str
    pool_id: int
    project_id: int | None
    item_id: int
    year: int
    quantity: int
    source: str
    target: str
    counter_pool_id: int | None
    reverses_id: int | None
    doc_no: str
    note: str
    on_date: str
    posted_at: datetime
    actor: str
    revision: int
    pool: str
    counter_pool: str | None
    project: str | None
    item: str
    dimension: str


class ReserveRecord(TypedDict):
    """What a project holds reserved in a pool, what of it was granted so far, and by which document it was reserved."""

    project_id: int
    pool_id: int
    preallocated: int
    locked: int
    name_zh: str
    name_en: str
    year: int
    level: str
    carries: bool
    granted: int
    project: str
    pool: str
    item: str
    dimension: str
    reserved: int
    doc_no: str
    note: str
    on_date: str | None
