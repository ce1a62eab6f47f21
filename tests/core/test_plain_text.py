"""What a text may hold: what nobody sees is cut, what nobody wrote is refused, a lone dash says nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core import plain_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("钦州\u200b港", "钦州港"),  # zero width space
        ("\ufeff甲", "甲"),  # byte order mark
        ("\u202e甲乙\u202c", "甲乙"),  # direction override
        ("甲\u00ad乙\u2060丙", "甲乙丙"),  # soft hyphen, word joiner
        ("甲\u2066乙\u2069", "甲乙"),  # isolates
        ("甲\tB", "甲 B"),
        ("甲\r\n乙\u2028丙\x0b丁", "甲\n乙\n丙\n丁"),
        ("　甲　", "甲"),
        ("２０万吨", "２０万吨"),
        ("葛\U000e0100城", "葛\U000e0100城"),  # a variation selector changes what is seen
    ],
)
def test_the_unseen_is_cut_and_all_else_stays(written: str, kept: str) -> None:
    assert plain_text.clean(written) == kept
    assert plain_text.refused(written) is None


@pytest.mark.parametrize(
    ("written", "character"),
    [
        ("甲\x00", "U+0000"),
        ("甲\x07乙", "U+0007"),
        ("\x1b[31m", "U+001B"),
        ("甲\x7f", "U+007F"),
        ("甲\x9f", "U+009F"),
        ("\ud800甲", "U+D800"),
        ("甲\udfff", "U+DFFF"),
        ("甲\ufffd乙", "U+FFFD"),
        ("甲\uffff", "U+FFFF"),
    ],
)
def test_controls_and_halves_are_refused_by_name(written: str, character: str) -> None:
    assert plain_text.refused(written) == character
    (fault,) = plain_text.faults({"owner": written})
    assert (fault.field, fault.code, fault.params) == ("owner", "field.refused_character", {"character": character})


@given(st.text())
def test_what_was_cleaned_stays_as_it_is_and_holds_nothing_unseen(text: str) -> None:
    kept = plain_text.clean(text)
    assert plain_text.clean(kept) == kept
    if plain_text.refused(text) is None:
        assert plain_text.usual(kept)
        assert not [sign for sign in kept if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"]
    if plain_text.usual(text):
        assert kept == text.strip()


@pytest.mark.parametrize("cell", ["—", "–", "-", "－", "/", "／", "——", "……", "...", "无", " 暂无 ", "無", "\\"])
def test_a_lone_mark_says_nothing(cell: str) -> None:
    assert plain_text.says_nothing(cell)
    assert plain_text.stated(cell) == ""


@pytest.mark.parametrize("cell", ["", "0", "-1", "无锡", "无烟煤码头", "甲/乙", "--说明--甲", "1/2", "有"])
def test_what_says_something_stays(cell: str) -> None:
    assert not plain_text.says_nothing(cell)
    assert plain_text.stated(cell) == cell


@pytest.mark.parametrize(
    ("one", "other"), [("２０万吨", "20万吨"), ("ＬＮＧ", "lng"), ("ＬＮＧ\u200b接收站", "LNG接收站"), ("㎡", "m2")]
)
def test_searches_compare_in_one_width(one: str, other: str) -> None:
    assert plain_text.searchable(one) == plain_text.searchable(other)


def test_faults_are_named_at_any_depth() -> None:
    given = {"scales": [{"name": "泊位"}, {"name": "长\x01"}], "name_zh": "甲", "count": 3}
    assert [fault.field for fault in plain_text.faults(given)] == ["scales.1.name"]
    assert plain_text.cleaned({"a": ["\u200b甲", 3], "b": ("乙 ",)}) == {"a": ["甲", 3], "b": ("乙",)}
