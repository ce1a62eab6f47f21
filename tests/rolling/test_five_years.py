"""Five years of the scheme's projects: works start, slip, grow dearer, finish and leave, and money arrives."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.ledger.service import PoolData, Posting, open_pool, post
from portfolio.needs.changes import NeedEdit
from portfolio.needs.queries import project_needs
from portfolio.needs.service import save_needs
from portfolio.projects.queries import iterate_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import update_project
from portfolio.rolling import service
from portfolio.rolling.approval import approve
from portfolio.rolling.deciding import decide_entries
from portfolio.rolling.queries import (
    EntryFilters,
    compare,
    comparison,
    edition_head,
    entry_frame,
    list_editions,
)
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import DOC
from tests.support.vetoed import keep_vetoed

ME = (LOCAL_OWNER, EVERYTHING)
FIRST, LAST = 2026, 2030
ITEM = "fund.own"
RICH = 10**14
SEALED = ("edition_entries", "edition_needs", "edition_curves", "edition_milestones", "edition_veto_decisions")


def test_five_years_of_the_scheme(demo_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, sealed = Random(2018), dict[str, str]()
    seen = {"exit_idle_years": 0, "finished": 0, "exit_withdrawn": 0, "join_ready": 0, "facts_changed": 0}
    with Session(demo_engine, expire_on_commit=False) as session:
        restated: set[str] = set()
        for year in range(FIRST, LAST + 1):
            code, parent = f"P{year}", f"P{year - 1}" if year > FIRST else None
            monkeypatch.setattr(service, "today", lambda day=date(year, 1, 5): day)
            monkeypatch.setattr(service, "utc_now", lambda at=datetime(year, 1, 5, 2, tzinfo=UTC): at)
            roll_edition(session, *ME, NewEdition(code, year, 5, parent=parent, later_years=True))
            frame = entry_frame(session, EVERYTHING, code)
            for rule in seen.keys() & set(frame["rule"]):
                seen[rule] += int((frame["rule"] == rule).sum())
            decide_some(session, code, frame, chance)
            if parent:
                nothing_is_lost(session, parent, code)
                every_yuan_is_explained(session, parent, code, restated)
            keep_vetoed(session, code)
            approve(session, *ME, code, DOC, f"{year}-01-15", "审定人")
            session.commit()
            sealed[code] = digest(session, code)
            # A restatement that was turned down for a year comes through in a later one.
            restated |= live(session, year, code, chance)
        assert [one["code"] for one in list_editions(session, EVERYTHING)] == [
            "P2030",
            "P2029",
            "P2028",
            "P2027",
            "P2026",
        ]
        assert {code: digest(session, code) for code in sealed} == sealed
    assert [one for one in breaches(demo_engine) if not one.warning] == []
    assert all(seen.values()), seen


def decide_some(session: Session, code: str, frame: Any, chance: Random) -> None:
    """Reject a tenth of what is proposed, with a reason; accept the rest, and all of what has left for good."""
    waiting = {str(row["code"]): row["rule"] for row in frame[frame["decision"] == "proposed"].to_dict("records")}
    may_stay = [project for project, rule in waiting.items() if rule != "exit_withdrawn"]
    turned = sorted(chance.sample(may_stay, len(may_stay) // 10))
    decide_entries(session, *ME, code, turned, "rejected", "部门意见不一致")
    decide_entries(session, *ME, code, sorted(waiting.keys() - set(turned)), "accepted")


def nothing_is_lost(session: Session, parent: str, code: str) -> None:
    """Every project of the parent is kept, or gone with the rule that let it go."""
    stood, stay = (standing(session, name) for name in (parent, code))
    after = entry_frame(session, EVERYTHING, code)
    gone = after[after["code"].isin(stood - stay)]
    assert stood <= set(after["code"])
    assert set(gone["change"]) <= {"exited", "completed"}
    assert (gone["rule"] != "").all()
    late = gone[gone["rule"] == "exit_idle_years"]
    assert (late["idle_years"] >= 2).all()


def standing(session: Session, code: str) -> set[str]:
    """The projects that stand in an edition."""
    return set(entry_frame(session, EVERYTHING, code, EntryFilters(standing=True))["code"])


def every_yuan_is_explained(session: Session, parent: str, code: str, restated: set[str]) -> None:
    """No remainder in any element, year by year, and no cost change where no office restated its needs."""
    for element in ("fund", "land", "sea", "forest"):
        cells = comparison(session, EVERYTHING, parent, code, element)
        years = {int(year) for year in cells.year}
        assert [cells.bridge((year, year)).remainder for year in years] == [0] * len(years)
        assert cells.bridge().remainder == 0
        assert cells.window_bridge().remainder == 0
    cells, plan = compare(session, EVERYTHING, parent, code)
    heads = [edition_head(session, EVERYTHING, one)["annual_yuan"] for one in (parent, code)]
    assert [plan.bridge().before, plan.bridge().after, plan.bridge().remainder] == [*heads, 0]
    dearer = {one.code for one in cells.differences() if "dearer" in one.kinds or "cheaper" in one.kinds}
    assert dearer <= restated


def live(session: Session, year: int, code: str, chance: Random) -> set[str]:
    """What happens to the projects of an edition in its year; returns who restated needs or got more than planned."""
    here = standing(session, code)
    pool = PoolData(f"LIFE-{year}", ITEM, year, "450000", "region", "budget", RICH, DOC, f"{year}-01-02")
    open_pool(session, *ME, pool)
    restated = set()
    for project in list(iterate_projects(session, EVERYTHING)):
        if project["code"] not in here or project["stage"] in ("completed", "withdrawn"):
            continue
        if deliver(session, project["code"], year, chance):
            restated.add(project["code"])
        changes = dict(events(project, year, chance))
        if changes:
            update_project(session, *ME, project["code"], changes)
        if "total_investment_yuan" in changes:
            dearer(session, project["code"], year)
            restated.add(project["code"])
    session.commit()
    return restated


def events(project: ProjectRecord, year: int, chance: Random) -> Iterator[tuple[str, Any]]:
    """Changes of a project's facts in a year."""
    start, finish, stage, luck = project["start_month"], project["finish_month"], project["stage"], chance.random()
    if luck < 0.02:
        yield "stage", "withdrawn"
    elif stage == "under_construction" and finish and int(finish[:4]) <= year:
        yield from [("stage", "completed")] if luck < 0.8 else [("finish_month", f"{year + 1}-06")]
    elif stage in ("ready", "preliminary") and start and int(start[:4]) <= year and luck < 0.6:
        yield "stage", "under_construction"
    elif luck > 0.95 and project["total_investment_yuan"]:
        yield "total_investment_yuan", project["total_investment_yuan"] * 5 // 4


