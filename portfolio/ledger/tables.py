"""Tables of the ledger: pools, what each project holds in them, and the entries that moved it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, false
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column, whole
from portfolio.ledger.rules import HELD

_NOT_NEGATIVE = " AND ".join(f"{bucket} >= 0" for bucket in HELD)


class Pool(SQLModel, table=True):
    """A quantity of one node of the element tree for a year, region and level; its buckets in whole yuan or m².

    What a pool that `carries` leaves unspent may serve needs of the next year, while it is valid.
    """

    __tablename__ = "pools"
    __table_args__ = (
        CheckConstraint(f"free >= 0 AND {_NOT_NEGATIVE}", name="not_overdrawn"),
        Index("ix_pools_item_year", "item_id", "year"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(default="", max_length=120)
    item_id: int = Field(foreign_key="items.id")
    year: int
    region_code: str = Field(max_length=16, foreign_key="regions.code")
    level: str = Field(max_length=12)
    kind: str = Field(max_length=12)
    valid_until: str | None = Field(default=None, max_length=10)
    carries: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    doc_no: str = Field(max_length=80)
    basis: str = Field(default="reported", max_length=12)
    free: int = Field(default=0, sa_column=whole(nullable=False))
    preallocated: int = Field(default=0, sa_column=whole(nullable=False))
    locked: int = Field(default=0, sa_column=whole(nullable=False))
    granted: int = Field(default=0, sa_column=whole(nullable=False))
    delivered: int = Field(default=0, sa_column=whole(nullable=False))
    used: int = Field(default=0, sa_column=whole(nullable=False))
    revision: int | None = Field(default=None, sa_column=Column(BigInteger))


class Account(SQLModel, table=True):
    """What one project holds in one pool, by bucket."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        CheckConstraint(_NOT_NEGATIVE, name="not_overdrawn"),
        Index("ix_ledger_accounts_project_id", "project_id"),
        {"sqlite_with_rowid": False},
    )

    pool_id: int = Field(primary_key=True, foreign_key="pools.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    preallocated: int = Field(default=0, sa_column=whole(nullable=False))
    locked: int = Field(default=0, sa_column=whole(nullable=False))
    granted: int = Field(default=0, sa_column=whole(nullable=False))
    delivered: int = Field(default=0, sa_column=whole(nullable=False))
    used: int = Field(default=0, sa_column=whole(nullable=False))


class LedgerEntry(SQLModel, table=True):
    """One move of a quantity from a bucket to another; written once, undone only by a reversing entry."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="positive"),
        Index("ix_ledger_entries_pool", "pool_id", "on_date"),
        Index("ix_ledger_entries_project", "project_id", "id"),
        Index("ix_ledger_entries_counter", "counter_pool_id", "on_date"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    kind: str = Field(max_length=12)
    pool_id: int = Field(foreign_key="pools.id")
    project_id: int | None = Field(default=None, foreign_key="projects.id")
    item_id: int = Field(foreign_key="items.id")
    year: int
    quantity: int = Field(sa_column=whole(nullable=False))
    source: str = Field(max_length=12)
    target: str = Field(max_length=12)
    counter_pool_id: int | None = Field(default=None, foreign_key="pools.id")
    reverses_id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), unique=True, nullable=True)
    )
    doc_no: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=500)
    on_date: str = Field(max_length=10)
    posted_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    revision: int = Field(sa_column=Column(BigInteger, nullable=False))
