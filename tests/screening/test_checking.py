"""A faulty policy is told with every fault, and never raises."""

from typing import Any

import msgspec
import pytest

from portfolio.screening.rules.books import built_in, facts
from portfolio.screening.rules.checking import findings
from portfolio.screening.rules.policy import Curve
from portfolio.vocabulary.codes import entries
from tests.screening.plain import KNOWN, policy

GOOD = policy()


def first_criterion(**changes: Any) -> dict[str, Any]:
    return {"criteria": (msgspec.structs.replace(GOOD.criteria[0], **changes), *GOOD.criteria[1:])}


def first_profile(**changes: Any) -> dict[str, Any]:
    return {"profiles": (msgspec.structs.replace(GOOD.profiles[0], **changes), *GOOD.profiles[1:])}


def test_good_policies_have_no_findings() -> None:
    assert findings(GOOD, KNOWN, entries("sectors")) == []
    for held in built_in().values():
        assert findings(held, facts(), entries("sectors")) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        (first_criterion(value="nobody + 1"), "criteria.ready.value", "unknown_fact"),
        (first_criterion(value="open('x')"), "criteria.ready.value", "bad_expression"),
        (first_criterion(group="none"), "criteria.ready.group", "unknown_group"),
        (first_criterion(curve=Curve("linear", ((0, 0),))), "criteria.ready.curve", "bad_curve"),
        (first_criterion(curve=Curve("steps", ((1, 0), (0, 100)))), "criteria.ready.curve", "bad_curve"),
        (first_criterion(curve=Curve("linear", ((0, 0), (1, 120)))), "criteria.ready.curve", "bad_curve"),
        (first_criterion(curve=Curve("identity", ((0, 0), (1, 1)))), "criteria.ready.curve", "bad_curve"),
        (first_criterion(floor=5.0), "criteria.ready.floor", "floor_above_curve"),
        (first_criterion(cap=0.0), "criteria.ready.cap", "negative"),
        (first_criterion(code="size"), "criteria.size", "doubled"),
        (first_profile(weights={"ripe": 60, "money": 39}), "profiles.roads.weights", "weights_not_100"),
        (first_profile(weights={"ripe": 110, "money": -10}), "profiles.roads.weights.money", "negative"),
        (first_profile(weights={}), "profiles.roads", "empty"),
        (first_profile(shares={}), "profiles.roads", "empty"),
        (
            first_profile(shares={"ready": 90, "size": 100, "rich": 100}),
            "profiles.roads.shares",
            "shares_not_100",
        ),
        (first_profile(sectors=("moon",)), "profiles.sectors", "unknown_sector"),
        (first_profile(sectors=("industry",)), "profiles.sectors.industry", "doubled"),
        ({"profiles": ()}, "profiles", "empty"),
        ({"decay": 1.0}, "decay", "bad_decay"),
        ({"stability": -1.0}, "stability", "negative"),
        ({"rungs": ("continuing",)}, "rungs", "bad_rungs"),
        ({"value": "points * nobody"}, "value", "unknown_fact"),
        ({"ties": ("nobody",)}, "ties", "unknown_fact"),
        ({"code": "Not A Code"}, "code", "bad_code"),
    ],
)
def test_a_fault_is_a_finding(changes: dict[str, Any], field: str, code: str) -> None:
    found = findings(msgspec.structs.replace(GOOD, **changes), KNOWN, entries("sectors"))
    assert (field, f"screening.{code}") in {(one.field, one.code) for one in found}
