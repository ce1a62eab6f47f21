"""Needs: the three answers, subtotals, the cube against SQL after every kind of write."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.database import make_engine, transaction
from portfolio.core.errors import InvalidError, StaleError
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.queries import COLUMNS, needing, not_applicable, project_needs
from portfolio.needs.rules import items as rules
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, exact_sums, needs_summary, project_summary
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects, get_project
from portfolio.projects.service import remove_project, update_project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree
from tests.support.databases import Databases

CODE = "GX-2018-0207"
LOAN, TBD = "fund.loan.policy", "fund.tbd"


def test_three_answers_are_kept_apart(session: Session, actor: Actor, scope: Scope) -> None:
    edits = [NeedEdit(LOAN, 2030, 0), NeedEdit("forest", None, NOT_APPLICABLE)]
    assert save_needs(session, actor, scope, CODE, edits) == 2
    needs = project_needs(session, scope, CODE)
    assert list(needs.columns) == COLUMNS
    assert list(needs["required"]) == [0]
    assert not_applicable(session, scope, CODE) == ["forest"]
    tree = element_tree(session)
    assert rules.unanswered(tree, needs["item"], ["forest"]) == ["land", "sea"]
    assert save_needs(session, actor, scope, CODE, [NeedEdit(LOAN, 2030, None)]) == 1
    assert project_needs(session, scope, CODE).empty


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (NeedEdit("fund.loan", 2030, 1), "need.parent_item"),
        (NeedEdit("fund.gold", 2030, 1), "item.not_found"),
        (NeedEdit(LOAN, 1899, 1), "need.bad_year"),
        (NeedEdit(LOAN, 2030, -1), "field.negative"),
        (NeedEdit(LOAN, 2030, 10**17), "field.too_large"),
        (NeedEdit(LOAN, None, 1), "field.required"),
        (NeedEdit(LOAN, 2030, NOT_APPLICABLE), "need.not_applicable_has_no_year"),
        (NeedEdit(LOAN, 2030, 1, "guessed"), "field.unknown_code"),
    ],
)
def test_faults_stop_the_whole_batch(session: Session, actor: Actor, scope: Scope, edit: NeedEdit, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        save_needs(session, actor, scope, CODE, [NeedEdit(TBD, 2030, 7), edit])
    assert [fault.code for fault in caught.value.fields] == [code]
    assert project_needs(session, scope, CODE).empty


def test_not_applicable_and_figures_exclude_each_other(session: Session, actor: Actor, scope: Scope) -> None:
    save_needs(session, actor, scope, CODE, [NeedEdit(LOAN, 2030, 5)])
    with pytest.raises(InvalidError) as caught:
        save_needs(session, actor, scope, CODE, [NeedEdit("fund", None, NOT_APPLICABLE)])
    assert caught.value.fields[0].code in ("need.has_answers",)
    save_needs(session, actor, scope, CODE, [NeedEdit("sea", None, NOT_APPLICABLE)])
    with pytest.raises(InvalidError) as caught:
        save_needs(session, actor, scope, CODE, [NeedEdit("sea.open.channel", 2030, 5)])
    assert caught.value.fields[0].code == "need.declared_not_applicable"


def test_stale_needs(session: Session, actor: Actor, scope: Scope) -> None:
    held = get_project(session, scope, CODE)["needs_version"]
    save_needs(session, actor, scope, CODE, [NeedEdit(LOAN, 2030, 5)], needs_version=held)
    with pytest.raises(StaleError):
        save_needs(session, actor, scope, CODE, [NeedEdit(LOAN, 2030, 6)], needs_version=held)


@given(st.dictionaries(st.tuples(st.integers(0, 83), st.integers(2020, 2030)), st.integers(0, 10**12), max_size=30))
def test_subtotals_add_up(tree: ElementTree, cells: dict[tuple[int, int], int]) -> None:
    leaves = {(tree.leaves[place % len(tree.leaves)].code, year): value for (place, year), value in cells.items()}
    totals = rules.subtotals(tree, leaves)
    roots = sum(value for (code, _), value in totals.items() if "." not in code)
    assert roots == sum(leaves.values())
    for (code, year), value in totals.items():
        children = [totals.get((child.code, year)) for child in tree.children(code)]
        if any(child is not None for child in children):
            assert value == sum(child or 0 for child in children)


@pytest.fixture(scope="module")
def tree(sqlite_databases: Databases) -> ElementTree:
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    with Session(engine) as session:
        return element_tree(session)


SQL = """
SELECT n.year, i.code AS item, p.city_code AS city, sum(n.required) AS required,
    count(DISTINCT n.project_id) AS projects
