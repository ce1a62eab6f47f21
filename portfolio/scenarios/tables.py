"""Tables of scenarios: questions and answers, pools and pins, jobs, and what an approval proposed and reserved."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from portfolio.access.tables import User
from portfolio.core.columns import UtcDateTime, utc_column, whole
from portfolio.core.text_columns import AS_GIVEN, document

_NUMBER = BigInteger().with_variant(Integer, "sqlite")
DRAFT, SOLVED, APPROVED, SUPERSEDED = "draft", "solved", "approved", "superseded"
# Named by its table, so that whoever loads scenarios knows it: a worker loads nothing else of the accounts.
ACCOUNT = f"{User.__tablename__}.id"
STATES = (DRAFT, SOLVED, APPROVED, SUPERSEDED)


def _moment() -> Column[datetime]:
    return Column(UtcDateTime(), nullable=True)


class Scenario(SQLModel, table=True):
    """A question to the optimiser over an edition, with its last answer; `maker` is the person who answers for it,
    `maker_id` the account (None: made at the machine itself, under a name typed in); `approver` likewise.

    `built_revision`, `needs_hash` and `pools_hash` say what the answer was made from; `outcome` holds rungs, findings,
    conflict and totals as JSON.
    """

    __tablename__ = "scenarios"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(default="", max_length=120)
    edition_id: int = Field(foreign_key="editions.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="scenarios.id")
    policy: str = Field(max_length=60)
    options: str = Field(sa_column=document("options"))
    state: str = Field(default=DRAFT, max_length=12)
    basis: str = Field(default="reported", max_length=12)
    maker: str = Field(max_length=80)
    maker_id: int | None = Field(default=None, foreign_key=ACCOUNT, ondelete="SET NULL")
    note: str = Field(default="", max_length=500)
    made_revision: int = Field(sa_column=Column(BigInteger, nullable=False))
    built_revision: int | None = Field(default=None, sa_column=Column(BigInteger))
    needs_hash: str = Field(default="", max_length=64)
    pools_hash: str = Field(default="", max_length=64)
    status: str = Field(default="", max_length=12)
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float | None = None
    greedy_value: float | None = None
    outcome: str = Field(default="", sa_column=Column(Text, nullable=False))
    doc_no: str = Field(default="", max_length=80)
    approver: str = Field(default="", max_length=80)
    approver_id: int | None = Field(default=None, foreign_key=ACCOUNT, ondelete="SET NULL")
    approved_on: str | None = Field(default=None, max_length=10)
    made_at: datetime = Field(sa_column=utc_column())
    solved_at: datetime | None = Field(default=None, sa_column=_moment())
    actor: str = Field(max_length=80)
    version: int = 1


class ScenarioPool(SQLModel, table=True):
    """A pool as a scenario has it; `original` is what the ledger could give when it was copied, 0 for one added.

    `carries` and `valid_until` (a day) were copied with it; `carried_in` is what needs of its year take from the pool
    of the year before.
    """

    __tablename__ = "scenario_pools"

    scenario_id: int = Field(primary_key=True, foreign_key="scenarios.id")
    pool: str = Field(primary_key=True, max_length=40)
    pool_id: int | None = Field(default=None, foreign_key="pools.id")
    item_id: int = Field(foreign_key="items.id")
    year: int
    region_code: str = Field(max_length=16, foreign_key="regions.code")
    level: str = Field(max_length=12)
    original: int = Field(sa_column=whole(nullable=False))
    quantity: int = Field(sa_column=whole(nullable=False))
    used: int | None = Field(default=None, sa_column=whole())
    kind: str = Field(default="", max_length=12, sa_column_kwargs={"server_default": ""})
    carries: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    valid_until: str | None = Field(default=None, max_length=10)
    carried_in: int | None = Field(default=None, sa_column=whole())


class ScenarioPin(SQLModel, table=True):
    """A project that a person put in (`inside`) or out, with the reason."""

    __tablename__ = "scenario_pins"

    scenario_id: int = Field(primary_key=True, foreign_key="scenarios.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    inside: bool
    reason: str = Field(max_length=500)
    actor: str = Field(max_length=80)
    at: datetime = Field(sa_column=utc_column())


class ScenarioProject(SQLModel, table=True):
    """A candidate as the answer was made: its value, rung and needs, and what was decided; `delay` -1 is out.

    `fund_yuan`, `land_m2`, `sea_m2` and `forest_m2` are what it still needs in the window, None where an older answer
    does not tell them apart; `reason` is a code with params as JSON.
    """

    __tablename__ = "scenario_projects"

    scenario_id: int = Field(primary_key=True, foreign_key="scenarios.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    code: str = Field(max_length=24)
    rung: str = Field(max_length=16)
    points: float
    vetoed: bool
    needs_hash: str = Field(max_length=64)
    fund_yuan: int = Field(default=0, sa_column=whole(nullable=False))
    land_m2: int | None = Field(default=None, sa_column=whole(nullable=True))
    sea_m2: int | None = Field(default=None, sa_column=whole(nullable=True))
    forest_m2: int | None = Field(default=None, sa_column=whole(nullable=True))
    delay: int = -1
    value: float = 0.0
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    ranked: bool = False


class Explanation(SQLModel, table=True):
    """Something that was found out by solving again, kept until the scenario changes: content as JSON."""

    __tablename__ = "scenario_explanations"

    scenario_id: int = Field(primary_key=True, foreign_key="scenarios.id")
    kind: str = Field(primary_key=True, max_length=12)
    subject: str = Field(primary_key=True, max_length=40)
    content: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=utc_column())


class Job(SQLModel, table=True):
    """A long computation: who works on it proves it by its heartbeat; without one it is taken up anew."""

    __tablename__ = "allocation_jobs"
    __table_args__ = (Index("ix_allocation_jobs_state", "state", "id"),)

    id: int | None = Field(default=None, sa_column=Column(_NUMBER, primary_key=True, autoincrement=True))
    scenario_id: int = Field(foreign_key="scenarios.id", index=True)
    kind: str = Field(max_length=12)
    subject: str = Field(default="", max_length=40)
    state: str = Field(max_length=10)
    stopping: bool = False
    attempts: int = 0
    worker: str = Field(default="", max_length=60)
    fault: str = Field(default="", max_length=60)
    detail: str = Field(default="", max_length=500, sa_column_kwargs=AS_GIVEN)
    made_at: datetime = Field(sa_column=utc_column())
    started_at: datetime | None = Field(default=None, sa_column=_moment())
    beat_at: datetime | None = Field(default=None, sa_column=_moment())
    ended_at: datetime | None = Field(default=None, sa_column=_moment())
    actor: str = Field(max_length=80)


class JobProgress(SQLModel, table=True):
    """How far a job had come after so many seconds."""

    __tablename__ = "allocation_progress"

    job_id: int = Field(sa_column=Column(_NUMBER, primary_key=True, autoincrement=False))
    place: int = Field(primary_key=True)
    rung: str = Field(default="", max_length=16)
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    seconds: float


class Proposal(SQLModel, table=True):
    """What an approved scenario proposes for a project: a quantity of a leaf in a year, after `delay` years."""

    __tablename__ = "allocation_proposals"
    __table_args__ = (Index("ix_allocation_proposals_project", "project_id"),)

    scenario_id: int = Field(primary_key=True, foreign_key="scenarios.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    year: int = Field(primary_key=True)
    quantity: int = Field(sa_column=whole(nullable=False))
    delay: int


class Reserve(SQLModel, table=True):
    """A preallocation an approval made, with its entry in the ledger; `entry_back` is what returned the rest."""

    __tablename__ = "allocation_reserves"
    __table_args__ = (
        UniqueConstraint("scenario_id", "project_id", "pool_id", name="uq_allocation_reserves_cell"),
        Index("ix_allocation_reserves_project", "project_id", "pool_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(_NUMBER, primary_key=True, autoincrement=True))
    scenario_id: int = Field(foreign_key="scenarios.id")
    project_id: int = Field(foreign_key="projects.id")
    pool_id: int = Field(foreign_key="pools.id")
    quantity: int = Field(sa_column=whole(nullable=False))
    entry_id: int = Field(sa_column=Column(_NUMBER, nullable=False))
    entry_back: int | None = Field(default=None, sa_column=Column(_NUMBER, nullable=True))
