"""What somebody would try who means harm: floods, guesses, borrowed names and addresses, bodies without end."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func, select, update
from sqlmodel import Session

from api.app import create_api
from dashboard.app import create_dashboard
from dashboard.sign_in import safe_onward
from portfolio.access.local import LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.access.tables import SignIn, Throttle
from portfolio.core.database import transaction
from portfolio.core.errors import TooManyError, UnauthenticatedError
from portfolio.core.settings import body_limit, get_settings
from portfolio.exchange.files import workbook_parts
from portfolio.exchange.files.workbook_parts import Package
from portfolio.journal.queries import history
from portfolio.people import account, limits, openid, sign_in
from portfolio.people import sign_in_journal as told
from portfolio.people.door import Knock, recognised
from portfolio.people.service import NewUser, add_user, get_user

pytestmark = pytest.mark.usefixtures("signing_in")

PASSWORD = "correct horse battery"
ADDRESS = "203.0.113.9"


@pytest.fixture
def li(sqlite_session: Session) -> Session:
    add_user(sqlite_session, LOCAL_OWNER, NewUser("li.si", "planner", password=PASSWORD, must_change=False))
    return sqlite_session


def acts(session: Session, name: str) -> list[tuple[str, str, Any]]:
    """What the journal says of an account, the oldest first: who, what, with what."""
    entries = reversed(history(session, told.subject_of(name)))
    return [(one.actor, one.action, one.after) for one in entries if one.action != "create"]


def enter(session: Session, password: str = PASSWORD, address: str = ADDRESS) -> sign_in.Opened:
    sign_in.claim(session, "li.si", address)
    return sign_in.by_password(session, "li.si", password, address)


def test_who_came_and_left_and_from_where_is_journalled(sqlite_engine: Engine, li: Session) -> None:
    li.commit()
    browser = create_dashboard(sqlite_engine).server.test_client()
    browser.post("/sign-in", data={"name": "li.si", "password": "wrong"})
    browser.post("/sign-in", data={"name": "li.si", "password": PASSWORD})
    browser.post("/sign-in/out")
    assert acts(li, "li.si") == [
        (told.NOBODY, "failed", {"way": "password", "failures": 1}),
        ("li.si", "sign_in", {"way": "password"}),
        ("li.si", "sign_out", None),
    ]
    assert {one.address for one in history(li, told.subject_of("li.si")) if one.action != "create"} == {"127.0.0.1"}


def test_a_lock_out_is_journalled_with_its_length(li: Session) -> None:
    for _ in range(limits.FREE_OF_ACCOUNT):
        sign_in.claim(li, "li.si", ADDRESS)
    sign_in.not_by_password(li, "li.si", ADDRESS)
    ((who, action, after),) = acts(li, "li.si")
    assert (who, action, after["failures"]) == (told.NOBODY, "failed", limits.FREE_OF_ACCOUNT)
    assert 0 < after["locked_seconds"] <= limits.FIRST_WAIT


def test_a_flood_of_strangers_leaves_few_entries_and_no_name(li: Session) -> None:
    for number in range(100):
        sign_in.not_by_password(li, f"secret{number}", f"198.51.100.{number}")
    counts = [after["in_this_hour"] for _, _, after in acts(li, told.NOBODY)]
    assert counts == [*range(1, told.TOLD_EACH + 1), 32, 64]
    assert sum(told.is_told(count) for count in range(1, 1_000_001)) < 40
    assert not any("secret" in str(one) for one in acts(li, told.NOBODY))


def test_an_ipv6_network_is_one_address(li: Session) -> None:
    assert limits.network_of("2001:db8:1:2:3:4:5:6") == limits.network_of("2001:db8:1:2::9") == "2001:db8:1:2::"
    assert limits.network_of("2001:db8:1:3::9") != "2001:db8:1:2::"
    assert (limits.network_of("::ffff:10.0.0.7"), limits.network_of("10.0.0.7")) == ("10.0.0.7", "10.0.0.7")
    assert limits.network_of("testclient") == "testclient"
    for number in range(1, limits.free_failures(limits.ADDRESS) + 1):
        sign_in.claim(li, f"name{number}", f"2001:db8:1:2::{number}")
    with pytest.raises(TooManyError):
        sign_in.claim(li, "one.more", "2001:db8:1:2::ffff")


def test_what_was_tried_long_ago_does_not_stay(li: Session) -> None:
    for number in range(5):
        sign_in.claim(li, f"name{number}", f"198.51.100.{number}")
    li.execute(update(Throttle).values(since=0, until=0))
    sign_in.claim(li, "one.more", ADDRESS)
    assert li.execute(select(func.count()).select_from(Throttle)).scalar_one() == 2


def test_a_found_browser_is_no_place_to_guess_the_password(li: Session) -> None:
    user = get_user(li, "li.si")
    actor = Actor("li.si", "planner", user_id=user.id, address=ADDRESS)
    for _ in range(limits.FREE_OF_ACCOUNT):
        account.claim(li, actor)
    with pytest.raises(TooManyError):
        account.claim(li, actor)


def test_a_new_sign_in_ends_the_session_the_browser_came_with(sqlite_engine: Engine, li: Session) -> None:
    li.commit()
    browser = create_dashboard(sqlite_engine).server.test_client()
    for _ in range(3):
        browser.post("/sign-in", data={"name": "li.si", "password": PASSWORD})
    assert li.execute(select(func.count()).select_from(SignIn)).scalar_one() == 1


def test_signing_out_everywhere_is_journalled(li: Session) -> None:
    enter(li)
    enter(li)
    user = get_user(li, "li.si")
    assert account.sign_out_everywhere(li, Actor("li.si", "planner", user_id=user.id)) == 2
    assert acts(li, "li.si")[-1] == ("li.si", "sign_out_all", {"sessions": 2})


@pytest.mark.parametrize(
    ("host", "address", "forwarded", "let_in"),
    [
        ("127.0.0.1:8050", "127.0.0.1", False, True),
        ("localhost:8050", "127.0.0.1", False, True),
        ("[::1]:8050", "::1", False, True),
        ("evil.example:8050", "127.0.0.1", False, False),
        ("127.0.0.1.evil.example", "127.0.0.1", False, False),
        ("[broken", "127.0.0.1", False, False),
        ("", "127.0.0.1", False, False),
        ("localhost", "127.0.0.1", True, False),
        ("localhost", "10.0.0.7", False, False),
    ],
)
def test_the_local_owner_is_asked_for_by_the_machine_s_own_name(
    sqlite_session: Session, host: str, address: str, forwarded: bool, let_in: bool
) -> None:
    """A page elsewhere may let its name lead here, and a proxy here passes on what comes over the network."""
    knock = Knock(host=host, address=address, forwarded=forwarded)
    if let_in:
        assert recognised(sqlite_session, knock).actor == Actor("local", address=address)
        return
    with pytest.raises(UnauthenticatedError, match=r"people\.local_only"):
        recognised(sqlite_session, knock)


def test_both_edges_tell_what_was_passed_on(sqlite_engine: Engine) -> None:
    passed_on = {"X-Forwarded-For": "198.51.100.7"}
    browser = create_dashboard(sqlite_engine).server.test_client()
    assert browser.get("/tasks").status_code == 200
    assert browser.get("/tasks", headers=passed_on).status_code == 302
    assert browser.get("/tasks", headers={"Host": "evil.example"}).status_code == 302
    api = TestClient(create_api(sqlite_engine), base_url="http://localhost", client=("127.0.0.1", 5000))
    assert api.get("/api/v1/me").status_code == 200
    assert api.get("/api/v1/me", headers=passed_on).json()["code"] == "people.local_only"


def test_what_opens_a_demonstration_account_opens_nothing_elsewhere(sqlite_session: Session) -> None:
    given = NewUser("demo.x", "planner", password=PASSWORD, must_change=False, demonstration=True)
    add_user(sqlite_session, LOCAL_OWNER, given)
    user = get_user(sqlite_session, "demo.x")
    _, token = account.make_token(sqlite_session, LOCAL_OWNER, account.NewToken("demo"), user)
    cookie = sign_in.by_password(sqlite_session, "demo.x", PASSWORD, "127.0.0.1").secret
    for proof in (Knock(bearer=token), Knock(cookie=cookie)):
        assert recognised(sqlite_session, replace(proof, address="127.0.0.1")).actor.name == "demo.x"
        with pytest.raises(UnauthenticatedError):
            recognised(sqlite_session, replace(proof, address="10.0.0.7"))


def test_starts_at_the_provider_are_limited(sqlite_session: Session) -> None:
    for _ in range(openid.BEGUN_FROM_AN_ADDRESS):
        limits.admit(sqlite_session, "provider", ADDRESS, openid.BEGUN_FROM_AN_ADDRESS, openid.IN_SECONDS)
    with pytest.raises(TooManyError):
        openid.begin(sqlite_session, "http://localhost/", "/", ADDRESS)


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/sign-in/out", "", "x"]
)
def test_nobody_is_led_to_another_site(path: str) -> None:
    assert safe_onward(path) == ""
    assert safe_onward("/projects?q=x") == "/projects?q=x"


def test_a_body_without_end_is_not_read(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "max_upload_mb", 1)
    large = b"x" * (body_limit() + 1)
    with transaction(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("li.si", "planner", password=PASSWORD, must_change=False))
    api = TestClient(create_api(sqlite_engine), raise_server_exceptions=False)
    sent: dict[str, Any] = {
        "/api/v1/projects": {"content": large, "headers": {"Content-Type": "application/json"}},
        "/api/v1/imports": {"files": {"file": ("t.csv", large)}},
    }
    for path, body in sent.items():
        answer = api.post(path, **body)
        assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large"), path
    browser = create_dashboard(sqlite_engine).server.test_client()
    assert browser.post("/sign-in", data={"name": "x", "password": "x" * 2 * body_limit()}).status_code == 413


def test_a_workbook_does_not_unpack_into_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "WHOLE_LIMIT", 1000)
    path = tmp_path / "bomb.xlsx"
    for part, too_large in (("xl/worksheets/sheet1.xml", False), ("xl/sharedStrings.xml", True)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr(part, "x" * 5000)
        assert Package(path).too_large == too_large
