"""What planners and units do in an edition, each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from dashboard.data import me, mine, write
from portfolio.access.rules import Scope
from portfolio.core.errors import FieldError, InvalidError
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import slice_projects
from portfolio.rolling import approval, consultation, deciding, lists, service, targets, vetoes
from portfolio.rolling.addressees import Invitation
from portfolio.rolling.lists import reach_of
from portfolio.rolling.queries import EntryFilters

LOOKED_AT = 50


def named(session: Session, text: str, scope: Scope | None = None) -> str:
    """The code of the project meant by a code, a name, or a part of a name that only one within reach has."""
    wanted = text.strip()
    rows, total = slice_projects(session, scope or mine(), ProjectFilters(q=wanted), "code", 0, LOOKED_AT)
    for row in rows:
        if wanted and wanted in (row["code"], row["name_zh"], row["name_en"]):
            return str(row["code"])
    if wanted and total == 1:
        return str(rows[0]["code"])
    raise InvalidError("rolling.invalid", [FieldError("project", "rolling.unclear_project", {"value": wanted})])


def decide(code: str, projects: Sequence[str], decision: str, reason: str) -> int:
    """Accept or reject the proposals named."""
    return write(lambda session: deciding.decide_entries(session, me(), mine(), code, projects, decision, reason))


def decide_set(code: str, filters: EntryFilters, mark: str, decision: str, reason: str) -> int:
    """Accept or reject a filtered set, as it was shown."""
    return write(lambda session: deciding.decide_set(session, me(), mine(), code, filters, mark, decision, reason))


def change(code: str, projects: Sequence[str], to: str, reason_code: str, reason: str) -> int:
    """Suspend entries, let them leave, or take that back; all or none."""

    def action(session: Session) -> int:
        for project in projects:
            deciding.change_entry(session, me(), mine(), code, project, to, reason_code, reason)
        return len(projects)

    return write(action)


def decide_veto(code: str, project: str, choice: vetoes.Choice) -> int:
    """Keep an entry under a veto, or leave it out."""
    return write(lambda session: vetoes.decide_veto(session, me(), mine(), code, project, choice))


def add(code: str, project: str, reason: str) -> str:
    """Take a project of the library in by hand; returns its code."""

    def action(session: Session) -> str:
        found = named(session, project)
        deciding.add_entry(session, me(), mine(), code, found, reason)
        return found

    return write(action)


def override(code: str, project: str, category: str, reason: str) -> None:
    """Put an entry into another category."""
    write(lambda session: deciding.override_category(session, me(), code, project, category, reason))


def set_target(code: str, project: str, target: targets.Target, version: int) -> None:
    """Write an entry's targets."""
    write(lambda session: targets.set_target(session, me(), code, project, target, version))


def comment(code: str, project: str, unit: str, words: str, required: bool) -> int:
    """Comment on an entry as a unit."""

    def action(session: Session) -> int:
        said = consultation.Said(named(session, project), unit, words, required)
        return consultation.comment(session, me(), code, said)

    return write(action)


def answer(code: str, number: int, words: str, withdraw: bool) -> None:
    """Answer a comment or withdraw it."""
    write(lambda session: consultation.answer(session, me(), code, number, words, withdraw))


def step(code: str, invitation: Invitation | None) -> str:
    """Send a draft round to whom the invitation asks, call it back, or issue what is approved."""
    return write(lambda session: service.send_round(session, me(), code, invitation))


@dataclass(frozen=True)
class Signed:
    """What an approval is given with: document, day, who where names are typed, and the mark of what was shown."""

    doc_no: str
    on_date: str
    person: str
    mark: str


def approve(code: str, signed: Signed) -> None:
    """Approve a draft."""
    given = (signed.doc_no, signed.on_date, signed.person, signed.mark)
    write(lambda session: approval.approve(session, me(), mine(), code, *given))


def drop(code: str) -> None:
    """Drop a draft."""
    write(lambda session: service.drop_edition(session, me(), code))


def say(said: lists.Act) -> str:
    """Put down what is said of a project in a list; returns the project's code."""

    def action(session: Session) -> str:
        found = named(session, said.project, reach_of(me(), mine(), said.list))
        lists.say(session, me(), mine(), replace(said, project=found))
        return found

    return write(action)
