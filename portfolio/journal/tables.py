"""The journal: one row a change, written once. The database refuses to update or delete it (migration triggers)."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class JournalEntry(SQLModel, table=True):
    """Who changed what, when, from what to what; `before` and `after` are JSON, `subject` is the record's key."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    room: str = Field(max_length=20)
    subject: str = Field(max_length=40)
    action: str = Field(max_length=20)
    before: str | None = Field(default=None, sa_column=Column(Text))
    after: str | None = Field(default=None, sa_column=Column(Text))
    reason: str | None = Field(default=None, max_length=500)
    revision: int = Field(sa_column=Column(BigInteger, nullable=False))
