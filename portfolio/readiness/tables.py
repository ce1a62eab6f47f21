"""Tables of readiness: what each project has done of its checklist."""

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


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
