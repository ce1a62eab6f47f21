"""What made an account's sessions and tokens worth something is gone: they end, and do not come back."""

from collections.abc import Callable

import pyotp
import pytest
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.core.errors import InvalidError, UnauthenticatedError
from portfolio.people import account, sign_in
from portfolio.people.identity import Identity, of_cookie, of_token
from portfolio.people.service import NewUser, add_user, change_user, get_user, reset_password, reset_second_factor

pytestmark = pytest.mark.usefixtures("signing_in")
NAME, PASSWORD, OTHER, HOME = "zhang.san", "correct horse battery", "green table lamp 9", "127.0.0.1"
Secrets = dict[str, str]


def opened(session: Session) -> str:
    return sign_in.by_password(session, NAME, PASSWORD, HOME).secret


def mine(session: Session, cookie: str) -> Identity:
    found = of_cookie(session, cookie)
    assert found is not None
    return found


@pytest.fixture
def held(session: Session) -> Secrets:
    """Two sessions and two tokens of one account."""
    add_user(session, LOCAL_OWNER, NewUser(NAME, "planner", password=PASSWORD, must_change=False))
    user = get_user(session, NAME)
    tokens = [account.make_token(session, LOCAL_OWNER, account.NewToken(f"t{n}"), user)[1] for n in range(2)]
    return {"here": opened(session), "elsewhere": opened(session), "first": tokens[0], "second": tokens[1]}


def alive(session: Session, held: Secrets) -> set[str]:
    found = {name for name in ("here", "elsewhere") if of_cookie(session, held[name]) is not None}
    for name in ("first", "second"):
        try:
            of_token(session, held[name])
        except UnauthenticatedError:
            continue
        found.add(name)
    return found


def change_password(session: Session, held: Secrets) -> None:
    me = mine(session, held["here"])
    account.change_password(session, me.actor, PASSWORD, OTHER, me.key)


def turn_second_on(session: Session, held: Secrets) -> None:
    me = mine(session, held["here"])
    secret = account.begin_enrolment(session, me.actor).secret
    account.confirm_enrolment(session, me.actor, pyotp.TOTP(secret).now(), me.key)


def disable_and_enable(session: Session, held: Secrets) -> None:
    change_user(session, LOCAL_OWNER, NAME, {"disabled": True})
    assert alive(session, held) == set()
    change_user(session, LOCAL_OWNER, NAME, {"disabled": False})


def reset(session: Session, held: Secrets) -> None:
    reset_password(session, LOCAL_OWNER, NAME, OTHER)
    # The owner exchanges it, so that nothing but the reset itself stands against the old tokens.
    account.change_password(session, sign_in_as(session, OTHER).actor, OTHER, PASSWORD)


def sign_in_as(session: Session, password: str) -> Identity:
    return mine(session, sign_in.by_password(session, NAME, password, HOME).secret)


def take_second_away(session: Session, held: Secrets) -> None:
    reset_second_factor(session, LOCAL_OWNER, NAME)


def bind_elsewhere(session: Session, held: Secrets) -> None:
    change_user(session, LOCAL_OWNER, NAME, {"subject": "another person at the provider"})


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (change_password, {"here"}),
        (turn_second_on, {"here"}),
        (disable_and_enable, set()),
        (reset, set()),
        (take_second_away, set()),
        (bind_elsewhere, set()),
    ],
)
def test_sessions_and_tokens_end(
    session: Session, held: Secrets, act: Callable[[Session, Secrets], None], left: set[str]
) -> None:
    assert alive(session, held) == {"here", "elsewhere", "first", "second"}
    act(session, held)
    assert alive(session, held) == left


def test_turning_the_second_factor_off_ends_them_too(session: Session, held: Secrets) -> None:
    turn_second_on(session, held)
    me = mine(session, held["here"])
    fresh = account.make_token(session, me.actor, account.NewToken("fresh"))[1]
    account.turn_second_off(session, me.actor, PASSWORD, me.key)
    with pytest.raises(UnauthenticatedError):
        of_token(session, fresh)
    assert alive(session, held) == {"here"}


def test_a_change_of_the_name_ends_nothing(session: Session, held: Secrets) -> None:
    change_user(session, LOCAL_OWNER, NAME, {"full_name": "张三"})
    assert len(alive(session, held)) == 4


def test_new_recovery_codes_replace_the_old_ones(session: Session, held: Secrets) -> None:
    me = mine(session, held["here"])
    with pytest.raises(InvalidError):
        account.renew_codes(session, me.actor, PASSWORD)
    secret = account.begin_enrolment(session, me.actor).secret
    before = account.confirm_enrolment(session, me.actor, pyotp.TOTP(secret).now(), me.key)
    with pytest.raises(InvalidError):
        account.renew_codes(session, me.actor, OTHER)
    after = account.renew_codes(session, me.actor, PASSWORD)
    assert len(after) == account.CODES and not set(after) & set(before)
    waiting = mine(session, opened(session))
    with pytest.raises(UnauthenticatedError):
        sign_in.second_factor(session, waiting, before[0])
    assert sign_in.second_factor(session, waiting, after[0]).stage == "open"
