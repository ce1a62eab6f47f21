"""One rule for texts at the API: the unseen is cut, controls and halves of characters are refused at their field."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core import plain_text
from portfolio.reporting.drafts import keep_draft
from tests.support.api import api_client

CODE = "GX-2018-0207"
P = f"/api/v1/projects/{CODE}"
JSON = {"Content-Type": "application/json", "Accept-Language": "en"}


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with api_client(engine) as opened:
        yield opened


@pytest.mark.parametrize("character", ["\\u0000", "\\u0007", "\\ud800", "\\udfff", "\\ufffd"])
def test_what_no_text_may_hold_is_refused_at_its_field(client: TestClient, character: str) -> None:
    body = f'{{"owner": "某{character}公司"}}'.encode()
    answer = client.patch(P, content=body, headers={**JSON, "If-Match": client.get(P).headers["ETag"]})
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["field"], fault["code"]) == ("owner", "field.refused_character")
    assert f"U+{character[2:].upper()}" in fault["message"]


def test_the_unseen_is_cut_and_a_lone_dash_says_nothing(client: TestClient) -> None:
    sent = {
        "name_zh": "北海\u200b邮轮\u202e码头",
        "owner": "\ufeff某公司\u2060 ",
        "co_agreed_doc": "无",
        "capacity_zh": "—",
    }
    answer = client.patch(P, json=sent, headers={"If-Match": client.get(P).headers["ETag"]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["name_zh"], body["owner"]) == ("北海邮轮码头", "某公司")
    assert (body["co_agreed_doc"], body["capacity_zh"]) == ("", "")


def test_what_is_deep_inside_a_body_is_judged_too(client: TestClient) -> None:
    etag = client.get(P + "/needs").headers["ETag"]
    body = {"edits": [{"item": "fund.tbd\u200b", "year": 2030, "required": 1}], "reason": "试填\u2060"}
    assert client.patch(P + "/needs", json=body, headers={"If-Match": etag}).status_code == 200
    entry = {"kind": "grant", "pool": "甲\x02池", "quantity": 1, "on_date": "2026-01-01"}
    refused = client.post("/api/v1/ledger", json={"entries": [entry]})
    assert refused.status_code == 422
    assert {fault["code"] for fault in refused.json()["errors"]} == {"field.refused_character"}


def test_short_lists_are_searched_in_either_width(client: TestClient) -> None:
    for path, half, wide in (
        ("units", "GX-DOT", "ＧＸ－ＤＯＴ"),
        ("tasks", "T22", "Ｔ２２"),
        ("regions", "4505", "４５０５"),
    ):
        one, other = (client.get(f"/api/v1/{path}", params={"q": word}).json() for word in (half, wide))
        assert one["total"] == other["total"] > 0
    named = client.get("/api/v1/projects", params={"q": "ＧＸ－２０１８－０２０７\u200b"}).json()
    assert [item["code"] for item in named["items"]] == [CODE]


def test_a_draft_keeps_what_was_typed_and_the_form_tells_of_it(engine: Engine) -> None:
    with Session(engine) as session:
        typed = {"owner": "某\ud800公司\x07", "scales": ["\u200b甲"]}
        kept = keep_draft(session, LOCAL_OWNER, EVERYTHING, CODE, typed, {})
    assert kept.content == {"owner": "某\ufffd公司\x07", "scales": ["\u200b甲"]}
    assert plain_text.refused(kept.content["owner"]) == "U+FFFD"
