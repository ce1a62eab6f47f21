"""Nobody gives a project away by editing it: not by its lead unit, its reporting unit or its city."""

from typing import Any

import pytest
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import scope_of
from portfolio.core.errors import ForbiddenError, InvalidError
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads.store import StoredFile
from portfolio.exchange.uploads.tables import Import
from portfolio.journal.queries import history
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from tests.access.conftest import CODES, ELSEWHERE, HERE, MINE, THEIRS, World, actor_of, data_of

REFUSED = (
    ("project_office", "own_unit", {"lead_unit": "GX-DOE"}),
    ("project_office", "own_unit", {"office_unit": THEIRS}),
    ("project_office", "own_unit", {"region_codes": [HERE]}),
    ("city_reviewer", "own_city", {"region_codes": [ELSEWHERE]}),
    ("city_reviewer", "own_city", {"region_codes": [ELSEWHERE], "office_unit": "GX-DOE"}),
    ("city_reviewer", "own_city", {"region_codes": [HERE, ELSEWHERE]}),
    ("lead_reviewer", "own_lead", {"lead_unit": THEIRS}),
    ("lead_reviewer", "own_lead", {"lead_unit": THEIRS, "office_unit": "GX-DOE"}),
    ("lead_reviewer", "own_lead", {"lead_unit": THEIRS, "office_unit": MINE}),
)


@pytest.mark.parametrize(("role", "place", "facts"), REFUSED)
def test_an_edit_gives_nothing_away(world: World, role: str, place: str, facts: dict[str, Any]) -> None:
    actor = actor_of(role)
    with Session(world.engine) as session, pytest.raises(ForbiddenError):
        update_project(session, actor, scope_of(actor), CODES[place], facts, "有理由")


def test_nor_does_an_import(world: World, tmp_path: Any) -> None:
    actor, code = actor_of("project_office"), CODES["own_unit"]
    file = tmp_path / "projects.csv"
    file.write_text(f"code,name_zh,lead_unit\n{code},工程 own_unit,GX-DOE\n", encoding="utf-8")
    with Session(world.engine) as session:
        outcome = run_import(session, actor, scope_of(actor), [file], Options())
    assert [one.code for one in outcome.findings] == ["access.hand_over"]
    assert "牵头单位" in next(iter(outcome.findings)).reason("zh")


def test_a_planner_corrects_it_with_a_reason(world: World) -> None:
    planner, code = actor_of("planner"), CODES["own_unit"]
    with Session(world.engine) as session:
        with pytest.raises(InvalidError, match="hand_over_reason"):
            update_project(session, planner, scope_of(planner), code, {"lead_unit": "GX-DOE"})
        update_project(session, planner, scope_of(planner), code, {"lead_unit": "GX-DOE"}, "三定方案调整")
        assert history(session, code)[0].reason == "三定方案调整"


def test_an_office_may_correct_what_it_never_submitted_and_state_what_was_not(world: World) -> None:
    office = actor_of("project_office")
    with Session(world.engine) as session:
        data = data_of("own_unit", "GX-2018-9905")
        create_project(session, office, data)
        update_project(session, office, scope_of(office), data.code, {"lead_unit": "GX-DOE", "region_codes": [HERE]})
        assert get_project(session, EVERYTHING, data.code)["city_code"] == HERE
        unled = data_of("own_unit", "GX-2018-9906").model_copy(update={"lead_unit": None, "region_codes": ()})
        create_project(session, LOCAL_OWNER, unled)
        stated = {"lead_unit": "GX-DOE", "region_codes": [HERE]}
        assert update_project(session, office, scope_of(office), unled.code, stated)["lead_unit"] == "GX-DOE"


@pytest.mark.parametrize("act", [applying.check_again, applying.confirm])
def test_nobody_checks_or_confirms_the_import_of_another(world: World, act: Any) -> None:
    with Session(world.engine) as session:
        number = imports.create(session, actor_of("city_reviewer"), [StoredFile("a.csv", "0" * 64, 1)])
        session.get_one(Import, number).state = "checked"
        session.commit()
    for other in (actor_of("planner"), actor_of("finance"), LOCAL_OWNER):
        with pytest.raises(ForbiddenError, match="not_yours"):
            act(world.engine, other, scope_of(other), number)
    with Session(world.engine) as session:
        assert session.get_one(Import, number).state == "checked"
