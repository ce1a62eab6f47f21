"""Golden editions: a programme of named cases rolled three ways, to the byte as it was when a person checked it.

`python -m tests.rolling.test_golden` writes the files again; every changed line in them is then a change to defend.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest

from portfolio.rolling.rules.closing import Past
from portfolio.rolling.rules.roll import Calendar, Inputs, ParentEntry, ProjectFacts, Proposal
from tests.rolling.whole import roll

FOLDER = Path(__file__).parent / "golden"
RULES = {
    "join_readiness_percent": "50",
    "join_completeness_percent": "60",
    "exit_idle_years": "2",
    "carry_money": "pro_rata",
    "carry_area": "next_year",
}
CALENDARS = {
    "annual-2027": Calendar(2027, 3, 2026),
    "midyear-2026": Calendar(2026, 3, 2026, "midyear"),
    "supplement-2026": Calendar(2026, 3, 2026, "supplement-1"),
}
OWN, LOAN, LAND = "fund.own", "fund.loan", "land.built"
PLAN = {(OWN, 2026): 100, (OWN, 2027): 60, (OWN, 2028): 40, (LAND, 2026): 30}


def parent(code: str, category: str = "continuing", **given: Any) -> ParentEntry:
    values = {"start_month": "2025-03", "finish_month": "2028-06", "total_yuan": 200, "needs": PLAN, "annual_yuan": 100}
    return ParentEntry(code, category, **{**values, "stage": "under_construction", "rung": "continuing", **given})


def known(code: str, **given: Any) -> ProjectFacts:
    values = {"stage": "under_construction", "start_month": "2025-03", "finish_month": "2028-06", "total_yuan": 200}
    return ProjectFacts(code, **{**values, **given})


WAITING = {"stage": "preliminary", "start_month": "2028-01", "finish_month": "2030-06"}
PARENT = [
    parent("A-as-planned"),
    parent("B-half-delivered"),
    parent("C-over-delivered"),
    parent("D-restated"),
    parent("E-finished", "completing"),
    parent("F-withdrawn"),
    parent("G-suspended"),
    parent("H-idle", "preparatory", idle_years=1, annual_yuan=0, **WAITING),
    parent("I-starts", "preparatory", annual_yuan=0, **{**WAITING, "start_month": "2027-01"}),
    parent("J-removed"),
    parent("K-finishes", finish_month="2027-12"),
]
LIBRARY = [
    known("A-as-planned", marks=("co_agreed",)),
    known("B-half-delivered"),
    known("C-over-delivered"),
    known("D-restated", finish_month="2029-06", total_yuan=260),
    known("E-finished", stage="completed"),
    known("F-withdrawn", stage="withdrawn"),
    known("G-suspended", stage="suspended"),
    known("H-idle", **WAITING),
    known("I-starts", stage="ready", start_month="2027-01", finish_month="2030-06"),
    known("K-finishes", finish_month="2027-12"),
    known("L-ready", stage="ready", start_month="2027-02", ready_percent=50, complete_percent=60),
    known("M-not-ready", stage="ready", start_month="2027-02", ready_percent=49, complete_percent=99),
    known("N-under-way"),
]
NEEDS = {facts.code: PLAN for facts in LIBRARY} | {"D-restated": {**PLAN, (OWN, 2027): 90, (LOAN, 2028): 30}}
ALL, HALF, OVER = {(OWN, 2026): 100, (LAND, 2026): 30}, {(OWN, 2026): 50, (LAND, 2026): 10}, {(OWN, 2026): 130}
DELIVERED = {"A-as-planned": ALL, "B-half-delivered": HALF, "C-over-delivered": OVER, "D-restated": HALF}
PAST = {code: Past(cells) for code, cells in DELIVERED.items()} | {"K-finishes": Past(completed={2026: 70})}


def written(name: str) -> bytes:
    inputs = Inputs(CALENDARS[name], RULES, PARENT, LIBRARY, NEEDS, PAST)
    entries = [_plain(one) for one in roll(inputs)]
    found = {"inputs": inputs.digest(), "entries": entries}
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _plain(one: Proposal) -> dict[str, Any]:
    cells = {
        name: {f"{item} {year}": amount for (item, year), amount in sorted(getattr(one, name).items())}
        for name in ("needs", "carried", "basis")
    }
    return {**vars(one), **cells}


@pytest.mark.parametrize("name", CALENDARS)
def test_a_golden_edition_is_made_again_to_the_byte(name: str) -> None:
    assert written(name).decode() == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


if __name__ == "__main__":
    for name in CALENDARS:
        (FOLDER / f"{name}.json").write_bytes(written(name))
