"""The whole matrix role × action × row against the services: what the table grants is done, all else is refused."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import REACHES, ROLES, Actor, Scope, actions, offers, scope_of
from portfolio.core.errors import ConflictError, ForbiddenError, NotFoundError
from portfolio.core.rulebook import Rulebook
from portfolio.demonstration.service import add_figures
from portfolio.exchange.rows.edition_import import ForeignEdition, import_edition
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.filing import service as attaching
from portfolio.finance.envelopes import EnvelopeData, envelope_rows, set_envelope
from portfolio.finance.financing import save_record, set_capacity
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import LineFilters, line_ids
from portfolio.finance.rounds import Verdict, ask_again, decide, open_round
from portfolio.finance.workfunds import save_work_fund
from portfolio.finance.yearly import save_yearly
from portfolio.journal.queries import JournalFilters, slice_journal
from portfolio.ledger.queries import get_pool
from portfolio.ledger.service import PoolData, Posting, amend_pool, open_pool, post
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.people.queries import list_users
from portfolio.people.service import NewUser, add_user
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, remove_project, update_project
from portfolio.projects.states import LIBRARY, Said, Standing, move
from portfolio.readiness.service import save_step
from portfolio.reporting import rounds as reporting
from portfolio.reporting.service import act
from portfolio.rolling import consultation, deciding, lists, targets
from portfolio.rolling.approval import approve
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.queries import list_scenarios
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scheme.service import save_unit
from portfolio.screening.criteria import save_criteria
from portfolio.screening.policies import save_policy
from portfolio.screening.rules.books import built_in
from portfolio.screening.service import Act as GateAct
from portfolio.screening.service import answer_gate
from portfolio.succession.service import HandOver, hand_over_unit
from tests.access.conftest import CODES, ELEMENT, MINE, PLACES, THEIRS, World, actor_of, data_of
from tests.ledger.conftest import DOC, FUND, LAND, pool

DAY = "2026-03-01"
TABLE = {
    row["action"]: row
    for row in Rulebook(Path(scope_of.__code__.co_filename).parent / "data", ("permissions",)).rows("permissions")
}
# Actions whose rooms are built on this table; each must be taken from here into DOES when its service stands.
TO_COME = {
    "obstacle.report",
    "obstacle.handle",
    "plan.edit",
}
Do = Callable[[Session, Actor, Scope, str], Any]


def line(session: Session, code: str, item: str) -> list[int]:
    return line_ids(session, EVERYTHING, LineFilters("R1", item=item, projects=ProjectFilters(code=(code,))))


def place_of(code: str) -> str:
    return next(place for place, held in CODES.items() if held == code)


def said(session: Session, actor: Actor, code: str) -> int:
    return consultation.comment(session, actor, "E1", consultation.Said(code, MINE, "同意"))


def answered(session: Session, actor: Actor) -> None:
    number = int(consultation.comment_frame(session, EVERYTHING, "E1").iloc[0]["id"])
    consultation.answer(session, actor, "E1", number, "已采纳")


def accepted(session: Session, actor: Actor) -> None:
    deciding.decide_entries(session, LOCAL_OWNER, EVERYTHING, "E1", list(CODES.values()), "accepted")
    approve(session, actor, EVERYTHING, "E1", DOC, DAY, "王某")


def ratified(session: Session, actor: Actor) -> None:
    """Whoever may approve is told that there is no answer yet."""
    make_scenario(session, LOCAL_OWNER, NewScenario("S1", "E1", maker="李某"))
    with pytest.raises(ConflictError, match="not_solved"):
        approve_scenario(session, actor, EVERYTHING, "S1", Approval("王某", DOC, DAY))


def stepped(session: Session, actor: Actor, scope: Scope, code: str, action: str) -> None:
    """A step of the record's life, from the library; a submission asks for no more than the least stage."""
    act(session, actor, scope, code, action, Said("有理由", DOC), asked="planning")


def reviewed(session: Session, actor: Actor, scope: Scope, code: str) -> None:
    """Accept a record that waits: at its city's step, or, where the lead unit is what tells it apart, at that one's."""
    stepped(session, LOCAL_OWNER, EVERYTHING, code, "submit")
    if code == CODES["own_lead"]:
        stepped(session, LOCAL_OWNER, EVERYTHING, code, "accept")
    stepped(session, actor, scope, code, "accept")


