"""Imports as records: previewed, applied exactly so or refused, undone as a whole or refused by name."""

from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.access.rules import Actor
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, ForbiddenError, InvalidError, UnreadableError
from portfolio.exchange.uploads import applying
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads.store import Attendance
from portfolio.exchange.uploads.tables import APPLYING, CHECKING, Import
from portfolio.journal.queries import history
from portfolio.journal.tables import JournalEntry
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.queries import get_project
from portfolio.projects.service import create_project, update_project
from portfolio.projects.tables import ProjectData
from portfolio.upkeep.invariants import breaches
from tests.exchange.conftest import CODE, OTHER, Desk

HEAD = "project,item,year,required,basis\n"
ONE = HEAD + f"{CODE},fund.tbd,2030,1,\n"
TABLES = {
    "projects": "SELECT * FROM projects ORDER BY id",
    "regions": "SELECT * FROM project_regions ORDER BY project_id, position",
    "needs": "SELECT project_id, item_id, year, required, basis FROM needs ORDER BY 1, 2, 3",
    "not_applicable": "SELECT project_id, item_id, basis FROM not_applicable ORDER BY 1, 2",
    "steps": "SELECT project_id, step, status, planned_on, actual_on, valid_until, doc_no, basis"
    " FROM project_steps ORDER BY 1, 2",
    "criteria": "SELECT * FROM criteria ORDER BY 1, 2",
    "units": "SELECT * FROM units ORDER BY code",
    "accounts": "SELECT * FROM ledger_accounts WHERE granted + locked + preallocated > 0 ORDER BY 1, 2",
    "pools": "SELECT id, code, name, valid_until, free, granted, locked FROM pools WHERE free > 0 ORDER BY 1",
}
VOLATILE = {"version", "needs_version", "revision"}


