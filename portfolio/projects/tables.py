"""Tables of the project library. Amounts are whole yuan, months `YYYY-MM`, coordinates CGCS2000 degrees."""

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import AutoString

from portfolio.core.text_columns import PlainText

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


def words(length: int) -> AutoString:
    """The type of a column of a text of at most `length` characters.

    Not `max_length`, to which pydantic would hold `ProjectData`: the rules tell what is too long, in both languages.
    """
    return AutoString(length)


class PlainFacts(SQLModel):
    """The facts of a project that are the same at every edge: words, codes, months, answers and degrees.

    A `str` is words of people, a `str | None` a code or a month. `*_basis` says whether the figures beside it were
    reported or are illustrative. `office_unit` is the reporting unit (填报单位) whose project office answers for the
    record. `start_month` and `finish_month` are planned; the `actual_*` ones say when works did begin and end, none
    while that has not come about or nobody told.
    """

    national_code: str | None = Field(default=None, sa_type=words(24), index=True, unique=True)
    name_zh: str = Field(default="", sa_type=words(200))
    name_en: str = Field(default="", sa_type=words(300))
    kind: str | None = Field(default=None, sa_type=words(30))
    nature: str | None = Field(default=None, sa_type=words(20))
    approval_type: str | None = Field(default=None, sa_type=words(20))
    capacity_zh: str = Field(default="", sa_type=words(500))
    section: str = Field(default="", sa_type=words(300))
    lead_unit: str | None = Field(default=None, sa_type=words(24), foreign_key="units.code")
    office_unit: str | None = Field(default=None, sa_type=words(24), foreign_key="units.code", index=True)
    owner: str = Field(default="", sa_type=words(120))
    stage: str | None = Field(default=None, sa_type=words(20))
    stage_basis: str | None = Field(default=None, sa_type=words(12))
    start_month: str | None = Field(default=None, sa_type=words(7))
    finish_month: str | None = Field(default=None, sa_type=words(7))
    actual_start_month: str | None = Field(default=None, sa_type=words(7))
    actual_finish_month: str | None = Field(default=None, sa_type=words(7))
    schedule_basis: str | None = Field(default=None, sa_type=words(12))
    investment_basis: str | None = Field(default=None, sa_type=words(12))
    cross_province: bool | None = None
    co_agreed: bool | None = None
    co_agreed_doc: str = Field(default="", sa_type=words(120))
    sea_related: bool | None = None
    lon: float | None = None
    lat: float | None = None
    source: str = Field(default="", sa_type=words(200))


class ProjectFacts(PlainFacts):
    """All facts of a project, each declared here or above and nowhere else: in base units and codes."""

    code: str = Field(sa_type=words(24), unique=True)
    total_investment_yuan: int | None = Field(default=None, sa_type=BigInteger)


class Project(ProjectFacts, table=True):
    """A project.

    `city_code` is the one reporting city that sums count it under (450000: cross-city or 区直; none: no region known).
    `name_key` is the plain form of `name_zh` (`projects.naming`), by which names are found.
    """

    __tablename__ = "projects"
    __table_args__ = (*(sort_index(name) for name in SORTED),)

    id: int | None = Field(default=None, primary_key=True)
    name_key: str = Field(default="", max_length=200, index=True, sa_column_kwargs={"server_default": ""})
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


class ProjectData(ProjectFacts):
    """The facts of a project as they come in: everything an office may state; without a code it is given one."""

    code: str = ""
    region_codes: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


LINKS = ("region_codes", "task_ids", "units")


def _in_order() -> tuple[str, ...]:
    """The facts as a form asks them: the code first, the amount before its basis."""
    names = ["code", *PlainFacts.model_fields]
    names.insert(names.index("investment_basis"), "total_investment_yuan")
    return tuple(names)


def _length(name: str) -> int:
    column = Project.metadata.tables["projects"].columns[name]
    assert isinstance(column.type, PlainText)
    assert column.type.length
    return column.type.length


FACTS = _in_order()
# How long the words of people may be.
LENGTHS = {name: _length(name) for name, field in PlainFacts.model_fields.items() if field.annotation is str}
BASIS_OF = {
    "stage": "stage_basis",
    "start_month": "schedule_basis",
    "finish_month": "schedule_basis",
    "actual_start_month": "schedule_basis",
    "actual_finish_month": "schedule_basis",
    "total_investment_yuan": "investment_basis",
}
