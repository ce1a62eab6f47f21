"""Tables pasted from a spreadsheet: placed by their headings, or from the chosen cell on; and the form's values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from dashboard.context import Context
from dashboard.pages.entry.needs import converted, in_units, rows, with_cells, with_paste
from dashboard.pages.entry.values import UNITS, Needs, entered, needs_of, read_form, stated_of, typed_of
from portfolio.access.local import EVERYTHING
from portfolio.core.i18n import LANGUAGES, error_text
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.reporting.pasting import MOST_LETTERS, read_paste
from portfolio.reporting.records import whole_record
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

ITEMS = ["fund", "fund.central_budget", "land", "fund.own"]
YEARS = [2027, 2028, 2029]


@pytest.fixture
def tree(sqlite_session: Session) -> ElementTree:
    return element_tree(sqlite_session)


def test_headings_place_the_cells(tree: ElementTree) -> None:
    own = tree.by_code["fund.own"].name_zh
    found = read_paste(f"要素\t2030年\t2031\n{own}\t1,000\t2\n没有\t3\t4\n", tree, ITEMS, YEARS, "fund", 2027)
    assert found.cells == {("fund.own", 2030): "1000", ("fund.own", 2031): "2"}
    assert (found.years, found.unplaced) == ([2030, 2031], ["没有"])


def test_a_table_as_offices_keep_it(tree: ElementTree) -> None:
    own, parent = tree.by_code["fund.own"].name_zh, tree.by_code["fund.local_budget"].name_zh
    land = tree.leaves_under("land")[0]
    lines = [
        "项目要素\t单位\t2027年\t2028年\t合计",
        f"{own}\t亿元\t1.5\t—\t1.5",
        f"{parent}\t万元\t5\t6\t11",
        f"{land.code}\t亩\t15\t约30\t45",
    ]
    found = read_paste("\r\n".join(lines), tree, ITEMS, YEARS, "fund", 2027)
    assert (found.parents, found.unplaced, found.cut) == ([parent], [], False)
    grid = with_paste(Needs(years=YEARS), found, tree).cells
    assert grid == {"fund.own": {"2027": "15000", "2028": ""}, land.code: {"2027": "1", "2028": "约30"}}
    shown = {
        row["item"]: row for row in rows(Context("zh", "light"), tree, with_paste(Needs(years=YEARS), found, tree))
    }
    assert (shown["fund.own"]["bad"], shown[land.code]["bad"]) == ([], [2028])
    assert read_paste(f"{own}\t2027\t2028", tree, ITEMS, YEARS, "fund", 2027).cells[("fund.own", 2027)] == "2027"


def test_plain_cells_go_on_from_the_chosen_one(tree: ElementTree) -> None:
    found = read_paste("1\t2\n3\t4", tree, ["fund.central_budget", "fund.own"], YEARS, "fund.central_budget", 2028)
    assert found.cells == {
        ("fund.central_budget", 2028): "1",
        ("fund.central_budget", 2029): "2",
        ("fund.own", 2028): "3",
        ("fund.own", 2029): "4",
    }


def test_names_without_years_and_years_without_names(tree: ElementTree) -> None:
    named = read_paste("fund.own\t1\t2", tree, ITEMS, YEARS, "fund", 2027)
    assert named.cells == {("fund.own", 2027): "1", ("fund.own", 2028): "2"}
    headed = read_paste("2028\t2029\n5\t6", tree, ["fund.own"], YEARS, "fund.own", 2027)
    assert headed.cells == {("fund.own", 2028): "5", ("fund.own", 2029): "6"}


def test_parents_take_no_cells(tree: ElementTree) -> None:
    assert read_paste("1\t2", tree, ITEMS, YEARS, "fund", 2027).cells == {}


@given(st.integers(0, 10**12))
def test_units_convert_back_and_forth(wan: int) -> None:
    typed = str(wan)
    assert converted(converted(typed, "wan_yuan", "yi_yuan"), "yi_yuan", "wan_yuan") == typed


def test_grid_keeps_what_is_no_number_when_units_change(tree: ElementTree) -> None:
    needs = with_cells(Needs(years=YEARS), [{"data": {"item": "fund.own"}, "colId": "y2027", "value": "一百"}])
    changed = in_units(needs, tree, {"money": "yi_yuan", "area": "mu"})
    assert changed.cells == {"fund.own": {"2027": "一百"}}
    assert read_form({}, changed, tree).faults.keys() == {"need:fund.own:2027"}


def test_form_of_a_record_reads_back_as_the_record(session: Session, entered: str) -> None:
    tree = element_tree(session)
    stated = stated_of(whole_record(session, EVERYTHING, entered))
    for units in (UNITS, {"money": "yi_yuan", "area": "mu"}):
        typed = typed_of(stated, units, {"450100": "450100"})
        read = read_form(typed, needs_of(stated, tree, units, [2027]), tree)
        assert read.faults == {}
        assert entered_changes(stated, read.stated) == ({}, {}, [])


def entered_changes(base: dict[str, Any], stated: dict[str, Any]) -> tuple[Any, Any, Any]:
    found = entered(base, stated, {})
    return found.facts, found.profile, list(found.needs)


def test_only_what_changed_is_saved_and_statements_taken_back_come_first(session: Session, entered: str) -> None:
    base = stated_of(whole_record(session, EVERYTHING, entered))
    changed = {**base, "owner": "甲公司", "closed:sea": True, "need:fund.own:2028": 5}
    del changed["need:fund.central_budget:2027"]
    facts, profile, needs = entered_changes(base, changed)
    assert (facts, profile) == ({"owner": "甲公司"}, {})
    assert needs == [
        NeedEdit("fund.central_budget", 2027, None),
        NeedEdit("sea", None, NOT_APPLICABLE),
        NeedEdit("fund.own", 2028, 5),
    ]


def test_paste_widens_the_grid(tree: ElementTree) -> None:
    found = read_paste("要素\t2025\nfund.own\t1", tree, ITEMS, YEARS, "fund", 2027)
    wider = with_paste(Needs(years=YEARS), found, tree)
    assert (list(wider.years), list(wider.items)) == ([2025, 2026, 2027, 2028, 2029], ["fund.own"])


def test_a_paste_without_end_is_cut(tree: ElementTree) -> None:
    found = read_paste("\t" * (MOST_LETTERS + 5), tree, ITEMS, YEARS, "fund", 2027)
    assert found.cut
    assert not read_paste("1" * 5_000 + "x", tree, ITEMS, YEARS, "fund", 2027).cut


@pytest.mark.parametrize(
    ("pasted", "cell"),
    [
        ("1 200", "1200"),
        ("１２００", "1200"),
        ("180,000", "180000"),
        ("—", ""),
        ("/", ""),
        ("无", ""),
        ("……", ""),
        ("1.200,50", "1.200,50"),
        ("１２％", "１２％"),
        ("约5000", "约5000"),
        ("1.2亿", "1.2亿"),
        ("#REF!", "#REF!"),
        ("NaN", "NaN"),
    ],
)
def test_a_pasted_cell_is_an_exact_number_or_stays_and_is_told(tree: ElementTree, pasted: str, cell: str) -> None:
    own = tree.by_code["fund.own"].name_zh
    found = read_paste(f"要素\t2030\n{own}\t{pasted}\n", tree, ITEMS, YEARS, "fund", 2027)
    assert found.cells == {("fund.own", 2030): cell}
    needs = with_paste(Needs(years=[2030]), found, tree)
    (row,) = [row for row in rows(Context("zh", "light"), tree, needs) if row["item"] == "fund.own"]
    told = not cell.isdigit() and cell != ""
    assert row["bad"] == ([2030] if told else [])
    assert set(read_form({}, needs, tree).faults) == ({"need:fund.own:2030"} if told else set())


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("1.200,50", "field.two_readings", "1200.50"),
        ("12%", "field.percent", "12"),
        ("约5000万元", "field.vague_number", "0.5"),
        ("5000万元", "field.amount_with_unit", "0.5"),
        ("nan", "field.not_a_number", "nan"),
        ("1e400", "field.scientific", "1e400"),
        ("99999999999999", "field.too_large", ""),
    ],
)
def test_an_amount_typed_in_the_form_is_told_as_an_import_tells_it(
    tree: ElementTree, typed: str, code: str, words: str
) -> None:
    needs = Needs(units={"money": "yi_yuan", "area": "ha"})
    read = read_form({"total_investment": typed}, needs, tree)
    fault = read.faults["total_investment"]
    assert (fault.code, read.stated["total_investment_yuan"]) == (code, None)
    for lang in LANGUAGES:
        assert words in error_text(fault.code, lang, fault.params)


def test_the_form_reads_exact_numbers_and_cleans_its_texts(tree: ElementTree) -> None:
    needs = Needs(units={"money": "yi_yuan", "area": "ha"})
    typed = {
        "total_investment": "１２．６",
        "name_zh": "甲\u200b港",
        "owner": "无",
        "lon": "108.61999999999999",
        "lat": "—",
    }
    read = read_form({**typed, "contacts.0.name": "张\u202e某", "bases.plan.words": "甲\x07"}, needs, tree)
    assert read.stated["total_investment_yuan"] == 1_260_000_000  # 12.6 亿元 are 126,000 万元
    assert (read.stated["name_zh"], read.stated["owner"], read.stated["lon"], read.stated["lat"]) == (
        "甲港",
        "",
        108.62,
        None,
    )
    assert read.stated["contacts"][0]["name"] == "张某"
    assert {name: fault.code for name, fault in read.faults.items()} == {"bases.plan.words": "field.refused_character"}
    assert read_form({"lon": "nan", "lat": "inf"}, needs, tree).faults.keys() == {"lon", "lat"}
