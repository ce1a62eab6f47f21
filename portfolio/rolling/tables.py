"""Tables of editions: the edition, its entries with their facts as they then were, and its needs by year."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column, whole


class Edition(SQLModel, table=True):
    """A programme over `years` from `base_year` on; `basis` says whether illustrative figures went into it."""

    __tablename__ = "editions"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    base_year: int
    years: int
    batch: str = Field(max_length=16)
    state: str = Field(max_length=12)
    parent_id: int | None = Field(default=None, foreign_key="editions.id")
    doc_no: str = Field(default="", max_length=80)
    approved_on: str | None = Field(default=None, max_length=10)
    note: str = Field(default="", max_length=500)
    inputs_hash: str = Field(max_length=64)
    rules_version: str = Field(max_length=12)
    basis: str = Field(default="reported", max_length=12)
    made_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    version: int = 1


class EditionEntry(SQLModel, table=True):
    """A project in an edition; `decision` is proposed, accepted or rejected, `rule` what proposed it."""

    __tablename__ = "edition_entries"
    __table_args__ = (Index("ix_edition_entries_category", "edition_id", "category"),)

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    code: str = Field(max_length=24)
    name_zh: str = Field(max_length=200)
    name_en: str = Field(default="", max_length=300)
    kind: str | None = Field(default=None, max_length=30)
    city_code: str | None = Field(default=None, max_length=16)
    lead_unit: str | None = Field(default=None, max_length=24)
    stage: str | None = Field(default=None, max_length=20)
    start_month: str | None = Field(default=None, max_length=7)
    finish_month: str | None = Field(default=None, max_length=7)
    total_yuan: int | None = Field(default=None, sa_column=whole())
    category: str = Field(max_length=12)
    derived: str = Field(max_length=12)
    rung: str = Field(max_length=12)
    change: str = Field(max_length=12)
    rule: str = Field(max_length=24)
    decision: str = Field(max_length=10)
    reason: str = Field(default="", max_length=500)
    marks: str = Field(default="", max_length=120)
    annual_yuan: int = Field(default=0, sa_column=whole(nullable=False))
    content: str = Field(default="", max_length=500)
    idle_years: int = 0
    version: int = 1


class EditionNeed(SQLModel, table=True):
    """What an entry needs of a leaf in a year; in a year that is closed it is what was delivered."""

    __tablename__ = "edition_needs"

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    year: int = Field(primary_key=True)
    required: int = Field(sa_column=Column(BigInteger, nullable=False))
