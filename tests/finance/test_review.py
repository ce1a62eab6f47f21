"""The review on both databases: asked, proposed, granted, returned; what is refused and by which rule."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from portfolio.core.i18n import error_text, fault_text
from portfolio.finance.granting import Grant, grant
from portfolio.finance.lines import LineFilters, decisions, line_ids, lines_by_id, list_lines, list_rounds, totals
from portfolio.finance.rounds import Verdict, ask_again, close_round, decide, open_round
from portfolio.ledger.queries import get_pool, list_entries
from portfolio.ledger.service import Posting, open_pool, post, reverse
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.filters import ProjectFilters
from tests.ledger.conftest import DOC, FUND, OTHER, PROJECT, pool

WAN = 10_000
ROUND = LineFilters("R2019")


@pytest.fixture
def review(session: Session) -> Session:
    """A round of 2019 over two projects that ask 300 万元 of the region, 200 of the city and 100 of no source."""
    asked = {PROJECT: [("fund.local_budget.region", 300), ("fund.tbd", 100)], OTHER: [("fund.local_budget.city", 200)]}
    for code, needs in asked.items():
        edits = [NeedEdit(item, 2019, wan * WAN) for item, wan in needs]
        save_needs(session, LOCAL_OWNER, EVERYTHING, code, [*edits, NeedEdit("fund.own", 2021, 7)])
    open_pool(session, LOCAL_OWNER, EVERYTHING, pool(FUND, "fund.local_budget", 400 * WAN, kind="budget"))
    assert open_round(session, LOCAL_OWNER, EVERYTHING, "R2019", 2019) == 3
    return session


def number(session: Session, item: str) -> int:
    (found,) = line_ids(session, EVERYTHING, LineFilters("R2019", item=item))
    return found


def sums(session: Session) -> tuple[int, ...]:
    row = totals(session, EVERYTHING, ROUND).iloc[0]
    return tuple(int(row[name]) // WAN for name in ("asked", "proposed", "granted", "trimmed", "gap"))


def refused(session: Session, act: Callable[..., object], *args: object) -> set[str]:
    with pytest.raises(InvalidError) as caught, session.begin_nested():
        act(session, LOCAL_OWNER, EVERYTHING, *args)
    for fault in caught.value.fields:
        assert error_text(fault.code, "zh", fault.params) != error_text(fault.code, "en", fault.params)
    return {fault.code for fault in caught.value.fields}


def test_asked_proposed_granted_and_the_difference_with_its_reason(review: Session) -> None:
    line = number(review, "fund.local_budget.region")
    assert sums(review) == (600, 0, 0, 0, 600)
    decide(
        review, LOCAL_OWNER, EVERYTHING, [line], Verdict("propose", 240 * WAN, reason="not_ready", note="先安排前期")
    )
    assert sums(review) == (600, 240, 0, 60, 600)
    grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-03-01", 200 * WAN))
    grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-04-01"))
    assert sums(review) == (600, 240, 240, 60, 360)
    assert (get_pool(review, EVERYTHING, FUND)["free"], get_pool(review, EVERYTHING, FUND)["granted"]) == (
        160 * WAN,
        240 * WAN,
    )
    steps = decisions(review, EVERYTHING, line)
    assert [(one["kind"], one["amount"], one["reason"]) for one in steps] == [
        ("propose", 240 * WAN, "not_ready"),
        ("grant", 200 * WAN, ""),
        ("grant", 40 * WAN, ""),
    ]


def test_a_reversal_in_the_ledger_is_seen_in_the_review(review: Session) -> None:
    line = number(review, "fund.local_budget.city")
    decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("propose", 200 * WAN))
    (entry,) = grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-03-01")).entries
    reverse(review, LOCAL_OWNER, EVERYTHING, entry, "2019-03-05", DOC)
    assert sums(review) == (600, 200, 0, 0, 600)
    grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-03-06"))
    assert sums(review)[2] == 200


def test_a_round_is_of_one_to_five_years(review: Session) -> None:
    assert refused(review, open_round, "R6", 2019, 2024) == {"finance.bad_years"}
    assert refused(review, open_round, "R0", 2019, 2018) == {"finance.bad_years"}
    assert open_round(review, LOCAL_OWNER, EVERYTHING, "R5", 2019, 2023) == 5
    assert open_round(review, LOCAL_OWNER, EVERYTHING, "R1", 2021, 2021) == 2


def test_a_filtered_set_is_trimmed_at_once(review: Session) -> None:
    ids = line_ids(review, EVERYTHING, LineFilters("R2019", item="fund.local_budget"))
    verdict = Verdict("propose", percent=Decimal("33.333"), reason="over_envelope")
    assert decide(review, LOCAL_OWNER, EVERYTHING, ids, verdict) == 2
    assert sums(review) == (600, 99 + 66, 0, 500 - 165, 600)
    by = totals(review, EVERYTHING, ROUND, ("level",)).set_index("level")
    assert by.loc["region", "proposed"] == 99 * WAN
    assert by.loc["market", "asked"] == 100 * WAN
    grant(review, LOCAL_OWNER, EVERYTHING, ids, Grant(FUND, DOC, "2019-03-01"))
    by_city = totals(review, EVERYTHING, ROUND, ("city", "state"))
    assert by_city["granted"].sum() == 165 * WAN


def test_returned_then_asked_again_with_what_is_needed_now(review: Session) -> None:
    line = number(review, "fund.tbd")
    decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("return", reason="missing_documents"))
    assert refused(review, decide, [line], Verdict("propose", 1)) >= {"finance.line_returned"}
    save_needs(review, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("fund.tbd", 2019, 80 * WAN)])
    assert ask_again(review, LOCAL_OWNER, EVERYTHING, [line], "已补") == [80 * WAN]
    assert sums(review)[0] == 580
    assert refused(review, ask_again, [line], "") == {"finance.not_returned"}
    assert [one["amount"] for one in decisions(review, EVERYTHING, line)] == [None, 80 * WAN]


def test_refused_by_name_and_nothing_half_written(review: Session) -> None:
    line, other = number(review, "fund.local_budget.region"), number(review, "fund.local_budget.city")
    assert refused(review, decide, [line], Verdict("propose", 299 * WAN)) == {"finance.reason_required"}
    assert refused(review, decide, [line], Verdict("propose", 301 * WAN)) == {"finance.more_than_asked"}
    assert refused(review, decide, [line], Verdict("return")) == {"finance.reason_required"}
    assert refused(review, decide, [line], Verdict("propose")) == {"finance.amount_or_percent"}
    assert refused(review, decide, [line], Verdict("dance")) == {"field.unknown_code"}
    assert refused(review, decide, [], Verdict("propose", 1)) == {"finance.bad_count"}
    assert refused(review, grant, [line], Grant(FUND, DOC, "2019-03-01")) == {"finance.not_proposed"}
    decide(review, LOCAL_OWNER, EVERYTHING, [line, other], Verdict("propose", percent=Decimal(100)))
    assert refused(review, grant, [line], Grant(FUND, DOC, "2019-03-01", 301 * WAN)) == {"finance.more_than_proposed"}
    assert refused(review, grant, [line, other], Grant(FUND, DOC, "2019-03-01")) == {"ledger.overdrawn"}
    assert refused(review, grant, [line], Grant(FUND, "", "2019-03-01")) == {"ledger.document_required"}
    assert [one["kind"] for one in list_entries(review, EVERYTHING, pool=FUND)] == ["open"]
    grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-03-01", 200 * WAN))
    assert refused(review, decide, [line], Verdict("return", reason="other")) == {"finance.granted_not_returned"}
    less = Verdict("propose", 100 * WAN, reason="other")
    assert refused(review, decide, [line], less) == {"finance.less_than_granted"}


def test_two_reviewers_do_not_overrule_each_other_unseen(review: Session) -> None:
    line = number(review, "fund.tbd")
    decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("comment", note="请补材料", version=1))
    with pytest.raises(StaleError):
        decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("propose", 100 * WAN, version=1))
    with pytest.raises(NotFoundError):
        decide(review, LOCAL_OWNER, EVERYTHING, [99_999], Verdict("comment", note="?"))


def test_a_closed_round_takes_nothing_and_codes_are_unique(review: Session) -> None:
    with pytest.raises(ConflictError):
        open_round(review, LOCAL_OWNER, EVERYTHING, "R2019", 2019)
    close_round(review, LOCAL_OWNER, "R2019")
    line = number(review, "fund.tbd")
    assert refused(review, decide, [line], Verdict("propose", 100 * WAN)) == {"finance.round_closed"}
    assert [(one["code"], one["state"], one["states"]["asked"]) for one in list_rounds(review, EVERYTHING)] == [
        ("R2019", "closed", 3)
    ]


def test_lines_are_filtered_and_paged(review: Session) -> None:
    rows, total = list_lines(review, EVERYTHING, ROUND, limit=2)
    rest, _ = list_lines(review, EVERYTHING, ROUND, limit=2, after=rows[-1]["id"])
    assert (len(rows), len(rest), total) == (2, 1, 3)
    mine = LineFilters("R2019", projects=ProjectFilters(code=(OTHER,)))
    assert [row["item"] for row in list_lines(review, EVERYTHING, mine)[0]] == ["fund.local_budget.city"]


@pytest.mark.parametrize("statement", ["UPDATE review_decisions SET amount = 1", "DELETE FROM review_decisions"])
def test_decisions_are_sealed(review: Session, statement: str) -> None:
    decide(review, LOCAL_OWNER, EVERYTHING, [number(review, "fund.tbd")], Verdict("comment", note="…"))
    with pytest.raises(DBAPIError):
        review.execute(text(statement))


def reserve(session: Session, kind: str, wan: int, project: str = PROJECT) -> None:
    said = Posting(kind, FUND, wan * WAN, "2019-02-01", project, doc_no=DOC, note="S1", confirmed=True)
    post(session, LOCAL_OWNER, EVERYTHING, [said])


def buckets(session: Session) -> tuple[int, ...]:
    held = get_pool(session, EVERYTHING, FUND)
    return tuple(held[name] // WAN for name in ("free", "preallocated", "locked", "granted"))


def test_a_grant_draws_on_what_is_reserved_and_on_the_pool_for_the_rest(review: Session) -> None:
    reserve(review, "preallocate", 120)
    line = number(review, "fund.local_budget.region")
    (held,) = lines_by_id(review, EVERYTHING, [line])
    assert held["reserved"] == 120 * WAN
    decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("propose", 300 * WAN))
    made = grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant(FUND, DOC, "2019-03-01"))
    assert (made.from_reserve, made.from_free, len(made.entries)) == (120 * WAN, 180 * WAN, 2)
    assert buckets(review) == (100, 0, 0, 300)
    (held,) = lines_by_id(review, EVERYTHING, [line])
    assert (held["granted"], held["reserved"]) == (300 * WAN, 0)


def test_what_is_not_drawn_stays_reserved_and_needs_no_pool(review: Session) -> None:
    reserve(review, "preallocate", 120)
    reserve(review, "lock", 50)
    line = number(review, "fund.local_budget.region")
    decide(review, LOCAL_OWNER, EVERYTHING, [line], Verdict("propose", 300 * WAN))
    made = grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant("", DOC, "2019-03-01", 100 * WAN))
    assert (made.from_reserve, made.from_free) == (100 * WAN, 0)
    assert buckets(review) == (280, 20, 0, 100)
    (held,) = lines_by_id(review, EVERYTHING, [line])
    assert (held["granted"], held["reserved"]) == (100 * WAN, 20 * WAN)
    with pytest.raises(InvalidError) as caught, review.begin_nested():
        grant(review, LOCAL_OWNER, EVERYTHING, [line], Grant("", DOC, "2019-03-01"))
    (fault,) = caught.value.fields
    assert (fault.code, dict(fault.params)) == ("finance.reserve_too_small", {"reserved": "20", "rest": "180"})
    assert buckets(review) == (280, 20, 0, 100)


def test_two_lines_of_one_reserve_share_it(review: Session) -> None:
    wanted = {"fund.central_budget": 100, "fund.ultra_long_treasury": 80}
    save_needs(review, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit(n, 2020, wan * WAN) for n, wan in wanted.items()])
    wide = pool("WIDE", "fund", 500 * WAN, kind="budget", level="national", year=2020)
    open_pool(review, LOCAL_OWNER, EVERYTHING, wide)
    said = Posting("preallocate", "WIDE", 150 * WAN, "2019-02-01", PROJECT, doc_no=DOC, confirmed=True)
    post(review, LOCAL_OWNER, EVERYTHING, [said])
    open_round(review, LOCAL_OWNER, EVERYTHING, "R2020", 2020)
    ids = line_ids(review, EVERYTHING, LineFilters("R2020"))
    decide(review, LOCAL_OWNER, EVERYTHING, ids, Verdict("propose", percent=Decimal(100)))
    assert [one["reserved"] // WAN for one in lines_by_id(review, EVERYTHING, ids)] == [150, 150]
    made = grant(review, LOCAL_OWNER, EVERYTHING, ids, Grant("WIDE", DOC, "2019-03-01"))
    assert (made.from_reserve, made.from_free) == (150 * WAN, 30 * WAN)
    held = get_pool(review, EVERYTHING, "WIDE")
    assert (held["preallocated"], held["granted"], held["free"]) == (0, 180 * WAN, 320 * WAN)


def test_a_refused_batch_names_project_and_line_once_each(review: Session) -> None:
    ids = line_ids(review, EVERYTHING, ROUND)
    with pytest.raises(InvalidError) as caught, review.begin_nested():
        grant(review, LOCAL_OWNER, EVERYTHING, ids, Grant(FUND, DOC, "2019-03-01"))
    said = [fault_text(one, "zh") for one in caught.value.fields]
    assert len(said) == len(set(said)) == 3
    assert f"钦州港30万吨级油码头 {PROJECT} · 自治区预算内投资 2019 年：尚未提出拟安排，不能下达；请先审核。" in said
    decide(review, LOCAL_OWNER, EVERYTHING, ids, Verdict("propose", percent=Decimal(100)))
    with pytest.raises(InvalidError) as caught, review.begin_nested():
        grant(review, LOCAL_OWNER, EVERYTHING, ids, Grant(FUND, DOC, "2019-03-01"))
    said = [fault_text(one, "zh") for one in caught.value.fields]
    assert len(said) == len(set(said)) and all(" 2019 年：" in one for one in said)
