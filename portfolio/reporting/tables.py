"""Tables of entry and review: drafts not yet saved, batches submitted under a document, rounds of reporting."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class Draft(SQLModel, table=True):
    """What a person has typed into the form of a record and not saved; `subject` is its code, or `new` with
    a mark for each form of a new record.

    `content` is JSON of the form; the versions are those of the record as the person read it.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("actor", "subject", name="uq_drafts_actor_subject"),)

    id: int | None = Field(default=None, primary_key=True)
    actor: str = Field(max_length=80)
    subject: str = Field(max_length=24)
    content: str = Field(sa_column=Column(Text, nullable=False))
    base: str = Field(sa_column=Column(Text, nullable=False))
    saved_at: datetime = Field(sa_column=utc_column())
    version: int = 1


class Batch(SQLModel, table=True):
    """Records submitted together under a document (报送文号, 文件标题) as one category."""

    __tablename__ = "batches"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    category: str = Field(max_length=16)
    doc_no: str = Field(max_length=80)
    title: str = Field(max_length=200)
    projects: int
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    actor_unit: str = Field(default="", max_length=24)


class ReportingRound(SQLModel, table=True):
    """A round of reporting: whose records are expected to be submitted from `opens_on` until `due_on`.

    `units` and `cities` (codes separated by `;`) narrow whose; both empty mean everybody's. `stage` asks for what that
    stage requires, whatever the record's own.
    """

    __tablename__ = "reporting_rounds"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    title_zh: str = Field(max_length=120)
    title_en: str = Field(default="", max_length=200)
    stage: str = Field(default="", max_length=20)
    units: str = Field(default="", sa_column=Column(Text, nullable=False))
    cities: str = Field(default="", sa_column=Column(Text, nullable=False))
    opens_on: str = Field(max_length=10)
    due_on: str = Field(max_length=10)
    closed: bool = False
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    version: int = 1
