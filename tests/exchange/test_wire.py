"""What lies between the reading process and the importing one: chunks in one text, and plain lines without a parser."""

import csv
from pathlib import Path
from unittest import mock

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.exchange.files import csv_rows, spool
from portfolio.exchange.files.cells import BETWEEN, Cells, columns_of
from portfolio.exchange.files.csv_rows import CsvRows
from portfolio.exchange.files.table import Facts
from portfolio.exchange.rows.needs_new import NewNeeds
from portfolio.exchange.rows.needs_rows import NeedRows

CELLS = st.text(st.sampled_from(f'甲a1 ,;"\n\r\t{BETWEEN}\0'), max_size=4)
LINES = st.text(st.sampled_from('甲a,"\n\r;'), max_size=60)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)))
def test_rows_in_one_text_are_the_rows(rows: list[list[str]]) -> None:
    joined = Cells.joined(rows)
    if any(BETWEEN in cell for row in rows for cell in row):
        assert joined is None
        return
    assert joined is not None
    assert (len(joined), list(joined)) == (len(rows), rows)
    assert [joined[place] for place in range(len(rows))] == rows
    assert joined[1:] == rows[1:]
    assert [list(column) for column in columns_of(joined)] == [list(column) for column in zip(*rows, strict=True)]
    assert columns_of(joined) == [list(column) for column in columns_of(rows)]


@pytest.mark.parametrize("rows", [[], [[]], [["a", "b"], ["c"]], [["a"], ["b", "c", "d"]]])
def test_rows_that_cannot_be_told_apart_again_are_not_joined(rows: list[list[str]]) -> None:
    assert Cells.joined(rows) is None


@pytest.mark.parametrize("rows", [[["甲", ""], ["", "1"]], [[f"a{BETWEEN}", "b"]], [["a"], ["b", "c"]], []])
def test_a_spool_gives_back_the_rows_put_into_it(rows: list[list[str]], tmp_path: Path) -> None:
    writer = spool.Writer(tmp_path / "spool")
    sheet = spool.Sheet(None, ["a", "b"], 1, writer.offset, 1, len(rows), Facts())
    told = [spool.Told("bad_width", 3, "1")]
    writer.put(spool.Rows(range(2, 2 + len(rows)), rows, [(2, 0, 1)], told))
    writer.close()
    (part,) = spool.chunks(tmp_path / "spool", sheet)
    assert [list(row) for row in part.cells] == rows
    assert (list(part.numbers), part.marks, part.told) == (list(range(2, 2 + len(rows))), [(2, 0, 1)], told)


@given(LINES, st.integers(1, 5))
def test_plain_lines_are_read_as_the_parser_reads_them(
    tmp_path_factory: pytest.TempPathFactory, text: str, most: int
) -> None:
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    path.write_bytes(f"a,b\n{text}".encode())
    plain = _read(path, most)
    with mock.patch.object(csv_rows, "_plain", return_value=None):
        assert _read(path, most) == plain


def _read(path: Path, most: int) -> tuple[list[tuple[int, list[str]]], list[tuple[str, int | None]]]:
    rows, told = list[tuple[int, list[str]]](), list[tuple[str, int | None]]()
    for (numbers, cells), found in CsvRows(path).chunks(most):
        rows += zip(numbers, cells, strict=True)
        told += [(one.code, one.row) for one in found]
    return rows, told


def test_plain_lines_are_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("a,b\r\n甲,1\r\n乙,2".encode())
    with mock.patch.object(csv, "reader", wraps=csv.reader) as reader:
        source = CsvRows(path)
        asked = reader.call_count
        ((numbers, cells), told), *rest = source.chunks(10)
        assert reader.call_count == asked
    assert (list(numbers), list(cells), told, rest) == ([2, 3], [["甲", "1"], ["乙", "2"]], [], [])


def test_new_needs_are_told_letter_by_letter_as_from_objects() -> None:
    codes = {1: "fund.central", 2: 'a"\\甲'}
    rows = NeedRows(
        [7, 7, 9, 7], [1, 2, 1, 1], [2026, 2026, 2027, 2028], [0, 1 << 60, 5, 7], ["reported"] * 4, [2, 3, 4, 5]
    )
    wanted: dict[int, list[dict[str, object]]] = {7: [], 9: []}
    for project, item, year, required in zip(rows.project, rows.item, rows.year, rows.required, strict=True):
        value = {"required": required, "basis": "reported"}
        wanted[project].append({"item": codes[item], "year": year, "value": value})
    told = NewNeeds(codes).of(rows)
    assert {project: orjson.dumps(words) for project, words in told.items()} == {
        project: orjson.dumps(changes) for project, changes in wanted.items()
    }
