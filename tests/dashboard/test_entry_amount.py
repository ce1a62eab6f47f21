"""Beside the total investment stand its unit, what it means, and the sources against it, while one types."""

import pytest

from dashboard.context import Context
from dashboard.pages.entry.amounts import beside_amount
from dashboard.pages.entry.values import Needs
from portfolio.vocabulary.loader import shipped_tree


@pytest.mark.parametrize(
    ("amount", "unit", "cells", "words"),
    [
        ("12.6", "yi_yuan", {}, ["单位：亿元", "即 12.6 亿元"]),
        ("12.6", "wan_yuan", {}, ["单位：万元", "即 12.6 万元"]),
        ("", "wan_yuan", {}, ["单位：万元"]),
        ("十二", "wan_yuan", {}, ["单位：万元"]),
        (
            "100",
            "wan_yuan",
            {"2027": "60", "2028": "40"},
            ["单位：万元", "即 100 万元", "各来源各年合计 100 万元"],
        ),
        (
            "100",
            "wan_yuan",
            {"2027": "60", "2028": "x"},
            ["单位：万元", "即 100 万元", "各来源各年合计 60 万元", "比总投资少 40 万元"],
        ),
        (
            "1",
            "yi_yuan",
            {"2027": "1.5"},
            ["单位：亿元", "即 1 亿元", "各来源各年合计 1.5 亿元", "比总投资多 5,000 万元"],
        ),
    ],
)
def test_what_stands_beside_the_amount(amount: str, unit: str, cells: dict[str, str], words: list[str]) -> None:
    needs = Needs(cells={"fund.own": cells} if cells else {}, units={"money": unit, "area": "ha"})
    found = beside_amount(Context("zh", "light"), needs, amount, shipped_tree())
    assert [one.children for one in found] == words
