"""What is typed into a form is meant in 万元 and 公顷."""

import pytest

from dashboard.components.answers import typed


@pytest.mark.parametrize(
    ("text", "dimension", "base"),
    [
        ("1.5", "area", 15_000),
        ("0.0001", "area", 1),
        ("12.6", "money", 126_000),
        (" 1,234 ", "money", 12_340_000),
        ("40", "length", 40),
        ("", "area", None),
        ("  ", "money", None),
        (None, "money", None),
    ],
)
def test_what_was_typed_in_base_units(text: str | None, dimension: str, base: int | None) -> None:
    assert typed(text, dimension) == base


@pytest.mark.parametrize("text", ["甲", "1.00001", "1e99", "--1"])
def test_what_is_no_quantity_is_told_as_it_was_typed(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        typed(text, "area")
