"""Tables of the code lists that offices extend: regions and the element tree."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class CodeList(SQLModel, table=True):
    """Which version of a code list the database holds."""

    __tablename__ = "code_lists"

    name: str = Field(primary_key=True, max_length=40)
    version: str = Field(max_length=40)
    loaded_at: datetime = Field(sa_column=utc_column())


class Region(SQLModel, table=True):
    """A region of GB/T 2260, or a local area without a code of its own hung under its county."""

    __tablename__ = "regions"

    code: str = Field(primary_key=True, max_length=16)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=120)
    parent: str | None = Field(default=None, max_length=16, foreign_key="regions.code")
    level: str = Field(max_length=12)
    city_code: str | None = Field(default=None, max_length=16)
    valid_from: str | None = Field(default=None, max_length=10)
    valid_to: str | None = Field(default=None, max_length=10)
    successor: str | None = Field(default=None, max_length=16)
    source: str = Field(max_length=200)


class Item(SQLModel, table=True):
    """A node of the element tree; needs are entered on leaves, `national_threshold_m2` decides the approving level."""

    __tablename__ = "items"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    code: str = Field(max_length=80, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="items.id")
    dimension: str = Field(max_length=10)
    name_zh: str = Field(max_length=60)
    name_en: str = Field(max_length=120)
    position: int
    is_leaf: bool
    flags: str = Field(default="", max_length=200)
    national_threshold_m2: int | None = Field(default=None, sa_column=Column(BigInteger))
    source: str = Field(default="", max_length=200)
