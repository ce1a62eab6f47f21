"""As it stood: replaying the journal backwards gives what was there, along random lives, on both databases."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.clock import utc_now
from portfolio.core.errors import PortfolioError
from portfolio.core.records import picked
from portfolio.journal.queries import begins_at
from portfolio.needs.as_of import end_of, project_as_of
from portfolio.needs.changes import NOT_APPLICABLE, NeedEdit
from portfolio.needs.details import DetailEdit, project_details, save_details
from portfolio.needs.queries import not_applicable, project_needs
from portfolio.needs.removal import remove_illustrative, remove_project
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import FACTS, LINKS, ProjectData
from portfolio.vocabulary.elements import element_tree

CODE = "GX-2018-0207"
ITEMS = ("fund.tbd", "land.agri.arable.pbf.dry", "land.agri.forest", "sea", "forest")
CHANGES: tuple[dict[str, Any], ...] = (
    {"owner": "甲公司"},
    {"owner": "", "stage": "reserve", "stage_basis": "illustrative"},
    {"total_investment_yuan": 10_000_000, "investment_basis": "illustrative"},
    {"total_investment_yuan": 20_000_000},
    {"total_investment_yuan": None},
    {"region_codes": ("450500", "450700")},
    {"region_codes": ("450500",)},
    {"sea_related": True, "lon": 109.1, "lat": 21.5},
    {"sea_related": False},
    {"start_month": "2027-03", "finish_month": "2029-12"},
)


def snapshot(session: Session, code: str) -> Any:
    project = get_project(session, EVERYTHING, code)
    needs = project_needs(session, EVERYTHING, code)
    return (
        {name: _plain(said) for name, said in picked(project, (*FACTS, *LINKS, "city_code")).items()},
        _needs(needs),
        set(not_applicable(session, EVERYTHING, code)),
        project_details(session, EVERYTHING, code),
    )


def stood(session: Session, code: str, at: datetime) -> Any:
    found = project_as_of(session, EVERYTHING, code, at)
    if found.project is None:
        return None
    facts = {name: _plain(said) for name, said in picked(found.project, (*FACTS, *LINKS, "city_code")).items()}
    return facts, _needs(found.needs), set(found.not_applicable), found.details


def _needs(frame: Any) -> dict[tuple[str, int], tuple[int, str]]:
    return {(row["item"], int(row["year"])): (int(row["required"]), row["basis"]) for row in frame.to_dict("records")}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def leaves(session: Session) -> list[str]:
    tree = element_tree(session)
    return [tree.leaves_under(item)[0].code for item in ITEMS if item in tree.by_code]


def live(session: Session, code: str, chance: random.Random) -> None:
    """One random act; a refused one changes nothing."""
    act = chance.randrange(5)
    point = session.begin_nested()
    try:
        if act == 0:
            update_project(session, LOCAL_OWNER, EVERYTHING, code, chance.choice(CHANGES))
        elif act == 1:
            basis = chance.choice(("reported", "illustrative"))
            edits = [
                NeedEdit(
                    chance.choice(leaves(session)), chance.choice((2027, 2028)), chance.choice((None, 0, 7)), basis
                )
                for _ in range(3)
            ]
            save_needs(session, LOCAL_OWNER, EVERYTHING, code, edits)
        elif act == 2:
            said = chance.choice((NOT_APPLICABLE, None))
            edit = NeedEdit(chance.choice(("sea", "forest")), None, said, chance.choice(("reported", "illustrative")))
            save_needs(session, LOCAL_OWNER, EVERYTHING, code, [edit])
        elif act == 3:
            edit_ = DetailEdit("land", "offset_capacity", chance.choice((None, "1", "2")))
            save_details(session, LOCAL_OWNER, EVERYTHING, code, [edit_])
        else:
            remove_illustrative(session, LOCAL_OWNER)
        point.commit()
    except PortfolioError:
        point.rollback()


@pytest.mark.parametrize("seed", range(6))
def test_replaying_equals_the_snapshots_of_a_random_life(engine: Engine, seed: int) -> None:
    chance, kept = random.Random(seed), []
    with Session(engine, expire_on_commit=False) as session:
        made = create_project(session, LOCAL_OWNER, ProjectData(name_zh="随机项目", region_codes=("450500",)))
        code = made["code"]
        kept.append((utc_now(), snapshot(session, code)))
        for _ in range(40):
            live(session, code, chance)
            session.commit()
            kept.append((utc_now(), snapshot(session, code)))
        assert len({str(seen) for _, seen in kept}) > 10
        for at, seen in kept:
            assert stood(session, code, at) == seen


def test_before_it_was_made_there_was_no_project(session: Session) -> None:
    before = utc_now()
    code = create_project(session, LOCAL_OWNER, ProjectData(name_zh="新项目"))["code"]
    found = project_as_of(session, EVERYTHING, code, before)
    assert (found.project, found.unknown) == (None, False)
    assert found.known_from is not None
    assert found.known_from >= before


def test_a_removed_and_made_again_project_shows_its_first_life(session: Session) -> None:
    data = ProjectData(code="GX-2018-9001", name_zh="甲", owner="一")
    create_project(session, LOCAL_OWNER, data)
    save_needs(session, LOCAL_OWNER, EVERYTHING, data.code, [NeedEdit("fund.tbd", 2027, 5)])
    then = utc_now()
    remove_project(session, LOCAL_OWNER, EVERYTHING, data.code)
    gone = utc_now()
    create_project(session, LOCAL_OWNER, data.model_copy(update={"owner": "二"}))
    assert project_as_of(session, EVERYTHING, data.code, gone).project is None
    first = project_as_of(session, EVERYTHING, data.code, then)
    assert first.project is not None
    assert (first.project["owner"], _needs(first.needs)) == ("一", {("fund.tbd", 2027): (5, "reported")})


def test_what_came_past_the_journal_is_unknown_before_it_begins(sqlite_session: Session) -> None:
    begins = begins_at(sqlite_session)
    assert begins is not None
    number = sqlite_session.execute(text("SELECT max(id) + 1 FROM projects")).scalar_one()
    sqlite_session.execute(
        text(
            "INSERT INTO projects (id, code, name_zh, name_en, capacity_zh, section, owner, co_agreed_doc, source,"
            " search_text, version, needs_version, revision)"
            " VALUES (:n, 'RAW-1', '甲', '', '', '', '', '', '', '', 1, 1, 0)"
        ),
        {"n": number},
    )
    early = project_as_of(sqlite_session, EVERYTHING, "RAW-1", begins - timedelta(days=1))
    assert (early.project, early.unknown, early.known_from) == (None, True, begins)
    assert project_as_of(sqlite_session, EVERYTHING, "RAW-1", utc_now()).project is not None


def test_a_day_ends_at_midnight_of_the_offices() -> None:
    day = datetime(2026, 5, 1, tzinfo=UTC).date()
    assert end_of(day).astimezone(UTC) == datetime(2026, 5, 1, 15, 59, 59, 999_999, tzinfo=UTC)
