"""The core asked of the portfolio: worked out apart it is what is worked out here, and kept until a project changes."""

import time

import pandas as pd
import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import PortfolioError
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.screening import sureness
from portfolio.screening.policies import get_policy
from portfolio.screening.rules.robust import Limit
from portfolio.screening.sureness import Core, core_around, robust_core

CODE = "GX-2018-0207"


@pytest.fixture
def apart_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sureness, "QUICK_CELLS", 0)


def waited(session: Session, asker: str = "page") -> Core:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = core_around(session, EVERYTHING, get_policy(session, "default"), Limit(50), asker)
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("no answer")


def test_apart_it_is_the_same_and_kept(session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    here = waited(session)
    monkeypatch.setattr(sureness, "QUICK_CELLS", 0)
    assert core_around(session, EVERYTHING, get_policy(session, "default"), Limit(50), "page") is None
    there = waited(session)
    pd.testing.assert_frame_equal(here.frame, there.frame)
    assert (here.sure, here.open, here.drawn) == (there.sure, there.open, there.drawn)
    kept = core_around(session, EVERYTHING, get_policy(session, "default"), Limit(50), "another page")
    assert kept is not None and kept.sure == there.sure
    save_needs(session, actor, EVERYTHING, CODE, [NeedEdit("fund.own", 2030, 7_000_000)])
    session.commit()
    assert core_around(session, EVERYTHING, get_policy(session, "default"), Limit(50), "page") is None
    sureness.apart.leave("page")


def test_spans_of_all_are_the_same_apart(
    session: Session, actor: Actor, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = get_policy(session, "default")
    here = robust_core(session, scope, policy, Limit(20), draws=200)
    monkeypatch.setattr(sureness, "QUICK_CELLS", 0)
    pd.testing.assert_frame_equal(here, robust_core(session, scope, policy, Limit(20), draws=200))


@pytest.mark.usefixtures("apart_always")
def test_work_that_ends_without_an_answer_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sureness, "AROUND_CUT", "os:abort")
    with pytest.raises(PortfolioError, match=r"work\.failed"):
        waited(session, "unlucky page")
