"""What goes wrong is told in the frame, in the reader's language, with the id of the request; the log knows why."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from dashboard import app as application
from dashboard import data
from dashboard.app import PortfolioDash, create_dashboard
from dashboard.page import Page
from dashboard.pages import page_at
from portfolio.core.database import make_engine
from portfolio.core.errors import ConflictError
from portfolio.core.i18n import error_text, t
from portfolio.core.settings import get_settings
from tests.support.databases import Databases
from tests.support.threaded import ThreadedClient

ROUTER = "..content.children...rendered.data.."
SECRET = "秘密"
OWN = ("<title>405", "<title>404", "<title>500", "Internal Server Error", "Werkzeug", "Not Found</h1>")


@pytest.fixture(scope="module")
def library(sqlite_databases: Databases) -> Iterator[tuple[Engine, PortfolioDash]]:
    engine = make_engine(sqlite_databases.make("sqlite", "half"))
    yield engine, create_dashboard(engine)
    engine.dispose()


@pytest.fixture
def client(library: tuple[Engine, PortfolioDash]) -> FlaskClient:
    return ThreadedClient(library[1].server)


def asked(client: FlaskClient, path: str, lang: str = "zh", method: str = "GET", **given: Any) -> TestResponse:
    client.set_cookie("lang", lang)
    return client.open(path, method=method, **given)


def routed(path: str) -> dict[str, Any]:
    """What the browser posts when a link is followed."""
    inputs = [{"id": "url", "property": name, "value": value} for name, value in (("pathname", path), ("search", ""))]
    outputs = [{"id": "content", "property": "children"}, {"id": "rendered", "property": "data"}]
    state = [{"id": "rendered", "property": "data", "value": "/elsewhere"}]
    changed = ["url.pathname"]
    return {"output": ROUTER, "outputs": outputs, "inputs": inputs, "state": state, "changedPropIds": changed}


def posted(client: FlaskClient, body: Any, lang: str = "zh", **given: Any) -> TestResponse:
    return asked(client, "/_dash-update-component", lang, "POST", json=body, **given)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> str:
    """A page with a fault of ours, which quotes what it must not."""

    def layout(_context: Any) -> Any:
        raise ValueError(SECRET)

    whole = page_at
    monkeypatch.setattr(
        application, "page_at", lambda path: (Page(path, layout), ()) if path == "/tasks" else whole(path)
    )
    return "/tasks"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("path", "method", "status", "title"),
    [
        ("/tasks", "POST", 405, "fault-request"),
        ("/_dash-layout", "DELETE", 405, "fault-request"),
        ("/sign-in/out", "GET", 200, ""),
        ("/assets/none.js", "GET", 404, "state-not-found"),
        ("/_dash-component-suites/dash/none.js", "GET", 404, "state-not-found"),
        ("/_dash-component-suites/none/none.js", "GET", 404, "state-not-found"),
        ("/sign-in/none", "POST", 405, "fault-request"),
        ("/none/at/all", "PUT", 405, "fault-request"),
    ],
)
def test_no_path_gives_a_page_of_the_framework(
    client: FlaskClient, path: str, method: str, status: int, title: str, lang: str
) -> None:
    answer = asked(client, path, lang, method)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert not any(words in page for words in OWN)
    assert t("product", lang) in page
    if title:
        assert f"<h1>{t(title, lang)}</h1>" in page
        assert t("nav-library", lang) in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_that_fails_stands_in_the_frame(
    client: FlaskClient, broken: str, lang: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Referer": f"http://localhost{broken}", "X-Request-Id": "r-17"}
    answer = asked(client, "/_dash-layout", lang, headers=headers)
    page = json.dumps(answer.json, ensure_ascii=False)
    assert answer.status_code == 200
    for words in ("state-failed-title", "fault-server", "fault-again", "nav-library"):
        assert t(words, lang) in page, words
    assert t("fault-number", lang, id="r-17") in page
    assert "r-17" in caplog.text
    assert "in layout" in caplog.text
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text + page


def test_following_a_link_to_a_page_that_fails_shows_the_fault_there(client: FlaskClient, broken: str) -> None:
    answer = posted(client, routed(broken), headers={"X-Request-Id": "r-18"})
    shown = answer.get_json()["response"]
    assert shown["rendered"]["data"] == broken
    assert "请求编号：r-18" in json.dumps(shown["content"], ensure_ascii=False)
    again = posted(client, routed("/projects"))
    assert t("state-failed-title", "zh") not in json.dumps(again.json, ensure_ascii=False)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        7,
        "x",
        {"output": "none.none"},
        {"output": 5},
        {"output": ["a"]},
        {"output": {"a": 1}},
        {"output": ROUTER},
        {"output": ROUTER, "inputs": 5},
        {"output": ROUTER, "inputs": [5], "outputs": []},
        {"output": ROUTER, "inputs": [], "outputs": [], "state": [], "changedPropIds": 3},
        {**routed("/"), "outputs": {}},
        {**routed("/"), "inputs": routed("/")["inputs"][:1]},
        {**routed("/"), "changedPropIds": None},
    ],
    ids=str,
)
def test_a_callback_that_no_page_sends_is_refused_in_words(client: FlaskClient, body: Any) -> None:
    answer = posted(client, body)
    assert answer.status_code == 400
    assert (answer.content_type, answer.get_data(as_text=True)) == (
        "text/plain; charset=utf-8",
        t("fault-bad-request", "zh"),
    )


def test_a_callback_with_values_of_another_kind_is_told(client: FlaskClient) -> None:
    answer = posted(client, {**routed("/"), "inputs": [{"id": "url", "property": "pathname", "value": 5}] * 2})
    assert answer.status_code == 200
    assert "请求编号" in json.dumps(answer.json, ensure_ascii=False)


def test_what_is_not_json_is_refused_in_words(client: FlaskClient) -> None:
    for given in ({"data": "x"}, {"data": "{", "content_type": "application/json"}, {"data": b"\xff\xfe"}):
        answer = asked(client, "/_dash-update-component", method="POST", **given)
        assert answer.status_code in (400, 415)
        assert answer.get_data(as_text=True) == t("fault-bad-request", "zh")


def test_a_file_that_is_too_large_is_told_in_a_notice(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.application.config, "MAX_CONTENT_LENGTH", 100)
    answer = posted(client, {**routed("/"), "more": "x" * 200})
    told = answer.get_json()["sideUpdate"]["notices"]["sendNotifications"][0]
    assert (answer.status_code, told["title"]) == (200, t("fault-too-large", "zh"))
    assert re.search(r"超过\d+ MB", told["message"])


def test_another_site_cannot_sign_anybody_out_and_is_told_so_in_the_frame(client: FlaskClient) -> None:
    answer = asked(client, "/sign-in/out", method="POST", headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403
    assert t("nav-library", "zh") in answer.get_data(as_text=True)


def act(app: PortfolioDash, pressed: str, **values: Any) -> dict[str, Any]:
    """What the browser posts when a button is pressed: its click, and the values beside it."""
    output, inputs = next(
        (name, held["inputs"])
        for name, held in app.callback_map.items()
        if pressed in [one["id"] for one in held["inputs"]]
    )
    shown = [part.partition("@")[0].rsplit(".", 1) for part in output.strip(".").split("...")]
    state = [{"id": name.replace("_", "-"), "property": "value", "value": value} for name, value in values.items()]
    clicks = [{**one, "value": 1 if one["id"] == pressed else None} for one in inputs]
    given = {"inputs": clicks, "state": state, "changedPropIds": [f"{pressed}.n_clicks"]}
    return {"output": output, "outputs": [{"id": one, "property": name} for one, name in shown], **given}


def told(answer: TestResponse) -> dict[str, Any]:
    notice: dict[str, Any] = answer.get_json()["sideUpdate"]["notices"]["sendNotifications"][0]
    assert (answer.status_code, answer.get_json()["response"]) == (200, {})
    return notice


ENVELOPE = {"envelope_level": "region", "envelope_year": 2027, "envelope_own": "12", "envelope_doc": "桂财〔2027〕1号"}


def test_a_change_that_cannot_be_written_is_told_in_a_notice(
    library: tuple[Engine, PortfolioDash], client: FlaskClient
) -> None:
    engine, _ = library

    def closed(held: Any, *_: Any) -> None:
        held.execute("PRAGMA query_only=ON")

    def opened(held: Any, *_: Any) -> None:
        held.execute("PRAGMA query_only=OFF")

    event.listen(engine, "checkout", closed)
    event.listen(engine, "checkin", opened)
    body = act(library[1], "envelope-set", **ENVELOPE)
    notice = told(posted(client, body, headers={"X-Request-Id": "r-19"}))
    event.remove(engine, "checkout", closed)
    event.remove(engine, "checkin", opened)
    assert notice["title"] == t("fault-database", "zh")
    assert t("error-server-not_writable", "zh") in notice["message"]
    assert "请求编号：r-19" in notice["message"]
    assert notice["autoClose"] is False
    done = posted(client, body)
    assert "envelope-result" in done.get_json()["response"]


def test_a_refusal_that_a_page_does_not_show_itself_is_told_in_its_words(
    library: tuple[Engine, PortfolioDash], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_code: str) -> None:
        raise ConflictError("finance.round_exists", code="2027")

    monkeypatch.setattr(data, "project_page", refused)
    body = act(library[1], "needs-after", needs_years=[2027], project_code="GX-2018-0001")
    notice = told(posted(client, body, "en"))
    assert (notice["title"], notice["message"]) == (
        t("fault-request", "en"),
        error_text("finance.round_exists", "en", {"code": "2027"}),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cause", ["gone", "garbage"])
def test_a_database_that_is_away_is_told_everywhere(sqlite_databases: Databases, cause: str, lang: str) -> None:
    url = sqlite_databases.make("sqlite", "half")
    file = Path(str(make_url(url).database))
    engine = make_engine(url)
    client = ThreadedClient(create_dashboard(engine).server)
    assert asked(client, "/_dash-layout", lang).status_code == 200
    kept = file.rename(file.with_suffix(".kept"))
    if cause == "garbage":
        file.write_bytes(b"not a database " * 1000)
    words, title = t("error-server-away", lang), t("fault-database", lang)
    layout = asked(client, "/_dash-layout", lang, headers={"Referer": "http://localhost/tasks"})
    assert (layout.status_code, words in json.dumps(layout.json, ensure_ascii=False)) == (200, True)
    link = posted(client, routed("/tasks"), lang)
    assert title in json.dumps(link.get_json()["response"]["content"], ensure_ascii=False)
    assert asked(client, "/_dash-dependencies", lang).status_code == 200
    signing = asked(client, "/sign-in", lang)
    assert (signing.status_code, f"<h1>{title}</h1>" in signing.get_data(as_text=True)) in ((503, True), (302, False))
    kept.rename(file)
    assert t("nav-tasks", lang) in json.dumps(posted(client, routed("/tasks"), lang).json, ensure_ascii=False)
    engine.dispose()


@pytest.fixture
def asking_who_comes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SIGN_IN", "auto")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.usefixtures("asking_who_comes")
def test_a_database_away_before_anybody_is_known_leaves_what_was_typed_and_the_way_back(
    sqlite_databases: Databases,
) -> None:
    """Where the database is asked who comes, it fails before any callback: an act keeps its page, a link leads on."""
    url = sqlite_databases.make("sqlite", "half")
    engine, file = make_engine(url), Path(str(make_url(url).database))
    app = create_dashboard(engine)
    client = ThreadedClient(app.server)
    assert asked(client, "/_dash-layout").status_code == 200
    kept = file.rename(file.with_suffix(".kept"))
    renewing = act(app, "edit-save")
    assert "content.children@" in renewing["output"]
    notice = told(posted(client, renewing, headers={"X-Request-Id": "r-20"}))
    assert notice["title"] == t("fault-database", "zh")
    assert "请求编号：r-20" in notice["message"]
    for sent, address in (
        (routed("/tasks"), "/tasks"),
        (routed("//elsewhere.example"), "/"),
        ({"output": ROUTER}, "/"),
    ):
        link = posted(client, sent).get_json()["response"]
        assert link["rendered"]["data"] == address
        assert f'"href": "{address}"' in json.dumps(link["content"])
    kept.rename(file)
    engine.dispose()
