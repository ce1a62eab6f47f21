"""Every check of a row is needed: without it one of these cases is let through. New services must bring their case.

A person who may do everything, but only to what is theirs, is handed the whole library as scope and tries each service
on what is not. Only the service's own check of the row can refuse, and which one did is read from the traceback.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

import portfolio
from portfolio.access import rules
from portfolio.access.local import EVERYTHING
from portfolio.access.rules import REACHES, ROLES, Actor, actions
from portfolio.core.errors import PortfolioError
from portfolio.exchange.uploads import service as imports
from portfolio.filing import service as attaching
from portfolio.finance import financing, granting, rounds, yearly
from portfolio.ledger import service as ledger
from portfolio.ledger.service import Posting
from portfolio.needs import details, removal
from portfolio.needs import service as needs
from portfolio.needs.changes import NeedEdit
from portfolio.projects import service as projects
from portfolio.projects.profile import save_profile
from portfolio.projects.states import Said
from portfolio.readiness import service as readiness
from portfolio.reporting import discarding, entry
from portfolio.reporting import service as reporting
from portfolio.rolling import consultation, targets
from portfolio.scenarios.following.review import propose_as_arranged
from portfolio.screening import criteria
from portfolio.screening import service as screening
from tests.access.conftest import CODES, ELSEWHERE, HERE, MINE, World, data_of
from tests.access.row_attempts import (
    Try,
    all_criteria,
    anothers_profile,
    by_owner,
    changed,
    confirmed,
    drawn,
    moved_into_a_foreign_pool,
    moved_out_of_reach,
    other_import,
    reversed_lock,
    settled,
    spoken_for_another,
    taken_away,
    undone_needs,
    undone_pool,
    undone_proposal,
    undone_proposed_needs,
    withdrawn_comment,
)
from tests.access.test_everything_asks import TRUSTED, names_called
from tests.access.test_matrix import DAY, PDF, RECORD, line
from tests.ledger.conftest import DOC, FUND, LAND, pool

ROOT = Path(portfolio.__file__).parent
FOREIGN, OWN, OWN_CITY = CODES["foreign"], CODES["own_unit"], CODES["own_city"]
SOMEONE = Actor("some.one", "project_office", MINE, HERE, element="land")


@dataclass(frozen=True)
class Case:
    """A service tried on what is not the actor's; `anywhere` are actions the actor may do to every row, `table` says
    that the product's own table decides instead of the made-up one."""

    service: str
    attempt: Try
    anywhere: frozenset[str] = frozenset()
    actor: Actor = SOMEONE
    table: bool = False


