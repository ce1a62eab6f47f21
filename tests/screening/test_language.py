"""The expression language: what it works out, what is not known in it, and that it takes nothing else."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core.errors import InvalidError
from portfolio.screening.rules.language import parse

A, B = np.array([1.0, 4.0, np.nan]), np.array([2.0, 0.0, 0.0])
FACTS = {"a": A, "b": B}
UNKNOWN = math.nan


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a + 2 * b", [5, 4, UNKNOWN]),
        ("a / b", [0.5, UNKNOWN, UNKNOWN]),
        ("-a - 1", [-2, -5, UNKNOWN]),
        ("a > 2", [0, 1, UNKNOWN]),
        ("0 < a <= 1", [1, 0, UNKNOWN]),
        ("a == 4 or b == 0", [0, 1, 1]),
        ("a > 2 and b > 0", [0, 0, 0]),
        ("a > 0 and b == 0", [0, 1, UNKNOWN]),
        ("not a > 2", [1, 0, UNKNOWN]),
        ("max(a, b, 3)", [3, 4, UNKNOWN]),
        ("min(a, b)", [1, 0, UNKNOWN]),
        ("b if a > 2 else 9", [9, 0, UNKNOWN]),
        ("9 if b == 0 else a", [1, 9, 9]),
    ],
)
def test_values(text: str, wanted: list[float]) -> None:
    np.testing.assert_array_equal(parse(text).values(FACTS, 3), wanted)


def test_names_in_the_order_of_their_mention() -> None:
    assert parse("max(tax, 1) / land if land > 0 else tax").names == ("tax", "land")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a.real",
        "a[0]",
        "'text'",
        "True",
        "1j",
        "1e999",
        "a ** 2",
        "a // 2",
        "a % 2",
        "a & b",
        "~a",
        "+a",
        "a is b",
        "a in b",
        "abs(a)",
        "max(a)",
        "max(*a, b)",
        "min(a, b, key=a)",
        "lambda: a",
        "[a]",
        "(a, b)",
        "{a}",
        "[x for x in a]",
        "(a := 1)",
        "f'{a}'",
        "a; b",
        "",
        "a +",
        "a" * 501,
        "+".join(["a"] * 150),
        "(" * 300 + "a" + ")" * 300,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        parse(text)
    assert refused.value.code == "screening.bad_expression"


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except InvalidError:
        return
    assert len(found.values(dict.fromkeys(found.names, A), 3)) == 3
