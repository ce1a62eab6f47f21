"""One national code belongs to one project, and a project stays where its quota lies: on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor, scope_of
from portfolio.core.database import transaction
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.i18n import LANGUAGES, error_text
from portfolio.ledger.service import Posting, open_pool, post
from portfolio.needs.removal import remove_project
from portfolio.projects.identity import code_fault
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import ProjectData
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import DOC, pool

NATIONAL = "2018-450100-04-01-123456"
ME = (LOCAL_OWNER, EVERYTHING)
OFFICE = Actor("office", "project_office", "GX-DOT")


def made(session: Session, name: str, actor: Actor = LOCAL_OWNER, **facts: Any) -> str:
    values = {"name_zh": name, "region_codes": ("450100",), "lead_unit": "GX-DWR", **facts}
    return str(create_project(session, actor, ProjectData(**values))["code"])


def faults(session: Session, actor: Actor, name: str) -> list[FieldError]:
    with pytest.raises(InvalidError, match=r"project\.invalid") as caught:
        made(session, name, actor, national_code=NATIONAL.replace("-", "－"))
    return list(caught.value.fields)


def test_a_second_project_may_not_state_a_code_that_is_held(session: Session) -> None:
    holder = made(session, "甲码头", national_code=NATIONAL)
    (fault,) = faults(session, LOCAL_OWNER, "乙码头")
    assert (fault.field, fault.code) == ("national_code", "national_code.taken")
    assert all(holder in error_text(fault.code, lang, fault.params) for lang in LANGUAGES)
    (fault,) = faults(session, OFFICE, "丙码头")
    assert fault.code == "national_code.taken_elsewhere"
    assert set(fault.params) == {"value"}  # nothing of who it is
    other = made(session, "丁码头")
    with pytest.raises(InvalidError) as caught:
        update_project(session, *ME, other, {"national_code": NATIONAL})
    assert [one.code for one in caught.value.fields] == ["national_code.taken"]


def test_a_record_keeps_its_own_code_and_a_removed_one_sets_it_free(session: Session) -> None:
    holder = made(session, "甲码头", national_code=NATIONAL)
    assert update_project(session, *ME, holder, {"owner": "某公司", "national_code": NATIONAL})["version"] == 2
    assert code_fault(session, LOCAL_OWNER, NATIONAL, holder) is None
    remove_project(session, *ME, holder)
    assert made(session, "乙码头", national_code=NATIONAL) != holder


def test_an_exited_project_keeps_its_code(session: Session) -> None:
    made(session, "甲码头", national_code=NATIONAL, stage="withdrawn")
    (fault,) = faults(session, LOCAL_OWNER, "乙码头")
    assert fault.code == "national_code.taken_exited"


def test_no_code_is_no_code_to_share(session: Session) -> None:
    first, second = made(session, "甲码头", national_code=""), made(session, "乙码头", national_code="  ")
    assert [get_project(session, EVERYTHING, code)["national_code"] for code in (first, second)] == [None, None]


def test_of_writers_at_once_one_gets_the_code(engine: Engine) -> None:
    def write(place: int) -> str:
        try:
            with transaction(engine) as session:
                made(session, f"第{place}码头", national_code=NATIONAL)
        except InvalidError as error:
            return error.fields[0].code
        return "made"

    with ThreadPoolExecutor(8) as writers:
        answers = sorted(writers.map(write, range(8)))
    assert answers == ["made", *["national_code.taken"] * 7]


def test_the_database_itself_refuses_a_second_one(engine: Engine) -> None:
    with transaction(engine) as session:
        made(session, "甲码头", national_code=NATIONAL)
    doubled = text("UPDATE projects SET national_code = :code WHERE id = 7")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(doubled, {"code": NATIONAL})


def test_check_finds_a_name_that_is_not_compared_by_its_plain_form(sqlite_engine: Engine) -> None:
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE projects SET name_key = 'x' WHERE id = 7"))
    assert "project_name_key" in {one.code for one in breaches(sqlite_engine)}


@pytest.fixture
def holding(session: Session) -> tuple[Session, str]:
    """A project of Nanning that holds a hectare of Nanning's land."""
    code = made(session, "甲码头")
    open_pool(session, *ME, pool("NN", "land", 20_000, year=2026, region_code="450100", level="city"))
    post(session, *ME, [Posting("lock", "NN", 10_000, "2026-03-01", code, confirmed=True)])
    return session, code


def test_a_project_that_holds_quota_stays_in_its_city(holding: tuple[Session, str]) -> None:
    session, code = holding
    with pytest.raises(InvalidError, match=r"project\.invalid") as caught:
        update_project(session, *ME, code, {"region_codes": ["450600"]})
    (fault,) = caught.value.fields
    assert (fault.field, fault.code) == ("region_codes", "ledger.quota_held_there")
    words = error_text(fault.code, "zh", fault.params)
    assert "NN" in words and "1 公顷" in words and "南宁" in words and "退回" in words
    update_project(session, *ME, code, {"region_codes": ["450100", "450600"]})  # it lies there still
    post(session, *ME, [Posting("return", "NN", 10_000, "2026-03-02", code)])
    assert update_project(session, *ME, code, {"region_codes": ["450600"]})["city_code"] == "450600"


def test_check_finds_who_holds_quota_of_elsewhere(sqlite_engine: Engine) -> None:
    with transaction(sqlite_engine) as session:
        code = made(session, "甲码头")
        open_pool(session, *ME, pool("NN", "land", 20_000, year=2026, region_code="450100", level="city"))
        post(session, *ME, [Posting("grant", "NN", 10_000, "2026-03-01", code, doc_no=DOC, confirmed=True)])
    assert [one for one in breaches(sqlite_engine) if one.code == "ledger_elsewhere"] == []
    with sqlite_engine.begin() as connection:
        here = "(SELECT id FROM projects WHERE code = :code)"
        for statement in (
            f"UPDATE project_regions SET region_code = '450600' WHERE project_id = {here}",
            f"UPDATE projects SET city_code = '450600' WHERE id = {here}",
        ):
            connection.execute(text(statement), {"code": code})
    found = [one for one in breaches(sqlite_engine) if one.code == "ledger_elsewhere"]
    assert [(one.subject, one.warning) for one in found] == [(f"{code} NN 1", False)]


def test_out_of_reach_is_measured_by_who_asks(session: Session) -> None:
    mine = made(session, "甲码头", OFFICE, national_code=NATIONAL)
    assert get_project(session, scope_of(OFFICE), mine)["office_unit"] == "GX-DOT"
    (fault,) = faults(session, OFFICE, "乙码头")
    assert fault.params["holder"] == mine
