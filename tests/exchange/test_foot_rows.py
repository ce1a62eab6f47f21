"""Rows that are no records, by value and property: in all their spellings, never a project that only looks so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.exchange.sheets.foot_rows import FOOT, GROUP, LIKE, TOTALS, UNIT, FootRows

NAMES = ("code", "name_zh", "kind", "region_codes", "owner", "total_investment")


def kind(*cells: str, names: tuple[str, ...] = NAMES) -> str | None:
    return FootRows(names).kind([*cells, *[""] * (len(names) - len(cells))])


SPELLINGS = {
    TOTALS: "合计|合　计|合计：|总计|总计（3个）|小计|共计|合计数|南宁市合计|全市总计|交通基础设施小计|本页小计|"
    "一、南宁市合计|合计（万元）|共计12个项目|Total|TOTAL|Subtotal|sub-total|Grand Total|Ｔｏｔａｌ|"
    "Nanning total|Total (3)|汇总",
    GROUP: "一、南宁市|二、钦州市（2项）|（一）交通基础设施|(二)产业|十一．水利|第一部分 交通|第二类水利|"
    "钦州市（2项）|产业项目（共12个）|续建项目|新开工项目|竣工投产项目|南宁市|南宁市本级|自治区本级|跨市",
    UNIT: "单位：万元|单位:亿元|金额单位：万元|计量单位：公顷|（单位：万元）|Unit: 10k yuan",
    FOOT: "填表人：某某|审核人：某某|填报单位：钦州市发展改革委|填报日期：2026年1月5日|填表人|复核人|"
    "负责人（签字）：|联系电话：0771-1234567|制表|注：1.投资按批复口径。|注1：不含征迁|备注：无|备注|"
    "说明：本表按月报|填表说明：见附件|共12项|以上共3项|（盖章）|Note: as approved|Notes|Remarks: none|"
    "Prepared by: X",
}


@pytest.mark.parametrize(("code", "row"), [(code, row) for code, rows in SPELLINGS.items() for row in rows.split("|")])
def test_a_row_that_is_no_record_is_told(code: str, row: str) -> None:
    # In the code's column or the name's, with a sum beside it or without.
    assert kind("", row) == code
    assert kind(row) == code
    assert kind("", row, "", "", "", "1200") == code
    assert kind("", row, "", "", "", "=SUM(F2:F9)") == code


PROJECTS = (
    "一带一路展览馆|注江水库|三江口大桥|第一水厂|第二批中小河流治理|说明书编制工程|备注河治理|合计河水库|"
    "小计算机厂|总计划展示馆|单位大院改造|共青水库|填表山隧道|审核亭公园|Total Energies berth|"
    "南宁市轨道交通|续建项目配套路|Notepad factory|总计大厦|统计信息中心|一二三产融合园|百色水利枢纽"
)


@pytest.mark.parametrize("name", PROJECTS.split("|"))
def test_a_project_is_not_swallowed_by_its_name(name: str) -> None:
    assert kind("", name) is None
    assert kind("", name, "", "", "", "1200") is None
    assert kind("", name, "berth", "450700", "某公司", "1200") is None


@pytest.mark.parametrize(
    "name", ["一、二期码头工程", "（一）号泊位", "南宁市", "续建项目", "注：某工程", "单位：某工程"]
)
def test_a_row_with_facts_of_its_own_is_a_record_to_look_at(name: str) -> None:
    assert kind("", name, "berth", "450700", "某公司", "1200") == LIKE
    assert kind("GX-2018-0001", name) is None


def test_a_total_stays_a_total_beside_a_single_fact() -> None:
    assert kind("", "南宁市合计", "berth", "450100", "", "1200") == TOTALS
    assert kind("", "合计", "berth", "450100", "某公司", "1200") == TOTALS
    assert kind("", "某某合计", "berth", "450100", "某公司", "1200") == LIKE


def test_number_and_name_of_a_group_stand_in_two_cells() -> None:
    names = ("code", "name_zh", "total_investment")
    assert kind("一", "交通基础设施（3项）", "560000", names=names) == GROUP
    assert kind("合计", "共5项", "=SUM(C2:C9)", names=names) == TOTALS
    assert kind("填表人：某某", "审核人：某某", names=names) == FOOT


def test_numbered_lines_under_a_note_go_on_with_it() -> None:
    rows = FootRows(NAMES)
    seen = [
        rows.kind(["", text, "", "", "", ""])
        for text in ("1.某码头", "注：1.按批复", "2.不含征迁费", "3、见附件", "某码头")
    ]
    assert seen == [None, FOOT, FOOT, FOOT, None]


NEEDS = ("project", "item", "year", "required", "basis")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("合计", "", "", "5", ""), TOTALS),
        (("南宁市合计", "资金", "2030", "5", ""), TOTALS),
        (("一、南宁市", "", "", "", ""), GROUP),
        (("注：数据为快报", "", "", "", ""), FOOT),
        (("一、二期码头工程", "fund.tbd", "2030", "5", ""), None),
        (("GX-2018-0001", "fund.tbd", "2030", "5", ""), None),
    ],
)
def test_needs_are_judged_by_their_own_columns(cells: tuple[str, ...], code: str | None) -> None:
    assert kind(*cells, names=NEEDS) == code


@given(st.sampled_from(SPELLINGS[TOTALS].split("|")), st.lists(st.sampled_from([" ", "　", "\u200b"]), max_size=3))
def test_blanks_and_the_unseen_change_nothing(row: str, blanks: list[str]) -> None:
    assert kind("", "".join(blanks).join(row)) == TOTALS


@given(st.text("港口码头水库公路铁路大桥产业园一二三合总计", min_size=1, max_size=8))
def test_a_code_makes_every_row_a_record(name: str) -> None:
    assert kind("GX-2018-0001", name) is None
    assert kind("", name, "berth", "450700", "某公司", "1200") in (None, LIKE, TOTALS)
