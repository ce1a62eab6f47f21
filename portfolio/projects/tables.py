"""Tables of the project library. Amounts are whole yuan, months `YYYY-MM`, coordinates CGCS2000 degrees."""

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import whole

SORTED = (
    "code",
    "name_zh",
    "kind",
    "stage",
    "city_code",
    "lead_unit",
    "start_month",
    "finish_month",
    "total_investment_yuan",
)
FILTERED = ("stage", "city_code", "kind", "lead_unit")


def sort_index(name: str) -> Index:
    """The index that gives a sort its order and lets the usual filters be judged without reading the rows."""
    return Index(f"ix_projects_{name}", name, "id", *(column for column in FILTERED if column != name))


class Project(SQLModel, table=True):
    """A project. `*_basis` says whether the figures beside it were reported or are illustrative.

    `city_code` is the one reporting city that sums count it under (450000: cross-city or 区直; none: no region known).
    `office_unit` is the reporting unit (填报单位) whose project office answers for the record. `name_key` is the
    plain form of `name_zh` (`projects.naming`), by which names are found.
    """

    __tablename__ = "projects"
    __table_args__ = (*(sort_index(name) for name in SORTED),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=24, unique=True)
    national_code: str | None = Field(default=None, max_length=24, index=True, unique=True)
    name_zh: str = Field(max_length=200)
    name_key: str = Field(default="", max_length=200, index=True, sa_column_kwargs={"server_default": ""})
    name_en: str = Field(default="", max_length=300)
    kind: str | None = Field(default=None, max_length=30)
    nature: str | None = Field(default=None, max_length=20)
    approval_type: str | None = Field(default=None, max_length=20)
    capacity_zh: str = Field(default="", max_length=500)
    section: str = Field(default="", max_length=300)
    lead_unit: str | None = Field(default=None, max_length=24, foreign_key="units.code")
    office_unit: str | None = Field(default=None, max_length=24, foreign_key="units.code", index=True)
    owner: str = Field(default="", max_length=120)
    stage: str | None = Field(default=None, max_length=20)
    stage_basis: str | None = Field(default=None, max_length=12)
    start_month: str | None = Field(default=None, max_length=7)
    finish_month: str | None = Field(default=None, max_length=7)
    schedule_basis: str | None = Field(default=None, max_length=12)
    total_investment_yuan: int | None = Field(default=None, sa_column=whole())
    investment_basis: str | None = Field(default=None, max_length=12)
    cross_province: bool | None = None
    co_agreed: bool | None = None
    co_agreed_doc: str = Field(default="", max_length=120)
    sea_related: bool | None = None
    lon: float | None = None
    lat: float | None = None
    source: str = Field(default="", max_length=200)
    city_code: str | None = Field(default=None, max_length=16)
    search_text: str = Field(default="", sa_column=Column(Text, nullable=False))
    version: int = 1
    needs_version: int = 1
    revision: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class ProjectRegion(SQLModel, table=True):
    """A region a project touches, at its place in the list (1 first)."""

    __tablename__ = "project_regions"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    region_code: str = Field(max_length=16, foreign_key="regions.code", index=True)


class ProjectTask(SQLModel, table=True):
    """A task a project serves, at its place in the list."""

    __tablename__ = "project_tasks"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    task_id: str = Field(max_length=12, foreign_key="tasks.id", index=True)


class ProjectUnit(SQLModel, table=True):
    """A responsible unit of a project, at its place in the list."""

    __tablename__ = "project_units"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    unit_code: str = Field(max_length=24, foreign_key="units.code", index=True)


class ProjectData(SQLModel):
    """The facts of a project as they come in: everything an office may state, in base units and codes."""

    code: str = ""
    national_code: str | None = None
    name_zh: str = ""
    name_en: str = ""
    kind: str | None = None
    nature: str | None = None
    approval_type: str | None = None
    capacity_zh: str = ""
    section: str = ""
    lead_unit: str | None = None
    office_unit: str | None = None
    owner: str = ""
    stage: str | None = None
    stage_basis: str | None = None
    start_month: str | None = None
    finish_month: str | None = None
    schedule_basis: str | None = None
    total_investment_yuan: int | None = None
    investment_basis: str | None = None
    cross_province: bool | None = None
    co_agreed: bool | None = None
    co_agreed_doc: str = ""
    sea_related: bool | None = None
    lon: float | None = None
    lat: float | None = None
    source: str = ""
    region_codes: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


FACTS = tuple(name for name in ProjectData.model_fields if name not in {"region_codes", "task_ids", "units"})
LINKS = ("region_codes", "task_ids", "units")
BASIS_OF = {
    "stage": "stage_basis",
    "start_month": "schedule_basis",
    "finish_month": "schedule_basis",
    "total_investment_yuan": "investment_basis",
}
