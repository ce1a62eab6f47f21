"""Passwords, lock-out, sessions, second factor and tokens; services on both databases, pages by their plain forms."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine, text, update
from sqlmodel import Session

from dashboard.app import create_dashboard
from portfolio.access.local import LOCAL_OWNER
from portfolio.access.tables import SignIn, Throttle
from portfolio.core.clock import utc_now
from portfolio.core.database import make_engine, transaction
from portfolio.core.errors import ConflictError, InvalidError, TooManyError, UnauthenticatedError
from portfolio.core.settings import get_settings
from portfolio.people import account, limits, passwords, sign_in
from portfolio.people.door import CSRF_COOKIE, CSRF_HEADER
from portfolio.people.identity import of_cookie, of_token
from portfolio.people.service import NewUser, add_user, change_user, get_user, reset_password
from tests.support.api import api_client

pytestmark = pytest.mark.usefixtures("signing_in")

PASSWORD = "correct horse battery"
OTHER = "green table lamp 9"
HOME = "127.0.0.1"


def person(session: Session, name: str = "zhang.san", role: str = "planner", **given: Any) -> None:
    values = {"password": PASSWORD, "must_change": False, **given}
    add_user(session, LOCAL_OWNER, NewUser(name, role, **values))


def entered(session: Session, password: str = PASSWORD, name: str = "zhang.san", address: str = HOME) -> Any:
    sign_in.claim(session, name, address)
    return sign_in.by_password(session, name, password, address)


def refused(session: Session, *given: Any, **named: Any) -> str:
    with pytest.raises((UnauthenticatedError, TooManyError)) as caught:
        entered(session, *given, **named)
    return str(caught.value.code)


def test_hashes_are_argon2_and_never_the_same() -> None:
    first, second = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)
    assert first.startswith("$argon2id$") and first != second
    assert passwords.matches(first, PASSWORD) and not passwords.matches(first, OTHER)
    assert not passwords.matches(None, "nobody has this password")


def test_a_hash_costs_what_the_settings_say_and_an_older_one_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = passwords.hashed(PASSWORD)
    assert not passwords.outdated(cheap)
    for name in ("PASSWORD_MEMORY_MIB", "PASSWORD_ROUNDS"):
        monkeypatch.delenv(name)
    get_settings.cache_clear()
    assert "$m=65536,t=3,p=4$" in passwords.hashed(PASSWORD)
    assert passwords.outdated(cheap) and passwords.matches(cheap, PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "people.password_short"),
        ("password123", "people.password_guessable"),
        ("qwertyuiop", "people.password_guessable"),
        ("zhangsan2018", "people.password_guessable"),
        ("x" * 129, "field.too_long"),
    ],
)
def test_weak_passwords_are_refused(password: str, code: str) -> None:
    assert [fault.code for fault in passwords.faults(password, ("zhangsan",))] == [code]


def test_a_session_opens_and_ends(session: Session) -> None:
    person(session)
    made = entered(session)
    found = of_cookie(session, made.secret)
    assert found is not None and (found.actor.name, found.stage, found.csrf) == ("zhang.san", "open", made.csrf)
    assert of_cookie(session, made.secret + "x") is None
    sign_in.sign_out(session, found)
    assert of_cookie(session, made.secret) is None


@pytest.mark.parametrize(("column", "hours"), [("started_at", 13), ("seen_at", 2)])
def test_sessions_end_by_age_and_by_idleness(session: Session, column: str, hours: int) -> None:
    person(session)
    made = entered(session)
    session.execute(update(SignIn).values({column: utc_now() - timedelta(hours=hours)}))
    assert of_cookie(session, made.secret) is None


def test_every_reason_to_refuse_says_the_same(session: Session) -> None:
    person(session)
    person(session, "gone")
    change_user(session, LOCAL_OWNER, "gone", {"disabled": True})
    add_user(session, LOCAL_OWNER, NewUser("no.password", "planner"))
    said = {refused(session, OTHER), refused(session, name="gone"), refused(session, name="no.password")}
    assert said | {refused(session, name="nobody")} == {"people.wrong_password"}


def test_an_account_is_locked_for_longer_and_longer(session: Session) -> None:
    person(session)
    for _ in range(limits.FREE_OF_ACCOUNT):
        assert refused(session, OTHER) == "people.wrong_password"
    assert refused(session) == "people.locked"
    assert [limits.wait_after(count, 5) for count in (4, 5, 6, 7, 40)] == [0, 15, 30, 60, 3600]
    session.execute(update(Throttle).values(until=0))
    assert entered(session).stage == "open"
    assert refused(session, OTHER) == "people.wrong_password"


def test_an_address_is_locked_whatever_the_account(session: Session) -> None:
    for number in range(limits.free_failures(limits.ADDRESS)):
        assert refused(session, OTHER, name=f"guess{number}") == "people.wrong_password"
    assert refused(session, OTHER, name="another") == "people.locked"
    assert refused(session, OTHER, name="another", address="10.0.0.9") == "people.wrong_password"


def test_tries_at_once_do_not_slip_through(engine: Engine) -> None:
    """Each try is counted in its own transaction before the password is looked at."""
    with transaction(engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", "planner", password=PASSWORD))
    admitted = 0
    for _ in range(12):
        try:
            with transaction(engine) as session:
                sign_in.claim(session, "zhang.san", HOME)
        except TooManyError:
            continue
        admitted += 1
    assert admitted == limits.FREE_OF_ACCOUNT


def test_a_window_admits_exactly_its_number(engine: Engine) -> None:
    for _ in range(3):
        with transaction(engine) as session:
            limits.admit(session, "import", "7", 3, 3600)
    for _ in range(2):
        with pytest.raises(TooManyError) as caught, transaction(engine) as session:
            limits.admit(session, "import", "7", 3, 3600)
        assert 0 < caught.value.retry_after <= 3600


def test_a_changed_password_ends_the_other_sessions(session: Session) -> None:
    person(session)
    kept, other = entered(session), entered(session)
    me = of_cookie(session, kept.secret)
    assert me is not None
    with pytest.raises(InvalidError):
        account.change_password(session, me.actor, OTHER, "another good phrase", me.key)
    account.change_password(session, me.actor, PASSWORD, OTHER, me.key)
    assert of_cookie(session, kept.secret) is not None and of_cookie(session, other.secret) is None
    assert refused(session) == "people.wrong_password"


def test_a_reset_password_must_be_changed(session: Session) -> None:
    person(session)
    before = entered(session)
    reset_password(session, LOCAL_OWNER, "zhang.san", OTHER)
    assert of_cookie(session, before.secret) is None
    assert entered(session, OTHER).stage == "password"


def test_the_last_administrator_stays(session: Session) -> None:
    person(session, "admin", "administrator")
    for change in ({"disabled": True}, {"role": "leader"}):
        with pytest.raises(ConflictError, match=r"people\.last_administrator"):
            change_user(session, LOCAL_OWNER, "admin", change)
    person(session, "second", "administrator")
    assert change_user(session, LOCAL_OWNER, "admin", {"role": "leader"})["role"] == "leader"


def enrolled(session: Session) -> tuple[str, list[str]]:
    me = of_cookie(session, entered(session).secret)
    assert me is not None
    secret = account.begin_enrolment(session, me.actor).secret
    codes = account.confirm_enrolment(session, me.actor, pyotp.TOTP(secret).now())
    return secret, codes


def test_the_second_factor_is_asked_and_good_once(session: Session) -> None:
    person(session)
    secret, codes = enrolled(session)
    waiting = of_cookie(session, entered(session).secret)
    assert waiting is not None and waiting.stage == "second"
    with pytest.raises(UnauthenticatedError):
        sign_in.second_factor(session, waiting, pyotp.TOTP(secret).now())  # used when it was set up
    with pytest.raises(UnauthenticatedError):
        sign_in.second_factor(session, waiting, "000000")
    opened = sign_in.second_factor(session, waiting, codes[0])
    assert opened.stage == "open"
    assert of_cookie(session, opened.secret) is not None
    again = of_cookie(session, entered(session).secret)
    assert again is not None
    with pytest.raises(UnauthenticatedError):
        sign_in.second_factor(session, again, codes[0])
    assert account.codes_left(session, [again.actor.user_id or 0]) == {again.actor.user_id: 9}


def test_administrators_must_enrol_when_the_setting_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    person(session, "admin", "administrator")
    assert entered(session, name="admin").stage == "open"
    monkeypatch.setenv("TOTP_FOR_ADMINISTRATORS", "true")
    get_settings.cache_clear()
    assert entered(session, name="admin").stage == "enrol"


def test_tokens_are_hashed_narrow_and_end(session: Session) -> None:
    person(session)
    user = get_user(session, "zhang.san")
    data = account.NewToken("脚本", 30, False, ("project.read",))
    number, secret = account.make_token(session, LOCAL_OWNER, data, user)
    kept = session.execute(text("SELECT key FROM tokens")).scalar_one()
    assert secret not in kept
    actor = of_token(session, secret).actor
    assert (actor.may_write, actor.actions) == (False, frozenset({"project.read"}))
    account.revoke_token(session, LOCAL_OWNER, number)
    with pytest.raises(UnauthenticatedError):
        of_token(session, secret)
    expired = account.make_token(session, LOCAL_OWNER, account.NewToken("x"), user)[1]
    session.execute(text("UPDATE tokens SET expires_at = created_at"))
    with pytest.raises(UnauthenticatedError):
        of_token(session, expired)
    with pytest.raises(InvalidError):
        account.make_token(session, LOCAL_OWNER, account.NewToken("x", actions=("user.manage",)), user)


def test_demonstration_accounts_open_nothing_from_elsewhere(session: Session) -> None:
    person(session, "demo.x", demonstration=True)
    assert refused(session, name="demo.x", address="10.0.0.7") == "people.wrong_password"
    assert entered(session, name="demo.x").stage == "open"


def test_no_secret_is_journalled(session: Session) -> None:
    person(session)
    secret, codes = enrolled(session)
    reset_password(session, LOCAL_OWNER, "zhang.san", OTHER)
    written = "".join(
        str(row) for row in session.execute(text("SELECT before, after FROM journal WHERE room='people'"))
    )
    for hidden in (PASSWORD, OTHER, secret, codes[0], "argon2"):
        assert hidden not in written
    assert "planner" in written


@pytest.fixture
def pages(sqlite_engine: Engine) -> Any:
    return create_dashboard(sqlite_engine).server.test_client()


def test_the_door_opens_for_the_local_owner_until_there_is_an_account(pages: Any, sqlite_engine: Engine) -> None:
    assert pages.get("/projects").status_code == 200
    assert pages.get("/projects", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 302
    with transaction(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("admin", "administrator", password=PASSWORD))
    assert pages.get("/projects").headers["Location"] == "/sign-in?next=/projects"


def test_cookies_are_closed_and_secure_under_tls(pages: Any, sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        person(session)
    given = {"name": " Zhang.San ", "password": PASSWORD, "next": "/tasks"}
    for base, secure in (("http://localhost", False), ("https://localhost", True)):
        answer = pages.post("/sign-in", data=given, base_url=base)
        assert answer.headers["Location"] == "/tasks"
        held, proof = answer.headers.getlist("Set-Cookie")
        assert "HttpOnly" in held and "SameSite=Lax" in held and ("Secure" in held) == secure
        assert "HttpOnly" not in proof and ("Secure" in proof) == secure


@pytest.mark.parametrize(("role", "landing"), [("auditor", "/home"), ("administrator", "/home"), ("leader", "/")])
def test_each_role_lands_on_its_home_unless_it_wanted_to_go_elsewhere(
    pages: Any, sqlite_engine: Engine, role: str, landing: str
) -> None:
    with transaction(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", role, "", "GX-DRC", password=PASSWORD, must_change=False))
    given = {"name": "zhang.san", "password": PASSWORD}
    for wanted in ("", "/", "//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in/out"):
        assert pages.post("/sign-in", data={**given, "next": wanted}).headers["Location"] == landing, wanted
    assert pages.post("/sign-in", data={**given, "next": "/tasks?a=1"}).headers["Location"] == "/tasks?a=1"


def test_another_site_changes_nothing(pages: Any, sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        person(session)
    away = ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"})
    for headers in away:
        answer = pages.post("/sign-in", data={"name": "zhang.san", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
    pages.post("/sign-in", data={"name": "zhang.san", "password": PASSWORD})
    proof = pages.get_cookie("gx_csrf").value
    assert pages.post("/_dash-update-component", json={}).status_code == 403
    assert pages.post("/_dash-update-component", json={}, headers={"X-CSRF-Token": "guess"}).status_code == 403
    for headers in away:
        told = pages.post("/_dash-update-component", json={}, headers={"X-CSRF-Token": proof, **headers})
        assert told.status_code == 403
    assert pages.post("/_dash-update-component", json={}, headers={"X-CSRF-Token": proof}).status_code != 403


def test_the_api_wants_the_proof_with_a_cookie_and_none_with_a_token(pages: Any, sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        person(session)
        user = get_user(session, "zhang.san")
        secret = account.make_token(session, LOCAL_OWNER, account.NewToken("x", may_write=True), user)[1]
    pages.post("/sign-in", data={"name": "zhang.san", "password": PASSWORD})
    cookies = {name: pages.get_cookie(name).value for name in ("gx_session", "gx_csrf")}
    path, change = "/api/v1/projects/GX-2018-0207", {"owner": "某公司", "reason": "更正"}
    with api_client(sqlite_engine, cookies=cookies) as client:
        version = {"If-Match": client.get(path).headers["ETag"]}
        assert client.patch(path, json=change, headers=version).json()["code"] == "people.bad_csrf"
        assert client.patch(path, json=change, headers={**version, "X-CSRF-Token": cookies["gx_csrf"]}).is_success
        assert client.post("/api/v1/me/tokens", json={"name": "y"}).status_code == 403
    with api_client(sqlite_engine) as client:
        bearer = {"Authorization": f"Bearer {secret}"}
        version = {"If-Match": client.get(path, headers=bearer).headers["ETag"]}
        assert client.patch(path, json={"owner": "乙", "reason": "更正"}, headers={**version, **bearer}).is_success
        assert client.post("/api/v1/me/tokens", json={"name": "y"}, headers=bearer).status_code == 403


def test_too_many_imports_are_put_off(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPORTS_PER_HOUR", "1")
    get_settings.cache_clear()
    with transaction(sqlite_engine) as session:
        person(session)
        user = get_user(session, "zhang.san")
        secret = account.make_token(session, LOCAL_OWNER, account.NewToken("x", may_write=True), user)[1]
    with api_client(sqlite_engine, headers={"Authorization": f"Bearer {secret}"}) as client:
        file = {"file": ("units.csv", b"code,name_zh\nGX-DOT,\xe8\x87\xaa")}
        assert client.post("/api/v1/imports?check=true", files=file).status_code in (200, 422)
        answer = client.post("/api/v1/imports?check=true", files=file)
        assert (answer.status_code, answer.json()["code"]) == (429, "people.too_many")
        assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_forms_walk_through_first_password_and_second_factor(pages: Any, sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", "planner", password=PASSWORD))
    sent = pages.post("/sign-in", data={"name": "zhang.san", "password": PASSWORD, "next": "/tasks"})
    assert sent.headers["Location"] == "/sign-in/password?next=/tasks"
    assert pages.get("/tasks").status_code == 302
    wrong = pages.post("/sign-in/password", data={"old": "x", "new": OTHER, "next": "/tasks"})
    assert (wrong.status_code, "原密码不对" in wrong.text) == (403, True)
    changed = pages.post("/sign-in/password", data={"old": PASSWORD, "new": OTHER, "next": "/tasks"})
    assert changed.headers["Location"] == "/tasks"
    assert pages.get("/tasks").status_code == 200
    pages.post("/sign-in/out")
    assert pages.get("/tasks").status_code == 302


def test_the_page_says_when_there_is_nobody_and_speaks_both_languages(
    pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGN_IN", "on")
    get_settings.cache_clear()
    assert "portfolio user add" in pages.get("/sign-in").text
    assert "No account yet" in pages.get("/sign-in?lang=en").text


def test_a_token_revoked_by_another_process_is_refused_at_once(engine: Engine) -> None:
    with transaction(engine) as session:
        person(session)
        number, secret = account.make_token(session, LOCAL_OWNER, account.NewToken("x"), get_user(session, "zhang.san"))
    elsewhere = make_engine(engine.url.render_as_string(hide_password=False))
    with api_client(engine, headers={"Authorization": f"Bearer {secret}"}) as client:
        assert client.get("/api/v1/projects?limit=1").status_code == 200
        with transaction(elsewhere) as session:
            account.revoke_token(session, LOCAL_OWNER, number)
        assert client.get("/api/v1/projects?limit=1").status_code == 401
    elsewhere.dispose()


def test_dash_itself_carries_the_proof(sqlite_engine: Engine) -> None:
    config = create_dashboard(sqlite_engine).config
    assert (config.csrf_token_name, config.csrf_header_name) == (CSRF_COOKIE, CSRF_HEADER)
