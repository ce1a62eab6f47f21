"""What comes over the wire: text and numbers no database holds, half-stated values, days that are none."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st

from api.door.wire import DEEPEST, found_in
from api.schemas.values import MOST
from portfolio.core.database import make_engine
from portfolio.core.errors import UnreadableError
from portfolio.core.units import to_base
from tests.support.api import api_client
from tests.support.databases import Databases
from tests.support.filled import PROJECT, fill

BOTH = ("sqlite", "postgresql")
BEYOND = ("9223372036854775808", "-9223372036854775809", "1" + "0" * 400)
IF = {"If-Match": '"1"'}


@pytest.fixture(scope="module", params=BOTH)
def client(request: pytest.FixtureRequest, both_databases: Databases) -> Iterator[TestClient]:
    """The API on a filled library of each database; what is refused changes nothing, so all tests share it."""
    url = both_databases.make(request.param, "scheme")
    engine = make_engine(url)
    with api_client(engine) as opened:
        fill(opened)
        yield opened
    engine.dispose()
    both_databases.drop(url)


def refused(answer: Any, status: int, *fields: str) -> None:
    """The answer is a problem of that status that names those fields."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(fields) <= {one["field"] for one in told.get("errors", ())}, told
    assert all(one["message"] for one in told.get("errors", ()))


def test_numbers_beyond_the_database_are_refused_wherever_they_stand(client: TestClient) -> None:
    for number in BEYOND:
        for path, field in (
            (f"attachments/{number}", "number"),
            (f"score-runs/{number}", "run"),
            (f"rounds/R1/lines/{number}/decisions", "line"),
            (f"needs/{PROJECT}/fund.own/{number}", "year"),
            (f"project-lists/near_term/{number}", "year"),
            (f"pools?year={number}", "year"),
            (f"projects?year={number}", "year.0"),
            (f"projects?limit={number}", "limit"),
            (f"ledger?after={number}", "after"),
            (f"journal?after={number}", "after"),
            (f"summary?first_year={number}", "first_year"),
        ):
            refused(client.get(f"/api/v1/{path}"), 422, field)
        assert client.get(f"/api/v1/imports/{number}").status_code in (404, 422)
        refused(client.post(f"/api/v1/ledger/{number}/reversal", json={"on_date": "2026-01-01"}), 422, "entry")
        body = f'{{"code": "R9", "year": {number}}}'
        refused(client.post("/api/v1/rounds", content=body, headers=JSON), 422, "year")
        inside = f'{{"content": {{"a": [1, {{"b": {number}}}]}}}}'
        refused(client.put("/api/v1/drafts/new", content=inside, headers=JSON), 422, "content.a.1.b")
        answer = client.patch(f"/api/v1/projects/{PROJECT}", json={"owner": "x"}, headers={"If-Match": f'"{number}"'})
        refused(answer, 412)


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("tag", ["²", '"²"', "W/", "*", '"1", "2"', "٣", "-1", "1e3", " "])
def test_a_version_is_a_number_or_stale(client: TestClient, tag: str) -> None:
    headers = {b"If-Match": tag.encode("utf-8")}
    answer = client.patch(f"/api/v1/projects/{PROJECT}", json={"owner": "x"}, headers=headers)
    refused(answer, 412)


@pytest.mark.parametrize("odd", ["\0", "\ud800", "\udfff甲", "甲\0乙"])
def test_text_that_cannot_be_kept_is_refused_by_its_place(client: TestClient, odd: str) -> None:
    def send(method: str, path: str, body: Any, *fields: str) -> None:
        answer = client.request(method, f"/api/v1/{path}", content=json.dumps(body), headers={**JSON, **IF})
        refused(answer, 422, *fields)

    send("PATCH", f"projects/{PROJECT}", {"owner": odd}, "owner")
    send("PUT", "drafts/new", {"content": {"a": {"b": [odd]}}}, "content.a.b.0")
    send("POST", "policies/validation", {"definition": {"code": odd}}, "definition.code")
    send("POST", "rounds", {"code": odd, "year": 2026}, "code")
    send("POST", "scenarios", {"code": "S9", "edition": "E1", "options": {"x": odd}}, "options.x")
    named = client.put("/api/v1/drafts/new", content=json.dumps({"content": {odd: 1}}), headers=JSON)
    refused(named, 422)


