"""Tables of readiness: what each project has done of its checklist, and the documents that show it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class ProjectStep(SQLModel, table=True):
    """What a project has done of one step; a step without a row has not been started."""

    __tablename__ = "project_steps"
    __table_args__ = (Index("ix_project_steps_step", "step", "status"),)

    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    step: str = Field(primary_key=True, max_length=24)
    status: str = Field(max_length=16)
    planned_on: str | None = Field(default=None, max_length=10)
    actual_on: str | None = Field(default=None, max_length=10)
    valid_until: str | None = Field(default=None, max_length=10)
    doc_no: str = Field(default="", max_length=80)
    authority: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=500)
    basis: str = Field(default="reported", max_length=12)
    revision: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class Attachment(SQLModel, table=True):
    """A file laid beside a step."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_project", "project_id", "step"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="projects.id")
    step: str = Field(max_length=24)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
