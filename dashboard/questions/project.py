"""What the tabs of a project ask: the life of its numbers, financing, accounts, details."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.attachments.records import AttachmentRecord
from portfolio.core.errors import FieldError
from portfolio.filing import service as attaching
from portfolio.finance import financing
from portfolio.finance.financing_beside import records_seen
from portfolio.finance.lines import decisions, project_lines
from portfolio.finance.records import DecisionRecord, FinancingRecord, LineRecord, YearlyRecord
from portfolio.finance.rules.funding import Check, Suggestion
from portfolio.finance.yearly import list_yearly, save_yearly
from portfolio.ledger.queries import list_entries
from portfolio.ledger.records import EntryRecord
from portfolio.ledger.summary import asked_and_granted
from portfolio.needs.details import (
    DetailEdit,
    detail_findings,
    details_proposed,
    made_up_details,
    project_details,
    save_details,
)
from portfolio.needs.queries import project_needs
from portfolio.projects.beside import may_see
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.facts import FILED
from portfolio.readiness.rules.approvals import authority
from portfolio.readiness.rules.templates import AuthorityRule, authority_rules
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree


@dataclass(frozen=True)
class MoneyTab:
    """A project's money: the life of each number, review lines, records, checks and suggestions."""

    project: ProjectRecord
    life: pd.DataFrame
    lines: list[LineRecord]
    steps: dict[int, list[DecisionRecord]]
    records: list[FinancingRecord]
    proposed: frozenset[int]
    checks: list[Check]
    suggestions: list[Suggestion]
    yearly: list[YearlyRecord]
    tree: ElementTree


def money_tab(code: str) -> MoneyTab:
    """The tab of a project's money."""

    def question(session: Session) -> MoneyTab:
        project = get_project(session, mine(), code)
        lines = project_lines(session, mine(), code)
        return MoneyTab(
            project,
            _life(session, code, 1).query("item.str.startswith('fund')"),
            lines,
            {line["id"]: decisions(session, mine(), line["id"]) for line in lines if line["state"] != "asked"},
            *records_seen(session, mine(), project),
            financing.checks(session, mine(), code),
            financing.suggested(session, mine(), code),
            list_yearly(session, mine(), code),
            element_tree(session),
        )

    return read(question)


def _life(session: Session, code: str, depth: int) -> pd.DataFrame:
    return asked_and_granted(session, mine(), ("year",), depth, filters=ProjectFilters(code=(code,)))


@dataclass(frozen=True)
class AreasTab:
    """A project's land, sea and forest: the life of each number, who approves, details, entries.

    `made_up` holds the details that are illustrative.
    """

    project: ProjectRecord
    life: pd.DataFrame
    authorities: dict[str, AuthorityRule | None]
    details: dict[tuple[str, str], str]
    made_up: frozenset[tuple[str, str]]
    findings: list[FieldError]
    leaves: list[str]
    entries: list[EntryRecord]
    tree: ElementTree


def areas_tab(code: str) -> AreasTab:
    """The tab of a project's land, sea and forest."""

    def question(session: Session) -> AreasTab:
        needs = project_needs(session, mine(), code)
        areas = needs[needs["dimension"] == "area"]
        sums: dict[str, int] = {}
        for item, required in zip(areas["item"], areas["required"], strict=True):
            sums[item] = sums.get(item, 0) + int(required)
        life, project = _life(session, code, 0), get_project(session, mine(), code)
        entries = list_entries(session, mine(), project=code, limit=200)
        details, beside = project_details(session, mine(), code), may_see(session, mine(), project)
        if beside:  # where an office types, it sees what it proposed
            details = details_proposed(session, project["id"], details)
        return AreasTab(
            project,
            life[life["item"] != "fund"],
            {rule: authority(authority_rules(), rule, sums) for rule in ("land", "sea", "forest")},
            details,
            made_up_details(session, project["id"]),
            detail_findings(session, mine(), code, beside),
            sorted(item for item, m2 in sums.items() if m2),
            entries,
            element_tree(session),
        )

    return read(question)


def change_details(code: str, edits: Sequence[DetailEdit], reason: str | None = None) -> bool:
    """Set attributes of a project's items."""
    return write(lambda session: save_details(session, me(), mine(), code, edits, reason=reason))


def add_record(code: str, values: Mapping[str, Any]) -> int:
    """Add a financing record."""
    return write(lambda session: financing.save_record(session, me(), mine(), code, values))


def state_yearly(code: str, year: int, stated: Mapping[str, int | None], note: str) -> int:
    """State figures of a year by their kind (yuan)."""
    figures = {(kind, year): amount for kind, amount in stated.items()}
    return write(lambda session: save_yearly(session, me(), mine(), code, figures, note))


def drop_record(code: str, number: int) -> None:
    """Take a financing record away."""
    write(lambda session: financing.remove_record(session, me(), mine(), code, number))


def files_of(code: str) -> list[AttachmentRecord]:
    """The files beside a project's record, by kind."""
    return read(lambda session: [one for kind in FILED for one in attaching.listed(session, mine(), kind, code)])


def add_project_file(code: str, kind: str, name: str, content: bytes) -> ProjectRecord:
    """Lay a file beside a project's record; returns the project."""

    def action(session: Session) -> ProjectRecord:
        attaching.lay(session, me(), mine(), kind, code, name, content)
        return get_project(session, mine(), code)

    return write(action)


def drop_project_file(code: str, number: int) -> ProjectRecord:
    """Take a file away from a project's record; returns the project."""

    def action(session: Session) -> ProjectRecord:
        attaching.take_away(session, me(), mine(), number)
        return get_project(session, mine(), code)

    return write(action)
