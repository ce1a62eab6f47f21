"""The table of attachments: what is known of a file; its content lies in the store under its hash."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class Attachment(SQLModel, table=True):
    """A file laid beside an object: a project, a step of one (`<project>/<step>`), a ledger entry …"""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_object", "object_kind", "object_code"),)

    id: int | None = Field(default=None, primary_key=True)
    object_kind: str = Field(max_length=20)
    object_code: str = Field(max_length=80)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
