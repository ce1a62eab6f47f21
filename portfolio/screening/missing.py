"""What keeps gates from being known: the facts nobody reported, and of how many projects."""

from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.screening.facts import columns_of, fact_frame
from portfolio.screening.gates import GateSheet
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import PLACE

COLUMNS = ["gate", "fact", "source", "projects"]


def missing_facts(session: Session, sheet: GateSheet) -> pd.DataFrame:
    """`COLUMNS` of a sheet: by gate and fact, of how many projects that gate is not known for want of that fact.

    `source` says where the fact is stated (`project`, `needs`, `details`, `finance`, `readiness`, `criteria`). A gate
    may want for several facts, so its counts can exceed the projects it is not known for.
    """
    facts = _facts(session, sheet)
    rows = []
    for place, code in enumerate(sheet.gates):
        unknown = sheet.states[place] == PLACE["unknown"]
        for name in books.gates()[code].decisive:
            count = int((unknown & np.isnan(facts[name])).sum())
            if count:
                rows.append((code, name, books.facts()[name]["source"], count))
    return pd.DataFrame(rows, columns=COLUMNS)


def lacking(session: Session, sheet: GateSheet, gate: str, fact: str) -> GateSheet:
    """The projects of a sheet for which `gate` is not known for want of `fact`; none if it has no such fact."""
    if fact not in books.gates()[gate].decisive:
        return sheet.of(np.zeros(0, np.int64))
    unknown = sheet.states[sheet.gates.index(gate)] == PLACE["unknown"]
    return sheet.of(np.flatnonzero(unknown & np.isnan(_facts(session, sheet)[fact])))


def missing_by_project(session: Session, sheet: GateSheet) -> list[list[str]]:
    """For every project of a sheet, the facts it lacks so that a gate is not known, in the order of gates."""
    facts, found = _facts(session, sheet), [dict[str, None]() for _ in sheet.codes]
    for place, code in enumerate(sheet.gates):
        unknown = sheet.states[place] == PLACE["unknown"]
        for name in books.gates()[code].decisive:
            for number in np.flatnonzero(unknown & np.isnan(facts[name])):
                found[number][name] = None
    return [list(names) for names in found]


def _facts(session: Session, sheet: GateSheet) -> dict[str, Any]:
    """Every fact of the sheet's projects, in its order."""
    return columns_of(fact_frame(session, EVERYTHING).loc[sheet.ids])
