"""Points from facts and a policy: by value, and what must hold of any."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.screening.rules.books import built_in
from portfolio.screening.rules.policy import Curve, decode, encode
from portfolio.screening.rules.scoring import ranking, score
from tests.screening.plain import CODES, FACTS, SECTORS, policy

NONE_VETOED = np.zeros(4, np.bool_)


def test_points_by_criterion() -> None:
    sheet = score(policy(), FACTS, SECTORS)
    assert sheet.parts.T.tolist() == [
        [60.0, 20.0, 0.0, 0.0],
        [25.0, 12.5, 19.375, 0.0],
        [25.0, 6.25, 2.5, 5.0],
        [0.0, 40.0, 0.0, 5.0],
    ]
    assert sheet.points.tolist() == [80.0, 56.875, 38.75, 45.0]
    assert sheet.missing.tolist() == [1, 0, 1, 1]


def test_each_sector_has_its_profile_and_an_unknown_one_the_first() -> None:
    sheet = score(policy(), FACTS, SECTORS)
    assert [sheet.policy.profiles[place].code for place in sheet.profiles] == ["roads", "works", "works", "roads"]


def test_caps_hold_a_criterion_and_the_whole() -> None:
    capped = msgspec.structs.replace(policy().criteria[0], cap=30.0)
    held = policy(cap=45.0, criteria=(capped, *policy().criteria[1:]))
    sheet = score(held, FACTS, SECTORS)
    assert sheet.parts[0].tolist() == [30.0, 25.0, 25.0, 0.0]
    assert sheet.points.tolist() == [45.0, 45.0, 38.75, 45.0]


def test_ties_break_by_readiness_then_investment_then_code() -> None:
    facts = {
        "ready_share": np.array([0.5, 0.5, 0.7, 0.5]),
        "year_wan": np.array([10.0, np.nan, 10.0, 10.0]),
        "tax": np.zeros(4),
        "land": np.ones(4),
    }
    flat = policy(criteria=tuple(msgspec.structs.replace(one, value="1") for one in policy().criteria))
    sheet = score(flat, facts, ["transport"] * 4)
    assert ranking(sheet, facts, ["D", "A", "C", "B"], NONE_VETOED).tolist() == [2, 3, 0, 1]


def test_a_veto_stands_behind_every_score() -> None:
    sheet = score(policy(), FACTS, SECTORS)
    vetoed = np.array([True, False, False, False])
    assert ranking(sheet, FACTS, CODES, vetoed).tolist() == [1, 3, 2, 0]


@given(st.lists(st.floats(0, 200), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
def test_no_score_brings_a_vetoed_project_before_another(tax: list[float], marks: list[bool]) -> None:
    facts, vetoed = {**FACTS, "tax": np.array(tax)}, np.array(marks)
    order = ranking(score(policy(), facts, SECTORS), facts, CODES, vetoed)
    assert vetoed[order].tolist() == sorted(marks)


STEEP = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 100)), min_size=2, max_size=6, unique_by=lambda p: p[0])


@given(STEEP, st.sampled_from(["linear", "steps"]), st.floats(-2e6, 2e6), st.floats(0, 1e6))
def test_points_rise_along_a_rising_curve(
    points: list[tuple[float, float]], kind: str, value: float, more: float
) -> None:
    xs, ys = sorted(x for x, _ in points), sorted(y for _, y in points)
    curve = Curve("linear" if kind == "linear" else "steps", tuple(zip(xs, ys, strict=True)))
    low, high = curve.percents(np.array([value, value + more]))
    assert low <= high + 1e-9


@given(st.lists(st.one_of(st.none(), st.floats(0, 500)), min_size=4, max_size=4))
def test_missing_data_never_scores_above_the_floor(tax: list[float | None]) -> None:
    values = np.array([np.nan if one is None else one for one in tax])
    sheet = score(policy(), {**FACTS, "tax": values}, SECTORS)
    floor = policy().criteria[2].floor
    unknown = np.isnan(values) | (FACTS["land"] == 0)
    assert (sheet.percents[2][unknown] == floor).all()
    assert (sheet.percents[2] >= floor).all()


def test_identity_takes_the_imported_mark_as_the_whole_value() -> None:
    sheet = score(built_in()["panel"], {"panel": np.array([523.0, np.nan]), "ready_share": np.zeros(2)}, [None, None])
    assert sheet.value.tolist() == [523.0, 0.0] == sheet.points.tolist()


def test_value_is_an_expression_over_points() -> None:
    sheet = score(policy(value="points * land"), FACTS, SECTORS)
    assert sheet.value.tolist() == [800.0, 113.75, 0.0, 135.0]


def test_a_policy_is_the_same_text_again() -> None:
    for held in (policy(), *built_in().values()):
        assert decode(encode(held)) == held


def test_built_in_weights_are_those_proposed() -> None:
    default = built_in()["default"]
    for profile in default.profiles:
        assert list(profile.weights.values()) == pytest.approx([20, 25, 15, 15, 10, 5, 10])
    assert [group.bonus for group in default.groups if group.bonus] == [5]


def test_default_policy_by_hand() -> None:
    """A road and a works with whole facts, worked out by hand along the built-in curves."""
    default = built_in()["default"]
    road = {
        "task_hits": 1.0,  # 70 % of 8
        "co_agreed": 1.0,  # 4
        "cross_city": 0.0,  # 20 % of 4
        "corridor": 1.0,  # 4
        "sea_related": 0.0,
        "started": 0.0,
        "ready_share": 0.5,  # 8.75
        "start_slack_days": 0.0,  # 80 % of 7.5
        "year_wan": 100_000.0,  # 80 % of 15
        "settled_share": 1.0,  # 9
        "land_ha": 40.0,  # 4 ha per 100m yuan: 60 % of 6
        "total_wan": 100_000.0,
        "granted_share": 0.3,  # 50 % of 10
        "jobs": 200.0,  # 20 per 100m yuan: 50 % of 2.5
        "people_served": 500_000.0,  # 2.5
        "energy_tce": 3000.0,  # 300 per 100m yuan: 80 % of 5
        "carbon_t": 8000.0,  # 800 per 100m yuan: 80 % of 5
        "output_wan": np.nan,
        "tax_wan": np.nan,
        "cities": 2.0,  # 60 % of 5
    }
    works = road | {
        "output_wan": 10_000.0,  # 0.3 tce and 0.8 t each: 80 % of 5 and 5
        "tax_wan": 6000.0,  # 10 万元 a mu: 40 % of 6
        "jobs": 200.0,  # 50 % of 5
    }
    facts = {name: np.array([road[name], works[name]]) for name in road}
    sheet = score(default, facts, ["transport", "industry"])
    road_points = 5.6 + 4 + 0.8 + 4 + 8.75 + 6 + 12 + 9 + 3.6 + 5 + 1.25 + 2.5 + 4 + 4 + 3
    intensity = 7.5 * (30 + (100_000 / 600 - 100) / 200 * 40) / 100
    elements = 4.5 + 4.5 * 0.6 + 2.4
    works_points = 5.6 + 4 + 0.8 + 4 + 8.75 + 6 + 6 + intensity + elements + 5 + 2.5 + 4 + 4 + 3
    np.testing.assert_allclose(sheet.points, [road_points, works_points], atol=1e-5)
    assert sheet.missing.tolist() == [0, 0]
