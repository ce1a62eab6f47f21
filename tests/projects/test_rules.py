"""Project rules by value and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.projects.rules import facts as rules
from portfolio.projects.rules import national_code
from portfolio.projects.tables import FACTS, LENGTHS, LINKS, ProjectData, ProjectFacts

REAL_CODES = [
    "2509-320193-89-01-544060",
    "2411-130202-89-01-637015",
    "2603-141124-89-05-346948",
    "2509-140602-89-05-864976",
    "2111-522323-04-01-342068",
    "2211-441900-04-02-310151",
    "2502-140109-89-01-287745",
]
KNOWN = rules.Known(
    {
        "kind": {"berth"},
        "nature": {"new"},
        "approval_type": {"approval"},
        "stage": {"ready"},
        "region_codes": {"450700"},
        "task_ids": {"T22"},
        "units": {"GX-DOT"},
    },
    LENGTHS,
)
GOOD = {"code": "GX-2018-0001", "name_zh": "钦州港泊位"}


def test_every_fact_has_its_place_and_only_words_have_a_length() -> None:
    assert sorted(FACTS) == sorted(ProjectFacts.model_fields)
    assert {*FACTS, *LINKS} == set(ProjectData.model_fields)
    assert LENGTHS.keys() < set(FACTS)
    assert LENGTHS["name_zh"] == 200 and "stage" not in LENGTHS


@pytest.mark.parametrize("code", REAL_CODES)
def test_real_codes_hold(code: str) -> None:
    assert national_code.fault(code) is None
    assert national_code.fault(code.replace("-", "")) is None


@pytest.mark.parametrize("code", REAL_CODES)
@given(place=st.integers(0, 18), step=st.integers(1, 9))
def test_one_changed_digit_is_caught(code: str, place: int, step: int) -> None:
    digits = code.replace("-", "")
    changed = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    if int(changed[:4]) not in national_code.OLD_YEARS:
        assert national_code.fault(changed) in ("check_digit", "month")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("2020-450000-48-01-012345", None),
        ("2404-450100-04-01-12345", "structure"),
        ("2413-450100-04-01-123456", "month"),
        ("２５０９－３２０１９３－８９－０１－５４４０６０", None),
        ("x", "structure"),
    ],
)
def test_structure(code: str, fault: str | None) -> None:
    assert national_code.fault(code) == fault


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"name_zh": " "}, ("name_zh", "field.required")),
        ({"name_zh": "名" * 201}, ("name_zh", "field.too_long")),
        ({"code": "gx 1"}, ("code", "project.bad_code")),
        ({"national_code": "2509-320193-89-01-544061"}, ("national_code", "national_code.check_digit")),
        ({"total_investment_yuan": -1}, ("total_investment_yuan", "field.negative")),
        ({"kind": "castle"}, ("kind", "field.unknown_code")),
        ({"lead_unit": "NO"}, ("lead_unit", "field.unknown_code")),
        ({"region_codes": ["450700", "999999"]}, ("region_codes", "field.unknown_code")),
        ({"start_month": "2024-13"}, ("start_month", "field.bad_month")),
        ({"start_month": "2024-05", "finish_month": "2024-04"}, ("finish_month", "project.finish_before_start")),
        ({"lon": 108.6}, ("lat", "project.half_coordinates")),
        ({"lon": 21.9, "lat": 108.6}, ("lon", "project.outside_guangxi")),
        ({"stage_basis": "guessed"}, ("stage_basis", "field.unknown_code")),
    ],
)
def test_each_fault_names_its_field(facts: dict[str, object], fault: tuple[str, str]) -> None:
    found = [(error.field, error.code) for error in rules.faults({**GOOD, **facts}, KNOWN)]
    assert fault in found


def test_good_record_has_no_fault() -> None:
    facts = {**GOOD, "kind": "berth", "region_codes": ["450700"], "start_month": "2024-05", "finish_month": "2024-05"}
    assert rules.faults(facts, KNOWN) == []


def test_every_fault_is_told_at_once() -> None:
    facts = {"code": "", "name_zh": "", "kind": "castle", "start_month": "2024"}
    assert {error.field for error in rules.faults(facts, KNOWN)} == {"code", "name_zh", "kind", "start_month"}


@pytest.mark.parametrize(
    ("regions", "city"),
    [
        ([], None),
        (["450702"], "450700"),
        (["450700", "450702"], "450700"),
        (["450700", "450500"], "450000"),
        (["450000"], "450000"),
    ],
)
def test_reporting_city(regions: list[str], city: str | None) -> None:
    city_of = {"450702": "450700", "450700": "450700", "450500": "450500", "450000": None}
    assert rules.reporting_city(regions, city_of) == city


def test_warnings_stop_nothing() -> None:
    facts = {**GOOD, "co_agreed": True, "national_code": REAL_CODES[0], "region_codes": ["450700"]}
    assert {error.code for error in rules.warnings(facts)} == {
        "national_code.other_region",
        "project.co_agreed_without_doc",
    }
    assert rules.faults(facts, KNOWN) == []
