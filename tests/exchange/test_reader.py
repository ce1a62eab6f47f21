"""Uploads are read by a process of their own: what stands in the file, or what is wrong with it, and nothing else."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from dashboard.context import Context
from dashboard.pages.exchange import import_one
from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError
from portfolio.core.settings import Settings, get_settings
from portfolio.exchange.files import process as reading_process
from portfolio.exchange.files import reader, spool
from portfolio.exchange.files.cell_formats import Form, day_of, form_of
from portfolio.exchange.files.sheet_cells import column_letters, column_number
from portfolio.exchange.files.table import Mark, Table, shown_number
from portfolio.exchange.sheets.findings import Findings, Place
from portfolio.exchange.sheets.reading import spooled, tables
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads.tables import Import
from tests.exchange.conftest import CODE, Desk
from tests.support.api import api_client
from tests.support.command import run_command
from tests.support.mutations import ROWS, good_csv, good_workbook, packed, parts_of

CASES = Path(__file__).parent / "cases"
SHEET = "xl/worksheets/sheet1.xml"
# By file: rows, findings, warnings.
RIGHT: dict[str, tuple[int, list[str], list[str]]] = {
    "short-dimension-a1": (1, [], []),
    "short-dimension-two-rows": (5, [], []),
    "stray-cell": (1, [], ["stray_cells"]),
    "prefixed-xml-merged-hidden": (2, ["merged_cells"], ["hidden_rows"]),
    "chart-sheet": (1, [], []),
    "odd-style": (1, [], []),
}


def take(path: Path) -> tuple[list[tuple[Table, list[tuple[int, list[str]]], dict[Any, Mark]]], Findings]:
    """Each table of a file with its rows and all its marks, and what was found."""
    findings, found = Findings(), []
    with spooled([path], [path.name], 50) as (source,):
        for table in tables(source, Place(path.name, findings), lambda _: None):
            rows: list[Any] = []
            marks: dict[Any, Any] = {}
            for numbers, cells in table.chunks:
                rows += list(zip(numbers, cells, strict=True))
                marks |= dict(table.marks)
            found.append((table, rows, marks))
    return found, findings


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_read_rightly_through_the_page(light_desk: Desk, name: str) -> None:
    number = light_desk.upload((CASES / f"{name}.xlsx").read_bytes(), "case.xlsx")
    rows, findings, warnings = RIGHT[name]
    assert (light_desk.record(number).total, light_desk.codes(number)[:1]) == (rows, findings)
    assert light_desk.codes(number, "warnings") == warnings


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_is_read_rightly_through_the_api(sqlite_engine: Engine, name: str) -> None:
    with api_client(sqlite_engine) as api:
        file = ("case.xlsx", (CASES / f"{name}.xlsx").read_bytes())
        body = api.post("/api/v1/imports?check=true", files={"file": file}).json()
    rows, findings, warnings = RIGHT[name]
    assert (body["total"], [one["code"] for one in body["findings"]][:1]) == (rows, findings)
    assert [one["code"] for one in body["warnings"]] == warnings


def test_the_stray_cell_is_told_by_name_and_its_need_is_read_by_the_command(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    environment = {"DATABASE_URL": str(sqlite_engine.url)}
    file = str(CASES / "stray-cell.xlsx")
    done = run_command(["import", file, "--check", "--json"], environment, tmp_path)
    told = json.loads(done.stdout.splitlines()[-1])
    assert (done.returncode, told["new"]) == (0, 1)
    (warning,) = told["warnings"]
    assert (warning["code"], warning["value"]) == ("stray_cells", "XFD1048576")


def test_merged_ranges_and_hidden_rows_are_told_by_name() -> None:
    ((_, rows, marks),), findings = take(CASES / "prefixed-xml-merged-hidden.xlsx")
    assert [(one.code, one.value) for one in findings] == [("merged_cells", "B2:B3")]
    assert [(one.code, one.value, one.params["count"]) for one in findings.warnings] == [("hidden_rows", "3", "1")]
    assert (rows[0][1][1], rows[1][1][1]) == ("berth", "")
    assert {cell for cell, mark in marks.items() if mark & Mark.MERGED} == {(2, 1), (3, 1)}


@pytest.fixture
def every_kind(tmp_path: Path) -> Path:
    """A workbook with a cell of every kind, a hidden column, a hidden sheet and a cell beside the table."""
    path = tmp_path / "kinds.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page, percent = book.add_worksheet("表"), book.add_format({"num_format": "0.0%"})
        day, month = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": 'yyyy"年"m"月"'})
        page.write_row(0, 0, ["文字", "数", "公式"])
        page.write_row(1, 0, ["  甲 ", 1200.5, ""])
        page.write_formula(1, 2, "=SUM(B2:B3)", None, 1)
        page.write_array_formula("C3:C3", "{=B2:B2*2}", None, 2)
        page.write_boolean(3, 1, True)
        page.write_number(4, 1, 0.12, percent)
        page.write_datetime(5, 1, datetime(2025, 3, 15), day)
        page.write_datetime(6, 1, datetime(2025, 3, 15), month)
        page.write_number(7, 1, 45070020240101000001)
        page.write_number(8, 1, 108.354999999999991)
        page.write_formula(9, 1, "=1/0", None, "#DIV/0!")
        page.write_string(9, 6, "旁注")
        page.set_column(0, 0, 10, None, {"hidden": True})
        book.add_worksheet("底稿").hide()
    return path


def test_every_cell_says_what_it_is(every_kind: Path) -> None:
    ((table, rows, marks),), findings = take(every_kind)
    texts = {number: cells for number, cells in rows}
    assert table.heading == ["文字", "数", "公式"]
    assert texts[2] == ["甲", "1200.5", "=SUM(B2:B3)"]
    assert {at: mark for at, mark in marks.items()} == {
        (2, 2): Mark.FORMULA,
        (3, 2): Mark.ARRAY_FORMULA,
        (4, 1): Mark.BOOLEAN,
        (5, 1): Mark.PERCENT,
        (6, 1): Mark.DATE,
        (7, 1): Mark.DATE_MONTH,
        (8, 1): Mark.LONG_NUMBER,
        (10, 1): Mark.ERROR | Mark.FORMULA,
    }
    shown = {number: texts[number][1] for number in (4, 5, 6, 7, 9, 10)}
    assert shown == {4: "1", 5: "0.12", 6: "2025-03-15", 7: "2025-03-15", 9: "108.355", 10: "#DIV/0!"}
    assert list(findings) == []
    assert [(one.code, one.value) for one in findings.warnings] == [
        ("hidden_sheets", "底稿"),
        ("hidden_columns", "A"),
        ("stray_cells", "G10"),
    ]


@pytest.mark.parametrize(
    ("cell", "shown", "mark"),
    [
        ('<c r="D2"><v>NaN</v></c>', "NaN", Mark.NOT_A_NUMBER),
        ('<c r="D2" t="n"><v>1e999</v></c>', "1e999", Mark.NOT_A_NUMBER),
        ('<c r="D2" t="d"><v>2025-13-77</v></c>', "2025-13-77", Mark(0)),
        ('<c r="D2" t="d"><v>2025-03-07T00:00:00</v></c>', "2025-03-07", Mark.DATE),
        ('<c r="D2" t="e"><v>#REF!</v></c>', "#REF!", Mark.ERROR),
        ('<c r="D2" t="inlineStr"><is><t>a_x000A_b</t><rPh sb="0" eb="1"><t>c</t></rPh></is></c>', "a\nb", Mark(0)),
    ],
)
def test_what_is_no_plain_number_stays_as_it_stands(tmp_path: Path, cell: str, shown: str, mark: Mark) -> None:
    parts = parts_of(good_workbook(CODE))
    parts[SHEET] = parts[SHEET].replace(b'<c r="D2"><v>100</v></c>', cell.encode())
    path = tmp_path / "odd.xlsx"
    path.write_bytes(packed(parts))
    ((_, rows, marks),), findings = take(path)
    assert (rows[0][1][3], marks.get((2, 3), Mark(0)), len(rows)) == (shown, mark, ROWS)
    assert list(findings) == []


def _damaged(parts: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    sheet = parts[SHEET]
    for name, changed in {
        "half": sheet[: len(sheet) // 2],
        "document type": b'<!DOCTYPE a [<!ENTITY b "c">]>' + sheet.replace(b"<v>100</v>", b"<v>&b;</v>"),
        "row twice": sheet.replace(b'<row r="3"', b'<row r="2"'),
        "cell twice": sheet.replace(b'r="B2"', b'r="A2"'),
        "no such text": sheet.replace(b'<c r="A2" t="s"><v>', b'<c r="A2" t="s"><v>99'),
        "no such column": sheet.replace(b'r="D2"', b'r="XFE2"'),
    }.items():
        yield name, packed({**parts, SHEET: changed})
    yield "sheet gone", packed({name: content for name, content in parts.items() if name != SHEET})


DAMAGED = dict(_damaged(parts_of(good_workbook(CODE))))


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_damaged_is_refused_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(DAMAGED[name])
    found, findings = take(path)
    assert (found, [one.code for one in findings]) == ([], ["bad_workbook"]), name


VALUES = st.one_of(
    st.none(),
    st.text("甲乙ab 1-=", max_size=6),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: round(number, 4)),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
)


def cell_text(value: Any) -> str:
    """A cell as the text its CSV would hold: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else shown_number(value)
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()