PLANNER = Actor("an.other", "planner", MINE, HERE)
CASES = (
    Case(
        "projects/service.py:create_project",
        lambda s, a: projects.create_project(s, a, data_of("foreign", "GX-2018-9900")),
    ),
    Case("projects/service.py:update_project", changed(FOREIGN, region_codes=[HERE])),
    Case("projects/service.py:update_project", changed(OWN_CITY, region_codes=[ELSEWHERE])),
    # Each check alone: no other stops who writes what stands already, or who may hand over what they may not edit.
    Case("projects/service.py:update_project", changed(FOREIGN)),
    Case("projects/service.py:update_project", moved_out_of_reach, frozenset({"project.transfer"})),
    Case("projects/service.py:update_project", changed(FOREIGN, office_unit="GX-DOE"), frozenset({"project.edit"})),
    Case("projects/service.py:update_project", changed(OWN, lead_unit="GX-DOE"), table=True),
    Case("projects/service.py:update_project", changed(OWN, region_codes=[HERE]), table=True),
    Case("projects/service.py:remove_project", lambda s, a: projects.remove_project(s, a, EVERYTHING, FOREIGN)),
    Case("needs/removal.py:remove_project", lambda s, a: removal.remove_project(s, a, EVERYTHING, FOREIGN)),
    Case("reporting/discarding.py:take_out", lambda s, a: discarding.take_out(s, a, EVERYTHING, FOREIGN)),
    Case("projects/profile.py:save_profile", lambda s, a: save_profile(s, a, EVERYTHING, FOREIGN, {"address": "x"})),
    Case(
        "reporting/entry.py:save_entry",
        lambda s, a: entry.save_entry(s, a, EVERYTHING, FOREIGN, entry.Entered({"owner": "x"})),
    ),
    Case("reporting/service.py:act", lambda s, a: reporting.act(s, a, EVERYTHING, FOREIGN, "submit", asked="planning")),
    Case("reporting/service.py:act", lambda s, a: reporting.act(s, a, EVERYTHING, FOREIGN, "defer", Said("有理由"))),
    Case("reporting/service.py:settle", settled),
    Case(
        "needs/service.py:save_needs",
        lambda s, a: needs.save_needs(s, a, EVERYTHING, FOREIGN, [NeedEdit("fund.own", 2027, 5)]),
    ),
    Case(
        "needs/service.py:set_need",
        lambda s, a: needs.set_need(s, a, EVERYTHING, FOREIGN, NeedEdit("fund.own", 2027, 5)),
    ),
    Case("needs/details.py:save_details", lambda s, a: details.save_details(s, a, EVERYTHING, FOREIGN, [])),
    Case(
        "readiness/service.py:save_step",
        lambda s, a: readiness.save_step(s, a, EVERYTHING, FOREIGN, "project_code", {"status": "preparing"}),
    ),
    Case(
        "readiness/service.py:clear_step", lambda s, a: readiness.clear_step(s, a, EVERYTHING, FOREIGN, "project_code")
    ),
    Case("finance/financing.py:save_record", lambda s, a: financing.save_record(s, a, EVERYTHING, FOREIGN, RECORD)),
    Case(
        "finance/financing.py:remove_record",
        lambda s, a: financing.remove_record(
            s, a, EVERYTHING, FOREIGN, by_owner(financing.save_record, s, FOREIGN, RECORD)
        ),
    ),
    Case(
        "finance/yearly.py:save_yearly",
        lambda s, a: yearly.save_yearly(s, a, EVERYTHING, FOREIGN, {("to_date", 2025): 5}),
    ),
    Case(
        "finance/rounds.py:decide",
        lambda s, a: rounds.decide(
            s, a, EVERYTHING, line(s, FOREIGN, "fund.own"), rounds.Verdict("propose", 3_000_000)
        ),
    ),
    Case(
        "finance/rounds.py:ask_again",
        lambda s, a: rounds.ask_again(s, a, EVERYTHING, line(s, FOREIGN, "fund.other")[:1], "已补正"),
    ),
    Case(
        "finance/rounds.py:decide_each",
        lambda s, a: rounds.decide_each(
            s, a, EVERYTHING, dict.fromkeys(line(s, FOREIGN, "fund.own"), rounds.Verdict("propose", 3_000_000))
        ),
    ),
    Case(
        "scenarios/following/review.py:propose_as_arranged",
        lambda s, a: propose_as_arranged(s, a, EVERYTHING, line(s, FOREIGN, "fund.own")),
    ),
    Case(
        "finance/granting.py:grant",
        lambda s, a: granting.grant(s, a, EVERYTHING, line(s, FOREIGN, "fund.tbd"), granting.Grant(FUND, DOC, DAY)),
    ),
    Case(
        "ledger/service.py:open_pool",
        lambda s, a: ledger.open_pool(s, a, EVERYTHING, pool("NEW", "land", 5, year=2026)),
    ),
    Case(
        "ledger/service.py:amend_pool",
        lambda s, a: ledger.amend_pool(s, a, EVERYTHING, pool(LAND, "land", 5, year=2026)),
    ),
    Case(
        "ledger/service.py:post", lambda s, a: ledger.post(s, a, EVERYTHING, [Posting("lock", LAND, 5, DAY, FOREIGN)])
    ),
    Case("ledger/service.py:post", moved_into_a_foreign_pool),
    Case("ledger/service.py:reverse", reversed_lock),
    Case("ledger/service.py:require_pool", lambda s, a: ledger.require_pool(s, a, "pool.amend", LAND)),
    Case("ledger/recovery.py:recover", drawn),
    Case(
        "rolling/consultation.py:comment",
        lambda s, a: consultation.comment(s, a, "E1", consultation.Said(FOREIGN, MINE, "同意")),
    ),
    Case("rolling/consultation.py:answer", withdrawn_comment),
    Case(
        "rolling/targets.py:set_target",
        lambda s, a: targets.set_target(s, a, "E1", FOREIGN, targets.Target(content="主体")),
    ),
    Case(
        "screening/service.py:answer_gate",
        lambda s, a: screening.answer_gate(
            s, a, EVERYTHING, FOREIGN, "owner", screening.Act("justify", "某人", words="正在组建")
        ),
    ),
    Case(
        "screening/criteria.py:save_criteria",
        lambda s, a: criteria.save_criteria(s, a, EVERYTHING, FOREIGN, {"panel": 60}),
    ),
    Case("screening/criteria.py:save_many_criteria", all_criteria),
    Case(
        "screening/criteria.py:restore_criteria",
        lambda s, a: criteria.restore_criteria(s, a, EVERYTHING, FOREIGN, {"panel": None}, "撤销"),
    ),
    Case(
        "filing/service.py:lay",
        lambda s, a: attaching.lay(s, a, EVERYTHING, "step", f"{FOREIGN}/project_code", "批文.pdf", PDF),
    ),
    Case(
        "filing/service.py:lay",
        lambda s, a: attaching.lay(s, a, EVERYTHING, "step", f"{FOREIGN}/project_code", "批文.pdf", PDF),
        frozenset({"attachment.add"}),
    ),
    Case("filing/service.py:take_away", taken_away),
    Case("exchange/uploads/undoing_needs.py:undo_needs", undone_needs),
    Case("exchange/uploads/undoing_needs.py:undo_needs", undone_proposed_needs),
    Case("exchange/uploads/undoing.py:undo", undone_pool),
    Case("exchange/uploads/undoing.py:undo", undone_proposal),
    Case(
        "exchange/uploads/service.py:check",
        lambda s, a: imports.check(s, a, EVERYTHING, other_import(s), [], None),
        actor=PLANNER,
        table=True,
    ),
    Case("exchange/uploads/profiles.py:drop_profile", anothers_profile, table=True),
    Case("exchange/uploads/service.py:apply", confirmed, actor=PLANNER, table=True),
    Case("rolling/lists.py:say", spoken_for_another, actor=Actor("an.other", "planner", MINE, HERE, 5)),
)
# Services that read no row of their own, or hand the one they read to a service above.
ROWLESS = {
    "attachments/service.py:attach": "attaching asks on the row the file hangs on",
    "attachments/service.py:detach": "attaching asks on the row the file hangs on",
    "demonstration/": "add_figures asks for the whole",
    "exchange/uploads/applying.py": "the imports' own services ask; undoing asks for every row it writes",
    "exchange/uploads/queries.py": "one's own imports, or all to whoever reads all",
    "people/": "accounts are no rows of the table; one's own, or all",
    "projects/gate.py": "the gate stands behind the services' checks",
    "projects/identity.py": "says whose a code is to whoever enters one",
    "projects/reach.py:require_for": "is the check itself",
    "projects/service.py:accept_facts": "the acceptance has asked",
    "projects/service.py:seen_by": "says what a change starts from; the change asks",
    "projects/whose.py": "is part of update_project",
    "reporting/batches.py:submit_batch": "act asks for each record",
    "reporting/drafts.py": "one's own drafts",
    "reporting/home.py:home": "counts within one's own scope",
    "reporting/queries.py": "lists within one's own scope",
    "reporting/service.py:act_on_many": "act asks for each record",
    "rolling/adoption.py:adopt": "the approval of the edition asks for the whole",
}


