"""What reading readiness gives."""

from typing import TypedDict

from portfolio.attachments.records import AttachmentRecord


class StepSaid(TypedDict):
    """What a project has said of a step."""

    status: str
    planned_on: str | None
    actual_on: str | None
    valid_until: str | None
    doc_no: str
    authority: str
    note: str
    basis: str


class StepRecord(StepSaid):
    """A step as it is stored."""

    step: str
    revision: int


class StepFile(AttachmentRecord):
    """A file beside a step."""

    step: str


class ChecklistStep(TypedDict):
    """A step of a project's checklist on a day: what was said of it, who approves it, and what follows."""

    step: str
    applies: bool
    done: bool
    status: str
    planned_on: str | None
    actual_on: str | None
    valid_until: str | None
    doc_no: str
    note: str
    basis: str | None
    after: list[str]
    days: tuple[int, int, int]
    authority_zh: str
    authority_en: str
    authority_level: str | None
    authority_source: str
    earliest_finish: str | None
    critical: bool
    overdue: bool
    expires_soon: bool
