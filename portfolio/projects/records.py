"""What reading the library gives."""

from typing import TypedDict


class ProjectRecord(TypedDict):
    """A project: its facts as `tables.ProjectFacts` declares them, its lists, and how far it was changed."""

    id: int
    code: str
    national_code: str | None
    name_zh: str
    name_en: str
    kind: str | None
    nature: str | None
    approval_type: str | None
    capacity_zh: str
    section: str
    lead_unit: str | None
    office_unit: str | None
    owner: str
    stage: str | None
    stage_basis: str | None
    start_month: str | None
    finish_month: str | None
    actual_start_month: str | None
    actual_finish_month: str | None
    schedule_basis: str | None
    total_investment_yuan: int | None
    investment_basis: str | None
    cross_province: bool | None
    co_agreed: bool | None
    co_agreed_doc: str
    sea_related: bool | None
    lon: float | None
    lat: float | None
    source: str
    region_codes: list[str]
    task_ids: list[str]
    units: list[str]
    city_code: str | None
    version: int
    needs_version: int
    revision: int