def parsed() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the domain with the path of its file below `portfolio`."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield str(path.relative_to(ROOT)), node


def asks_on_a_row(node: ast.AST) -> bool:
    """Whether a statement refuses by a row: `require` with one, `require_for`, or a refusal of its own."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return getattr(node.exc.func, "id", "") == "ForbiddenError"
    name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
    return name == "require_for" or (name == "require" and len(getattr(node, "args", ())) == 3)


def checks() -> dict[tuple[str, int], str]:
    """(file, line) → the check of a row that stands there, outside the table, accounts and the command itself."""
    found = {}
    for path, function in parsed():
        if not path.startswith(("access/", "people/", "cli", "projects/reach.py")):
            for node in ast.walk(function):
                if isinstance(node, ast.expr | ast.stmt) and asks_on_a_row(node):
                    found[path, node.lineno] = f"{path}:{function.name}"
    return found


def services() -> set[str]:
    """The public functions with a session and an actor that do not themselves ask for every row there is."""
    whole, found = set(TRUSTED), {}
    for path, node in parsed():
        names = {part.arg for part in (*node.args.args, *node.args.kwonlyargs)}
        if "actor" not in names or not names & {"session", "engine"} or node.name.startswith("_"):
            continue
        calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
        if any(getattr(call.func, "id", "") == "require" and len(call.args) == 2 for call in calls):
            whole.add(node.name)
        found[f"{path}:{node.name}"] = node
    handing = {name for name, node in found.items() if names_called(node, True) & WHOLE_HEADS}
    return {name for name in found.keys() - handing if name.rpartition(":")[2] not in whole}


# Everything of scenarios and pins opens its head through the one function that asks for the whole.
WHOLE_HEADS = {"open_scenario", "pin_projects"}


def refused_at(error: PortfolioError) -> tuple[str, int]:
    """The place in the domain that asked the question which was answered with a no."""
    place, trace = ("", 0), error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and str(path.relative_to(ROOT)) not in ("access/rules.py", "projects/reach.py"):
            place = str(path.relative_to(ROOT)), trace.tb_lineno
        trace = trace.tb_next
    return place


def lay(patch: pytest.MonkeyPatch, case: Case) -> None:
    """Lay the made-up table: everything to what is one's own by unit or city, and nothing else."""
    theirs = frozenset({"own_unit", "own_city"})
    made = {(role, action): theirs for role in ROLES for action in actions()}
    made |= {(role, action): frozenset(REACHES) for role in ROLES for action in case.anywhere}
    if not case.table:
        patch.setattr(rules, "_table", lambda: made)