def deliver(session: Session, project: str, year: int, chance: Random) -> bool:
    """Two in three get a part of what they asked of their own funds; says whether it was more."""
    needs = project_needs(session, EVERYTHING, project)
    asked = int(needs[(needs["item"] == ITEM) & (needs["year"] == year)]["required"].sum())
    amount = asked * chance.choice((0, 60, 90, 100, 110)) // 100
    if amount:
        given: dict[str, Any] = {
            "pool": f"LIFE-{year}",
            "quantity": amount,
            "project": project,
            "doc_no": DOC,
            "confirmed": True,
        }
        days = (("grant", f"{year}-04-01"), ("deliver", f"{year}-10-01"))
        post(session, *ME, [Posting(kind, on_date=day, **given) for kind, day in days])
    return amount > asked


def dearer(session: Session, project: str, year: int) -> None:
    """A quarter more in every year that is not closed."""
    needs = project_needs(session, EVERYTHING, project)
    rows = needs[needs["item"].str.startswith("fund") & (needs["year"] > year)].to_dict("records")
    edits = [NeedEdit(row["item"], int(row["year"]), int(row["required"]) * 5 // 4) for row in rows]
    if edits:
        save_needs(session, *ME, project, edits)


def digest(session: Session, code: str) -> str:
    """The rows of an edition as one number."""
    sum_ = hashlib.sha256()
    for table in SEALED:
        statement = f"SELECT t.* FROM {table} t JOIN editions e ON e.id = t.edition_id WHERE e.code = :code"
        rows = session.execute(text(statement), {"code": code}).all()
        sum_.update("\n".join(sorted(str(row) for row in rows)).encode())
    return sum_.hexdigest()
