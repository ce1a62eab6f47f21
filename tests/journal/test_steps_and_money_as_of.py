"""As it stood: what was said of steps, financing records, and entries up to then."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import utc_now
from portfolio.core.records import picked
from portfolio.finance.as_of import money_as_of
from portfolio.finance.financing import remove_record, save_record
from portfolio.finance.financing_beside import FIELDS, records
from portfolio.ledger.service import PoolData, Posting, open_pool, post
from portfolio.projects.queries import get_project
from portfolio.readiness.as_of import SAID, steps_as_of
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.rules.templates import step_kinds
from portfolio.readiness.service import clear_step, save_step

CODE, POOL = "GX-2018-0207", "P-2027"


def said(session: Session, number: int) -> dict[str, Any]:
    return {step: picked(one, SAID) for step, one in stored_steps(session, number).items()}


def stated(session: Session, number: int) -> list[dict[str, Any]]:
    return [picked(row, FIELDS) for row in records(session, number)]


def test_steps_of_then_are_those_said_then(session: Session) -> None:
    number = get_project(session, EVERYTHING, CODE)["id"]
    first, second = list(step_kinds())[:2]
    seen: list[tuple[datetime, Any]] = [(utc_now(), said(session, number))]
    for step, values in (
        (first, {"status": "preparing", "planned_on": "2027-03-01"}),
        (first, {"status": "approved", "actual_on": "2027-02-01", "doc_no": "桂发改〔2027〕3号"}),
        (second, {"status": "preparing"}),
        (first, None),
    ):
        if values is None:
            clear_step(session, LOCAL_OWNER, EVERYTHING, CODE, step)
        else:
            save_step(session, LOCAL_OWNER, EVERYTHING, CODE, step, values)
        seen.append((utc_now(), said(session, number)))
    for at, was in seen:
        assert steps_as_of(session, EVERYTHING, CODE, at) == was
    assert [len(was) for _, was in seen] == [0, 1, 1, 2, 1]


def test_financing_and_entries_of_then_are_those_made_then(session: Session) -> None:
    number = get_project(session, EVERYTHING, CODE)["id"]
    seen = [(utc_now(), stated(session, number))]
    loan = {"instrument": "policy_loan", "amount_yuan": 10_000_000, "first_year": 2027, "status": "planned"}
    made = save_record(session, LOCAL_OWNER, EVERYTHING, CODE, loan)
    seen.append((utc_now(), stated(session, number)))
    save_record(session, LOCAL_OWNER, EVERYTHING, CODE, loan | {"partner": "某银行"})
    save_record(session, LOCAL_OWNER, EVERYTHING, CODE, {"amount_yuan": 20_000_000}, made)
    seen.append((utc_now(), stated(session, number)))
    remove_record(session, LOCAL_OWNER, EVERYTHING, CODE, made)
    seen.append((utc_now(), stated(session, number)))
    for at, was in seen:
        found = money_as_of(session, EVERYTHING, CODE, at).records
        assert sorted(found, key=str) == sorted(was, key=str)
    assert [len(was) for _, was in seen] == [0, 1, 2, 1]

    pool = PoolData(
        POOL, "fund.central_budget", 2027, "450000", "region", "budget", 10**9, "桂财〔2027〕1号", "2026-01-01"
    )
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool)
    before = utc_now()
    post(session, LOCAL_OWNER, EVERYTHING, [Posting("lock", POOL, 1_000_000, "2026-03-05", CODE)])
    assert money_as_of(session, EVERYTHING, CODE, before).entries == []
    assert [one["kind"] for one in money_as_of(session, EVERYTHING, CODE, utc_now()).entries] == ["lock"]
