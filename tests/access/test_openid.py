"""Sign in through a real provider process: redirects, discovery, code with PKCE, keys, and how it can go wrong."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import Session

from dashboard.app import create_dashboard
from portfolio.access.local import LOCAL_OWNER
from portfolio.core.settings import get_settings
from portfolio.people.service import NewUser, add_user, change_user, get_user
from tests.support.provider import CLIENT, SECRET, provider


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as started:
        yield started


def settle(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    given = {"SIGN_IN": "on", "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    for name, value in {**given, "OIDC_LABEL": "统一认证"}.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()


@pytest.fixture
def pages(sqlite_engine: Any, monkeypatch: pytest.MonkeyPatch, issuer: str) -> Iterator[Any]:
    with Session(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", "planner"))
        add_user(session, LOCAL_OWNER, NewUser("li.si", "planner", password="correct horse battery"))
        session.commit()
    settle(monkeypatch, issuer)
    yield create_dashboard(sqlite_engine)
    monkeypatch.undo()
    get_settings.cache_clear()


def at_provider(browser: Any, name: str, onward: str = "/projects") -> str:
    """Go to the provider, sign in there by hand, and tell where it sends the browser back to."""
    sent = browser.get(f"/sign-in/provider?next={onward}")
    assert sent.status_code == 302
    form = httpx2.get(sent.headers["Location"], trust_env=False).text
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    base = "{0.scheme}://{0.netloc}".format(urlsplit(sent.headers["Location"]))
    back = httpx2.post(f"{base}/authorize", data={**kept, "name": name}, trust_env=False)
    assert back.status_code == 302
    place = urlsplit(back.headers["Location"])
    assert place.path == "/sign-in/provider/return"
    return f"{place.path}?{place.query}"


def test_there_and_back(pages: Any, sqlite_engine: Any) -> None:
    browser = pages.server.test_client()
    assert "统一认证" in browser.get("/sign-in").text
    back = browser.get(at_provider(browser, "zhang.san"))
    assert (back.status_code, back.headers["Location"]) == (302, "/projects")
    assert browser.get("/projects").status_code == 200
    with Session(sqlite_engine) as session:
        assert get_user(session, "zhang.san").subject == "subject-of-zhang.san"


def test_who_has_no_account_stays_outside(pages: Any) -> None:
    browser = pages.server.test_client()
    answer = browser.get(at_provider(browser, "wang.wu"))
    assert (answer.status_code, "wang.wu" in answer.text) == (403, True)
    assert browser.get("/projects").status_code == 302


def test_the_providers_word_does_not_take_over_an_account_with_a_password(pages: Any) -> None:
    browser = pages.server.test_client()
    assert browser.get(at_provider(browser, "li.si")).status_code == 403


def test_a_disabled_account_stays_outside(pages: Any, sqlite_engine: Any) -> None:
    with Session(sqlite_engine) as session:
        change_user(session, LOCAL_OWNER, "zhang.san", {"disabled": True})
        session.commit()
    browser = pages.server.test_client()
    assert browser.get(at_provider(browser, "zhang.san")).status_code == 403


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(pages: Any) -> None:
    browser, other = pages.server.test_client(), pages.server.test_client()
    back = at_provider(browser, "zhang.san")
    assert other.get(back).status_code == 403
    assert browser.get(back).status_code == 302
    assert pages.server.test_client().get(back).status_code == 403
    assert browser.get(back).status_code == 403
    assert browser.get("/sign-in/provider/return?error=access_denied&state=x").status_code == 403


def test_onward_is_never_another_site(pages: Any) -> None:
    browser = pages.server.test_client()
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        back = browser.get(at_provider(browser, "zhang.san", elsewhere))
        assert back.headers["Location"] == "/home"


def test_state_nonce_and_challenge_are_asked_for(pages: Any) -> None:
    asked = parse_qs(urlsplit(pages.server.test_client().get("/sign-in/provider").headers["Location"]).query)
    assert (asked["response_type"], asked["code_challenge_method"]) == (["code"], ["S256"])
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 40


@pytest.mark.parametrize("fault", ["issuer", "audience", "nonce", "expired", "signature"])
def test_a_token_that_does_not_hold_opens_nothing(
    sqlite_engine: Any, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    with Session(sqlite_engine) as session:
        add_user(session, LOCAL_OWNER, NewUser("zhang.san", "planner"))
        session.commit()
    with provider(fault) as issuer:
        settle(monkeypatch, issuer)
        browser = create_dashboard(sqlite_engine).server.test_client()
        answer = browser.get(at_provider(browser, "zhang.san"))
        assert (answer.status_code, "id_token" in answer.text) == (403, True)
        assert browser.get("/projects").status_code == 302
    monkeypatch.undo()
    get_settings.cache_clear()
