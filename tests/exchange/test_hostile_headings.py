"""A heading made to be costly is read in the time of its length, and told without repetition."""

import time

import pytest

from portfolio.exchange.sheets.columns import guess_kind, read_heading
from portfolio.exchange.sheets.findings import Findings, Place

HEADINGS = {
    "one many times": ["项目"] * 200_000,
    "blanks, then one many times": [""] * 100_000 + ["年份"] * 100_000,
    "all of them different": [f"c{number}" for number in range(200_000)],
    "long ones full of spaces": ["a" + " " * 40_000 + "b"] * 5,
}


@pytest.mark.parametrize("name", HEADINGS)
def test_a_hostile_heading_costs_what_it_is_long(name: str) -> None:
    """Processor time, which a busy machine does not stretch."""
    cells, findings = HEADINGS[name], Findings()
    started = time.process_time()
    assert guess_kind(cells) is None
    assert read_heading("needs", cells, Place("x.csv", findings)) is None
    assert time.process_time() - started < 10
    told = [one.code for one in findings]
    assert told.count("doubled_column") == (1 if "one many times" in name else 0)
    assert findings.total == len(told) or "different" in name
