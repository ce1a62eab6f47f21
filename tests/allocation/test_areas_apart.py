"""Land, sea and forest are three areas: nothing of a scenario adds them; what an older answer does not tell is open."""

from sqlalchemy import text
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.briefing.scenario_lines import IN_COLUMNS, OUT_COLUMNS, lines
from portfolio.scenarios.comparing import beside_ranked_cut
from portfolio.scenarios.queries import project_frame
from portfolio.scenarios.solving.building import Candidate
from tests.allocation.conftest import make, solved

NEEDS = {("fund.own", 2027): 7, ("land.built", 2027): 60, ("sea.open", 2028): 500, ("forest.grade4", 2027): 4000}


def test_a_candidate_needs_each_element_by_itself() -> None:
    one = Candidate(1, "P", "idea", 0.0, False, NEEDS)
    assert {name: one.needed(name) for name in ("fund", "land", "sea", "forest")} == {
        "fund": 7,
        "land": 60,
        "sea": 500,
        "forest": 4000,
    }


def test_an_answer_and_its_files_tell_them_apart(edition: Session) -> None:
    make(edition)
    solved(edition)
    answer, _ = beside_ranked_cut(project_frame(edition, EVERYTHING, "S1"))
    assert answer.areas_m2 == {"land_m2": 120, "sea_m2": 0, "forest_m2": 0}
    told = lines(edition, EVERYTHING, "S1", "zh")
    assert [(one["land"], one["sea"], one["forest"]) for one in told.inside] == [(0.006, 0.0, 0.0)] * 2
    assert "用地 0.01 公顷、用海 0 公顷、用林 0 公顷" in told.summary[2]
    assert "area" not in {*IN_COLUMNS, *OUT_COLUMNS}


def test_what_an_older_answer_does_not_tell_is_not_zero(edition: Session) -> None:
    make(edition)
    solved(edition)
    edition.execute(text("UPDATE scenario_projects SET sea_m2 = NULL"))
    answer, _ = beside_ranked_cut(project_frame(edition, EVERYTHING, "S1"))
    assert answer.areas_m2 == {"land_m2": 120, "sea_m2": None, "forest_m2": 0}
    told = lines(edition, EVERYTHING, "S1", "zh")
    assert {one["sea"] for one in told.inside} == {None}
    assert "用海 —" in told.summary[2]