@settings(max_examples=40)
@given(rows=st.lists(st.lists(VALUES, min_size=5, max_size=5), max_size=12))
def test_another_reader_finds_the_same_cells(tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]) -> None:
    path = tmp_path_factory.mktemp("same") / "same.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([list("abcde"), *rows]):
            for column, value in enumerate(row):
                page.write(number, column, value, day if isinstance(value, date) else None)
    target = path.with_suffix(".spool")
    reader.read(reader.Task(str(path), str(target), 1024, 10, 10_000, 10))
    (sheet,) = spool.contents(target).sheets
    ours = [cells for part in spool.chunks(target, sheet) for cells in part.cells]
    theirs = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]
    told = [[cell_text(value) for value in (row + [""] * 5)[:5]] for row in theirs]
    assert ours == [row for row in told if any(row)]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", Form.PLAIN),
        ("0.00E+00", Form.PLAIN),
        ('#,##0.00"元"', Form.PLAIN),
        ('0"day"', Form.PLAIN),
        ("yyyy-mm-dd", Form.DATE),
        ('[$-804]yyyy"年"m"月"d"日"', Form.DATE),
        ('yyyy"年"m"月";@', Form.MONTH),
        ("mmm-yy", Form.MONTH),
        ("[h]:mm:ss", Form.TIME),
        ("0.00%", Form.PERCENT),
        ('0"%"', Form.PLAIN),
        ("[Red]0%;-0%", Form.PERCENT),
    ],
)
def test_what_a_number_format_says(code: str, form: Form) -> None:
    assert form_of(code) is form


