"""Inserts behind their caller: in order, whole, and never silently lost."""

import sqlite3

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from portfolio.core import revision
from portfolio.core.behind import Behind

CHANGES = SQLModel.metadata.tables["changes"]
NAMES = ("revision", "project_id")


def stored(session: Session) -> list[tuple[int, int | None]]:
    columns = select(CHANGES.c.revision, CHANGES.c.project_id).order_by(CHANGES.c.id)
    return [(number, project) for number, project in session.execute(columns)]


def test_rows_arrive_in_order_large_and_empty_values_among_them(session: Session) -> None:
    revision.bump(session)
    before = stored(session)
    with Behind(session) as behind:
        for n in range(5):
            behind.insert(CHANGES, NAMES, [(2**62 + n, None), (7, n)])
    assert stored(session) == before + [row for n in range(5) for row in ((2**62 + n, None), (7, n))]


def test_an_error_of_the_database_reaches_the_caller(session: Session) -> None:
    revision.bump(session)
    with pytest.raises((sqlite3.IntegrityError, IntegrityError)), Behind(session) as behind:
        behind.insert(CHANGES, NAMES, [(None, 1)])


def failing_after_an_insert(session: Session) -> None:
    with Behind(session) as behind:
        behind.insert(CHANGES, NAMES, [(1, 1)])
        raise LookupError


def test_an_error_of_the_caller_is_not_hidden_by_waiting(session: Session) -> None:
    revision.bump(session)
    with pytest.raises(LookupError):
        failing_after_an_insert(session)