def drafted(session: Session, code: str) -> str:
    """A draft of the same place that was never accepted."""
    project = create_project(session, LOCAL_OWNER, again(code))
    move(session, LOCAL_OWNER, project, LIBRARY, Standing(state="draft", accepted=False), "create")
    return str(project["code"])


def laid(session: Session, actor: Actor, scope: Scope, code: str) -> int:
    return attaching.lay(session, actor, scope, "step", f"{code}/project_code", "批文.pdf", PDF)


def taken_away(session: Session, actor: Actor, scope: Scope, code: str) -> None:
    number = laid(session, LOCAL_OWNER, EVERYTHING, code)
    attaching.take_away(session, actor, scope, number)


def imported(session: Session, actor: Actor, scope: Scope) -> None:
    run_import(session, actor, scope, [], Options())


def exported(session: Session, actor: Actor) -> None:
    with TemporaryDirectory() as folder:
        export(session, scope_of(actor), "units", Path(folder) / "units.csv", ExportQuery())


ON_ROWS: dict[str, Do] = {
    "project.read": lambda s, a, w, c: get_project(s, w, c),
    "project.create": lambda s, a, w, c: create_project(s, a, data_of(place_of(c), "GX-2018-9900")),
    "project.edit": lambda s, a, w, c: update_project(s, a, w, c, {"owner": "某公司"}),
    "project.transfer": lambda s, a, w, c: update_project(s, a, w, c, {"office_unit": "GX-DOE"}),
    "project.remove": lambda s, a, w, c: remove_project(s, a, w, create_project(s, LOCAL_OWNER, again(c))["code"]),
    "project.discard": lambda s, a, w, c: remove_project(s, a, w, drafted(s, c)),
    "need.edit": lambda s, a, w, c: save_needs(s, a, w, c, [NeedEdit("fund.own", 2027, 5)]),
    "step.edit": lambda s, a, w, c: save_step(s, a, w, c, "project_code", {"status": "preparing"}),
    "attachment.add": laid,
    "attachment.remove": taken_away,
    "project.submit": lambda s, a, w, c: stepped(s, a, w, c, "submit"),
    "project.review": reviewed,
    "project.lock": lambda s, a, w, c: stepped(s, a, w, c, "lock"),
    "project.defer": lambda s, a, w, c: stepped(s, a, w, c, "defer"),
    "project.withdraw": lambda s, a, w, c: stepped(s, a, w, c, "exit"),
    "screening.lift": lambda s, a, w, c: answer_gate(s, a, w, c, "owner", GateAct("justify", "某人", words="正在组建")),
    "screening.score": lambda s, a, w, c: save_criteria(s, a, w, c, {"panel": 60}),
    "financing.edit": lambda s, a, w, c: save_record(s, a, w, c, RECORD),
    "progress.report": lambda s, a, w, c: save_yearly(s, a, w, c, {("to_date", 2025): 5}),
    "review.decide": lambda s, a, w, c: decide(s, a, w, line(s, c, "fund.own"), Verdict("propose", 3_000_000)),
    "review.ask": lambda s, a, w, c: ask_again(s, a, w, line(s, c, "fund.other")[:1], "已补正"),
    "review.grant": lambda s, a, w, c: grant(s, a, w, line(s, c, "fund.tbd"), Grant(FUND, DOC, DAY)),
    "edition.comment": lambda s, a, w, c: said(s, a, c),
    "edition.target": lambda s, a, w, c: targets.set_target(s, a, "E1", c, targets.Target(content="主体")),
}
NEW_UNIT = {"code": "X1", "name_zh": "新单位", "full_name_zh": "新单位", "kind": "OTHER"}
RECORD: dict[str, Any] = {"instrument": "policy_loan", "amount_yuan": 10, "first_year": 2026, "status": "planned"}
QUARTER = reporting.RoundData("Q1", "一季度", "2026-01-01", "2026-03-31")
PDF = b"%PDF-1.7"
ELSEWHERE_ACT: dict[str, Any] = {"list": "coordinated", "year": 2026, "act": "included", "on_date": DAY, "doc_no": DOC}
SPOKEN: dict[str, Any] = {**ELSEWHERE_ACT, "list": "near_term", "act": "proposed", "unit": "GX-BBW", "person": "王某"}
ON_ALL: dict[str, Callable[[Session, Actor], Any]] = {
    "review.open": lambda s, a: open_round(s, a, EVERYTHING, "R2", 2027),
    "budget.read": lambda s, a: envelope_rows(s, scope_of(a)),
    "budget.edit": lambda s, a: set_envelope(s, a, EnvelopeData("region", 2026, 1, DOC)),
    "capacity.edit": lambda s, a: set_capacity(s, a, "450100", 2026, 1, DOC),
    "workfund.edit": lambda s, a: save_work_fund(s, a, MINE, 2026, "x", {"asked_yuan": 1}),
    "edition.roll": lambda s, a: roll_edition(s, a, EVERYTHING, NewEdition("E2", 2027)),
    "edition.decide": lambda s, a: deciding.decide_entries(s, a, EVERYTHING, "E1", [CODES["own_unit"]], "accepted"),
    "edition.approve": lambda s, a: accepted(s, a),
    "edition.answer": lambda s, a: answered(s, a),
    "list.say": lambda s, a: lists.say(s, a, EVERYTHING, lists.Act(CODES["own_unit"], **ELSEWHERE_ACT)),
    "list.speak": lambda s, a: lists.say(s, a, EVERYTHING, lists.Act(CODES["own_unit"], **SPOKEN)),
    "scheme.edit": lambda s, a: save_unit(
        s, a, {"code": "X1", "name_zh": "新单位", "kind": "OTHER"} | {"full_name_zh": "x"}
    ),
    "unit.hand_over": lambda s, a: hand_over_unit(s, a, HandOver("GX-DLR", "GX-DNR", "机构改革")),
    "exchange.import": lambda s, a: imported(s, a, EVERYTHING),
    "exchange.export": lambda s, a: exported(s, a),
    "edition.import": lambda s, a: import_edition(s, a, EVERYTHING, [], ForeignEdition("F", 2026, DOC, DAY)),
    "user.read": lambda s, a: list_users(s, a),
    "user.manage": lambda s, a: add_user(s, a, NewUser("new.one", "leader")),
    "round.manage": lambda s, a: reporting.open_round(s, a, QUARTER),
    "policy.edit": lambda s, a: save_policy(s, a, msgspec.structs.replace(built_in()["default"], code="mine")),
    "scenario.read": lambda s, a: list_scenarios(s, scope_of(a)),
    "scenario.approve": lambda s, a: ratified(s, a),
    "scenario.make": lambda s, a: make_scenario(s, a, NewScenario("S1", "E1")),
    "journal.read": lambda s, a: slice_journal(s, scope_of(a), JournalFilters(), 0, 10),
    "demonstration.load": lambda s, a: add_figures(s, a, Scope()),
}


