"""What a typed number means: exact ones are read, all others told with what they may mean."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core.i18n import LANGUAGES, error_text
from portfolio.core.number_reading import NumberFault, read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1200", "1200"),
        ("１２００", "1200"),
        ("１２００．５", "1200.5"),
        ("1 200", "1200"),
        ("1\u00a0200", "1200"),
        ("180,000", "180000"),
        ("180，000", "180000"),
        ("1,200.50", "1200.50"),
        ("108.61999999999999", "108.61999999999999"),
        ("-5", "-5"),
        ("－5", "-5"),
        (".5", "0.5"),
        ("0", "0"),
        ("\u200b12", "12"),
        (" 12 ", "12"),
    ],
)
def test_exact_numbers_are_read(written: str, number: str) -> None:
    assert read_number(written, "wan_yuan") == Decimal(number)


@pytest.mark.parametrize("written", ["", " ", "　", "—", "–", "-", "/", "无", "暂无", "……"])
def test_what_says_nothing_is_no_number(written: str) -> None:
    assert read_number(written) is None


FAULTS = [
    ("1.200,50", "two_readings", {"first": "1200.50", "second": "1.20050"}),
    ("12,00", "two_readings", {"first": "12.00", "second": "1200"}),
    ("1.2万", "two_readings", {"first": "1.2", "second": "12000"}),
    ("1,20,000", "thousands_marks", {"plain": "120000"}),
    ("12 00", "thousands_marks", {"plain": "1200"}),
    ("1200.", "thousands_marks", {"plain": "1200"}),
    ("1.2亿", "amount_with_unit", {"unit": "亿", "plain": "12000"}),
    ("1.2亿元", "amount_with_unit", {"unit": "亿元", "plain": "12000"}),
    ("５００万元", "amount_with_unit", {"unit": "万元", "plain": "500"}),
    ("12000元", "amount_with_unit", {"unit": "元", "plain": "1.2"}),
    ("15亩", "amount_with_unit", {"unit": "亩", "plain": "none"}),
    ("约5000", "vague_number", {"plain": "5000"}),
    ("5000左右", "vague_number", {"plain": "5000"}),
    ("近5,000", "vague_number", {"plain": "5000"}),
    ("5000余万元", "vague_number", {"plain": "5000"}),
    ("约1.2亿元", "vague_number", {"plain": "12000"}),
    ("＞5000", "vague_number", {"plain": "5000"}),
    ("5000（暂估）", "vague_number", {"plain": "5000"}),
    ("3000-5000", "number_range", {"first": "3000", "second": "5000"}),
    ("3～5亿元", "number_range", {"first": "30000", "second": "50000"}),
    ("12%", "percent", {"plain": "12"}),
    ("１２％", "percent", {"plain": "12"}),
    ("#REF!", "error_value", {}),
    ("#DIV/0!", "error_value", {}),
    ("######", "error_value", {}),
    ("=1+1", "formula", {}),
    ("TRUE", "boolean_cell", {}),
    ("2024-03-01", "date_in_number", {}),
    ("2024年3月", "date_in_number", {}),
    ("1.2E+05", "scientific", {"plain": "120000"}),
    ("NaN", "not_a_number", {}),
    ("inf", "not_a_number", {}),
    ("-Infinity", "not_a_number", {}),
    ("五千", "not_a_number", {}),
    ("10²", "not_a_number", {}),
    ("①", "not_a_number", {}),
    ("1_000", "not_a_number", {}),
    ("٣", "not_a_number", {}),
    ("0x1F", "not_a_number", {}),
]


@pytest.mark.parametrize(("written", "code", "params"), FAULTS)
def test_what_is_not_exact_is_told_with_what_it_may_mean(written: str, code: str, params: dict[str, str]) -> None:
    assert read_number(written, "wan_yuan") == NumberFault(code, params)
    for lang in LANGUAGES:
        words = error_text(f"field.{code}", lang, {"value": written, **params})
        assert all(value in words for name, value in params.items() if value != "none" and name != "unit"), words


@given(st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=4), st.sampled_from([",", " ", "，", ""]))
def test_thousands_in_threes_and_either_width_mean_the_number(number: Decimal, mark: str) -> None:
    written = f"{number:,f}".replace(",", mark)
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign in "0123456789.," else sign for sign in written)
    assert read_number(written) == number
    assert read_number(wide) == number


@pytest.mark.parametrize(
    "cell", ["1 " * 20_000 + "x", "1" * 32_000, "约" * 9_000, "1," * 15_000, "(" * 30_000, " " * 9_999 + "1 x"]
)
def test_a_cell_without_end_is_judged_at_once(cell: str) -> None:
    began = process_time()
    assert isinstance(read_number(cell), NumberFault)
    assert process_time() - began < 0.5


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_finite_number_or_told(text: str) -> None:
    read = read_number(text, "wan_yuan")
    assert read is None or isinstance(read, NumberFault) or read.is_finite()
