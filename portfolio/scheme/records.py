"""What reading the scheme gives."""

from typing import TypedDict


class TaskRecord(TypedDict):
    """A task; `units` in the bracket's order."""

    id: str
    section: str
    part: str
    title_zh: str
    title_en: str
    bracket_zh: str
    lead_unit: str | None
    lead_note_zh: str
    lead_by: str
    lead_reason: str
    units: list[str]


class UnitRecord(TypedDict):
    """A unit, with how many tasks it leads and is responsible for."""

    code: str
    name_zh: str
    full_name_zh: str
    name_en: str
    kind: str
    region_code: str | None
    credit_code: str | None
    valid_from: str | None
    valid_to: str | None
    successor: str | None
    note_zh: str
    aliases_zh: str
    tasks_led: int
    tasks: int
