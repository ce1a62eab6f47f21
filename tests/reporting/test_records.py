"""Rules of entry by value: merging two editors' work, completeness, likeness, profiles and who sees people in full."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import scope_of
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.journal.queries import history
from portfolio.needs.details import DetailEdit, save_details
from portfolio.projects.profile import project_profile, save_profile
from portfolio.projects.queries import get_project
from portfolio.projects.rules.profile import thousandths
from portfolio.reporting.duplicates import likely_duplicates
from portfolio.reporting.records import compare, whole_record
from portfolio.reporting.rules import completeness, document_number, fields, lacking, merge, required, unremarkable
from portfolio.reporting.service import act
from tests.reporting.people import CITY, LEADER_UNIT, OFFICE, READER

words = st.sampled_from(["", "甲", "乙", "丙"])
forms = st.fixed_dictionaries(dict.fromkeys(("a", "b", "c"), words))


def test_merge_takes_what_one_side_changed_and_asks_about_the_rest() -> None:
    base = {"owner": "甲", "capacity": "一", "stage": "reserve", "name": "旧"}
    theirs = {"owner": "乙", "capacity": "一", "stage": "ready", "name": "新"}
    mine = {"owner": "丙", "capacity": "二", "stage": "reserve", "name": "新"}
    found = merge(base, theirs, mine)
    assert found.conflicts == {"owner": ("乙", "丙")}
    assert found.values == {"owner": "丙", "capacity": "二", "stage": "ready", "name": "新"}


@given(forms, forms)
def test_merge_with_one_editor_asks_nothing(base: dict[str, str], changed: dict[str, str]) -> None:
    assert merge(base, base, changed).values == changed
    assert merge(base, base, changed).conflicts == {}
    assert merge(base, changed, base).conflicts == {}
    assert all((merge(base, changed, base).values[name] or "") == changed[name] for name in changed)


@given(forms, forms, forms)
def test_merge_conflicts_are_the_same_from_both_sides(
    base: dict[str, str], one: dict[str, str], other: dict[str, str]
) -> None:
    assert merge(base, one, other).conflicts.keys() == merge(base, other, one).conflicts.keys()


def test_little_in_reserve_all_for_an_annual_plan() -> None:
    def asked(stage: str) -> set[str]:
        return {field.name for field in fields() if stage in field.stages}

    order = ("planning", "reserve", "preliminary", "ready")
    assert all(asked(low) <= asked(high) for low, high in pairwise(order))
    assert asked("annual") == {field.name for field in fields()}
    assert asked("planning") == {"name_zh", "kind", "region_codes"}


def test_zero_is_a_statement_and_a_flag_asks_for_its_document() -> None:
    record = {"name_zh": "甲", "kind": "berth", "region_codes": ["450100"], "total_investment_yuan": 0, "nature": "new"}
    record |= {"stage": "reserve", "capacity_zh": "一", "contacts": [{"name": "张"}], "co_agreed": True}
    assert [fault.field for fault in lacking(record, "reserve")] == ["co_agreed_doc"]
    assert lacking(record | {"co_agreed": False}, "reserve") == []
    assert 0 < completeness(record).percent < 100


@pytest.mark.parametrize("flags", [(), ("co_agreed",), ("co_agreed", "cross_province")])
def test_completeness_is_rounded_down_and_whole_only_when_nothing_lacks(flags: tuple[str, ...]) -> None:
    """Of 25, 26 and 27 that are asked: a flag asks for its document."""
    record: dict[str, Any] = dict.fromkeys(flags, True)
    for count, name in enumerate(required(record, "annual"), 1):
        group, _, part = name.partition(".")
        record[group] = {**record.get(group, {}), part: "x"} if part else "x"
        lacks, asked = len(lacking(record, "annual")), len(required(record, "annual"))
        percent = completeness(record).percent
        assert asked - lacks >= count
        assert percent * asked <= 100 * (asked - lacks) < (percent + 1) * asked
        assert (percent == 100) is (lacks == 0)
    assert completeness({}).percent == 0


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("桂发改[2027]3号", "桂发改〔2027〕3号"),
        (" 桂政发（2018）第02号", "桂政发〔2018〕2号"),
        ("会议纪要", "会议纪要"),
    ],
)
def test_document_numbers_as_printed(typed: str, printed: str) -> None:
    assert document_number(typed) == printed


@pytest.mark.parametrize(
    ("typed", "number"), [("1.5", 1500), ("1,200", 1_200_000), ("0", 0), ("1.2345", None), ("-1", None), ("多", None)]
)
def test_quantities_have_three_decimals(typed: str, number: int | None) -> None:
    assert thousandths(typed) == number


def test_only_known_records_with_no_money_moved_are_unremarkable() -> None:
    assert unremarkable(False, 0, ["owner"], 0)
    assert not unremarkable(True, 0, [], 0)
    assert not unremarkable(False, 0, ["total_investment_yuan"], 0)
    assert not unremarkable(False, 0, [], 1)
    assert not unremarkable(False, 1, [], 0)


def test_people_are_masked_for_those_who_only_read(session: Session, entered: str) -> None:
    assert project_profile(session, scope_of(OFFICE), entered)["contacts"][0]["phone"] == "13800001234"
    with pytest.raises(NotFoundError):
        project_profile(session, scope_of(READER), entered)
    act(session, OFFICE, scope_of(OFFICE), entered, "submit")
    for reviewer in (CITY, LEADER_UNIT):
        act(session, reviewer, scope_of(reviewer), entered, "accept")
    assert project_profile(session, scope_of(READER), entered)["contacts"][0]["phone"] == "138****1234"
    told = [entry for entry in history(session, entered) if entry.action == "profile"]
    assert told[0].after["contacts"][0]["phone"] == "138****1234"


def test_profile_names_every_fault(session: Session, entered: str) -> None:
    wrong = {
        "owner_credit_code": "91450000MA5K",
        "scales": [{"name": "泊位", "quantity": "两", "unit": ""}],
        "contacts": [{"name": "", "phone": "12", "role": "contact"}],
    }
    with pytest.raises(InvalidError) as refused:
        save_profile(session, OFFICE, scope_of(OFFICE), entered, wrong)
    assert [fault.field for fault in refused.value.fields] == [
        "owner_credit_code",
        "scales.0.unit",
        "scales.0.quantity",
        "contacts.0.name",
        "contacts.0.phone",
    ]


def test_profile_raises_the_records_version_only_when_it_changes(session: Session, entered: str) -> None:
    before = get_project(session, EVERYTHING, entered)["version"]
    scales = [{"name": "泊位", "quantity": "2.50", "unit": "个"}]
    assert save_profile(session, OFFICE, scope_of(OFFICE), entered, {"scales": scales})
    assert not save_profile(session, OFFICE, scope_of(OFFICE), entered, {"scales": scales})
    record = whole_record(session, EVERYTHING, entered)
    assert record.project["version"] == before + 1
    assert record.profile["scales"] == [{"name": "泊位", "quantity": "2.5", "unit": "个"}]


def test_likely_duplicates_by_name_code_and_place(session: Session, entered: str) -> None:
    found = likely_duplicates(session, EVERYTHING, {"name_zh": "南宁（示例）码头"})
    assert [(one.why, one.code) for one in found][:1] == [("same_name", entered)]
    near = likely_duplicates(session, EVERYTHING, {"name_zh": "南宁示例二码头"})
    assert ("near_name", entered) in [(one.why, one.code) for one in near]
    assert likely_duplicates(session, EVERYTHING, {"name_zh": "南宁示例码头"}, entered) == []
    assert likely_duplicates(session, EVERYTHING, {"name_zh": "全然不同的一件事情"}) == []


def test_likeness_out_of_scope_tells_only_the_reporting_unit(session: Session) -> None:
    stored = get_project(session, EVERYTHING, "GX-2018-0207")
    found = likely_duplicates(session, scope_of(OFFICE), {"name_zh": stored["name_zh"]})
    assert (found[0].code, found[0].name_zh, found[0].office_unit) == ("", "", stored["office_unit"])


def test_the_reviewer_sees_changed_details(session: Session) -> None:
    """They decide on gates and authorities, so that a record with changed ones is not accepted with others unseen."""
    old, edit = "GX-2018-0002", DetailEdit("land", "route", "batch")
    save_details(session, OFFICE, scope_of(OFFICE), old, [edit])
    found = compare(session, EVERYTHING, old)
    assert found.details == [("land", "route", None, "batch")]
    assert (found.fields, found.needs, found.needs_changed, found.same) == ([], [], 1, False)
    save_details(session, OFFICE, scope_of(OFFICE), old, [DetailEdit("land", "route", None)])
    assert compare(session, EVERYTHING, old).same
