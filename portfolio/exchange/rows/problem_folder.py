"""A problem of allocation read from a folder of tables, without a database."""

from collections.abc import Mapping
from pathlib import Path

from portfolio.allocation.model.policies import Policy
from portfolio.allocation.model.problem import Problem, Terms
from portfolio.exchange.files.table import Table
from portfolio.exchange.rows.problem_rows import Loaded, Reader, assemble
from portfolio.exchange.sheets.columns import PROBLEM_KINDS, Heading, read_heading
from portfolio.exchange.sheets.findings import Findings, Place
from portfolio.exchange.sheets.reading import SUFFIXES, spooled, tables
from portfolio.exchange.sheets.row_reading import RowReader

REQUIRED: dict[str, tuple[str, ...]] = {
    "projects": (),
    "needs": ("project", "item", "year", "required"),
    "pools": ("pool", "item", "year", "quantity"),
    "criteria": ("project", "criterion", "value"),
    "shares": ("region_code", "item", "percent"),
}
OPTIONAL = ("shares",)


def read_problem(
    folder: Path, policy: Policy, terms: Terms, limit_mb: int, change_cost: float = 0.0
) -> tuple[Problem | None, Findings]:
    """The problem of a folder with `projects`, `needs`, `pools` and `criteria` (CSV or XLSX; `shares` may be there).

    All findings are reported; with any there is no problem. Money is 万元 and area 公顷 unless a heading names another
    unit. Values are those of the policy; `change_cost` (points) is what a change against the column `approved` costs.
    """
    findings, loaded = Findings(), Loaded()
    for kind in PROBLEM_KINDS:
        path = next((folder / f"{kind}{suffix}" for suffix in SUFFIXES if (folder / f"{kind}{suffix}").is_file()), None)
        if path is None:
            if kind not in OPTIONAL:
                Place(f"{kind}.csv", findings).report("no_such_file", value=f"{kind}.csv")
            continue
        _read_table(kind, path, loaded, findings, limit_mb)
    if findings:
        return None, findings
    problem = assemble(loaded, policy, terms, findings, change_cost)
    return (None if findings else problem), findings


def _read_table(kind: str, path: Path, loaded: Loaded, findings: Findings, limit_mb: int) -> None:
    place = Place(path.name, findings)
    with spooled([path], [path.name], limit_mb) as (source,):
        for table in tables(source, place, lambda read: None):
            heading = read_heading(kind, table.heading, place, PROBLEM_KINDS[kind], REQUIRED[kind])
            if heading is not None:
                _take(kind, table, heading, place, loaded)


def _take(kind: str, table: Table, heading: Heading, place: Place, loaded: Loaded) -> None:
    reader = Reader(heading, place)
    for _, row in RowReader(heading, table, place).rows():
        _keep(kind, reader, row, loaded)


def _keep(kind: str, reader: Reader, row: Mapping[str, str], loaded: Loaded) -> None:
    if kind == "projects":
        loaded.projects.append(reader.project(row))
    elif kind == "needs":
        loaded.needs.append(reader.need(row))
    elif kind == "pools":
        loaded.pools.append(reader.pool(row))
    elif kind == "criteria":
        loaded.criteria.append(reader.criterion(row))
    else:
        loaded.shares.append(reader.share(row))
