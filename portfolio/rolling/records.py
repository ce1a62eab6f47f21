"""What reading editions gives."""

from datetime import datetime
from typing import TypedDict


class EditionRecord(TypedDict):
    """An edition with its parent's code; `entries` and `annual_yuan` are those of the reader's scope."""

    id: int
    code: str
    base_year: int
    years: int
    batch: str
    state: str
    parent_id: int | None
    doc_no: str
    approved_on: str | None
    note: str
    inputs_hash: str
    rules_version: str
    basis: str
    later_years: bool
    origin: str
    open_year: int | None
    closed_by: str
    closed_reason: str
    made_at: datetime
    actor: str
    version: int
    maker: str
    approver: str
    parent: str | None
    entries: int
    annual_yuan: int


class EditionEntryRecord(TypedDict):
    """A project within an edition, as the edition has it."""

    code: str
    name_zh: str
    name_en: str
    kind: str | None
    city_code: str | None
    lead_unit: str | None
    stage: str | None
    start_month: str | None
    finish_month: str | None
    actual_start_month: str | None
    actual_finish_month: str | None
    total_yuan: int | None
    category: str
    derived: str
    rung: str
    change: str
    rule: str
    decision: str
    reason: str
    marks: str
    annual_yuan: int
    content: str
    idle_years: int
    version: int
    reason_code: str
    approver: str
    person: str
    owner: str
    capacity_zh: str
    task_ids: str
    ready_percent: int
    complete_percent: int
    points_milli: int | None
    late_months: int | None
    completed_yuan: int | None


class PlacedEntry(EditionEntryRecord):
    """An entry with the project it is of, as a scrolling grid asks for it."""

    project_id: int


class HeldEntry(PlacedEntry):
    """An entry as it is stored."""

    edition_id: int


class NamesRecord(TypedDict):
    """A project's names."""

    name_zh: str
    name_en: str
