"""Which needs may be entered: the first and the last year, nothing below zero, leaves alone."""

import pytest

from portfolio.core.units import MAX_BASE
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR, faults, subtotals, unanswered
from portfolio.vocabulary.loader import shipped_tree

TREE = shipped_tree()


@pytest.mark.parametrize(
    ("item", "year", "required", "codes"),
    [
        ("fund.own", 2000, 1, []),
        ("fund.own", 2060, 1, []),
        ("fund.own", 1999, 1, ["need.bad_year"]),
        ("fund.own", 2061, 1, ["need.bad_year"]),
        ("fund.own", 2030, 0, []),
        ("fund.own", 2030, -1, ["field.negative"]),
        ("fund.own", 2030, MAX_BASE, []),
        ("fund.own", 2030, MAX_BASE + 1, ["field.too_large"]),
        ("land.agri", 2030, 1, ["need.parent_item"]),
        ("nothing", 1990, -1, ["item.not_found"]),
    ],
)
def test_what_is_wrong_with_a_need(item: str, year: int, required: int, codes: list[str]) -> None:
    assert [fault.code for fault in faults(TREE, item, year, required)] == codes
    assert (FIRST_YEAR, LAST_YEAR) == (2000, 2060)


def test_what_was_declared_not_to_apply_takes_no_need() -> None:
    found = faults(TREE, "land.agri.garden", 2030, 1, {"land.agri", "fund"})
    assert [(fault.code, fault.params["value"]) for fault in found] == [("need.declared_not_applicable", "land.agri")]


def test_subtotals_are_sums_of_leaves_by_year() -> None:
    leaves = {("land.agri.garden", 2030): 5, ("land.built", 2030): 7, ("land.built", 2031): 1, ("fund.own", 2030): 9}
    assert subtotals(TREE, leaves) == {
        ("land.agri.garden", 2030): 5,
        ("land.agri", 2030): 5,
        ("land.built", 2030): 7,
        ("land", 2030): 12,
        ("land.built", 2031): 1,
        ("land", 2031): 1,
        ("fund.own", 2030): 9,
        ("fund", 2030): 9,
    }


def test_elements_nobody_spoke_of() -> None:
    assert unanswered(TREE, ["land.built"], ["sea"]) == ["fund", "forest"]
    assert unanswered(TREE, [], []) == ["fund", "land", "sea", "forest"]