def picture(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All that an import may write, without the counters that always rise."""
    with engine.connect() as connection:
        found = {name: connection.execute(text(query)).mappings().all() for name, query in TABLES.items()}
    return {
        name: [{key: value for key, value in row.items() if key not in VOLATILE} for row in rows]
        for name, rows in found.items()
    }


def edit_need(engine: Engine, value: int, item: str = "fund.tbd", code: str = CODE, year: int = 2030) -> None:
    with transaction(engine) as session:
        save_needs(session, Actor("li"), EVERYTHING, code, [NeedEdit(item, year, value)])


def test_preview_tells_old_and_new_and_writes_nothing(desk: Desk) -> None:
    desk.applied(HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},fund.own,2030,2,\n")
    before = picture(desk.engine)
    number = desk.upload(HEAD + f"{CODE},fund.tbd,2030,3.5,\n{CODE},fund.own,2030,2,\n{OTHER},fund.own,2031,4,\n")
    record = desk.record(number)
    assert (record.state, record.new, record.changed, record.unchanged, record.refused) == ("checked", 1, 1, 1, 0)
    (changed,) = desk.rows(number, "changed")
    assert (changed["row"], changed["key"]) == (2, {"project": CODE, "item": "fund.tbd", "year": "2030"})
    assert changed["fields"] == {"required": ["1", "3.5"]}
    assert [row["row"] for row in desk.rows(number, "new")] == [4]
    assert [row["row"] for row in desk.rows(number, "unchanged")] == [3]
    assert picture(desk.engine) == before


def test_confirm_writes_it_once_under_one_revision(desk: Desk) -> None:
    number = desk.upload(ONE)
    desk.confirm(number)
    record = desk.record(number)
    assert (record.state, record.new, record.applied_by) == ("applied", 1, "local")
    with Session(desk.engine) as session:
        entry = session.execute(select(JournalEntry).where(col(JournalEntry.revision) == record.revision)).scalar_one()
        assert (entry.subject, entry.action) == (CODE, "import")
        made = select(col(Import.id)).where(col(Import.revision) == entry.revision)
        assert session.execute(made).scalar_one() == number
        (file,) = imports_queries.files_of(session, number)
    assert (file.name, file.size) == ("table.csv", len(ONE))
    kept = imports_store.verified(imports_store.folder_of(desk.engine), file)
    assert kept.read_text() == ONE
    with pytest.raises(ConflictError) as caught:
        desk.confirm(number)
    assert caught.value.code == "import.wrong_state"


@pytest.mark.parametrize(
    ("item", "year"), [("fund.tbd", 2030), ("fund.own", 2030)], ids=["a row it changes", "a row it leaves"]
)
def test_confirm_is_refused_when_a_row_was_changed_since(desk: Desk, item: str, year: int) -> None:
    desk.applied(HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},fund.own,2030,2,\n")
    number = desk.upload(HEAD + f"{CODE},fund.tbd,2030,3,\n{CODE},fund.own,2030,2,\n")
    edit_need(desk.engine, 77, item, year=year)
    before = picture(desk.engine)
    with pytest.raises(ConflictError) as caught:
        desk.confirm(number)
    assert caught.value.code == "import.changed_since"
    record = desk.record(number)
    assert (record.state, record.note) == ("checked", "import.changed_since")
    assert picture(desk.engine) == before
    applying.check_again(desk.engine, LOCAL_OWNER, EVERYTHING, number)
    applying.ended(desk.engine, number)
    desk.confirm(number)
    assert desk.record(number).state == "applied"


def test_confirm_is_refused_when_another_field_of_its_project_was_changed(desk: Desk) -> None:
    number = desk.upload(f"code,name_zh,owner\n{CODE},北海邮轮码头,甲公司\n")
    with transaction(desk.engine) as session:
        update_project(session, Actor("li"), EVERYTHING, CODE, {"capacity_zh": "2个泊位"})
    with pytest.raises(ConflictError) as caught:
        desk.confirm(number)
    assert "li" in caught.value.params["rows"]


def test_rows_of_others_do_not_stand_against_it(desk: Desk) -> None:
    number = desk.upload("name_zh,owner\n新码头,甲公司\n" + "北海邮轮码头,\n")
    edit_need(desk.engine, 5, code=OTHER)
    with transaction(desk.engine) as session:
        create_project(session, LOCAL_OWNER, ProjectData(name_zh="别人的新项目"))
    desk.confirm(number)
    assert desk.record(number).state == "applied"


STORIES = {
    "needs": HEAD + f"{CODE},fund.tbd,2030,1,\n{CODE},fund.own,2031,2.5,\n{OTHER},forest,,不涉及,\n",
    "projects": f"code,name_zh,owner,total_investment,start_month,region_codes\n{CODE},改名码头,甲,5,2026-03,450502\n"
    ",新项目,乙,1,,450100;450500\n",
    "steps": f"project,step,status,actual_on,doc_no\n{CODE},proposal,approved,2025-01-01,文〔2025〕1号\n"
    f"{CODE},land_precheck,preparing,,\n",
    "pools": "pool,item,year,quantity,doc_no,level\nNEW-1,land,2030,50,文1,city\n",
    "criteria": f"project,criterion,value\n{CODE},panel,86.5\n{CODE},jobs,12\n{OTHER},panel,3\n",
    "units": "code,name_zh,full_name_zh,kind\nZZ-1,测试局,测试局,REGION_DEPT\n",
}
EARLIER = {
    "needs": (HEAD + f"{CODE},fund.tbd,2030,9,\n",),
    "projects": (f"code,name_zh,owner,total_investment\n{CODE},北海邮轮码头,丙,3\n",),
    "criteria": (f"project,criterion,value,basis\n{CODE},panel,60,illustrative\n",),
    "steps": (f"project,step,status,planned_on\n{CODE},proposal,preparing,2025-06-01\n",),
}


@pytest.mark.parametrize("kind", STORIES)
def test_undo_puts_everything_back(desk: Desk, kind: str) -> None:
    content = STORIES[kind]
    for earlier in EARLIER.get(kind, ()):
        desk.applied(earlier)
    before = picture(desk.engine)
    number = desk.applied(content)
    assert picture(desk.engine) != before
    desk.undo(number)
    assert picture(desk.engine) == before
    assert (desk.record(number).state, desk.record(number).undone_by) == ("undone", "local")
    assert [breach for breach in breaches(desk.engine) if not breach.warning] == []


def test_undo_of_ledger_entries_reverses_them(desk: Desk) -> None:
    desk.applied(STORIES["pools"].replace("2030", "2026"))
    before = picture(desk.engine)
    number = desk.applied(
        "kind,pool,project,item,quantity,on_date,doc_no\n"
        f"lock,NEW-1,{CODE},land.built,2,2026-01-05,\ngrant,NEW-1,{CODE},land.built,2,2026-01-06,文2\n"
    )
    assert picture(desk.engine) != before
    desk.undo(number)
    assert picture(desk.engine) == before


def test_undo_names_who_touched_its_rows(desk: Desk) -> None:
    number = desk.applied(ONE)
    edit_need(desk.engine, 5)
    with pytest.raises(ConflictError) as caught:
        desk.undo(number)
    assert caught.value.code == "import.touched_since"
    assert f"{CODE} (li," in caught.value.params["rows"]
    assert desk.record(number).state == "applied"


def test_undo_is_not_stopped_by_other_rows_of_the_same_project(desk: Desk) -> None:
    number = desk.applied(ONE)
    edit_need(desk.engine, 5, "fund.own")
    desk.undo(number)
    assert desk.record(number).state == "undone"


def test_undo_notices_what_no_journal_tells(desk: Desk) -> None:
    number = desk.applied(ONE)
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE needs SET required = 3 WHERE year = 2030"))
    with pytest.raises(ConflictError) as caught:
        desk.undo(number)
    assert caught.value.code == "import.row_differs"


def test_a_new_project_that_was_used_is_not_undone(desk: Desk) -> None:
    number = desk.applied("name_zh,owner\n新码头,甲公司\n")
    with Session(desk.engine) as session:
        code = session.execute(text("SELECT code FROM projects WHERE name_zh = '新码头'")).scalar_one()
    edit_need(desk.engine, 5, code=code)
    with pytest.raises(ConflictError):
        desk.undo(number)
    with Session(desk.engine) as session:
        assert get_project(session, EVERYTHING, code)["name_zh"] == "新码头"


def test_imports_are_undone_one_after_the_other(desk: Desk) -> None:
    before = picture(desk.engine)
    first, second = desk.applied(ONE), desk.applied(HEAD + f"{CODE},fund.tbd,2030,8,\n")
    with pytest.raises(ConflictError):
        desk.undo(first)
    desk.undo(second)
    desk.undo(first)
    assert picture(desk.engine) == before


def test_undo_is_journalled_with_its_reason(desk: Desk) -> None:
    number = desk.applied(f"code,name_zh,owner\n{CODE},北海邮轮码头,甲公司\n")
    desk.undo(number)
    with Session(desk.engine) as session:
        assert history(session, CODE)[0].reason == f"撤销{number}号导入"


def test_a_refused_file_is_not_confirmed(light_desk: Desk) -> None:
    number = light_desk.upload(HEAD + f"{CODE},fund.gold,2030,1,\n")
    assert (light_desk.record(number).state, light_desk.codes(number)) == ("refused", ["unknown_item"])
    with pytest.raises(ConflictError):
        light_desk.confirm(number)


def test_an_altered_file_is_refused(light_desk: Desk) -> None:
    number = light_desk.upload(ONE)
    with Session(light_desk.engine) as session:
        (file,) = imports_queries.files_of(session, number)
    imports_store.path_of(imports_store.folder_of(light_desk.engine), file).write_text(HEAD)
    with pytest.raises(UnreadableError) as caught:
        light_desk.confirm(number)
    assert caught.value.code == "import.file_altered"
    assert light_desk.record(number).state == "checked"


def test_check_names_an_import_whose_file_is_gone(light_desk: Desk) -> None:
    number = light_desk.applied(ONE)
    with Session(light_desk.engine) as session:
        (file,) = imports_queries.files_of(session, number)
    imports_store.path_of(imports_store.folder_of(light_desk.engine), file).unlink()
    assert [(b.code, b.subject) for b in breaches(light_desk.engine) if not b.warning] == [
        ("import_file", f"{number} table.csv")
    ]


@pytest.mark.parametrize(("state", "back"), [(APPLYING, "checked"), (CHECKING, "failed"), ("undoing", "applied")])
def test_work_cut_short_is_found_and_put_back(desk: Desk, state: str, back: str) -> None:
    number = desk.upload(ONE)
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE imports SET state = :state"), {"state": state})
    attendance = Attendance(imports_store.folder_of(desk.engine), number)
    applying.settle(desk.engine)
    assert desk.record(number).state == state
    attendance.leave()
    applying.settle(desk.engine)
    assert (desk.record(number).state, desk.record(number).note) == (back, "import.interrupted")


def test_only_one_works_on_an_import(light_desk: Desk) -> None:
    number = light_desk.upload(ONE)
    attendance = Attendance(imports_store.folder_of(light_desk.engine), number)
    with pytest.raises(ConflictError) as caught:
        light_desk.confirm(number)
    attendance.leave()
    assert caught.value.code == "import.busy"


def test_who_may_not_write_does_not_import(light_desk: Desk, tmp_path: Any) -> None:
    path = tmp_path / "n.csv"
    path.write_text(ONE)
    reader = Actor("reader", may_write=False)
    with pytest.raises(ForbiddenError):
        applying.take_in(light_desk.engine, reader, EVERYTHING, [(path, "n.csv")])
    number = light_desk.upload(ONE)
    with pytest.raises(ForbiddenError):
        applying.confirm(light_desk.engine, reader, EVERYTHING, number)


def test_what_is_no_table_is_refused_at_once(light_desk: Desk) -> None:
    with pytest.raises(InvalidError) as caught:
        light_desk.upload(b"%PDF", "a.pdf")
    assert caught.value.code == "import.bad_format"


def test_the_same_file_is_kept_once(light_desk: Desk) -> None:
    for _ in range(2):
        light_desk.upload(ONE)
    folder = imports_store.folder_of(light_desk.engine)
    assert len(list(folder.glob("*/*.csv"))) == 1
    assert list(folder.glob("incoming-*")) == []
