"""The journal: one row a change, written once and chained. The database refuses to change it (migration triggers)."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class JournalEntry(SQLModel, table=True):
    """Who changed what, when, from what to what; `before` and `after` are JSON, `subject` is the record's key.

    `hash` is the SHA-256 of the row's content and of the hash of the row before it (`journal.chain`).
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_subject", "subject", "id"),
        Index("ix_journal_at", "at", "id"),
        Index("ix_journal_import_id", "import_id", "id"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    room: str = Field(max_length=20)
    subject: str = Field(max_length=80)
    action: str = Field(max_length=20)
    before: str | None = Field(default=None, sa_column=Column(Text))
    after: str | None = Field(default=None, sa_column=Column(Text))
    reason: str | None = Field(default=None, max_length=500)
    revision: int = Field(sa_column=Column(BigInteger, nullable=False))
    address: str = Field(default="", max_length=64)
    request_id: str = Field(default="", max_length=64)
    import_id: str | None = Field(default=None, max_length=40)
    hash: str = Field(max_length=64)


class JournalHead(SQLModel, table=True):
    """The single row (id 1) that says how many rows the journal holds and the hash of the last: a cut end shows."""

    __tablename__ = "journal_head"

    id: int = Field(primary_key=True)
    rows: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str = Field(max_length=64)
