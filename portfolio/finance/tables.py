"""Tables of finance: review rounds, lines and decisions, envelopes, financing, investment by year, work funds."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column, whole

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Round(SQLModel, table=True):
    """A review of what is asked for the years `year` to `last_year`."""

    __tablename__ = "review_rounds"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    year: int
    last_year: int
    name: str = Field(default="", max_length=120)
    state: str = Field(max_length=10)
    basis: str = Field(default="reported", max_length=12)
    opened_at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class Line(SQLModel, table=True):
    """One project's asked amount of a source and year in a round; yuan."""

    __tablename__ = "review_lines"
    __table_args__ = (
        UniqueConstraint("round_id", "project_id", "item_id", "year", name="uq_review_lines_key"),
        Index("ix_review_lines_state", "round_id", "state"),
        Index("ix_review_lines_project", "project_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(_NUMBER, primary_key=True, autoincrement=True))
    round_id: int = Field(foreign_key="review_rounds.id")
    project_id: int = Field(foreign_key="projects.id")
    item_id: int = Field(foreign_key="items.id")
    year: int
    asked: int = Field(sa_column=whole(nullable=False))
    proposed: int | None = Field(default=None, sa_column=whole())
    state: str = Field(max_length=10)
    version: int = 1


class Decision(SQLModel, table=True):
    """One step of a line, appended and sealed; a grant names its ledger entry."""

    __tablename__ = "review_decisions"
    __table_args__ = (
        Index("ix_review_decisions_line", "line_id", "id"),
        CheckConstraint("amount IS NULL OR amount >= 0", name="not_negative"),
    )

    id: int | None = Field(default=None, sa_column=Column(_NUMBER, primary_key=True, autoincrement=True))
    line_id: int = Field(sa_column=Column(_NUMBER, nullable=False))
    kind: str = Field(max_length=10)
    amount: int | None = Field(default=None, sa_column=whole())
    reason: str = Field(default="", max_length=24)
    note: str = Field(default="", max_length=500)
    doc_no: str = Field(default="", max_length=80)
    entry_id: int | None = Field(default=None, sa_column=Column(_NUMBER, nullable=True, index=True))
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class Envelope(SQLModel, table=True):
    """What a level's budget can carry in a year: its own amount and what was carried over; the newest row counts."""

    __tablename__ = "envelopes"
    __table_args__ = (Index("ix_envelopes_key", "level", "year", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    level: str = Field(max_length=12)
    year: int
    own_yuan: int = Field(sa_column=whole(nullable=False))
    carried_yuan: int = Field(default=0, sa_column=whole(nullable=False))
    doc_no: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=500)
    basis: str = Field(default="reported", max_length=12)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class Financing(SQLModel, table=True):
    """One instrument a project is or wants to be financed by; `cover_milli` is 1.2 as 1200."""

    __tablename__ = "financings"
    __table_args__ = (Index("ix_financings_project", "project_id"),)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="projects.id")
    instrument: str = Field(max_length=24)
    amount_yuan: int = Field(sa_column=whole(nullable=False))
    first_year: int
    term_years: int | None = None
    partner: str = Field(default="", max_length=120)
    status: str = Field(max_length=12)
    regime: str = Field(default="", max_length=16)
    bond_use: str = Field(default="", max_length=24)
    cover_milli: int | None = None
    in_national_library: bool | None = None
    in_debt_library: bool | None = None
    annual_payment_yuan: int | None = Field(default=None, sa_column=whole())
    doc_no: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=500)
    version: int = 1


class FiscalCapacity(SQLModel, table=True):
    """A region's general public budget expenditure of a year."""

    __tablename__ = "fiscal_capacities"

    region_code: str = Field(primary_key=True, max_length=16, foreign_key="regions.code")
    year: int = Field(primary_key=True)
    budget_yuan: int = Field(sa_column=whole(nullable=False))
    doc_no: str = Field(default="", max_length=80)


class YearlyFigure(SQLModel, table=True):
    """What an office states of a project's investment: completed in a year, to date at its end, or expected by it."""

    __tablename__ = "yearly_figures"
    __table_args__ = (CheckConstraint("amount_yuan >= 0", name="not_negative"),)

    project_id: int = Field(primary_key=True, foreign_key="projects.id")
    year: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=12)
    amount_yuan: int = Field(sa_column=whole(nullable=False))
    basis: str = Field(default="reported", max_length=12)
    note: str = Field(default="", max_length=200)
    at: datetime = Field(sa_column=utc_column())
    actor: str = Field(max_length=80)


class WorkFund(SQLModel, table=True):
    """Cooperation work funds (合作工作经费): a budget line of a unit and year, never of a project."""

    __tablename__ = "work_funds"
    __table_args__ = (UniqueConstraint("unit_code", "year", "purpose", name="uq_work_funds_key"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_code: str = Field(max_length=24, foreign_key="units.code")
    year: int
    purpose: str = Field(max_length=120)
    asked_yuan: int = Field(sa_column=whole(nullable=False))
    granted_yuan: int | None = Field(default=None, sa_column=whole())
    doc_no: str = Field(default="", max_length=80)
    note: str = Field(default="", max_length=500)
    version: int = 1
