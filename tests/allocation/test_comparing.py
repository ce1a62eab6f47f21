"""Scenarios side by side: where more quota lowers the total, value by rung and the changed limits say why."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.pages.scenarios.compare import comparison
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.frames import records
from portfolio.scenarios import pins, pools, service
from portfolio.scenarios.approval.service import Approval, approve_scenario
from portfolio.scenarios.comparing import CHANGES, Comparison, Precedence, compare_scenarios
from portfolio.scenarios.options import Options
from portfolio.scenarios.solving.solving import read_problem
from portfolio.scenarios.words import precedence_words
from tests.allocation.conftest import FIRST, ME, REGION, SECOND, THIRD, make, solved
from tests.ledger.conftest import DOC
from tests.support.api import api_client

OF_CODE = "(SELECT id FROM projects WHERE code = :code)"


@pytest.fixture
def falling(edition: Session) -> Session:
    """FIRST is under construction and needs all 130 m²; SECOND and THIRD are in preparation and need 120 together. S1
    has 125 m², S2 has 130."""
    needed = f"UPDATE edition_needs SET required = 130 WHERE required = 60 AND project_id = {OF_CODE}"
    edition.execute(text(needed), {"code": FIRST})
    for code in (SECOND, THIRD):
        entry = f"UPDATE edition_entries SET rung = 'preparatory' WHERE project_id = {OF_CODE}"
        edition.execute(text(entry), {"code": code})
    make(edition)
    pools.set_limit(edition, LOCAL_OWNER, "S1", REGION, 75)
    service.copy_scenario(edition, LOCAL_OWNER, "S1", "S2")
    pools.set_limit(edition, LOCAL_OWNER, "S2", REGION, 80)
    edition.commit()
    for code in ("S1", "S2"):
        solved(edition, code)
    return edition


def worth_of(session: Session) -> dict[str, float]:
    return {one.code: one.value for one in read_problem(session, "S1")[0].problem.projects}


def cells(found: Comparison) -> dict[tuple[str, str], tuple[Any, float]]:
    rows = records(found.rungs)
    return {(row["rung"], row["scenario"]): (row["projects"], round(row["value"], 4)) for row in rows}


def test_value_by_rung_and_the_limits_that_differ(falling: Session) -> None:
    found = compare_scenarios(falling, EVERYTHING, ["S1", "S2"])
    worth = worth_of(falling)
    two = round(worth[SECOND] + worth[THIRD], 4)
    assert cells(found) == {
        ("continuing", "S1"): (0, 0.0),
        ("continuing", "S2"): (1, round(worth[FIRST], 4)),
        ("preparatory", "S1"): (2, two),
        ("preparatory", "S2"): (0, 0.0),
    }
    assert found.rungs["rung"].tolist()[0] == "continuing"
    assert [(one.pool["pool"], one.quantities) for one in found.limits] == [(REGION, {"S1": 75, "S2": 80})]
    less = round(two - worth[FIRST], 4)
    (one,) = found.precedence
    assert (one.lower, one.higher, one.rung) == ("S2", "S1", "continuing")
    assert (round(one.more, 4), round(one.less, 4)) == (round(worth[FIRST], 4), less)


def test_the_rows_of_a_column_come_to_its_total_also_where_changes_cost(falling: Session) -> None:
    """SECOND and THIRD are approved, FIRST is not: three changes of two points each."""
    approve_scenario(falling, *ME, "S1", Approval("王某", DOC, "2019-03-01"))
    service.change_scenario(falling, LOCAL_OWNER, "S2", options=Options(stability=2.0))
    pins.pin_project(falling, *ME, "S2", FIRST, True, "自治区统筹")
    falling.commit()
    solved(falling, "S2")
    found = compare_scenarios(falling, EVERYTHING, ["S1", "S2"])
    assert cells(found)[CHANGES, "S2"][1] == -6.0
    for code, head in found.heads.items():
        of = [value for (_, scenario), (_, value) in cells(found).items() if scenario == code]
        assert head["value"] == pytest.approx(sum(of), abs=1e-3)


def test_the_page_shows_them(falling: Session) -> None:
    server, found = create_dashboard(falling.get_bind().engine).server, dict[str, str]()
    for lang in ("zh", "en"):
        with server.test_request_context("/scenarios"):
            found[lang] = str(comparison(Context(lang, "light", "/scenarios", {}), ["S1", "S2"]))
    for lang, words in (("zh", ("额度不同的指标池（1个）", "按梯次的价值")), ("en", ("Pools with other limits (1)",))):
        assert [one for one in words if one not in found[lang]] == []
    assert "S2的总价值比S1低" in found["zh"]


def test_why_a_total_falls_in_words() -> None:
    words = precedence_words(Precedence("S2", "S1", "continuing", 4.0, 2.5), "zh")
    assert words.startswith("S2的总价值比S1低 2.5，而“续建”梯次高 4：前一梯次优先")


def test_the_api_gives_them(falling: Session) -> None:
    with api_client(falling.get_bind().engine) as client:
        check_api(client)


def check_api(client: TestClient) -> None:
    found = client.get("/api/v1/scenarios/comparison", params={"code": ["S1", "S2"]}).json()
    assert {(row["rung"], row["scenario"]): row["projects"] for row in found["rungs"]}["preparatory", "S1"] == 2
    assert [(one["pool"], one["unit"], one["limits"]) for one in found["limits"]] == [
        (REGION, "公顷", {"S1": 0.0075, "S2": 0.008})
    ]
    assert [(one["lower"], one["higher"], one["rung"]) for one in found["precedence"]] == [("S2", "S1", "continuing")]
