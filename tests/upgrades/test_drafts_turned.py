"""A library of the time when a draft was the record: what was accepted is the record again, the rest a proposal."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import scope_of
from portfolio.core.database import make_engine, transaction
from portfolio.journal.queries import chain_status, history
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.details import DetailEdit, project_details, save_details
from portfolio.needs.keeping import kept_needs
from portfolio.needs.service import save_needs
from portfolio.projects.profile import save_profile, stored_profile
from portfolio.projects.queries import get_project
from portfolio.projects.service import update_project
from portfolio.projects.states import standing
from portfolio.projects.tables import FACTS, LINKS
from portfolio.reporting.records import compare
from portfolio.upkeep import migrate
from portfolio.upkeep.invariants import breaches
from tests.reporting.people import OFFICE
from tests.support.databases import Databases
from tests.support.downgrading import downgrade

CODE = "GX-2018-0002"
CONTACT = {"role": "contact", "name": "张三", "phone": "13800001234", "landline": "", "email": ""}
OWNER = (LOCAL_OWNER, EVERYTHING, CODE)
STATE = """INSERT INTO project_states (project_id, state, step, accepted, locked, since, version)
VALUES (:key, 'draft', '', true, '', :at, 1)"""
STEP = """INSERT INTO project_transitions
(at, code, action, source, target, step, actor, actor_unit, to_unit, reason, doc_no, batch)
VALUES (:at, :code, 'amend', 'accepted', 'draft', '', 'office', '', '', '', '', '')"""


def say(session: Session, round_: int) -> None:
    """State every part of the record, differently each time."""
    facts = {
        "total_investment_yuan": round_ * 10_000,
        "name_zh": f"名称{round_}",
        "region_codes": ["450100", "450500"][:round_],
    }
    update_project(session, *OWNER, facts, "改")
    profile = {
        "address": f"某路{round_}号",
        "contacts": [CONTACT] * round_,
        "scales": [{"name": "泊位", "quantity": f"{round_}.5", "unit": "个"}],
    }
    save_profile(session, *OWNER, {**profile, "bases": {"plan": {"words": f"依据{round_}", "doc_no": ""}}})
    own = [NeedEdit("fund.own", 2027, round_ * 10_000), NeedEdit("fund.own", 2030 + round_, 70_000)]
    closing = NeedEdit("sea", None, NOT_APPLICABLE if round_ == 1 else None)
    save_needs(session, *OWNER, [*own, closing])
    save_details(session, *OWNER, [DetailEdit("forest", "natural_forest", str(round_ - 1))])


def told(session: Session) -> dict[str, Any]:
    """The record as it stands in the tables."""
    project = get_project(session, EVERYTHING, CODE)
    facts = {name: value for name, value in project.items() if name in (*FACTS, *LINKS)}
    return {
        "facts": facts,
        "profile": stored_profile(session, project["id"]),
        "needs": kept_needs(session, project["id"]),
    }


@pytest.fixture
def old(both_databases: Databases, backend: str) -> Iterator[tuple[Engine, dict[str, Any], dict[str, Any]]]:
    """A database of revision 0019 whose record is a draft; what was accepted, and what its office then made of it."""
    url = both_databases.make(backend, "scheme")
    engine = make_engine(url)
    with transaction(engine) as session:
        say(session, 1)
        accepted = told(session)
        say(session, 2)
        drafted = told(session)
        key = get_project(session, EVERYTHING, CODE)["id"]
        drafted_at = {"key": key, "code": CODE, "at": "2026-01-01 00:00:00"}
        for statement in (STATE, STEP):
            session.execute(text(statement), drafted_at)
    engine.dispose()
    downgrade(url, "0019")
    engine = make_engine(url)
    with engine.begin() as connection:
        for part, content in accepted.items():
            row = {"key": key, "part": part, "content": orjson.dumps(content).decode()}
            connection.execute(text("INSERT INTO accepted_parts VALUES (:key, :part, :content)"), row)
    engine.dispose()
    migrate.upgrade(url)
    engine = make_engine(url)
    yield engine, accepted, drafted
    engine.dispose()
    both_databases.drop(url)


def test_what_was_accepted_is_the_record_again(old: tuple[Engine, dict[str, Any], dict[str, Any]]) -> None:
    engine, accepted, drafted = old
    with Session(engine) as session:
        assert told(session) == accepted
        project = get_project(session, EVERYTHING, CODE)
        assert (project["city_code"], standing(session, project["id"]).state) == ("450100", "draft")
        assert project_details(session, EVERYTHING, CODE) == {("forest", "natural_forest"): "0"}
        changes = compare(session, scope_of(OFFICE), CODE)
        fields = {name: (was, now) for name, was, now in changes.fields}
        for name, now in {**drafted["facts"], **drafted["profile"]}.items():
            before = {**accepted["facts"], **accepted["profile"]}[name]
            if before != now and name != "contacts":
                assert fields[name] == (before, now), name
        assert ("fund.own", 2027, 10_000, 20_000) in changes.needs
        assert ("fund.own", 2032, None, 70_000) in changes.needs
        assert ("sea", None, True, False) in changes.needs
        assert changes.details == [("forest", "natural_forest", "0", "1")]
        assert changes.overtaken == ()


def test_the_journal_tells_of_it_and_is_whole(old: tuple[Engine, dict[str, Any], dict[str, Any]]) -> None:
    engine, accepted, drafted = old
    with Session(engine) as session:
        upgraded = [entry for entry in history(session, CODE) if entry.actor == "upgrade"]
        assert {(entry.room, entry.action) for entry in upgraded} == {("projects", "update"), ("needs", "update")}
        facts = next(entry for entry in upgraded if entry.room == "projects")
        assert facts.after["name_zh"] == accepted["facts"]["name_zh"]
        assert facts.before["name_zh"] == drafted["facts"]["name_zh"]
        assert chain_status(session).whole
    assert [one.code for one in breaches(engine) if not one.warning] == []
