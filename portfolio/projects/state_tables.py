"""Tables of a record's life: where it stands, every step it took, and what is proposed to change in it."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class ProjectState(SQLModel, table=True):
    """Where a record stands. A project without a row is in the library (入库) and has never left it.

    `step` and the reviewer say who is waited for; `accepted` whether it ever was in the library; `locked` is empty,
    `own` or `all` by the reach of whoever locked it.
    """

    __tablename__ = "project_states"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    state: str = Field(max_length=12, index=True)
    step: str = Field(default="", max_length=8)
    reviewer_unit: str | None = Field(default=None, max_length=24, foreign_key="units.code", index=True)
    reviewer_city: str | None = Field(default=None, max_length=16, index=True)
    accepted: bool = False
    locked: str = Field(default="", max_length=4)
    stage_before: str | None = Field(default=None, max_length=20)
    since: datetime = Field(sa_column=utc_column())
    version: int = 1


class ProjectTransition(SQLModel, table=True):
    """One step of a record's life: who, when, why. Written once; the database refuses to change it.

    The project is named by its code, so that the steps of a removed record stay.
    """

    __tablename__ = "project_transitions"
    __table_args__ = (Index("ix_project_transitions_code", "code", "id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    at: datetime = Field(sa_column=utc_column())
    code: str = Field(max_length=24)
    action: str = Field(max_length=12)
    source: str = Field(default="", max_length=12)
    target: str = Field(max_length=12)
    step: str = Field(default="", max_length=8)
    actor: str = Field(max_length=80)
    actor_unit: str = Field(default="", max_length=24)
    to_unit: str = Field(default="", max_length=24)
    reason: str = Field(default="", max_length=500)
    doc_no: str = Field(default="", max_length=80)
    batch: str = Field(default="", max_length=40)


class ProposedPart(SQLModel, table=True):
    """What is to change in a part of an accepted record (`facts`, `profile`, `needs`, `details`, `financing`).

    `content` is JSON: key → [what stood there when it was said, what is to stand there]. `actor` said it last, at `at`.
    """

    __tablename__ = "proposed_parts"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    part: str = Field(primary_key=True, max_length=12)
    content: str = Field(sa_column=Column(Text, nullable=False))
    actor: str = Field(max_length=80)
    actor_unit: str = Field(default="", max_length=24)
    at: datetime = Field(sa_column=utc_column())