def refused(world: World, case: Case) -> tuple[str, int]:
    with Session(world.engine) as session:
        try:
            case.attempt(session, case.actor)
        except PortfolioError as error:
            return refused_at(error)
        finally:
            session.rollback()
    return "", 0


@pytest.fixture(scope="module")
def refusals(world: World) -> list[tuple[str, int]]:
    """Where each case was refused, in their order."""
    found = []
    for case in CASES:
        with pytest.MonkeyPatch.context() as patch:
            lay(patch, case)
            found.append(refused(world, case))
    return found


def test_what_is_not_theirs_is_refused_by_a_check_of_the_row(refusals: list[tuple[str, int]]) -> None:
    known = checks()
    assert [(case.service, place) for case, place in zip(CASES, refusals, strict=True) if place not in known] == []


def test_every_check_of_a_row_is_what_refuses_somebody(refusals: list[tuple[str, int]]) -> None:
    assert {name for place, name in checks().items() if place not in refusals} == set()


def test_every_service_is_tried_or_reads_no_row() -> None:
    tried = {case.service for case in CASES}
    untold = {name for name in services() - tried if not any(name.startswith(one) for one in ROWLESS)}
    assert untold == set()
    assert {one for one in ROWLESS if not any(name.startswith(one) for name in services())} == set()
