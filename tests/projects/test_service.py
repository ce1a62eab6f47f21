"""Creating, changing and removing projects: on both databases, with journal, revision and stale writers."""

from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core import revision
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, StaleError
from portfolio.journal.queries import history
from portfolio.projects import service
from portfolio.projects.queries import count_projects, get_project
from portfolio.projects.references import load_references
from portfolio.projects.rules import facts as rules
from portfolio.projects.tables import ProjectData

CODE = "GX-2018-0207"


def test_create_gives_the_next_code_and_journals(session: Session, actor: Actor, scope: Scope) -> None:
    made = service.create_project(session, actor, ProjectData(name_zh="试验泊位", region_codes=("450702",)), "测试")
    assert made["code"] == "GX-2018-0402"
    assert made["city_code"] == "450700"
    entry = history(session, made["code"])[0]
    assert (entry.actor, entry.action, entry.before, entry.reason) == ("local", "create", None, "测试")
    assert entry.after["name_zh"] == "试验泊位"


def test_change_names_only_what_changed(session: Session, actor: Actor, scope: Scope) -> None:
    before = get_project(session, scope, CODE)
    after = service.update_project(session, actor, scope, CODE, {"owner": "北部湾港", "kind": before["kind"]}, "补报")
    assert (after["owner"], after["version"]) == ("北部湾港", before["version"] + 1)
    entry = history(session, CODE)[0]
    assert (entry.before, entry.after, entry.reason) == ({"owner": ""}, {"owner": "北部湾港"}, "补报")


@pytest.mark.parametrize(
    "changes",
    [{"name_zh": "改名泊位"}, {"region_codes": ("450502", "450702")}, {"stage": "reserve"}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_answer_and_what_follows_from_the_facts_are_as_stored(
    session: Session, actor: Actor, scope: Scope, changes: dict[str, Any]
) -> None:
    answer = service.update_project(session, actor, scope, CODE, changes)
    stored = get_project(session, scope, CODE)
    assert {**answer, "revision": 0} == {**stored, "revision": 0}
    row = session.execute(text("SELECT city_code, search_text FROM projects WHERE code = :code"), {"code": CODE}).one()
    known = load_references(session).city_of
    assert tuple(row) == (rules.reporting_city(stored["region_codes"], known), rules.search_text(stored))


def test_a_change_takes_ten_statements(session: Session, actor: Actor, scope: Scope) -> None:
    """A read too many in the path of every write is not seen by anything else: four reads, six writes."""
    service.update_project(session, actor, scope, CODE, {"owner": "甲"})
    session.commit()
    sent: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: sent.append(told[2]))
    service.update_project(session, actor, scope, CODE, {"owner": "乙"})
    session.commit()
    assert len(sent) <= 10, sent


def test_the_last_wholesale_change_is_known_while_writing(session: Session) -> None:
    before = revision.last_wholesale(session)
    number = revision.bump(session)
    assert revision.last_wholesale(session) == before < number
    revision.touch(session, None)
    assert revision.last_wholesale(session) == number
    session.commit()
    assert revision.last_wholesale(session) == number


def test_same_values_change_nothing(session: Session, actor: Actor, scope: Scope) -> None:
    before = get_project(session, scope, CODE)
    after = service.update_project(session, actor, scope, CODE, {"kind": before["kind"]})
    assert after["version"] == before["version"]


def test_stated_figure_is_reported(session: Session, actor: Actor, scope: Scope) -> None:
    after = service.update_project(session, actor, scope, CODE, {"total_investment_yuan": 5})
    assert after["investment_basis"] == "reported"
    cleared = service.update_project(session, actor, scope, CODE, {"total_investment_yuan": None})
    assert cleared["investment_basis"] is None


def test_stale_writer_is_told_the_current_record(session: Session, actor: Actor, scope: Scope) -> None:
    held = get_project(session, scope, CODE)["version"]
    service.update_project(session, actor, scope, CODE, {"owner": "甲"}, version=held)
    with pytest.raises(StaleError) as caught:
        service.update_project(session, actor, scope, CODE, {"owner": "乙"}, version=held)
    assert caught.value.current["owner"] == "甲"


def test_bad_change_writes_nothing(engine: Engine, actor: Actor, scope: Scope) -> None:
    with Session(engine) as session:
        before = revision.current(session)
    with pytest.raises(InvalidError) as caught, transaction(engine) as session:
        service.update_project(session, actor, scope, CODE, {"kind": "castle", "start_month": "x"})
    assert {fault.field for fault in caught.value.fields} == {"kind", "start_month"}
    with Session(engine) as session:
        assert revision.current(session) == before
        assert get_project(session, scope, CODE)["kind"] == "berth"


def test_code_is_for_life_and_taken_once(session: Session, actor: Actor, scope: Scope) -> None:
    with pytest.raises(InvalidError, match="code_is_for_life"):
        service.update_project(session, actor, scope, CODE, {"code": "GX-2018-9999"})
    with pytest.raises(ConflictError, match="code_taken"):
        service.create_project(session, actor, ProjectData(code=CODE, name_zh="另一个"))


def test_removed_code_is_not_given_again(session: Session, actor: Actor, scope: Scope) -> None:
    made = service.create_project(session, actor, ProjectData(name_zh="暂用"))
    service.remove_project(session, actor, scope, made["code"], "重复")
    with pytest.raises(NotFoundError):
        get_project(session, scope, made["code"])
    assert history(session, made["code"])[0].before["name_zh"] == "暂用"
    again = service.create_project(session, actor, ProjectData(name_zh="再建"))
    assert again["code"] == "GX-2018-0403"


def test_reader_out_of_scope_sees_nothing(session: Session, actor: Actor, scope: Scope) -> None:
    beihai = Scope(cities=frozenset({"450500"}))
    assert 0 < count_projects(session, beihai) < count_projects(session, scope)
    assert count_projects(session, Scope()) == 0
    with pytest.raises(NotFoundError):
        get_project(session, Scope(cities=frozenset({"450100"})), CODE)
    with pytest.raises(NotFoundError):
        service.update_project(session, actor, Scope(cities=frozenset({"450100"})), CODE, {"owner": "x"})


def test_reader_may_not_write(session: Session, scope: Scope) -> None:
    with pytest.raises(ForbiddenError):
        service.update_project(session, Actor("leader", may_write=False), scope, CODE, {"owner": "x"})
