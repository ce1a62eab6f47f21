"""Tables of needs: what each project asks for, by leaf of the element tree and year."""

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from portfolio.core.columns import whole


class Need(SQLModel, table=True):
    """What a project requires of a leaf item in a year: whole yuan for money, whole m² for areas. Zero is an answer."""

    __tablename__ = "needs"
    __table_args__ = (Index("ix_needs_item_year", "item_id", "year"), {"sqlite_with_rowid": False})

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    year: int = Field(primary_key=True)
    required: int = Field(sa_column=whole(nullable=False))
    basis: str = Field(max_length=12)
    revision: int | None = Field(default=None, sa_column=Column(BigInteger))


class NotApplicable(SQLModel, table=True):
    """A project's statement that an item, with all under it, does not concern it (不涉及)."""

    __tablename__ = "not_applicable"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    basis: str = Field(max_length=12)
    revision: int | None = Field(default=None, sa_column=Column(BigInteger))


class NeedDetail(SQLModel, table=True):
    """What an office adds to an item of a project: an attribute of `needs/data/attributes.csv`, its value as text."""

    __tablename__ = "need_details"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    item_id: int = Field(primary_key=True, foreign_key="items.id")
    attribute: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)
    basis: str = Field(default="reported", max_length=12)
