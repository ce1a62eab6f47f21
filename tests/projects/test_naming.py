"""Two spellings of one name are one name, and two names stay two."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portfolio.projects.rules.naming import LONGEST, plain_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("钦州港（三期）码头", "钦州港(三期)码头"),
        ("钦州港〔三期〕码头", "钦州港［三期］码头"),
        ("钦州港【三期】码头", "钦州港(三期)码头"),
        ("钦州港\u200b码头", "钦州港码头"),
        ("\ufeff钦州港 码\u3000头\u00a0", "钦州港码头"),
        ("钦州\u2060港\u202e码头\u00ad", "钦州港码头"),
        ("钦州港\u3164码头\ufe0f", "钦州港码头"),
        ("ＬＮＧ接收站２０万吨", "LNG接收站20万吨"),
        ("lng接收站", "LNG接收站"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other) != ""


@pytest.mark.parametrize(("one", "other"), [("码头一期", "码头二期"), ("码头（一）期", "码头一期"), ("甲-1", "甲1")])
def test_names_that_differ(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@given(st.text(max_size=300))
@example("Y¯")
def test_a_plain_name_is_its_own_and_fits(name: str) -> None:
    plain = plain_name(name)
    assert len(plain) <= LONGEST
    assert plain_name(plain) == plain or len(plain) == LONGEST
