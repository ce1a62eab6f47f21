"""Tables of editions: the edition, its entries with their facts as they then were, its needs, targets and comments."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from portfolio.core.columns import UtcDateTime, utc_column, whole


class Edition(SQLModel, table=True):
    """A programme over `years` from `base_year` on; `basis` says whether illustrative figures went into it.

    `later_years`: running projects may need money beyond the window; `origin`: rolled here, or imported from elsewhere.
    `open_year`: the first year that was not over when it was rolled (none: nobody asked then); `closed_by` is who
    declared the running year closed, and `closed_reason` why. `maker` answers for the draft, `approver` for its
    approval: the accounts that acted or, where nobody signs in, names typed in; empty before this was asked.
    """

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
    later_years: bool = False
    origin: str = Field(default="rolled", max_length=12)
    open_year: int | None = None
    closed_by: str = Field(default="", max_length=80)
    closed_reason: str = Field(default="", max_length=500)
    made_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    version: int = 1
    maker: str = Field(default="", max_length=80)
    approver: str = Field(default="", max_length=80)


class EditionEntry(SQLModel, table=True):
    """A project in an edition; `decision` is proposed, accepted or rejected, `rule` what proposed it.

    `points_milli` are the thousandths of points it was proposed with, none when a veto stood or no score was made;
    `late_months` for how long its planned start had been due and had not come about; `completed_yuan` what was
    completed to the end of the year before, a running year as expected, none when that was not stated.
    """

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
    actual_start_month: str | None = Field(default=None, max_length=7)
    actual_finish_month: str | None = Field(default=None, max_length=7)
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
    reason_code: str = Field(default="", max_length=24)
    approver: str = Field(default="", max_length=80)
    person: str = Field(default="", max_length=80)
    owner: str = Field(default="", max_length=120)
    capacity_zh: str = Field(default="", max_length=500)
    task_ids: str = Field(default="", max_length=300)
    ready_percent: int = 0
    complete_percent: int = 0
    points_milli: int | None = None
    late_months: int | None = None
    completed_yuan: int | None = Field(default=None, sa_column=whole())


class EditionNeed(SQLModel, table=True):
    """What an entry needs of a leaf in a year; in a year before the window it is what `basis` says.

    `carried` is the part of it that came over from years before. `basis`: delivered by the ledger, stated by the office
    as completed or as expected of a running year; of an unreported or running year it is still the plan. Empty in the
    years ahead, and in editions made before this was asked.
    """

    __tablename__ = "edition_needs"

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    year: int = Field(primary_key=True)
    required: int = Field(sa_column=Column(BigInteger, nullable=False))
    carried: int = Field(default=0, sa_column=whole(nullable=False))
    basis: str = Field(default="", max_length=12)


class CurvePoint(SQLModel, table=True):
    """What an entry is to complete in the month or the quarter that ends with `month` (1 to 12) of the base year."""

    __tablename__ = "edition_curves"

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    month: int = Field(primary_key=True)
    amount_yuan: int = Field(sa_column=whole(nullable=False))


class Milestone(SQLModel, table=True):
    """A milestone of an entry, at its place in the list."""

    __tablename__ = "edition_milestones"

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    position: int = Field(primary_key=True)
    name: str = Field(max_length=120)
    due_month: str = Field(max_length=7)
    done_month: str | None = Field(default=None, max_length=7)


class Comment(SQLModel, table=True):
    """What a unit says of an entry; while a `required` one is open the edition is not approved."""

    __tablename__ = "edition_comments"
    __table_args__ = (Index("ix_edition_comments_entry", "edition_id", "project_id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    edition_id: int = Field(foreign_key="editions.id")
    project_id: int = Field(foreign_key="projects.id")
    unit: str = Field(max_length=24, foreign_key="units.code")
    required: bool = False
    words: str = Field(max_length=1000)
    state: str = Field(default="open", max_length=12)
    answer: str = Field(default="", max_length=1000)
    made_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime(), nullable=True))
    answered_by: str = Field(default="", max_length=80)


class Addressee(SQLModel, table=True):
    """A unit that is asked in an edition's consultation, by `due_on`; `person` is whom it is for there, if anybody.

    `no_objection` is the answer 无意见; a comment of the unit since `asked_at` is an answer too.
    """

    __tablename__ = "edition_addressees"

    edition_id: int = Field(primary_key=True, foreign_key="editions.id")
    unit: str = Field(primary_key=True, max_length=24, foreign_key="units.code")
    person: str = Field(default="", max_length=80)
    due_on: str = Field(max_length=10)
    asked_at: datetime = Field(sa_column=utc_column())
    asked_by: str = Field(max_length=80)
    reminders: int = 0
    reminded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime(), nullable=True))
    no_objection: bool = False
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime(), nullable=True))
    answered_by: str = Field(default="", max_length=80)


class VetoDecision(SQLModel, table=True):
    """A named person's decision on an entry under a veto: to keep it in the edition, or to leave it out; appended.

    `vetoes` are the gates and the evidence it saw, as JSON: it answers those and no others.
    """

    __tablename__ = "edition_veto_decisions"
    __table_args__ = (Index("ix_edition_veto_decisions", "edition_id", "project_id"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    edition_id: int = Field(foreign_key="editions.id")
    project_id: int = Field(foreign_key="projects.id")
    decision: str = Field(max_length=10)
    person: str = Field(max_length=80)
    reason: str = Field(max_length=500)
    doc_no: str = Field(default="", max_length=80)
    vetoes: str = Field(sa_column=Column(Text, nullable=False))
    rules_version: str = Field(max_length=12)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class Listing(SQLModel, table=True):
    """An act by which a project comes to stand in a list of a year: included, or proposed and confirmed by units.

    `person` spoke for the unit: the account, or the name typed in where nobody signs in; empty before this was asked.
    """

    __tablename__ = "project_lists"
    __table_args__ = (UniqueConstraint("project_id", "list", "year", "unit", "act", name="uq_project_lists_act"),)

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    project_id: int = Field(foreign_key="projects.id")
    list: str = Field(max_length=16)
    year: int
    batch: str = Field(default="", max_length=16)
    unit: str = Field(default="", max_length=24)
    act: str = Field(max_length=12)
    doc_no: str = Field(default="", max_length=80)
    on_date: str = Field(max_length=10)
    made_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)
    person: str = Field(default="", max_length=80)
