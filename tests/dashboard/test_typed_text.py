"""What is typed on any page is cut before the page reads it; what no text may hold is told in the page's own form."""

import json
import re
from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from dashboard import typed_text
from dashboard.app import PortfolioDash, create_dashboard
from dashboard.typed_text import PASTED, SECRETS
from portfolio.core.i18n import t
from portfolio.finance.tables import Envelope
from tests.dashboard.test_faults import ENVELOPE, act, posted
from tests.support.threaded import ThreadedClient

PAGES = Path(typed_text.__file__).parent / "pages"


@pytest.fixture
def app(engine: Engine) -> PortfolioDash:
    return create_dashboard(engine)


@pytest.fixture
def client(app: PortfolioDash) -> FlaskClient:
    return ThreadedClient(app.server)


def documents(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.execute(select(col(Envelope.doc_no))).scalars())


def test_the_unseen_is_cut_from_what_any_page_is_given(engine: Engine, app: PortfolioDash, client: FlaskClient) -> None:
    given = {**ENVELOPE, "envelope_doc": "\ufeff桂财\u200b〔2027〕\u202e1号", "envelope_own": "12\u200b"}
    answer = posted(client, act(app, "envelope-set", **given))
    assert t("saved", "zh") in json.dumps(answer.json, ensure_ascii=False)
    assert documents(engine) == ["桂财〔2027〕1号"]


@pytest.mark.parametrize(("character", "named"), [("\x00", "U+0000"), ("\x07", "U+0007"), ("\ud800", "U+D800")])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_no_text_may_hold_is_refused_in_the_form(
    engine: Engine, app: PortfolioDash, client: FlaskClient, character: str, named: str, lang: str
) -> None:
    given = {**ENVELOPE, "envelope_doc": f"桂财{character}1号"}
    answer = posted(client, act(app, "envelope-set", **given), lang)
    shown = json.dumps(answer.get_json()["response"]["envelope-result"], ensure_ascii=False)
    assert (t("refused", lang) in shown, named in shown) == (True, True)
    assert documents(engine) == []


def cut(app: PortfolioDash, given: object) -> object:
    body = {"inputs": [], "state": given}
    with app.server.test_request_context(typed_text.CALLBACK, method="POST", json=body):
        typed_text._cut()
        return request.get_json()["state"]


def test_values_at_any_depth_are_cut_and_nothing_else(sqlite_engine: Engine) -> None:
    app = create_dashboard(sqlite_engine)
    pattern = [[{"id": {"type": "note", "index": 1}, "property": "value", "value": "甲\u200b\t乙 "}]]
    assert cut(app, pattern) == [[{"id": {"type": "note", "index": 1}, "property": "value", "value": "甲 乙 "}]]
    rows = [{"id": "grid", "property": "rowData", "value": [{"note": "\u2060甲", "year": 2026, "done": None}]}]
    assert cut(app, rows) == [{**rows[0], "value": [{"note": "甲", "year": 2026, "done": None}]}]
    for identity, name in [("own-new", "value"), ("entry-paste", "data"), ("import-file", "contents")]:
        kept = [{"id": identity, "property": name, "value": " 甲\u200b\t乙"}]
        assert cut(app, kept) == kept


def test_every_field_for_a_secret_is_taken_as_it_is() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.rglob("*.py")))
    assert set(re.findall(r'PasswordInput\(\s*id="([^"]+)"', sources)) == SECRETS
    assert sources.count("PasswordInput(") == len(SECRETS)
    assert all(f'id="{name}"' in sources for name in PASTED)
