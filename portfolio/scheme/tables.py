"""Tables of the scheme: its 51 tasks, the responsible units, and who is responsible for what, in order."""

from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    """A responsible unit, under the name the scheme uses; a reorganised one names its successor."""

    __tablename__ = "units"

    code: str = Field(primary_key=True, max_length=24)
    name_zh: str = Field(max_length=60, unique=True)
    full_name_zh: str = Field(max_length=120)
    name_en: str = Field(default="", max_length=160)
    kind: str = Field(max_length=20)
    region_code: str | None = Field(default=None, max_length=16, foreign_key="regions.code")
    credit_code: str | None = Field(default=None, max_length=18)
    valid_from: str | None = Field(default=None, max_length=10)
    valid_to: str | None = Field(default=None, max_length=10)
    successor: str | None = Field(default=None, max_length=24)
    note_zh: str = Field(default="", max_length=300)
    aliases_zh: str = Field(default="", max_length=300)


class Task(SQLModel, table=True):
    """One of the scheme's task items; `bracket_zh` is the bracket of responsible units as printed.

    `lead_by` and `lead_reason`: who set the lead that the rule of clause 三(二) cannot give, and why; else empty.
    """

    __tablename__ = "tasks"

    id: str = Field(primary_key=True, max_length=12)
    section: str = Field(max_length=80)
    part: str = Field(max_length=20)
    title_zh: str = Field(max_length=120)
    title_en: str = Field(default="", max_length=240)
    bracket_zh: str = Field(default="", max_length=500)
    lead_unit: str | None = Field(default=None, max_length=24, foreign_key="units.code", index=True)
    lead_note_zh: str = Field(default="", max_length=300)
    lead_by: str = Field(default="", max_length=80)
    lead_reason: str = Field(default="", max_length=500)


class TaskUnit(SQLModel, table=True):
    """A unit responsible for a task, at its place in the bracket (1 first)."""

    __tablename__ = "task_units"

    task_id: str = Field(primary_key=True, max_length=12, foreign_key="tasks.id")
    position: int = Field(primary_key=True)
    unit_code: str = Field(max_length=24, foreign_key="units.code", index=True)
