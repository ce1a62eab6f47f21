"""One project from the approved scenario through the edition and finance's review to its grant, each figure by SQL."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import InvalidError
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import LineFilters, line_ids, list_lines
from portfolio.finance.records import LineRecord
from portfolio.finance.rounds import Verdict, decide, open_round
from portfolio.ledger.reserved import reserves
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.rolling.deciding import decide_entries
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.following.arranged import Arranged, arrangements, reasons
from portfolio.scenarios.following.review import line_defaults, propose_as_arranged
from portfolio.scenarios.queries import project_frame
from tests.allocation.conftest import EDITION, FUND, ME, MONEY, make, solved
from tests.ledger.conftest import DOC

ROUND = LineFilters("R2019")
BY_WANG = Approval("王某", DOC, "2019-03-01")
HELD = (
    "SELECT a.preallocated, a.granted FROM ledger_accounts a JOIN pools p ON p.id = a.pool_id"
    " JOIN projects j ON j.id = a.project_id WHERE p.code = :pool AND j.code = :code"
)
PROPOSED = (
    "SELECT SUM(quantity) FROM allocation_proposals a JOIN projects j ON j.id = a.project_id"
    " JOIN items i ON i.id = a.item_id JOIN scenarios s ON s.id = a.scenario_id"
    " WHERE j.code = :code AND a.year = 2019 AND i.code LIKE 'fund%' AND s.code = :scenario"
)


@pytest.fixture
def arranged(edition: Session) -> Session:
    """The scenario S1 approved, which has land for two of the three projects; a round of 2019 opened after it."""
    make(edition)
    solved(edition)
    approve_scenario(edition, *ME, "S1", BY_WANG)
    open_round(edition, *ME, "R2019", 2019)
    edition.commit()
    return edition


def who(session: Session, scenario: str = "S1") -> tuple[list[str], str]:
    """The supported projects and the one that is not."""
    frame = project_frame(session, EVERYTHING, scenario)
    (out,) = frame[frame["delay"] < 0]["code"]
    return sorted(frame[frame["delay"] >= 0]["code"]), out


def of(session: Session, project: str) -> Arranged:
    return arrangements(session, EVERYTHING, EDITION, [project]).projects[project]


def lines(session: Session) -> dict[str, LineRecord]:
    return {one["project"]: one for one in list_lines(session, EVERYTHING, ROUND)[0]}


def held(session: Session, project: str) -> tuple[int, int]:
    row = session.execute(text(HELD), {"pool": FUND, "code": project}).one()
    return int(row[0]), int(row[1])


def test_one_project_from_the_scenario_to_its_grant(arranged: Session) -> None:
    (project, _), out = who(arranged)
    sql = int(arranged.execute(text(PROPOSED), {"code": project, "scenario": "S1"}).scalar_one())
    one = of(arranged, project)
    assert (one.supported, one.state, one.of_year(2019), one.of_year(2019, "land")) == (True, "holds", sql, 60)
    assert (one.by.code, one.by.edition, one.by.doc_no, one.by.approved_on) == ("S1", EDITION, DOC, "2019-03-01")
    line = lines(arranged)[project]
    assert (line["asked"], line["reserved"], held(arranged, project)) == (100, sql, (sql, 0))
    found = line_defaults(arranged, EVERYTHING, list(lines(arranged).values()))
    assert {lines(arranged)[code]["id"]: amount for code, amount in ((project, sql), (out, 0))}.items() <= {
        number: told.default.amount for number, told in found.items() if told.default
    }.items()
    done = propose_as_arranged(arranged, *ME, line_ids(arranged, EVERYTHING, ROUND))
    assert (done.decided, done.left) == (3, 0)
    line = lines(arranged)[project]
    made = grant(arranged, *ME, [line["id"]], Grant("", DOC, "2019-04-01", 70))
    assert (made.from_reserve, made.from_free, held(arranged, project)) == (70, 0, (30, 70))
    line = lines(arranged)[project]
    assert (line["proposed"], line["granted"], line["reserved"]) == (100, 70, 30)
    (rest,) = (one for one in reserves(arranged, EVERYTHING, "fund") if one["project"] == project)
    assert (rest["reserved"], rest["granted"], rest["doc_no"], rest["note"]) == (30, 70, DOC, "S1")
    made = grant(arranged, *ME, [line["id"]], Grant("", DOC, "2019-05-01"))
    assert (made.from_reserve, held(arranged, project)) == (30, (0, 100))
    assert {lines(arranged)[code]["proposed"] for code in (out,)} == {0}


def test_a_refused_project_says_why_and_is_proposed_nothing(arranged: Session) -> None:
    _, out = who(arranged)
    found = arrangements(arranged, EVERYTHING, EDITION)
    assert (found.projects[out].supported, dict(found.projects[out].decision.amounts)) == (False, {})
    words = {lang: reasons(arranged, EVERYTHING, found, lang)[out] for lang in ("zh", "en")}
    assert words["zh"].startswith("额度不足：") and words["en"] and "LAND" not in words["zh"]
    propose_as_arranged(arranged, *ME, [lines(arranged)[out]["id"]])
    row = arranged.execute(
        text("SELECT kind, amount, reason, note FROM review_decisions WHERE line_id = :id"),
        {"id": lines(arranged)[out]["id"]},
    ).one()
    assert tuple(row) == ("propose", 0, "not_arranged", f"S1 {DOC}")


def test_what_changed_after_the_approval_is_said_and_capped(arranged: Session) -> None:
    (project, other), _ = who(arranged)
    save_needs(arranged, *ME, project, [NeedEdit(MONEY, 2019, 40)])
    one = of(arranged, project)
    assert (one.state, one.of_year(2019), one.changed_at is not None) == ("changed", 100, True)
    open_round(arranged, *ME, "R2", 2019)
    (line,) = (x for x in list_lines(arranged, EVERYTHING, LineFilters("R2"))[0] if x["project"] == project)
    told = line_defaults(arranged, EVERYTHING, [line])[line["id"]].default
    assert told is not None and (told.amount, told.why) == (40, "capped")
    assert of(arranged, other).state == "holds"


def test_a_project_that_left_or_is_vetoed_has_no_default(arranged: Session) -> None:
    (project, other), _ = who(arranged)
    update_project(arranged, *ME, project, {"stage": "withdrawn"})
    save_needs(arranged, *ME, other, [NeedEdit("sea.reclamation.construction", 2019, 10)])
    arranged.commit()
    assert (of(arranged, project).state, of(arranged, other).state) == ("left", "vetoed")
    both = [lines(arranged)[code] for code in (project, other)]
    assert [one.default for one in line_defaults(arranged, EVERYTHING, both).values()] == [None, None]
    with pytest.raises(InvalidError, match=r"finance\.nothing_arranged"):
        propose_as_arranged(arranged, *ME, [one["id"] for one in both])


def test_what_a_reviewer_decided_is_not_overwritten(arranged: Session) -> None:
    (project, _), _ = who(arranged)
    line = lines(arranged)[project]
    decide(arranged, *ME, [line["id"]], Verdict("propose", 55, reason="slow_use"))
    done = propose_as_arranged(arranged, *ME, line_ids(arranged, EVERYTHING, ROUND))
    assert (done.decided, done.left, lines(arranged)[project]["proposed"]) == (2, 1, 55)


def test_a_superseded_scenario_is_no_default(arranged: Session) -> None:
    _, out = who(arranged)
    service.copy_scenario(arranged, LOCAL_OWNER, "S1", "S2", maker="李某")
    pools.renew_pools(arranged, LOCAL_OWNER, "S2")
    pins.pin_project(arranged, *ME, "S2", out, True, "改为必保")
    arranged.commit()
    solved(arranged, "S2")
    approve_scenario(arranged, *ME, "S2", BY_WANG)
    arranged.commit()
    _, refused = who(arranged, "S2")
    one = of(arranged, out)
    sql = int(arranged.execute(text(PROPOSED), {"code": out, "scenario": "S2"}).scalar_one())
    assert (one.by.code, one.supported, one.of_year(2019)) == ("S2", True, sql)
    assert (of(arranged, refused).supported, held(arranged, out), held(arranged, refused)) == (False, (100, 0), (0, 0))
    told = line_defaults(arranged, EVERYTHING, list(lines(arranged).values()))
    assert {one.arranged.by.code for one in told.values()} == {"S2"}


def test_nothing_is_arranged_before_an_approval(edition: Session) -> None:
    make(edition)
    solved(edition)
    found = arrangements(edition, EVERYTHING, EDITION)
    assert (found.by, dict(found.projects)) == (None, {})
    open_round(edition, *ME, "R2019", 2019)
    assert line_defaults(edition, EVERYTHING, list(lines(edition).values())) == {}


def test_an_entry_that_left_the_edition_holds_nothing(arranged: Session) -> None:
    (project, _), _ = who(arranged)
    decide_entries(arranged, *ME, EDITION, [project], "rejected", "并入其他项目")
    assert of(arranged, project).state == "left"
