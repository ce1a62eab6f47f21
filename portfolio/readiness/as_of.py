"""What a project had said of its steps at an instant: what it says now, with every later journalled change undone."""

from datetime import datetime

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.records import picked, record_of
from portfolio.journal.queries import later_changes
from portfolio.projects.queries import get_project
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.records import StepSaid

SAID = ("status", "planned_on", "actual_on", "valid_until", "doc_no", "authority", "note", "basis")


def steps_as_of(session: Session, scope: Scope, code: str, at: datetime) -> dict[str, StepSaid]:
    """Step → what was said of it at `at` (inclusive), as `SAID`; raises `NotFoundError`.

    Whether the reader may see it is judged by the project as it is now.
    """
    held = stored_steps(session, get_project(session, scope, code)["id"])
    found = {step: picked(said, SAID) for step, said in held.items()}
    for change in later_changes(session, code, ("readiness",), at):
        for step, before in (change.before or {}).items():
            said = {**dict.fromkeys(SAID), **found.get(step, {}), **before}
            # A step of which nothing had been said has no status in the journal.
            if said["status"]:
                found[step] = said
            else:
                found.pop(step, None)
    return {step: record_of(StepSaid, said) for step, said in found.items()}