def test_text_in_addresses_that_cannot_be_kept_is_refused(client: TestClient) -> None:
    refused(client.get("/api/v1/projects?q=%00"), 422, "q")
    refused(client.get("/api/v1/journal?subject=a%00b&actor=c"), 422, "subject")
    for path in ("projects/%00", "drafts/a%00", "users/%00", f"needs/{PROJECT}/%00/2026"):
        refused(client.get(f"/api/v1/{path}"), 404)
    # Halves of characters, percent-encoded, are read as the mark of what cannot be read, which no text may hold.
    refused(client.get("/api/v1/projects?q=%ED%A0%80"), 422, "q")
    refused(client.get("/api/v1/projects/%ED%A0%80"), 404)


def test_forms_and_file_names_hold_text(client: TestClient) -> None:
    file = {"file": ("note.pdf", b"%PDF-1.4\n%%EOF\n")}
    sent = client.post("/api/v1/attachments", data={"object_kind": "project", "object_code": "a\0"}, files=file)
    refused(sent, 422, "object_code")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="object_kind"\r\n\r\nproject\r\n'
        b'--x\r\nContent-Disposition: form-data; name="object_code"\r\n\r\n' + PROJECT.encode() + b"\r\n"
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0b.pdf"\r\n\r\n%PDF-1.4\n%%EOF\n\r\n--x--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/api/v1/attachments", content=body, headers=headers).status_code in (201, 400, 422)
    assert client.post("/api/v1/imports", content=body, headers=headers).status_code in (400, 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"owner": NaN}', 400),
        (b'{"owner": Infinity}', 400),
        (b'{"total_investment_wan": 1e400}', 422),
        (b'{"owner": "a", "owner": "b"}', 400),
        (b'{"owner": "\xed\xa0\x80"}', 400),
        (b'{"owner": "\xff"}', 400),
        (b"\xff\xfe{\x00}\x00", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b'{"total_investment_wan": ' + b"9" * 5_000 + b"}", 400),
        (b"", 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
    ],
)
def test_a_body_that_is_no_json_object_is_told(client: TestClient, body: bytes, status: int) -> None:
    refused(client.patch(f"/api/v1/projects/{PROJECT}", content=body, headers={**JSON, **IF}), status)


def test_another_kind_of_body_is_told_as_that(client: TestClient) -> None:
    for media in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"):
        headers = {"Content-Type": media, **IF}
        refused(client.patch(f"/api/v1/projects/{PROJECT}", content=b'{"owner": "x"}', headers=headers), 415)


@pytest.mark.parametrize(
    "value", ["0", "1", "86400", "1e3", "2026", "20260101", "2026-13-01", "2026-02-30", "0001-01-01"]
)
@pytest.mark.parametrize(
    "path",
    [
        f"projects/{PROJECT}?as_of=",
        f"projects/{PROJECT}/needs?as_of=",
        f"projects/{PROJECT}/readiness?as_of=",
        "readiness?as_of=",
        "readiness/board?as_of=",
        "expiries?first=",
        "expiries?last=",
        "mismatches?as_of=",
        "pools/LAND-2026?on=",
        "recoveries?by=",
        "journal?first=",
        "journal?last=",
    ],
)
def test_a_day_is_a_day(client: TestClient, path: str, value: str) -> None:
    refused(client.get(f"/api/v1/{path}{value}"), 422)


@pytest.mark.parametrize(
    "value", [0, 86400, 1e9, True, "0", "2026-1-1", "1899-12-31", "2100-01-01", None, ["2026-01-01"]]
)
def test_a_day_in_a_body_is_a_day(client: TestClient, value: Any) -> None:
    body = {"on_date": value, "doc_no": "桂发改〔2026〕1号"}
    refused(client.post("/api/v1/ledger/1/reversal", json=body), 422, "on_date")
    refused(client.post("/api/v1/editions/E1/approval", json=body), 422, "on_date")


@pytest.mark.parametrize("value", ["2026", "202601", "2026-13", "2026-1", "0", "1899-12", "2100-01"])
def test_a_month_is_a_month(client: TestClient, value: str) -> None:
    refused(client.get(f"/api/v1/projects?start_from={value}"), 422, "start_from")
    answer = client.patch(f"/api/v1/projects/{PROJECT}", json={"start_month": value}, headers=IF)
    refused(answer, 422, "start_month")


