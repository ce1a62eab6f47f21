"""What the entry form asks: the record and what was typed of it, checks as one types, likely duplicates, saving."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.access.rules import offers
from portfolio.core.errors import FieldError
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.gate import above, bar
from portfolio.projects.identity import code_fault
from portfolio.projects.profile import project_profile, tidy
from portfolio.projects.queries import list_projects
from portfolio.projects.references import load_references
from portfolio.projects.rules import facts as facts_rules
from portfolio.projects.rules.profile import profile_faults
from portfolio.projects.rules.workflow import RETURNED
from portfolio.projects.states import Said, life
from portfolio.reporting import drafts
from portfolio.reporting.drafts import KeptDraft
from portfolio.reporting.duplicates import Likeness, likely_duplicates
from portfolio.reporting.entry import Entered, save_entry
from portfolio.reporting.records import WholeRecord, whole_record
from portfolio.reporting.service import act

PLACEHOLDER = "GX-NEW"


@dataclass(frozen=True)
class FormPage:
    """The record (None: a new one), what the person typed and has not saved, what bars them from changing it, the
    step by which a reviewer returned it, the subject under which what is typed is kept, and whether somebody else is to
    review what is saved."""

    record: WholeRecord | None
    draft: KeptDraft | None
    barred: str
    returned: dict[str, Any] | None = None
    subject: str = drafts.NEW
    reviewed: bool = True


def form_page(code: str | None, asked: str = "") -> FormPage:
    """What the form of a project shows; raises `NotFoundError`.

    Of a new record the draft `asked` for, else the one typed last, else one of its own.
    """

    def question(session: Session) -> FormPage:
        if code is None:
            own = drafts.is_new(asked)
            kept = drafts.find_draft(session, me(), asked) if own else drafts.newest_of_new(session, me())
            subject = asked if own else kept.subject if kept else drafts.new_subject()
            unplaced = {"lead_unit": None, "city_code": None}
            return FormPage(None, kept, "", subject=subject, reviewed=_reviewed(unplaced, accepted=True))
        draft = drafts.find_draft(session, me(), code)
        record = whole_record(session, mine(), code)
        back = None
        if record.standing.state == RETURNED:
            back = next((step for step in life(session, code) if step["action"] == "return"), None)
        reviewed = _reviewed(record.project, record.standing.accepted)
        return FormPage(record, draft, bar(me(), record.project, record.standing), back, code, reviewed)

    return read(question)


def _reviewed(project: Mapping[str, Any], accepted: bool) -> bool:
    """Whether what whoever is signed in saves is to be submitted; who has the last word has said it."""
    return offers(me(), "project.submit") and not (accepted and above(me(), project))


def present(code: str) -> WholeRecord:
    """The record as it is now."""
    return read(lambda session: whole_record(session, mine(), code))


def stated_beside(code: str) -> dict[str, Any]:
    """A project's profile, people masked for those who only read."""
    return read(lambda session: project_profile(session, mine(), code))


def same_name(name: str) -> WholeRecord | None:
    """The newest record of exactly this name within reach: what a saved draft of a new one has become."""

    def question(session: Session) -> WholeRecord | None:
        rows = list_projects(session, mine(), ProjectFilters(q=name), "-code", 20).rows
        code = next((row["code"] for row in rows if row["name_zh"] == name), None)
        return whole_record(session, mine(), code) if code else None

    return read(question) if name else None


def check(stated: Mapping[str, Any], code: str | None) -> list[FieldError]:
    """Every fault of the facts and the profile (`bases` by kind) as typed."""

    def question(session: Session) -> list[FieldError]:
        facts = {**stated, "code": code or PLACEHOLDER}
        taken = code_fault(session, me(), stated.get("national_code"), code)
        return [*facts_rules.faults(facts, load_references(session).known), *filter(None, [taken])]

    return [*read(question), *profile_faults(tidy(stated))]


def keep(subject: str, content: Mapping[str, Any], base: Mapping[str, Any]) -> KeptDraft:
    """Keep what was typed."""
    return write(lambda session: drafts.keep_draft(session, me(), mine(), subject, content, base))


def forget(subject: str) -> None:
    """Forget what was typed."""
    write(lambda session: drafts.discard_draft(session, me(), subject))


def alike(stated: Mapping[str, Any], code: str | None) -> list[Likeness]:
    """Records that may be the same."""
    return read(lambda session: likely_duplicates(session, mine(), stated, code))


def save(code: str | None, entered: Entered, reason: str | None, submit: bool, draft: str = drafts.NEW) -> WholeRecord:
    """Save the form, forget its `draft`, and submit the record when asked, in one transaction."""

    def action(session: Session) -> WholeRecord:
        saved = save_entry(session, me(), mine(), code, entered, reason, draft)
        if submit:
            act(session, me(), mine(), saved.project["code"], "submit", Said())
        return saved

    return write(action)
