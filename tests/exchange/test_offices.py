"""Workbooks as offices lay them out go in untouched: every record right, the rest told, none wrong."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.finance.tables import YearlyFigure
from portfolio.needs.tables import Need
from portfolio.projects.filters import WITH_PROPOSED, ProjectFilters
from portfolio.projects.queries import iterate_projects
from portfolio.projects.tables import Project
from portfolio.vocabulary.tables import Item
from tests.exchange.offices.books import Book
from tests.exchange.offices.needs import NEEDS
from tests.exchange.offices.plans import PLANS

CORPUS = [*PLANS, *NEEDS]
CASES = Path(__file__).parent / "cases"


def imported(session: Session, actor: Actor, scope: Scope, path: Path) -> Outcome:
    return run_import(session, actor, scope, [path], Options())


def needs_of(session: Session) -> set[tuple[str, str, int, int]]:
    named = select(col(Project.name_zh), col(Item.code), col(Need.year), col(Need.required))
    joined = named.join(Need, col(Need.project_id) == col(Project.id)).join(Item, col(Item.id) == col(Need.item_id))
    return {(name, item, year, required) for name, item, year, required in session.execute(joined)}


def yearly_of(session: Session) -> set[tuple[str, int, str, int]]:
    figures = (col(Project.name_zh), col(YearlyFigure.year), col(YearlyFigure.kind), col(YearlyFigure.amount_yuan))
    joined = select(*figures).join(YearlyFigure, col(YearlyFigure.project_id) == col(Project.id))
    return {(name, year, kind, amount) for name, year, kind, amount in session.execute(joined)}


def stored(session: Session, scope: Scope, before: set[str]) -> dict[str, dict[str, object]]:
    projects = iterate_projects(session, scope, WITH_PROPOSED)
    return {one["name_zh"]: dict(one) for one in projects if one["code"] not in before}


def codes_of(session: Session, scope: Scope) -> set[str]:
    return {one["code"] for one in iterate_projects(session, scope, ProjectFilters(proposed=None))}


@pytest.mark.parametrize("book", CORPUS, ids=lambda book: book.name)
def test_a_workbook_gives_its_records_and_tells_the_rest(
    book: Book, sqlite_session: Session, actor: Actor, scope: Scope, tmp_path: Path
) -> None:
    before = codes_of(sqlite_session, scope)
    outcome = imported(sqlite_session, actor, scope, book.write(tmp_path))
    assert [finding.code for finding in outcome.findings] == list(book.findings)
    if book.findings:
        assert not outcome.applied
        return
    made = stored(sqlite_session, scope, before)
    assert set(made) == set(book.projects)
    for name, facts in book.projects.items():
        assert {fact: _plain(made[name][fact]) for fact in facts} == facts
    assert needs_of(sqlite_session) == book.needs
    assert yearly_of(sqlite_session) == book.yearly
    assert set(book.told) <= {warning.code for warning in outcome.findings.warnings}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def test_the_corpus_is_large_enough() -> None:
    assert len({book.name for book in CORPUS}) == len(CORPUS) >= 40
