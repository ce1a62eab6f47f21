"""Tables of screening: criteria values, acts on gates, policies, and scores kept with their reasons."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column
from portfolio.core.text_columns import document

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Criterion(SQLModel, table=True):
    """What an office or panel says of a project by a number: a fact of source `criteria`, or one of its own."""

    __tablename__ = "criteria"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    criterion: str = Field(primary_key=True, max_length=40)
    value: float
    basis: str = Field(default="reported", max_length=12)


class GateAct(SQLModel, table=True):
    """A veto lifted, a failed check justified, or either taken back; appended and sealed.

    `evidence` is what the gate looked at then: the act counts as long as that is unchanged.
    """

    __tablename__ = "gate_acts"
    __table_args__ = (Index("ix_gate_acts_project", "project_id", "gate", "id"),)

    id: int | None = Field(default=None, sa_column=Column(_NUMBER, primary_key=True, autoincrement=True))
    project_id: int = Field(foreign_key="projects.id")
    gate: str = Field(max_length=40)
    kind: str = Field(max_length=10)
    person: str = Field(max_length=80)
    doc_no: str = Field(default="", max_length=80)
    words: str = Field(default="", max_length=1000)
    evidence: str = Field(default="", sa_column=Column(Text, nullable=False))
    rules_version: str = Field(max_length=12)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class PolicyVersion(SQLModel, table=True):
    """A version of a policy as JSON text; `frozen` once a score or scenario used it, `draft` before."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("code", "version", name="uq_policy_versions_key"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40)
    version: int
    state: str = Field(max_length=10)
    definition: str = Field(sa_column=document("definition"))
    note: str = Field(default="", max_length=500)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class ScoreRun(SQLModel, table=True):
    """Scores kept at a moment under a policy version, appended and sealed."""

    __tablename__ = "score_runs"

    id: int | None = Field(default=None, primary_key=True)
    policy_id: int = Field(foreign_key="policy_versions.id")
    projects: int
    rules_version: str = Field(max_length=12)
    note: str = Field(default="", max_length=500)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class Score(SQLModel, table=True):
    """A project's score in a run: rank, points, what was missing, inputs (facts) and points by criterion as JSON."""

    __tablename__ = "scores"
    __table_args__ = (Index("ix_scores_project", "project_id"),)

    run_id: int = Field(primary_key=True, foreign_key="score_runs.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    rank: int
    points: float
    vetoed: bool
    missing: int
    profile: str = Field(max_length=40)
    inputs: str = Field(sa_column=Column(Text, nullable=False))
    parts: str = Field(sa_column=Column(Text, nullable=False))
