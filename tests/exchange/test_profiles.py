"""Profiles: what an office said its columns mean is kept, found by the headings, and an office's own."""

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import ForbiddenError, InvalidError, NotFoundError
from portfolio.exchange.rows.importing import Options, Outcome, run_import
from portfolio.exchange.shapes.profile import Choice, Profile, read_profile
from portfolio.exchange.uploads.profiles import (
    drop_profile,
    get_profile,
    list_profiles,
    profile_named,
    remembered,
    save_profile,
)

SAID = Profile({"工程名": Choice("name_zh"), "项目名称": Choice(), "Y年投": Choice("need", "fund.tbd", "yi_yuan")})


def plan(path: Path, year: int) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    for row in (["计划"], ["项目名称", "工程名", "总投资", f"{year}年投"], ["旧名", "甲码头", 3, 0.5]):
        page.append(row)
    book.save(path)
    return path


def imported(session: Session, actor: Actor, scope: Scope, path: Path, *profiles: tuple[str, Profile]) -> Outcome:
    return run_import(session, actor, scope, [path], Options(profiles=profiles))


def test_a_profile_says_what_nobody_could_guess(
    sqlite_session: Session, actor: Actor, scope: Scope, tmp_path: Path
) -> None:
    whole = Profile({**SAID.columns, "总投资": Choice("total_investment", unit="yi_yuan")})
    outcome = imported(sqlite_session, actor, scope, plan(tmp_path / "a.xlsx", 2031), ("按此", whole))
    assert [finding.code for finding in outcome.findings] == []
    assert outcome.tables[0]["profile"] == "按此"
    assert [one["fact"] for one in outcome.tables[0]["columns"]] == ["", "name_zh", "total_investment", "need"]
    assert outcome.tables[0]["columns"][3]["year"] == 2031
    assert outcome.tally.counts == {"new": 2, "changed": 0, "unchanged": 0}


def test_a_profile_that_does_not_know_every_heading_is_not_used(
    sqlite_session: Session, actor: Actor, scope: Scope, tmp_path: Path
) -> None:
    outcome = imported(sqlite_session, actor, scope, plan(tmp_path / "a.xlsx", 2031), ("按此", SAID))
    assert outcome.tables[0]["profile"] == ""
    assert [finding.code for finding in outcome.findings] == ["unit_unsaid"]


def test_cells_are_translated_as_the_office_said(
    sqlite_session: Session, actor: Actor, scope: Scope, tmp_path: Path
) -> None:
    book = Workbook()
    for row in (["表"], ["项目名称", "责任单位"], ["甲码头", "市交通局"]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    columns = {"项目名称": Choice("name_zh"), "责任单位": Choice("lead_unit")}
    said = Profile(columns, {"lead_unit": {"市交通局": "GX-DOT"}})
    outcome = run_import(
        sqlite_session, actor, scope, [tmp_path / "a.xlsx"], Options(profiles=(("按此", said),), previewed=True)
    )
    assert not outcome.findings
    assert outcome.tally.preview is not None
    assert outcome.tally.preview.rows["new"][0]["fields"]["lead_unit"][1] == "GX-DOT"


def test_profiles_are_kept_listed_and_forgotten(session: Session, actor: Actor) -> None:
    save_profile(session, actor, " 年度计划 ", SAID)
    assert profile_named(session, actor, "年度计划") == SAID
    assert [one["name"] for one in list_profiles(session, actor)] == ["年度计划"]
    assert get_profile(session, actor, "年度计划")["columns"]["Y年投"] == {
        "fact": "need",
        "item": "fund.tbd",
        "unit": "yi_yuan",
    }
    assert [name for name, _ in remembered(session, actor)] == ["年度计划"]
    drop_profile(session, actor, "年度计划")
    with pytest.raises(NotFoundError):
        profile_named(session, actor, "年度计划")


def test_an_office_keeps_its_own(session: Session, actor: Actor) -> None:
    of_one, of_other = (replace(actor, role="project_office", unit=unit) for unit in ("GX-DOT", "GX-DWR"))
    save_profile(session, of_one, "交通", SAID)
    assert [name for name, _ in remembered(session, of_one)] == ["交通"]
    assert remembered(session, of_other) == ()
    assert profile_named(session, of_other, "交通") == SAID
    with pytest.raises(ForbiddenError, match=r"profile\.of_another"):
        save_profile(session, of_other, "交通", Profile())
    with pytest.raises(ForbiddenError, match=r"profile\.of_another"):
        drop_profile(session, of_other, "交通")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[]", "profile.bad_form"),
        ("{", "profile.bad_form"),
        ('{"columns": {"a": 1}}', "profile.bad_form"),
        ('{"columns": {"a": {"fact": "colour"}}}', "profile.bad_fact"),
        ('{"columns": {"a": {"fact": "need", "unit": "inch"}}}', "profile.bad_unit"),
    ],
)
def test_what_is_no_profile_is_refused(content: str, code: str) -> None:
    with pytest.raises(InvalidError, match=code.replace(".", r"\.")):
        read_profile(content)


def test_a_parent_item_is_refused_when_the_profile_is_kept(session: Session, actor: Actor) -> None:
    with pytest.raises(InvalidError, match=r"profile\.bad_item"):
        save_profile(session, actor, "错", Profile({"a": Choice("need", "fund.loan")}))
