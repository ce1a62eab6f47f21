"""A project's money at an instant: financing records with later changes undone, decisions and entries up to then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.records import picked, records_of
from portfolio.finance.financing_beside import FIELDS, records
from portfolio.finance.lines import decisions, project_lines
from portfolio.finance.records import FinancingFacts, LineDecision
from portfolio.journal.queries import HistoryEntry, later_changes
from portfolio.ledger.queries import list_entries
from portfolio.ledger.records import EntryRecord
from portfolio.projects.queries import get_project

MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class MoneyThen:
    """`records` of financing as `FIELDS`; `decisions` with the `round`, `item` and `year` of their line, and ledger
    `entries`, both the newest first. Amounts in yuan and m².
    """

    records: list[FinancingFacts]
    decisions: list[LineDecision]
    entries: list[EntryRecord]


def money_as_of(session: Session, scope: Scope, code: str, at: datetime) -> MoneyThen:
    """The project's money at `at` (inclusive); raises `NotFoundError`.

    Decisions and entries are only ever added, so those of then are those made up to then: an entry by when it was
    posted, whatever day it bears.
    """
    project = get_project(session, scope, code)
    held = [picked(row, FIELDS) for row in records(session, project["id"])]
    changes = [one for one in later_changes(session, code, ("finance",), at) if one.action == "financing"]
    made: list[LineDecision] = [
        {**step, "round": line["round"], "item": line["item"], "year": line["year"]}
        for line in project_lines(session, scope, code)
        for step in decisions(session, scope, line["id"])
        if step["at"] <= at
    ]
    posted = list_entries(session, scope, project=code, limit=MOST_ENTRIES)
    return MoneyThen(
        undone(held, changes),
        sorted(made, key=lambda step: step["id"], reverse=True),
        [entry for entry in posted if entry["posted_at"] <= at],
    )


def undone(held: Iterable[Mapping[str, Any]], changes: Iterable[HistoryEntry]) -> list[FinancingFacts]:
    """Financing records with `changes`, given newest first, undone.

    The journal tells a record by its values, not by a number: the one that bears what a change left is put back.
    """
    found = [dict(one) for one in held]
    for change in changes:
        after, before = (
            None if side is None else {n: side.get(n) for n in FIELDS} for side in (change.after, change.before)
        )
        place = next((n for n, one in enumerate(found) if one == after), len(found))
        found[place : place + 1] = [before] if before is not None else []
    return records_of(FinancingFacts, found)
