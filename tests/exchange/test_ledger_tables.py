"""Pools and entries in and out: what is exported is imported again and changes nothing."""

from pathlib import Path

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.exchange.rows.exporting import ExportQuery, export
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.ledger.queries import get_pool, list_entries
from portfolio.ledger.service import reverse
from tests.ledger.conftest import DOC, PROJECT, entry, posted

POOLS = f"""指标池,要素,年度,地区,级次,数量(亩),有效期至,文号
L1,用地,2019,450000,自治区,150,2019-12-31,{DOC}
"""


def read(session: Session, tmp_path: Path, name: str, content: str) -> Outcome:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())


def tally(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.tally.new, outcome.tally.changed, outcome.tally.unchanged, outcome.failed


def test_a_pool_is_opened_then_raised_and_cut_by_entries(session: Session, tmp_path: Path) -> None:
    assert tally(read(session, tmp_path, "pools.csv", POOLS)) == (1, 0, 0, 0)
    assert get_pool(session, EVERYTHING, "L1")["free"] == 100_000
    assert tally(read(session, tmp_path, "pools.csv", POOLS)) == (0, 0, 1, 0)
    assert tally(read(session, tmp_path, "pools.csv", POOLS.replace(",150,", ",120,"))) == (0, 1, 0, 0)
    assert [one["kind"] for one in list_entries(session, EVERYTHING, pool="L1")] == ["cut", "open"]
    outcome = read(session, tmp_path, "pools.csv", POOLS.replace("用地", "用海").replace("2019,", "2020,"))
    assert [finding.code for finding in outcome.findings] == ["ledger.pool_fixed"] * 2


def test_a_file_says_whether_a_pool_carries_over_or_leaves_it_as_it_is(session: Session, tmp_path: Path) -> None:
    marked = POOLS.replace("文号\n", "文号,余额结转\n").replace(f"{DOC}\n", f"{DOC},是\n")
    assert tally(read(session, tmp_path, "pools.csv", marked)) == (1, 0, 0, 0)
    assert tally(read(session, tmp_path, "pools.csv", POOLS)) == (0, 0, 1, 0)
    assert get_pool(session, EVERYTHING, "L1")["carries"] is True
    assert tally(read(session, tmp_path, "pools.csv", marked.replace("是", "否"))) == (0, 1, 0, 0)
    assert get_pool(session, EVERYTHING, "L1")["carries"] is False


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", [None, "zh", "en"])
def test_the_ledger_goes_out_and_comes_in_unchanged(
    session: Session, tmp_path: Path, suffix: str, lang: str | None
) -> None:
    read(session, tmp_path, "pools.csv", POOLS)
    first, _ = posted(session, entry("lock", 500, pool="L1"), entry("lock", 500, pool="L1"))
    reverse(session, LOCAL_OWNER, EVERYTHING, first, "2019-04-01", DOC)
    for kind, rows in (("pools", 1), ("ledger", 4)):
        path = tmp_path / f"{kind}.{suffix}"
        assert export(session, EVERYTHING, kind, path, ExportQuery(lang=lang)) == rows
        outcome = run_import(session, LOCAL_OWNER, EVERYTHING, [path], Options())
        assert [finding.code for finding in outcome.findings] == []
        assert tally(outcome) == (0, 0, rows, 0)
    assert len(list_entries(session, EVERYTHING)) == 4


def test_entries_of_a_file_are_posted_once_and_faults_are_named(session: Session, tmp_path: Path) -> None:
    read(session, tmp_path, "pools.csv", POOLS)
    rows = f"登记类型,指标池,项目,数量(公顷),日期,文号\n锁定,L1,{PROJECT},2.5,2019-03-01,{DOC}\n"
    assert tally(read(session, tmp_path, "ledger.csv", rows)) == (1, 0, 0, 0)
    assert tally(read(session, tmp_path, "ledger.csv", rows)) == (0, 0, 1, 0)
    bad = rows + f"下达/批复,L1,{PROJECT},2,2019-03-02,\n锁定,L9,{PROJECT},1,2019-03-02,{DOC}\n"
    bad += f"使用/完成,L1,{PROJECT},1,3月,{DOC}\n"
    outcome = read(session, tmp_path, "ledger.csv", bad)
    found = {(finding.row, finding.column, finding.code) for finding in outcome.findings}
    assert found == {
        (3, "doc_no", "ledger.document_required"),
        (4, "pool", "ledger.pool_not_found"),
        (5, "on_date", "bad_day"),
    }
    assert not outcome.applied