def test_days_are_counted_as_spreadsheets_do() -> None:
    assert [day_of(serial, False) for serial in (1, 59, 61, 45731)] == [
        "1900-01-01",
        "1900-02-28",
        "1900-03-01",
        "2025-03-15",
    ]
    assert [day_of(0, True), day_of(-1, False), day_of(3e6, False)] == ["1904-01-01", None, None]


def test_columns_have_letters_and_back() -> None:
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16383]
    assert all(column_number(column_letters(number)) == number for number in range(0, 16384, 37))


Bounded = Callable[..., None]


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> Bounded:
    """Sets what reading may cost."""

    def bound(**limits: int) -> None:
        chosen: Settings = get_settings().model_copy(update=limits)
        monkeypatch.setattr(reading_process, "get_settings", lambda: chosen)

    return bound


def test_more_cells_than_allowed_are_refused(tmp_path: Path, bounded: Bounded) -> None:
    bounded(reader_cells=10)
    for name, content in (("many.xlsx", good_workbook(CODE)), ("many.csv", good_csv(CODE).encode())):
        (tmp_path / name).write_bytes(content)
        found, findings = take(tmp_path / name)
        assert (found, [one.code for one in findings]) == ([], ["too_many_cells"])


def test_a_file_that_takes_too_much_memory_ends_its_own_process_alone(tmp_path: Path, bounded: Bounded) -> None:
    bounded(reader_memory_mb=256)
    parts = parts_of(good_workbook(CODE))
    parts["xl/sharedStrings.xml"] = b"<sst>" + (b"<si><t>" + b"x" * 480 + b"</t></si>") * 480_000 + b"</sst>"
    path = tmp_path / "wide.xlsx"
    path.write_bytes(packed(parts))
    found, findings = take(path)
    assert (found, [one.code for one in findings]) == ([], ["reader_gave_up"])


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, bounded: Bounded, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounded(reader_seconds=0)
    monkeypatch.setattr(reading_process, "READER", "tests.support.sleeper")
    (tmp_path / "slow.csv").write_text(good_csv(CODE))
    found, findings = take(tmp_path / "slow.csv")
    assert (found, [one.code for one in findings]) == ([], ["reader_too_slow"])
    assert reading_process._running == set()


@pytest.mark.parametrize("ended_by", ["user", "shutdown"])
def test_reading_is_ended_when_nobody_wants_it(
    light_desk: Desk, monkeypatch: pytest.MonkeyPatch, ended_by: str
) -> None:
    monkeypatch.setattr(reading_process, "READER", "tests.support.sleeper")
    monkeypatch.setattr(applying, "SHORT_WHILE", 0.2)
    path = light_desk.folder / "slow.csv"
    path.write_text(good_csv(CODE))
    number = applying.take_in(light_desk.engine, LOCAL_OWNER, EVERYTHING, [(path, "slow.csv")])
    assert (light_desk.record(number).state, len(reading_process._running)) == ("checking", 1)
    try:
        if ended_by == "user":
            applying.cancel(light_desk.engine, LOCAL_OWNER, number)
        else:
            reading_process.end_all()
        with pytest.raises(ConflictError):
            applying.ended(light_desk.engine, number)
    finally:
        reading_process.reopen()
    record = light_desk.record(number)
    assert (record.state, record.note, reading_process._running) == ("failed", "import.cancelled", set())


def test_cancelling_what_has_ended_changes_nothing(light_desk: Desk) -> None:
    number = light_desk.upload(good_csv(CODE))
    with api_client(light_desk.engine) as api:
        answer = api.post(f"/api/v1/imports/{number}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (200, "checked")


@pytest.mark.parametrize(("state", "offered"), [("checking", True), ("applying", True), ("checked", False)])
def test_the_page_offers_to_stop_what_is_under_way(state: str, offered: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_one, "me", lambda: LOCAL_OWNER)
    for actor, own in ((LOCAL_OWNER.name, True), ("somebody.else", False)):
        held = Import(state=state, new=1, changed=0, actor=actor, made_at=utc_now())
        acts = import_one._acts(Context("zh", "light"), held)
        (found,) = [act for act in acts if getattr(act, "id", None) == import_one.CANCEL]
        assert (found.to_plotly_json()["type"] == "Button") == (offered and own)