FROM needs n JOIN items i ON i.id = n.item_id JOIN projects p ON p.id = n.project_id
GROUP BY n.year, i.code, p.city_code
"""


def assert_cube_is_sql(engine: Engine, scope: Scope) -> int:
    with Session(engine) as session:
        frame = needs_summary(session, scope, SummaryQuery(by=("year", "item", "city")))
        stored = {tuple(row[:3]): (int(row[3]), int(row[4])) for row in session.execute(text(SQL))}
        columns = (frame["year"], frame["item"], frame["city"], frame["required"], frame["projects"])
        held = {(int(y), i, c): (int(r), int(p)) for y, i, c, r, p in zip(*columns, strict=True)}
    assert held == stored
    return len(stored)


def test_cube_follows_every_kind_of_write(engine: Engine, actor: Actor, scope: Scope) -> None:
    assert assert_cube_is_sql(engine, scope) == 0
    with transaction(engine) as session:
        save_needs(session, actor, scope, CODE, [NeedEdit(LOAN, 2030, 5), NeedEdit("sea.open.channel", 2031, 9)])
    assert assert_cube_is_sql(engine, scope) == 2
    with engine.begin() as raw:
        raw.execute(text("INSERT INTO needs VALUES (1, 127, 2029, 77, 'reported', NULL)"))
    assert assert_cube_is_sql(engine, scope) == 3
    with engine.begin() as raw:
        raw.execute(text("UPDATE needs SET required = 78 WHERE project_id = 1"))
    assert_cube_is_sql(engine, scope)
    with transaction(engine) as session:
        update_project(session, actor, scope, CODE, {"region_codes": ("450100",)})
    assert_cube_is_sql(engine, scope)
    with transaction(engine) as session:
        remove_project(session, actor, scope, CODE)
    assert assert_cube_is_sql(engine, scope) == 1
    with engine.begin() as raw:
        raw.execute(text("DELETE FROM needs"))
    assert assert_cube_is_sql(engine, scope) == 0


def test_uncommitted_write_is_seen_by_its_writer_only(engine: Engine, actor: Actor, scope: Scope) -> None:
    assert_cube_is_sql(engine, scope)
    with Session(engine) as writer:
        save_needs(writer, actor, scope, CODE, [NeedEdit(LOAN, 2030, 5)])
        assert len(needs_summary(writer, scope, SummaryQuery())) == 1
        writer.rollback()
    assert assert_cube_is_sql(engine, scope) == 0


@pytest.mark.parametrize("depth", [0, 1, 2, None])
@pytest.mark.parametrize(
    "by", [("item",), ("year", "item"), ("item", "sector", "stage"), ("lead_unit",), ("kind", "item")]
)
def test_any_dimensions_agree_with_sql(
    demo_engine: Engine, scope: Scope, by: tuple[str, ...], depth: int | None
) -> None:
    with Session(demo_engine) as session:
        frame = needs_summary(session, scope, SummaryQuery(by=by, depth=depth))
        total = session.execute(text("SELECT sum(required), count(*) FROM needs")).one()
        funds = frame[frame["item"].str.startswith("fund")]
        linked = "needs n JOIN items i ON i.id = n.item_id"
        statement = f"SELECT count(DISTINCT project_id) FROM {linked} WHERE i.code LIKE 'fund%'"
        distinct = session.execute(text(statement)).scalar_one()
        assert (int(frame["required"].sum()), int(frame["needs"].sum())) == tuple(total)
        whole = needs_summary(session, scope, SummaryQuery(by=("item",), depth=0, item=("fund",)))
        assert int(whole["projects"].iloc[0]) == distinct
        assert int(funds["required"].sum()) == int(whole["required"].iloc[0])


def test_project_summary_is_sql(demo_engine: Engine, scope: Scope) -> None:
    with Session(demo_engine) as session:
        frame = project_summary(session, scope, ("stage",))
        rows = session.execute(text("SELECT stage, count(*), sum(total_investment_yuan) FROM projects GROUP BY stage"))
        stored = {stage: (count, int(total)) for stage, count, total in rows}
        pairs = zip(frame["stage"], frame["projects"], frame["total_investment"], strict=True)
        assert {stage: (int(count), int(total)) for stage, count, total in pairs} == stored


def test_summary_respects_scope_and_filters(demo_engine: Engine, scope: Scope) -> None:
    beihai = Scope(cities=frozenset({"450500"}))
    with Session(demo_engine) as session:
        of_scope = needs_summary(session, beihai, SummaryQuery())
        filtered = needs_summary(session, scope, SummaryQuery(filters=ProjectFilters(city=("450500",))))
        assert of_scope.equals(filtered)
        assert not of_scope.equals(needs_summary(session, scope, SummaryQuery()))


def test_needing_finds_what_the_summary_counts(demo_engine: Engine, scope: Scope) -> None:
    with Session(demo_engine) as session:
        frame = needs_summary(session, scope, SummaryQuery(by=("year", "item"), depth=0, item=("sea",)))
        for year, count in zip(frame["year"], frame["projects"], strict=True):
            filters = ProjectFilters(narrowing=(needing(session, "sea", (int(year),)),))
            assert count_projects(session, scope, filters) == count


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**60)), min_size=1, max_size=7))
def test_sums_are_exact_beyond_floats(cells: list[tuple[int, int]]) -> None:
    groups = np.array([group for group, _ in cells], np.int64)
    values = np.array([value for _, value in cells], np.int64)
    expected = [sum(value for group, value in cells if group == n) for n in range(4)]
    if max(expected) < 2**63:
        assert exact_sums(groups, values, 4).tolist() == expected