def more(element: str) -> PoolData:
    return pool(POOLS[element], element, 2 * 10**9, **OF[element])


ON_POOLS: dict[str, Callable[[Session, Actor, str], Any]] = {
    "pool.read": lambda s, a, element: get_pool(s, scope_of(a), POOLS[element]),
    "pool.open": lambda s, a, element: open_pool(s, a, EVERYTHING, pool(f"NEW-{element}", element, 5, year=2027)),
    "pool.amend": lambda s, a, element: amend_pool(
        s, a, EVERYTHING, pool(POOLS[element], element, 10**9, **OF[element])
    ),
    "ledger.post": lambda s, a, element: post(s, a, EVERYTHING, [Posting("cut", POOLS[element], 1, DAY, doc_no=DOC)]),
}
POOLS: dict[str, str] = {"land": LAND, "fund": FUND}
OF: dict[str, dict[str, Any]] = {"land": {"year": 2026}, "fund": {"year": 2026, "kind": "budget"}}


def again(code: str) -> Any:
    return data_of(place_of(code), "GX-2018-9901")


def granted(role: str, action: str, place: str) -> bool:
    """What the table says, read without the product's own function."""
    reaches = set(TABLE[action][role].split(";"))
    return "all" in reaches or (place in reaches and place != "foreign")


def done(session: Session, act: Callable[..., Any], *given: Any) -> bool:
    """Whether the services let it be done; whatever they did is taken back."""
    try:
        act(session, *given)
    except (ForbiddenError, NotFoundError):
        return False
    finally:
        session.rollback()
    return True


