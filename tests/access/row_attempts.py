"""Attempts on what is not the actor's that take more than one call: what they are made on is laid by the owner."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core import revision
from portfolio.exchange.shapes.profile import Profile
from portfolio.exchange.uploads import profiles, undoing, undoing_needs
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import Import
from portfolio.exchange.uploads.touched import Written
from portfolio.filing import service as attaching
from portfolio.ledger import recovery
from portfolio.ledger import service as ledger
from portfolio.ledger.service import Posting
from portfolio.needs import service as needs
from portfolio.needs.changes import NeedEdit
from portfolio.projects import proposals
from portfolio.projects import service as projects
from portfolio.projects.queries import get_project
from portfolio.projects.references import load_references
from portfolio.projects.states import LIBRARY, Standing, move
from portfolio.reporting import service as reporting
from portfolio.rolling import consultation, lists
from portfolio.screening import criteria
from tests.access.conftest import CODES, ELSEWHERE, HERE, MINE, data_of
from tests.access.test_matrix import DAY, PDF
from tests.ledger.conftest import DOC, LAND, pool

FOREIGN, OWN, OWN_CITY = CODES["foreign"], CODES["own_unit"], CODES["own_city"]
# Whoever enters the foreign project without the last word on it, so that what they write is a proposal.
ITS_OFFICE = Actor("its.office", "project_office", data_of("foreign").office_unit)
Try = Callable[[Session, Actor], Any]


def by_owner(act: Callable[..., Any], session: Session, *given: Any) -> Any:
    return act(session, LOCAL_OWNER, EVERYTHING, *given)


def reversed_lock(session: Session, actor: Actor) -> None:
    (number,) = by_owner(ledger.post, session, [Posting("lock", LAND, 5, DAY, OWN, confirmed=True)])
    ledger.reverse(session, actor, EVERYTHING, number, DAY, DOC)


def moved_into_a_foreign_pool(session: Session, actor: Actor) -> None:
    by_owner(ledger.open_pool, session, pool("LAND-HERE", "land", 9, year=2026, region_code=HERE, level="city"))
    ledger.post(
        session, actor, EVERYTHING, [Posting("transfer", "LAND-HERE", 1, DAY, None, doc_no=DOC, counter_pool=LAND)]
    )


def settled(session: Session, actor: Actor) -> None:
    held = get_project(session, EVERYTHING, FOREIGN)
    move(session, LOCAL_OWNER, held, LIBRARY, Standing(state="draft"), "amend")
    reporting.settle(session, actor, EVERYTHING, FOREIGN)


def undone_needs(session: Session, actor: Actor) -> None:
    by_owner(needs.save_needs, session, FOREIGN, [NeedEdit("fund.own", 2031, 7)])
    undoing_needs.undo_needs(session, actor, EVERYTHING, revision.bump(session), "撤销")


def undone_proposal(session: Session, actor: Actor) -> None:
    projects.update_project(session, ITS_OFFICE, EVERYTHING, FOREIGN, {"owner": "新"})
    before = {"owner": data_of("foreign").owner}
    at = undoing._Undoing(session, actor, EVERYTHING, "撤销", load_references(session))
    undoing._restore_proposal(at, Written(proposals.ROOM, FOREIGN, proposals.FACTS, before, {"owner": "新"}))


def undone_proposed_needs(session: Session, actor: Actor) -> None:
    needs.save_needs(session, ITS_OFFICE, EVERYTHING, FOREIGN, [NeedEdit("fund.own", 2031, 7)])
    undoing_needs.undo_needs(session, actor, EVERYTHING, revision.bump(session), "撤销")


def undone_pool(session: Session, actor: Actor) -> None:
    at = undoing._Undoing(session, actor, EVERYTHING, "撤销", load_references(session))
    undoing._restore_pool(at, Written("ledger", LAND, "update", {"name": "旧"}, {"name": "新"}))


def withdrawn_comment(session: Session, actor: Actor) -> None:
    said = consultation.Said(FOREIGN, MINE, "意见")
    number = consultation.comment(session, LOCAL_OWNER, "E1", said)
    consultation.answer(session, actor, "E1", number, "撤回", withdraw=True)


def spoken_for_another(session: Session, actor: Actor) -> None:
    said = lists.Act(OWN, "near_term", 2026, "proposed", DAY, "GX-BBW", doc_no=DOC)
    lists.say(session, actor, EVERYTHING, said)


def taken_away(session: Session, actor: Actor) -> None:
    number = by_owner(attaching.lay, session, "step", f"{FOREIGN}/project_code", "批文.pdf", PDF)
    attaching.take_away(session, actor, EVERYTHING, number)


def other_import(session: Session) -> int:
    return imports.create(session, LOCAL_OWNER, [StoredFile("a.csv", "0" * 64, 1)])


def anothers_profile(session: Session, actor: Actor) -> None:
    profiles.save_profile(session, LOCAL_OWNER, "某局", Profile())
    profiles.drop_profile(session, actor, "某局")


def confirmed(session: Session, actor: Actor) -> None:
    number = other_import(session)
    session.get_one(Import, number).state = "applying"
    session.flush()
    imports.apply(session, actor, EVERYTHING, number, [], None)


def all_criteria(session: Session, actor: Actor) -> None:
    number = get_project(session, EVERYTHING, FOREIGN)["id"]
    criteria.save_many_criteria(session, actor, [criteria.Statement(number, FOREIGN, "panel", 60.0, None)])


def drawn(session: Session, actor: Actor) -> None:
    one = recovery.Due("r", DAY, LAND, "land", 2026, FOREIGN, "", "", "locked", 5)
    recovery.recover(session, actor, EVERYTHING, [one], DAY, DOC)


def changed(code: str, **facts: Any) -> Try:
    return lambda s, a: projects.update_project(s, a, EVERYTHING, code, facts)


def moved_out_of_reach(session: Session, actor: Actor) -> None:
    projects.update_project(session, actor, EVERYTHING, OWN_CITY, {"region_codes": [ELSEWHERE]}, "区划调整")
