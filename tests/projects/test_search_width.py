"""Searches compare in one width and without what cannot be seen, on both databases, also over older records."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, Integer, text
from sqlmodel import Session, select

from portfolio.access.rules import Actor, Scope
from portfolio.core.database import transaction
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import list_projects
from portfolio.projects.search_upkeep import renew_search_texts
from portfolio.projects.service import create_project
from portfolio.projects.tables import Project, ProjectData
from portfolio.rolling.queries import EntryFilters, wanted
from portfolio.rolling.service import insert_edition
from portfolio.rolling.tables import Edition, EditionEntry
from tests.support.command import run_command

WORDS = ["20万吨", "２０万吨", "LNG", "ＬＮＧ", "lng", "ｌｎｇ", "ＬＮＧ\u200b", "２0万吨　LＮG"]


@pytest.mark.parametrize("name", ["甲港２０万吨级ＬＮＧ泊位", "甲港20万吨级LNG泊位", "甲港２0万吨级Lｎg泊位"])
def test_the_library_is_searched_in_either_width(session: Session, actor: Actor, scope: Scope, name: str) -> None:
    made = create_project(session, actor, ProjectData(name_zh=name))
    assert made["name_zh"] == name  # the record keeps what was written
    for word in WORDS:
        found = [row["code"] for row in list_projects(session, scope, ProjectFilters(q=word)).rows]
        assert made["code"] in found, word
    assert list_projects(session, scope, ProjectFilters(q="30万吨级LNG泊位")).rows == []


def test_records_of_an_earlier_rule_are_found_once_renewed(session: Session, actor: Actor, scope: Scope) -> None:
    made = create_project(session, actor, ProjectData(name_zh="乙港２０万吨级泊位"))
    stale = "UPDATE projects SET search_text = '乙港２０万吨级泊位' WHERE code = :code"
    session.execute(text(stale), {"code": made["code"]})
    assert renew_search_texts(session) == 1
    assert renew_search_texts(session) == 0
    found = list_projects(session, scope, ProjectFilters(q="乙港20万吨")).rows
    assert [row["code"] for row in found] == [made["code"]]
    assert found[0]["version"] == made["version"]


def test_migrating_alone_renews_them(engine: Engine, actor: Actor, scope: Scope, tmp_path: Path) -> None:
    with transaction(engine) as session:
        code = create_project(session, actor, ProjectData(name_zh="丁港２０万吨级泊位"))["code"]
        stale = "UPDATE projects SET search_text = '丁港２０万吨级泊位' WHERE code = :code"
        session.execute(text(stale), {"code": code})
    environment = {**os.environ, "DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    assert run_command(["migrate"], environment, tmp_path).returncode == 0
    with Session(engine) as session:
        assert renew_search_texts(session) == 0
        found = list_projects(session, scope, ProjectFilters(q="丁港20万吨")).rows
        assert [row["code"] for row in found] == [code]


@pytest.mark.parametrize("name", ["丙港２０万吨级ＬＮＧ泊位", "丙港20万吨级LNG泊位"])
def test_an_edition_is_searched_in_either_width(session: Session, scope: Scope, actor: Actor, name: str) -> None:
    project = create_project(session, actor, ProjectData(name_zh=name))
    values = {"code": "E1", "base_year": 2026, "years": 3, "batch": "annual", "parent_id": None, "basis": "reported"}
    edition = session.get_one(Edition, insert_edition(session, actor, {**values, "note": "", "later_years": True}))
    table = EditionEntry.metadata.tables["edition_entries"]
    least = {column.name: 0 if isinstance(column.type, Integer) else "" for column in table.columns}
    blank = {name: None if table.c[name].nullable else value for name, value in least.items()}
    given = {"edition_id": edition.id, "project_id": project["id"], "code": project["code"], "name_zh": name}
    session.execute(table.insert().values(**{**blank, **given}))
    for word in WORDS:
        conditions = wanted(edition, EntryFilters(q=word), scope)
        assert session.execute(select(EditionEntry.code).where(*conditions)).scalars().all() == [project["code"]], word
    assert session.execute(select(EditionEntry.code).where(*wanted(edition, EntryFilters(q="%"), scope))).all() == []


def test_the_seeds_are_searched_by_todays_rule(session: Session) -> None:
    assert renew_search_texts(session) == 0
    assert session.execute(select(Project.id)).first() is not None