def test_the_table_is_whole() -> None:
    for action, row in TABLE.items():
        assert row["writes"] in ("yes", "no")
        for role in ROLES:
            reaches = [reach for reach in row[role].split(";") if reach]
            assert set(reaches) <= set(REACHES), (action, role)
    assert set(actions()) == set(TABLE)
    assert set(TABLE) == set(ON_ROWS) | set(ON_ALL) | set(ON_POOLS) | TO_COME


@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_what_they_may_not_read(role: str) -> None:
    readable = set(TABLE["project.read"][role].split(";"))
    for action, row in TABLE.items():
        beyond = set(row[role].split(";")) - readable - {"", "own_element", "all"}
        assert "all" in readable or beyond == set(), action


def test_leaders_and_auditors_change_nothing_and_administrators_only_people() -> None:
    writing = {
        role: {action for action, row in TABLE.items() if row["writes"] == "yes" and row[role]} for role in ROLES
    }
    assert writing["leader"] == writing["auditor"] == set()
    assert writing["administrator"] == {"user.manage"}


@pytest.mark.parametrize("action", ON_ROWS)
@pytest.mark.parametrize("role", ROLES)
def test_rows(world: World, role: str, action: str) -> None:
    actor = actor_of(role)
    with Session(world.engine) as session:
        for place, code in CODES.items():
            allowed = done(session, ON_ROWS[action], actor, scope_of(actor), code)
            assert allowed == granted(role, action, place), place
            # No scope handed in by mistake opens what the table keeps shut.
            if action != "project.read":
                allowed = done(session, ON_ROWS[action], actor, EVERYTHING, code)
                assert allowed == granted(role, action, place), place


@pytest.mark.parametrize("action", ON_ALL)
@pytest.mark.parametrize("role", ROLES)
def test_what_concerns_no_single_row(world: World, role: str, action: str) -> None:
    with Session(world.engine) as session:
        assert done(session, ON_ALL[action], actor_of(role)) == (TABLE[action][role] == "all")


@pytest.mark.parametrize("action", ON_POOLS)
@pytest.mark.parametrize("role", ROLES)
def test_pools(world: World, role: str, action: str) -> None:
    reaches = TABLE[action][role].split(";")
    with Session(world.engine) as session:
        for element in POOLS:
            expected = "all" in reaches or ("own_element" in reaches and ELEMENT.get(role) == element)
            assert done(session, ON_POOLS[action], actor_of(role), element) == expected, element


@pytest.mark.parametrize("action", [*ON_ROWS, *ON_ALL, *ON_POOLS])
def test_the_owner_can_do_each_of_them(world: World, action: str) -> None:
    """Else a refusal above could come from an attempt that never could succeed."""
    with Session(world.engine) as session:
        if action in ON_ROWS:
            assert done(session, ON_ROWS[action], LOCAL_OWNER, EVERYTHING, CODES["foreign"])
        elif action in ON_ALL:
            assert done(session, ON_ALL[action], LOCAL_OWNER)
        else:
            assert done(session, ON_POOLS[action], LOCAL_OWNER, "land")


def test_nobody_moves_a_project_into_or_out_of_reach(world: World) -> None:
    city = actor_of("city_reviewer")
    with Session(world.engine) as session, pytest.raises(ForbiddenError):
        update_project(session, city, scope_of(city), CODES["own_city"], {"region_codes": [PLACES["foreign"][2]]})
    office = actor_of("project_office")
    with Session(world.engine) as session, pytest.raises(ForbiddenError):
        update_project(session, office, scope_of(office), CODES["own_unit"], {"office_unit": THEIRS})


def test_a_token_narrows_its_role(world: World) -> None:
    planner = actor_of("planner")
    reading = Actor(**{**vars(planner), "may_write": False})
    narrow = Actor(**{**vars(planner), "actions": frozenset({"project.read"})})
    assert (offers(reading, "project.read"), offers(reading, "project.edit")) == (True, False)
    assert (offers(narrow, "project.read"), offers(narrow, "project.edit")) == (True, False)


def test_units_that_were_reorganised_keep_their_projects() -> None:
    heir = Actor("x", "lead_reviewer", "GX-DNR", units=frozenset({"GX-DLR"}))
    assert scope_of(heir).lead_units == {"GX-DNR", "GX-DLR"}
