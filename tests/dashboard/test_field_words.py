"""Every field that any room journals is told by a name in both languages, never by the name the code gives it."""

import re
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.app import create_dashboard
from dashboard.context import Context
from dashboard.data import _references
from dashboard.pages.people.journal_rows import grid_rows
from dashboard.pages.projects import history
from dashboard.words import changes, stated_changes
from portfolio.access.local import EVERYTHING
from portfolio.core.i18n import LANGUAGES
from portfolio.journal.queries import JournalFilters, slice_journal
from tests.journal import acts
from tests.journal.test_everything_is_journalled import library, money, programme

# Months of a curve and codes of pools are no names of fields: they are told as they are.
DATA = re.compile(r"\d+|[A-Z]+-\d+")


def test_every_journalled_field_has_a_name(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(sqlite_engine, expire_on_commit=False) as session:
        rooms = (library(session, tmp_path), money(session), programme(session), acts.entry_and_review(session))
        above = (acts.screening(session), acts.planning(session), acts.importing(session, tmp_path))
        for _, act in chain(*rooms, *above, acts.accounts(session, acts.Person(session))):
            act()
            session.commit()
    asked, unnamed = set(), set()
    named = changes.field_name

    def noted(context: Context, name: str) -> str:
        said = named(context, name)
        asked.add(name)
        if said == name and not DATA.fullmatch(name):
            unnamed.add(name)
        return said

    for module in (changes, history, stated_changes):
        monkeypatch.setattr(module, "field_name", noted)
    server = create_dashboard(sqlite_engine).server
    with Session(sqlite_engine) as session, server.test_request_context("/"):
        entries, _ = slice_journal(session, EVERYTHING, JournalFilters(), 0, 100_000)
        for lang in LANGUAGES:
            grid_rows(Context(lang, "light"), entries, frozenset(), _references(session))
    assert len(asked) > 60
    assert " ".join(sorted(unnamed)) == ""
