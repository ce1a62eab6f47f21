"""What touches no project throws away no answer about projects; what does, does: on both databases."""

import re
import threading
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from dashboard.app import create_dashboard, render
from dashboard.context import request_context
from dashboard.pages import ADDRESSES
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core import revision
from portfolio.core.database import transaction
from portfolio.core.errors import UnauthenticatedError
from portfolio.core.kept import Kept
from portfolio.journal.queries import chain_status
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.people import account, sign_in
from portfolio.people.service import NewUser, add_user, change_user, get_user
from portfolio.projects.service import update_project
from portfolio.rolling.service import NewEdition, roll_edition
from portfolio.scenarios.service import NewScenario, make_scenario
from portfolio.scenarios.solving.jobs import ask
from portfolio.screening.facts import fact_frame

PASSWORD, HOME, CODE = "correct horse battery", "127.0.0.1", "GX-2018-0207"
# What signing in, accounts, tokens, uploads, jobs and scenarios are kept in: no kept answer may be made from these.
PRIVATE = re.compile(
    r"\b(?:FROM|JOIN)\s+\"?(users|sign_ins|tokens|recovery_codes|throttles|handshakes|drafts|allocation_\w+|scenario\w*)\b"
)
Act = Callable[[Session], Any]


def signed_in(session: Session) -> None:
    sign_in.by_password(session, "zhang.san", PASSWORD, HOME)


def refused(session: Session) -> None:
    with pytest.raises(UnauthenticatedError):
        sign_in.by_password(session, "zhang.san", "wrong", HOME)
    sign_in.not_by_password(session, "zhang.san", HOME)


def token(session: Session) -> None:
    account.make_token(session, LOCAL_OWNER, account.NewToken("x"), get_user(session, "zhang.san"))


def renamed(session: Session) -> None:
    change_user(session, LOCAL_OWNER, "zhang.san", {"full_name": "张三"})


def queued(session: Session) -> None:
    ask(session, LOCAL_OWNER, "S1")


ASIDE: list[Act] = [signed_in, refused, token, renamed, queued]


def needed(session: Session) -> None:
    save_needs(session, LOCAL_OWNER, EVERYTHING, CODE, [NeedEdit("fund.own", 2030, 7_000_000)])


def moved(session: Session) -> None:
    update_project(session, LOCAL_OWNER, EVERYTHING, CODE, {"owner": "某公司"})


def raw(session: Session) -> None:
    session.execute(text(f"UPDATE projects SET owner = 'raw' WHERE code = '{CODE}'"))


def both(session: Session) -> None:
    signed_in(session)
    moved(session)


DATA: list[Act] = [needed, moved, raw, both]


@pytest.fixture
def prepared(engine: Engine) -> Engine:
    with transaction(engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", "planner", password=PASSWORD, must_change=False))
        roll_edition(session, LOCAL_OWNER, EVERYTHING, NewEdition("E1", 2026))
        make_scenario(session, LOCAL_OWNER, NewScenario("S1", "E1", maker="李某"))
    return engine


def kept_facts(engine: Engine) -> Any:
    with Session(engine) as session:
        return fact_frame(session, EVERYTHING)


def test_answers_about_projects_outlive_what_touches_none_and_nothing_else(prepared: Engine) -> None:
    for act in ASIDE:
        before, numbers = kept_facts(prepared), revisions(prepared)
        with transaction(prepared) as session:
            act(session)
        assert kept_facts(prepared) is before, act
        assert revisions(prepared) != numbers, act
    for act in DATA:
        before = kept_facts(prepared)
        with transaction(prepared) as session:
            act(session)
        assert kept_facts(prepared) is not before, act
    with Session(prepared) as session:
        assert (chain_status(session).broken, chain_status(session).cut) == (None, False)


def revisions(engine: Engine) -> int:
    with Session(engine) as session:
        return revision.current(session)


@pytest.fixture
def kept_statements(demo_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement by which an answer that is kept was computed."""
    told, inside, plain = list[str](), threading.local(), Kept.get

    def get(held: Kept, session: Session, key: Hashable, compute: Callable[[], Any], mark: int | None = None) -> Any:
        def watched() -> Any:
            before, inside.now = getattr(inside, "now", False), True
            try:
                return compute()
            finally:
                inside.now = before

        return plain(held, session, key, watched, mark)

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if getattr(inside, "now", False):
            told.append(statement)

    monkeypatch.setattr(Kept, "get", get)
    event.listen(demo_engine, "before_cursor_execute", hear)
    yield told
    event.remove(demo_engine, "before_cursor_execute", hear)


def test_no_kept_answer_is_made_from_what_is_written_aside(demo_engine: Engine, kept_statements: list[str]) -> None:
    pages = create_dashboard(demo_engine).server
    for path in (*ADDRESSES, f"/projects/{CODE}", f"/projects/{CODE}?tab=screening"):
        with pages.test_request_context(path, base_url="http://localhost"):
            where, _, search = path.partition("?")
            render(request_context(where, f"?{search}"))
    assert any("FROM projects" in statement for statement in kept_statements)
    assert [statement for statement in kept_statements if PRIVATE.search(statement)] == []
