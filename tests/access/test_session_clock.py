"""How long a session lasts as its pages ask: asking is no use of it, a click is; and a page speaks for one account."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text, update
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.session_clock import ACCOUNT_HEADER, PATH
from dashboard.shell import theme
from portfolio.access.local import LOCAL_OWNER
from portfolio.access.tables import SignIn
from portfolio.core.clock import utc_now
from portfolio.core.database import transaction
from portfolio.people import sign_in
from portfolio.people.door import COOKIE, CSRF_HEADER
from portfolio.people.remaining import remaining
from portfolio.people.service import NewUser, add_user, change_user

pytestmark = pytest.mark.usefixtures("signing_in")
PASSWORD = "correct horse battery"
MINUTE = 60


def entered(session: Session, name: str = "zhang.san") -> Any:
    add_user(session, LOCAL_OWNER, NewUser(name, "planner", password=PASSWORD, must_change=False))
    sign_in.claim(session, name, "127.0.0.1")
    return sign_in.by_password(session, name, PASSWORD, "127.0.0.1")


def since(session: Session, **ago: timedelta) -> None:
    session.execute(update(SignIn).values({column: utc_now() - span for column, span in ago.items()}))


@pytest.mark.parametrize(
    ("started", "seen", "minutes", "extends"),
    [
        (timedelta(0), timedelta(0), 60, True),
        (timedelta(hours=2), timedelta(minutes=57), 3, True),
        (timedelta(hours=11, minutes=56), timedelta(0), 4, False),
        (timedelta(hours=11, minutes=30), timedelta(minutes=50), 10, True),
    ],
)
def test_what_is_left_is_the_nearer_of_two_ends(
    session: Session, started: timedelta, seen: timedelta, minutes: int, extends: bool
) -> None:
    made = entered(session)
    since(session, started_at=started, seen_at=seen)
    left = remaining(session, made.secret)
    assert left is not None and (left.account, left.extends) == ("zhang.san", extends)
    assert minutes * MINUTE - 30 <= left.seconds <= minutes * MINUTE


def test_nothing_is_left_of_a_session_that_has_ended(session: Session) -> None:
    made = entered(session)
    assert remaining(session, made.secret + "x") is None
    since(session, seen_at=timedelta(hours=1))
    assert remaining(session, made.secret) is None
    since(session, seen_at=timedelta(0))
    change_user(session, LOCAL_OWNER, "zhang.san", {"disabled": True})
    assert remaining(session, made.secret) is None


@pytest.fixture
def browser(sqlite_engine: Engine) -> Any:
    """Somebody who has signed in and was last seen 55 minutes ago, with the proof their changes carry."""
    client = create_dashboard(sqlite_engine).server.test_client()
    client.get("/sign-in")  # at its first request Dash sets itself up, which is nobody's use of a session
    with transaction(sqlite_engine) as session:
        made = entered(session)
        since(session, seen_at=timedelta(minutes=55))
    client.set_cookie(COOKIE, made.secret)
    return client, {CSRF_HEADER: made.csrf}


def test_asking_is_no_use_of_a_session_and_a_click_is(browser: Any) -> None:
    client, proof = browser
    for _ in range(2):
        assert client.get(PATH).json["seconds"] <= 5 * MINUTE
    assert client.get(PATH).headers["Cache-Control"] == "no-store"
    assert client.post(PATH).json["seconds"] <= 5 * MINUTE  # without the session's proof it is no click of theirs
    assert client.post(PATH, headers=proof).json["seconds"] > 59 * MINUTE
    client.delete_cookie(COOKIE)
    assert client.get(PATH).json == {"account": None, "seconds": 0, "ended": True}


def test_a_page_made_for_another_account_changes_nothing(browser: Any, sqlite_engine: Engine) -> None:
    client, proof = browser
    answer = client.post("/_dash-update-component", json={}, headers={**proof, ACCOUNT_HEADER: "li.si"})
    assert (answer.status_code, answer.headers["X-Refused"]) == (403, "people.other_account")
    assert "没有保存" in answer.text
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM drafts")).scalar() == 0


def test_a_chosen_option_stays_chosen_by_default() -> None:
    for lang, words in (("zh", "清除"), ("en", "Clear")):
        made = theme(Context(lang, "light"))["components"]["Select"]["defaultProps"]
        assert made["allowDeselect"] is False
        assert made["clearButtonProps"] == {"aria-label": words, "aria-hidden": False, "tabIndex": 0}
