"""The scheme's rules: who leads a task, the six cities written out, and a credit code's check character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.scheme.directory import UnitDirectory
from portfolio.scheme.rules import (
    CREDIT_ALPHABET,
    SIX_CITIES_ZH,
    credit_code_holds,
    derive_lead_unit,
    expand_cities,
)
from portfolio.scheme.tables import Unit

KINDS = {"GX-A": "REGION_DEPT", "GX-B": "REGION_DEPT", "C": "CITY_GOV", "E": "ENTERPRISE"}
HOLDS = "91350100M000100Y43"  # the example of GB 32100-2015


@pytest.mark.parametrize(
    ("units", "lead"),
    [
        (["GX-A", "GX-B"], "GX-A"),
        (["C", "GX-B", "GX-A"], "GX-B"),
        (["C", "E"], None),
        (["UNKNOWN"], None),
        ([], None),
    ],
)
def test_the_first_department_of_the_region_leads(units: list[str], lead: str | None) -> None:
    assert derive_lead_unit(units, KINDS) == lead


def test_the_six_cities_are_written_out_in_place_and_once() -> None:
    cities = ["南宁市", "北海市"]
    assert expand_cities(["甲", SIX_CITIES_ZH, "乙"], cities) == ["甲", "南宁市", "北海市", "乙"]
    assert expand_cities(["北海市", SIX_CITIES_ZH, "北海市"], cities) == ["北海市", "南宁市"]
    assert expand_cities([], cities) == []


def test_a_credit_code_by_the_standards_example() -> None:
    assert credit_code_holds(HOLDS)
    assert not credit_code_holds(HOLDS[:-1])
    assert not credit_code_holds(HOLDS + "3")
    assert not credit_code_holds(HOLDS.lower())
    assert not credit_code_holds("I" + HOLDS[1:])


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17))
def test_exactly_one_check_character_fits(head: str) -> None:
    assert [credit_code_holds(head + last) for last in CREDIT_ALPHABET].count(True) == 1


@given(st.integers(0, 16), st.sampled_from(CREDIT_ALPHABET))
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    changed = HOLDS[:place] + other + HOLDS[place + 1 :]
    assert credit_code_holds(changed) is (changed == HOLDS)


def test_a_unit_is_known_by_every_spelling() -> None:
    given = {"name_zh": "自治区发展改革委", "full_name_zh": "广西壮族自治区发展和改革委员会", "name_en": "GX DRC"}
    known = UnitDirectory((Unit(code="GX-DRC", kind="REGION_DEPT", aliases_zh="发改委;自治区发改委", **given),))
    spellings = ("gx-drc", *given.values(), " 发改委 ", "自治区发改委")
    assert {known.resolve(spelling) for spelling in spellings} == {"GX-DRC"}
    assert known.resolve("别的") is None
    assert (known.name("GX-DRC"), known.name("GX-DRC", "en"), known.name("X"), known.name(None)) == (
        "自治区发展改革委",
        "GX DRC",
        "X",
        "",
    )
    assert known.kind_of == {"GX-DRC": "REGION_DEPT"}
