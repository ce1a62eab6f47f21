"""Gates, acts, criteria, policies, scores and robustness over HTTP."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from tests.api.test_api import problem
from tests.support.api import api_client

PROJECT = "GX-2018-0207"
GATE = f"/projects/{PROJECT}/gates/basic_farmland"


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    with transaction(engine) as session:
        needs = [NeedEdit("land.agri.arable.pbf.dry", 2026, 20_000)]
        save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, needs)
    with api_client(engine) as opened:
        yield opened


def get(client: TestClient, path: str, **query: Any) -> Any:
    return client.get(f"/api/v1{path}", params=query)


def post(client: TestClient, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1{path}", json=body)


def test_gates_are_listed_filtered_and_paged(client: TestClient) -> None:
    found = get(client, "/screening", gate="basic_farmland", result="veto").json()
    assert (found["total"], found["next"]) == (1, None)
    assert (found["items"][0]["project"], found["items"][0]["worst"]) == (PROJECT, "veto")
    first = get(client, "/screening", limit=2).json()
    second = get(client, "/screening", limit=2, after=first["next"]).json()
    codes = [row["project"] for row in first["items"] + second["items"]]
    assert codes == sorted(set(codes)) and len(codes) == 4
    assert get(client, "/screening", city="450500").json()["total"] < 401
    problem(get(client, "/screening", gate="nothing"), 422, "screening.no_gate")
    assert get(client, "/screening", result="nothing").status_code == 422
    totals = {row["gate"]: row for row in get(client, "/screening/totals").json()["items"]}
    assert (totals["basic_farmland"]["veto"], totals["basic_farmland"]["unknown"]) == (1, 400)


def test_the_view_is_a_file_with_the_rule_beside_what_a_person_made_of_it(client: TestClient) -> None:
    post(client, f"{GATE}/lift", person="李明", doc_no="桂自然资〔2026〕7号")
    sent = get(client, "/screening.csv", city="450500", q="邮轮", headings="en")
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    mine = next(row for row in rows if row["Code"] == PROJECT)
    assert mine["Permanent basic farmland"] == "Veto lifted (by the rule: Veto)"
    assert "李明 lifted the veto 桂自然资〔2026〕7号" in mine["Lifted and justified"]
    assert "Funds asked" in mine["Facts not reported"] or "Sources" in mine["Facts not reported"]
    book = get(client, "/screening.xlsx", gate="basic_farmland", result="lifted")
    assert book.headers["content-disposition"].endswith('"screening.xlsx"') and book.content[:2] == b"PK"
    assert get(client, "/screening.pdf").status_code == 422
    missing = {(row["gate"], row["fact"]): row for row in get(client, "/screening/missing").json()["items"]}
    assert missing["redline", "redline_ha"]["source"] == "details"
    rule = next(row for row in get(client, "/gates").json()["items"] if row["code"] == "basic_farmland")
    assert rule["source_en"].startswith("Land Administration Law")


def test_a_failed_check_is_justified_in_writing_over_http(client: TestClient) -> None:
    path = f"/projects/{PROJECT}/gates/owner/justification"
    problem(post(client, path, person="李明", words=" "), 422, "screening.invalid")
    assert post(client, path, person="李明", words="正在组建项目公司").status_code == 201
    gates = {row["gate"]: row for row in get(client, f"/projects/{PROJECT}/gates").json()["items"]}
    assert (gates["owner"]["state"], gates["owner"]["raw"]) == ("justified", "explain")
    refused = problem(post(client, path, person="李明", words="再说"), 409, "screening.cannot_justify")
    assert "已说明" in refused["detail"]


def test_a_veto_is_lifted_and_taken_back(client: TestClient) -> None:
    problem(post(client, f"{GATE}/lift", person="李明", doc_no=" "), 422, "screening.invalid")
    problem(post(client, f"{GATE}/justification", person="李明", words="重要"), 409, "screening.cannot_justify")
    assert post(client, f"{GATE}/lift", person="李明", doc_no="1号").status_code == 201
    gates = {row["gate"]: row for row in get(client, f"/projects/{PROJECT}/gates").json()["items"]}
    held = gates["basic_farmland"]
    assert (held["state"], held["raw"], held["evidence"]["pbf_ha"]) == ("lifted", "veto", 2)
    assert [(act["kind"], act["doc_no"]) for act in held["acts"]] == [("lift", "1号")]
    assert held["version"] == get(client, "/gates").json()["items"][0]["version"]
    assert post(client, f"{GATE}/restoration", person="李明").status_code == 201
    problem(post(client, f"/projects/{PROJECT}/gates/nothing/lift", person="a", doc_no="b"), 404, "screening.no_gate")
    problem(post(client, "/projects/GX-0/gates/owner/lift", person="a", doc_no="b"), 404, "project.not_found")


def test_criteria_are_stated_and_taken_back(client: TestClient) -> None:
    path = f"/api/v1/projects/{PROJECT}/criteria"
    assert client.patch(path, json={"values": {"panel": 88, "jobs": 9}}).json() == {"outcome": "new"}
    assert client.patch(path, json={"values": {"jobs": None}}).json() == {"outcome": "changed"}
    items = client.get(path).json()["items"]
    assert items == [{"criterion": "panel", "value": 88, "basis": "reported"}]
    problem(client.patch(path, json={"values": {"nobody": 1}}), 422, "screening.invalid")
    assert {"panel", "pbf_ha"} <= {row["code"] for row in get(client, "/facts").json()["items"]}


def test_policies_are_shown_validated_and_saved(client: TestClient) -> None:
    listed = get(client, "/policies").json()["items"]
    assert [(row["code"], row["state"]) for row in listed] == [("default", "built_in"), ("panel", "built_in")]
    held = get(client, "/policies/default").json()
    held["profiles"][0]["weights"]["strategy"] = 25
    found = post(client, "/policies/validation", definition=held).json()["items"]
    assert [row["code"] for row in found] == ["screening.weights_not_100"]
    assert "105" in found[0]["message"]
    refused = problem(post(client, "/policies", definition=held), 422, "screening.invalid_policy")
    assert refused["errors"][0]["field"] == "profiles.infrastructure.weights"
    held["profiles"][0]["weights"]["maturity"] = 20
    assert post(client, "/policies/validation", definition=held).json()["total"] == 0
    assert post(client, "/policies", definition=held, note="试").json()["policy"] == "default@2"
    assert get(client, "/policies/default@1").json()["profiles"][0]["weights"]["strategy"] == 20
    problem(get(client, "/policies/default@7"), 404, "screening.no_policy")
    problem(post(client, "/policies", definition={"code": "x"}), 422, "screening.bad_definition")
    problem(post(client, "/policies", definition=held, over=1), 409, "screening.policy_frozen")


def test_scores_are_ranked_explained_and_kept(client: TestClient) -> None:
    client.patch(f"/api/v1/projects/{PROJECT}/criteria", json={"values": {"panel": 88}})
    first = get(client, "/policies/panel/scores", limit=400).json()
    rest = get(client, "/policies/panel/scores", limit=400, after=first["next"]).json()["items"]
    assert (first["total"], len(rest)) == (401, 1)
    assert (rest[0]["project"], rest[0]["points"], rest[0]["vetoed"]) == (PROJECT, 88, True)
    why = get(client, f"/policies/default/scores/{PROJECT}").json()
    assert sum(part["points"] for part in why["parts"]) == pytest.approx(why["points"])
    assert (why["rank"], why["vetoed"], why["tornado"]) == (401, True, [])
    run = post(client, "/policies/panel/runs", note="年度").json()["run"]
    kept = get(client, f"/score-runs/{run}").json()
    assert (kept["total"], kept["items"][-1]["inputs"]["panel"]) == (401, 88)
    assert get(client, "/score-runs").json()["items"][0]["policy"] == "panel@1"
    problem(get(client, "/score-runs/99"), 404, "screening.no_run")


def test_robustness_and_ways_to_weights(client: TestClient) -> None:
    core = get(client, "/policies/default/robustness", top=10, draws=200).json()
    assert core["total"] == 400
    assert sum(row["share"] for row in core["items"]) == pytest.approx(10)
    by_order = post(client, "/policies/weights", size=2).json()
    assert by_order == {"weights": [75.0, 25.0], "ratio": None}
    by_pairs = post(client, "/policies/weights", size=3, judgements=[[0, 1, 3], [0, 2, 5], [1, 2, 3]]).json()
    assert by_pairs["consistent"] and sum(by_pairs["weights"]) == pytest.approx(100)
    against = post(client, "/policies/weights", size=3, judgements=[[0, 1, 2], [1, 2, 2], [2, 0, 9]]).json()
    assert (against["consistent"], len(against["contrary"])) == (False, 3)
    wrong = post(client, "/policies/weights", size=3, judgements=[[0, 1, 12]])
    problem(wrong, 422, "request.invalid")