def test_nothing_is_no_value(client: TestClient) -> None:
    """`null` where a value is meant, and amounts without what makes them one."""
    users, funds, bond = "/api/v1/users/li", "/api/v1/work-funds", f"/api/v1/projects/{PROJECT}/financing/1"
    for field in ("role", "full_name", "disabled"):
        refused(client.patch(users, json={field: None}, headers=IF), 422, field)
    line = {"unit_code": "GX-DOT", "year": 2026, "purpose": "会议"}
    for field in ("asked_wan", "doc_no", "note"):
        refused(client.post(funds, json={**line, field: None}), 422, field)
    refused(client.post(funds, json={**line, "granted_wan": 5}), 422, "doc_no")
    for field in (
        "instrument",
        "amount_wan",
        "first_year",
        "partner",
        "status",
        "regime",
        "bond_use",
        "doc_no",
        "note",
    ):
        refused(client.patch(bond, json={field: None}, headers=IF), 422, field)
    refused(
        client.post(f"/api/v1/projects/{PROJECT}/financing", json={"amount_wan": 5}), 422, "first_year", "instrument"
    )
    needs = f"/api/v1/projects/{PROJECT}/needs"
    tag = {"If-Match": client.get(needs).headers["etag"]}
    refused(client.patch(needs, json={"edits": [{"item": "fund.own", "required": 5}]}, headers=tag), 422, "0.year")
    refused(client.patch(needs, json={"edits": [{"item": "fund.own", "year": 2026}]}, headers=tag), 422)
    decided = {"kind": "propose", "lines": [1]}
    refused(client.post("/api/v1/rounds/R1/decisions", json=decided), 422)
    refused(client.post("/api/v1/rounds/R1/decisions", json={**decided, "amount_wan": 1, "percent": 5}), 422)
    refused(client.get("/api/v1/editions/E1/diff/E1?first_year=2026"), 422, "last_year")
    refused(client.patch(f"/api/v1/projects/{PROJECT}", json={"lon": 108.3}, headers=IF), 422, "lat")


def test_numbers_are_numbers(client: TestClient) -> None:
    values: tuple[Any, ...] = (True, "5", "NaN", "inf", [5], {})
    for value in values:
        answer = client.patch(f"/api/v1/projects/{PROJECT}", json={"total_investment_wan": value}, headers=IF)
        refused(answer, 422, "total_investment_wan")
    for value in ("nan", "inf", "-1", "1e400"):
        refused(client.get(f"/api/v1/projects?investment_min_wan={value}"), 422, "investment_min_wan")
    needs = f"/api/v1/projects/{PROJECT}/details"
    tag = {"If-Match": client.get(needs).headers["etag"]}
    for value in ("1e999999999", "1e-999999999", "NaN", "9" * 5000):
        body = {"edits": [{"item": "land.built", "attribute": "land_prefarm", "value": value}]}
        assert client.patch(needs, json=body, headers=tag).status_code == 422


@pytest.mark.parametrize("text", ["1e999999999", "-1e999999999", "1e-999999999", "NaN", "Infinity", "9" * 70])
@pytest.mark.parametrize("unit", ["wan_yuan", "mu"])
def test_an_exponent_is_not_written_out(text: str, unit: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (no message of its own: the number is what was wrong)
        to_base(Decimal(text), unit)


def test_a_stated_value_is_stated_once(client: TestClient) -> None:
    refused(client.get("/api/v1/pools?year=2026&year=2027"), 422, "year")
    refused(client.get("/api/v1/projects?limit=1&limit=2"), 422, "limit")
    assert client.get("/api/v1/projects?year=2026&year=2027").status_code == 200


def test_a_heading_of_45_megabytes_is_a_finding(client: TestClient) -> None:
    for content in (b"a" * (45 << 20), b"project," + b'"' + b"b" * (45 << 20)):
        answer = client.post("/api/v1/imports?check=true", files={"file": ("needs.csv", content)})
        assert answer.status_code in (400, 422), answer.text[:300]
        assert len(answer.content) < 1 << 20


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MOST - 1, MOST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
@example({"a": [1.5, {"b": "😀"}]})
def test_what_can_be_held_passes(value: Any) -> None:
    texts = json.dumps(value)
    faults = found_in(texts.encode())
    assert bool(faults) == ("\\u0000" in texts.replace("\\\\", "")), faults


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=5),
    st.integers(MOST + 1, 10**400) | st.integers(-(10**400), -MOST - 2),
)
def test_a_number_too_long_is_found_at_its_place(names: list[str], number: int) -> None:
    value: Any = number
    for name in reversed(names):
        value = {name: value}
    (fault,) = found_in(json.dumps(value).encode())
    assert (fault.field, fault.code) == (".".join(names), "field.too_large")


def test_depth_is_bounded() -> None:
    assert found_in(b"[" * DEEPEST + b"]" * DEEPEST) == []
    with pytest.raises(UnreadableError) as told:
        found_in(b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2))
    assert told.value.code == "request.too_deep"
