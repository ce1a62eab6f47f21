"""One project from the approved scenario to its grant and the annual list, each figure beside what SQL finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.briefing.annual_book import write_annual_book
from portfolio.core.database import make_engine, transaction
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import LineFilters, list_lines
from portfolio.finance.records import LineRecord
from portfolio.finance.rounds import open_round
from portfolio.ledger.reserved import reserves
from portfolio.projects.filters import ProjectFilters
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios.following.arranged import Arranged, arrangements
from portfolio.scenarios.following.review import line_defaults, propose_as_arranged
from portfolio.scenarios.following.way import year_way
from portfolio.scenarios.options import Options
from portfolio.upkeep.invariants import breaches
from tests.support import arranged as made
from tests.support import half_filled as half
from tests.support.databases import Databases

ME = (LOCAL_OWNER, EVERYTHING)
YEAR, EDITION, SCENARIO, REVIEW = 2027, "2027", "S2027", "示例-2027"


@pytest.fixture(scope="module")
def demonstration(sqlite_databases: Databases) -> Iterator[Engine]:
    """The demonstration with an edition of 2027, all of it accepted, and a scenario approved over it."""
    engine = make_engine(sqlite_databases.make("sqlite", "demo"))
    with transaction(engine) as session:
        closed = {"closed_by": "张三", "closed_reason": "国库已关账"}
        roll_edition(session, *ME, NewEdition(EDITION, YEAR, years=5, later_years=True, **closed))
    made.approve(engine, EDITION, SCENARIO, Options(1, 20.0, 0.01))
    yield engine
    engine.dispose()


def lines_of(session: Session, code: str) -> list[LineRecord]:
    filters = LineFilters(REVIEW, year=YEAR, projects=ProjectFilters(code=(code,)))
    return list_lines(session, EVERYTHING, filters)[0]


def reserved_one(session: Session) -> Arranged:
    """A supported project that lines of public money await, and for which money is reserved."""
    found = arrangements(session, EVERYTHING, EDITION).projects
    for code, one in found.items():
        waiting = [line for line in lines_of(session, code) if line["state"] == "asked" and line["reserved"]]
        if one.supported and waiting:
            return one
    raise LookupError("no project of the demonstration has reserved money and lines that wait")


def test_the_demonstration_from_the_scenario_to_the_annual_list(demonstration: Engine, tmp_path: Path) -> None:
    with transaction(demonstration) as session:
        one = reserved_one(session)
        sql = made.proposed(session, SCENARIO, one.project)
        assert dict(one.decision.amounts) == sql and one.state == "holds"
        before = made.funds_held(session, one.project, YEAR)
        lines = lines_of(session, one.project)
        defaults = line_defaults(session, EVERYTHING, lines)
        for line in lines:
            told, asked = defaults[line["id"]].default, sql.get((line["item"], YEAR), 0)
            assert (told.amount if told else 0) == min(line["asked"], asked), line
        waiting = [line["id"] for line in lines if line["state"] == "asked"]
        done = propose_as_arranged(session, *ME, waiting)
        assert done.decided == sum(defaults[number].default is not None for number in waiting)
        chosen = next(line for line in lines if line["id"] in waiting and line["reserved"])
        proposed = defaults[chosen["id"]].default
        assert proposed is not None and proposed.amount > 0
        (held, *_) = reserves(session, EVERYTHING, "fund", YEAR, [one.project_id])
        assert (held["note"], held["doc_no"]) == (SCENARIO, made.DOC)
        # The pools of the coming year were opened by later documents: before those nothing can be granted.
        data = Grant("", made.DOC, str(held["on_date"]), min(proposed.amount, chosen["reserved"]))
        made_ = grant(session, *ME, [chosen["id"]], data)
        after = made.funds_held(session, one.project, YEAR)
        moved = made_.from_reserve
        assert (made_.from_free, before[0] - after[0], after[1] - before[1]) == (0, moved, moved) and moved > 0
        (granted,) = (line for line in lines_of(session, one.project) if line["id"] == chosen["id"])
        assert (granted["granted"], granted["reserved"]) == (moved, chosen["reserved"] - moved)
        write_annual_book(session, EVERYTHING, tmp_path / "a.xlsx", EDITION, "zh")
    funds = sum(quantity for (item, year), quantity in sql.items() if year == YEAR and item.startswith("fund"))
    listed = printed(tmp_path / "a.xlsx", one.project)
    assert (listed["情景安排"], listed["情景拟安排资金（万元）"]) == ("拟安排", funds / made.WAN)
    assert [one.code for one in breaches(demonstration)] == []


def printed(path: Path, project: str) -> dict[object, object]:
    """The row of a project in the annual list, by its headings."""
    book = load_workbook(path, data_only=True)
    for sheet in book.worksheets[3:8]:
        heads, *rows = sheet.iter_rows(min_row=4, values_only=True)
        for row in rows:
            if row[1] == project:
                return dict(zip(heads, row, strict=True))
    raise LookupError(project)


def test_the_demonstration_adds_up(demonstration: Engine) -> None:
    """What is arranged in all, and how many are refused, as SQL counts them."""
    with Session(demonstration) as session:
        found = arrangements(session, EVERYTHING, EDITION).projects.values()
        numbers = {"scenario": SCENARIO, "year": YEAR}
        funds = session.execute(
            text(
                "SELECT SUM(a.quantity) FROM allocation_proposals a JOIN items i ON i.id = a.item_id"
                " JOIN scenarios s ON s.id = a.scenario_id WHERE s.code = :scenario AND a.year = :year"
                " AND i.code LIKE 'fund%'"
            ),
            numbers,
        ).scalar_one()
        out = session.execute(
            text(
                "SELECT COUNT(*) FROM scenario_projects p JOIN scenarios s ON s.id = p.scenario_id"
                " WHERE s.code = :scenario AND p.delay < 0"
            ),
            numbers,
        ).scalar_one()
        assert sum(one.of_year(YEAR) for one in found) == funds > 0
        assert sum(not one.supported for one in found) == out > 0


def test_the_half_filled_library(sqlite_databases: Databases) -> None:
    """Drafts, gaps and an ended unit: what little is known is arranged, said and granted, and nothing else."""
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    half.fill(engine)
    with Session(engine) as session:
        steps = {step.name: (step.state, step.lacks) for step in year_way(session, half.EDITION).steps}
        assert arrangements(session, EVERYTHING, half.EDITION).by is None
    assert (steps["allocate"], steps["publish"]) == (("open", "unapproved"), ("ahead", "not_approved"))
    made.approve(engine, half.EDITION, "半丙")
    with transaction(engine) as session:
        found = arrangements(session, EVERYTHING, half.EDITION)
        assert found.by is not None and found.by.code == "半丙"
        for code, one in found.projects.items():
            assert dict(one.decision.amounts) == made.proposed(session, "半丙", code)
        needed = {code for code, one in found.projects.items() if one.decision.amounts}
        assert needed == {half.DATED}
        # 10,000 of the 50,000 m² were locked before: only the rest is arranged, and reserved beside the lock.
        assert found.projects[half.DATED].of_year(half.YEAR, "land") == 40_000
        held = session.execute(text("SELECT preallocated, locked FROM pools WHERE code = :pool"), {"pool": half.POOL})
        assert tuple(held.one()) == (40_000, 10_000)
        open_round(session, *ME, "半新", half.YEAR)
        lines, _ = list_lines(session, EVERYTHING, LineFilters("半新"))
        assert {line["project"] for line in lines} == {half.ONE_NEED}
        # It does not stand in the edition: no scenario decided on it, and nothing is its default.
        assert line_defaults(session, EVERYTHING, lines) == {}
    engine.dispose()
