"""Failures of an address are counted alone, fade with time and can be cleared; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from portfolio.access.local import LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.errors import ForbiddenError, NotFoundError, TooManyError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.journal.queries import history
from portfolio.people import limits, sign_in
from portfolio.people.queries import list_addresses
from portfolio.people.service import NewUser, add_user, clear_address

pytestmark = pytest.mark.usefixtures("signing_in")
OFFICE, PASSWORD, HOUR = "203.0.113.8", "correct horse battery", 3600
FREE = 20


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(limits, "utc_now", moved)
    return moved


@pytest.fixture
def office(session: Session) -> Session:
    for number in range(30):
        data = NewUser(f"person{number}", "planner", password=PASSWORD, must_change=False)
        add_user(session, LOCAL_OWNER, data)
    return session


def try_at(session: Session, name: str, password: str = PASSWORD, address: str = OFFICE) -> bool:
    """Whether somebody got in; raises `TooManyError` where the try was not even looked at."""
    sign_in.claim(session, name, address)
    try:
        sign_in.by_password(session, name, password, address)
    except UnauthenticatedError:
        return False
    return True


def failures(session: Session) -> list[Any]:
    return [(one["address"], one["failures"]) for one in list_addresses(session, LOCAL_OWNER)]


def test_an_office_that_mistypes_now_and_then_is_never_held_up(office: Session, clock: Clock) -> None:
    """A typo each working hour for two weeks, everybody signing in rightly in between: nobody ever waits."""
    for hour in range(2 * 5 * 8):
        assert not try_at(office, f"person{hour % 30}", "a typo 1234")
        assert try_at(office, f"person{(hour + 7) % 30}")
        assert try_at(office, f"person{hour % 30}")
        clock.wait(HOUR)
    assert failures(office) == []


def test_signing_in_rightly_neither_renews_nor_erases_what_others_failed(office: Session, clock: Clock) -> None:
    for number in range(10):
        assert not try_at(office, f"nobody{number}")
    for _ in range(4):
        clock.wait(HOUR / 2)
        assert try_at(office, "person1")
    assert failures(office) == [(OFFICE, 8)]
    clock.wait(8 * HOUR)
    assert failures(office) == []


def test_many_in_a_short_time_hold_the_address_and_it_comes_free_again(office: Session, clock: Clock) -> None:
    for number in range(FREE):
        assert not try_at(office, f"nobody{number}")
    with pytest.raises(TooManyError) as caught:
        try_at(office, "person1")
    assert caught.value.retry_after == limits.FIRST_WAIT
    clock.wait(limits.FIRST_WAIT)
    assert try_at(office, "person1")
    clock.wait(1)
    assert not try_at(office, "nobody")
    with pytest.raises(TooManyError) as caught:
        try_at(office, "person1")
    assert caught.value.retry_after == 2 * limits.FIRST_WAIT


def test_an_attack_of_days_is_forgotten_within_a_day_and_a_half(office: Session, clock: Clock) -> None:
    """However long it was tried, what is held against the address has an end."""
    admitted = 0
    for _ in range(3 * 24 * 4):
        clock.wait(HOUR / 4)
        try:
            assert not try_at(office, f"guess{admitted}")
        except TooManyError:
            continue
        admitted += 1
    assert admitted < FREE + limits.MOST_BEYOND + 3 * 24 + 1
    assert failures(office)[0][1] <= FREE + limits.MOST_BEYOND
    clock.wait((FREE + limits.MOST_BEYOND) * HOUR)
    assert failures(office) == []
    assert try_at(office, "person1")


def test_an_administrator_clears_an_address_and_it_is_journalled(office: Session, clock: Clock) -> None:
    for number in range(FREE):
        try_at(office, f"nobody{number}")
    with pytest.raises(TooManyError):
        try_at(office, "person1")
    with pytest.raises(ForbiddenError):
        clear_address(office, Actor("li.si", "planner"), OFFICE)
    clear_address(office, LOCAL_OWNER, OFFICE)
    assert try_at(office, "person1")
    assert [(one.room, one.action) for one in history(office, f"address {OFFICE}")] == [("people", "unlock")]
    with pytest.raises(NotFoundError):
        clear_address(office, LOCAL_OWNER, "198.51.100.77")


def test_any_address_of_an_ipv6_network_clears_the_network(office: Session, clock: Clock) -> None:
    for number in range(FREE):
        try_at(office, f"nobody{number}", address=f"2001:db8:1:2::{number:x}")
    clear_address(office, LOCAL_OWNER, "2001:db8:1:2::ffff")
    assert failures(office) == []


def test_an_office_with_many_people_may_be_given_more(
    office: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADDRESS_FAILURES", "60")
    get_settings.cache_clear()
    for number in range(59):
        assert not try_at(office, f"nobody{number}")
    assert try_at(office, "person1")


@given(
    count=st.integers(0, 40),
    steps=st.lists(st.integers(0, 3 * HOUR), max_size=20),
)
def test_fading_does_not_depend_on_how_often_it_is_reckoned(count: int, steps: list[int]) -> None:
    left, since, now = count, 0, 0
    for step in steps:
        now += step
        left, since = limits.faded(left, since, now)
    assert left == max(0, count - sum(steps) // HOUR)
