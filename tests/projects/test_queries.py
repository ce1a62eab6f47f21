"""The library's lists: column contract, filters, search, keyset pages and position blocks."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import COLUMNS, SORTS, count_projects, iterate_projects, list_projects, slice_projects
from portfolio.projects.records import ProjectRecord


def codes(rows: Sequence[ProjectRecord]) -> list[str]:
    return [row["code"] for row in rows]


def test_every_project_comes_with_its_columns(session: Session, scope: Scope) -> None:
    assert list(iterate_projects(session, scope, ProjectFilters(q="没有这样的项目"))) == []
    rows = list(iterate_projects(session, scope))
    assert {frozenset(row) for row in rows} == {frozenset(COLUMNS)}
    assert len({row["code"] for row in rows}) == len(rows) == 401


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_pages_make_up_the_whole_list(session: Session, scope: Scope, sort: str) -> None:
    whole, total = slice_projects(session, scope, ProjectFilters(), sort, 0, 1000)
    seen: list[str] = []
    after: str | None = None
    while True:
        page = list_projects(session, scope, sort=sort, limit=37, after=after)
        seen += codes(list(page.rows))
        after = page.next
        if after is None:
            break
    assert total == len(set(seen)) == 401
    assert seen == codes(whole)


@pytest.mark.parametrize("sort", ["stage", "-total_investment", "name_zh"])
def test_blocks_from_either_end_agree(session: Session, scope: Scope, sort: str) -> None:
    whole, _ = slice_projects(session, scope, ProjectFilters(), sort, 0, 401)
    block, _ = slice_projects(session, scope, ProjectFilters(), sort, 350, 450)
    assert codes(block) == codes(whole)[350:]


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        (ProjectFilters(kind=("berth", "channel")), "kind IN ('berth', 'channel')"),
        (ProjectFilters(stage=("-",)), "stage IS NULL"),
        (ProjectFilters(lead_unit=("GX-DOT", "-")), "lead_unit = 'GX-DOT' OR lead_unit IS NULL"),
        (ProjectFilters(city=("450500",)), "city_code = '450500'"),
        (ProjectFilters(q="码头"), "search_text LIKE '%码头%'"),
        (ProjectFilters(q="泊位 40万吨"), "search_text LIKE '%泊位%' AND search_text LIKE '%40万吨%'"),
        (ProjectFilters(q="100%"), "search_text LIKE '%100!%%' ESCAPE '!'"),
        (ProjectFilters(task=("T22",)), "id IN (SELECT project_id FROM project_tasks WHERE task_id = 'T22')"),
        (ProjectFilters(unit=("GX-BBW",)), "id IN (SELECT project_id FROM project_units WHERE unit_code = 'GX-BBW')"),
        (
            ProjectFilters(region=("450700",)),
            "id IN (SELECT project_id FROM project_regions WHERE region_code LIKE '4507%')",
        ),
        (ProjectFilters(sea_related=True), "sea_related"),
        (ProjectFilters(cross_province=False), "NOT cross_province"),
        (ProjectFilters(section="二(三)1"), "section LIKE '%二(三)1%'"),
    ],
)
def test_filters_are_what_sql_says(session: Session, scope: Scope, filters: ProjectFilters, where: str) -> None:
    expected = session.execute(text(f"SELECT count(*) FROM projects WHERE {where}")).scalar_one()
    assert count_projects(session, scope, filters) == expected
    assert len(list_projects(session, scope, filters, limit=500).rows) == expected


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ProjectFilters(start_from="2020-02"), "BC"),
        (ProjectFilters(start_to="2020-02"), "AB"),
        (ProjectFilters(finish_from="2021-02"), "BC"),
        (ProjectFilters(finish_to="2021-02"), "AB"),
        (ProjectFilters(finish_to="2021-01"), "A"),
        (ProjectFilters(start_from="2020-02", finish_to="2021-02"), "B"),
        (ProjectFilters(investment_min_yuan=200), "BC"),
        (ProjectFilters(investment_max_yuan=200), "AB"),
        (ProjectFilters(investment_max_yuan=0), ""),
    ],
)
def test_both_ends_of_a_range_are_within_it(
    session: Session, scope: Scope, filters: ProjectFilters, found: str
) -> None:
    """Three projects begin in January, February and March 2020, end a year later and cost 100, 200 and 300 yuan."""
    held = codes(slice_projects(session, scope, ProjectFilters(), "code", 0, 3)[0])
    plain = "start_month = NULL, finish_month = NULL, total_investment_yuan = NULL"
    session.execute(text(f"UPDATE projects SET {plain}"))
    for place, code in enumerate(held, 1):
        given = {"start": f"2020-0{place}", "finish": f"2021-0{place}", "amount": 100 * place, "code": code}
        given_sql = "start_month = :start, finish_month = :finish, total_investment_yuan = :amount"
        session.execute(text(f"UPDATE projects SET {given_sql} WHERE code = :code"), given)
    names = dict(zip(held, "ABC", strict=True))
    assert "".join(names[code] for code in codes(list(iterate_projects(session, scope, filters)))) == found


def test_count_follows_a_raw_write(session: Session, scope: Scope) -> None:
    before = count_projects(session, scope, ProjectFilters(kind=("berth",)))
    session.connection().execute(text("UPDATE projects SET kind = 'channel' WHERE code = 'GX-2018-0207'"))
    session.commit()
    assert count_projects(session, scope, ProjectFilters(kind=("berth",))) == before - 1


def test_unknown_sort_and_foreign_cursor_are_refused(session: Session, scope: Scope) -> None:
    with pytest.raises(InvalidError, match="bad_sort"):
        list_projects(session, scope, sort="password")
    cursor = list_projects(session, scope, sort="code", limit=5).next
    with pytest.raises(InvalidError, match="bad_cursor"):
        list_projects(session, scope, sort="-code", after=cursor)
    with pytest.raises(InvalidError, match="bad_cursor"):
        list_projects(session, scope, after="garbage")
