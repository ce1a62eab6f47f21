"""Steps and files on both databases; the portfolio's arrays agree with each project's own page."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.attachments.queries import attachment, content_of
from portfolio.core.errors import InvalidError
from portfolio.filing import service as attaching
from portfolio.journal.queries import history
from portfolio.needs.changes import NeedEdit
from portfolio.needs.service import save_needs
from portfolio.projects.service import update_project
from portfolio.projects.tables import Project
from portfolio.readiness.project import project_readiness
from portfolio.readiness.queries import attachments, expiries, office, readiness_frame
from portfolio.readiness.service import save_step
from tests.ledger.conftest import PROJECT

AS_OF = date(2026, 6, 1)
APPROVED = {"status": "approved", "actual_on": "2024-06-01", "doc_no": "桂自然资〔2024〕1号"}


def save(session: Session, step: str, **values: str) -> bool:
    return save_step(session, LOCAL_OWNER, EVERYTHING, PROJECT, step, {**APPROVED, **values})


def test_a_step_is_saved_once_dated_and_journalled(session: Session) -> None:
    assert save(session, "land_precheck")
    assert not save(session, "land_precheck")
    found = {row["step"]: row for row in project_readiness(session, EVERYTHING, PROJECT, AS_OF).steps}
    assert (found["land_precheck"]["done"], found["land_precheck"]["valid_until"]) == (True, "2027-06-01")
    assert save(session, "land_precheck", actual_on="2025-01-01")
    assert save(session, "land_precheck", actual_on="2025-01-01", valid_until="2026-07-01")
    assert [one.action for one in history(session, PROJECT)][:3] == ["step"] * 3
    assert [one.valid_until for one in expiries(session, EVERYTHING, AS_OF, date(2026, 8, 1))] == ["2026-07-01"]


def test_an_expired_approval_is_to_be_done_again(session: Session) -> None:
    save(session, "land_precheck", valid_until="2026-05-31")
    found = {row["step"]: row for row in project_readiness(session, EVERYTHING, PROJECT, AS_OF).steps}
    assert (found["land_precheck"]["status"], found["land_precheck"]["done"]) == ("expired", False)


def test_the_authority_follows_the_area(session: Session) -> None:
    save_needs(session, LOCAL_OWNER, EVERYTHING, PROJECT, [NeedEdit("land.agri.arable.pbf.dry", 2026, 10_000)])
    found = {row["step"]: row for row in project_readiness(session, EVERYTHING, PROJECT, AS_OF).steps}
    assert found["land_conversion"]["authority_zh"] == "国务院"
    assert found["forest_consent"]["applies"] is False


def test_done_steps_bring_the_start_nearer_and_works_need_none(session: Session) -> None:
    before = project_readiness(session, EVERYTHING, PROJECT, AS_OF)
    assert before.holding and before.start_on is not None and before.outcome is not None
    for step in ("project_code", "proposal", "stability", "energy_review", "land_precheck", "sea_precheck"):
        save(session, step, valid_until="2028-01-01")
    after = project_readiness(session, EVERYTHING, PROJECT, AS_OF)
    assert (after.holding, after.days_left < before.days_left) == ("feasibility", True)
    update_project(session, LOCAL_OWNER, EVERYTHING, PROJECT, {"stage": "under_construction"})
    begun = project_readiness(session, EVERYTHING, PROJECT, AS_OF)
    assert (begun.start_on, begun.holding, begun.outcome) == (None, "", None)


def test_files_are_kept_and_given_back(session: Session) -> None:
    number = attaching.lay(session, LOCAL_OWNER, EVERYTHING, "step", f"{PROJECT}/eia", "批复.pdf", b"%PDF-1.7 ...")
    assert content_of(session, attachment(session, number)) == b"%PDF-1.7 ..."
    (held,) = attachments(session, PROJECT)
    assert (held["step"], held["name"], held["media_type"]) == ("eia", "批复.pdf", "application/pdf")
    with pytest.raises(InvalidError):
        attaching.lay(session, LOCAL_OWNER, EVERYTHING, "step", f"{PROJECT}/eia", "run.exe", b"MZ")


def test_the_portfolio_says_what_each_project_says(demo_engine: Engine) -> None:
    with Session(demo_engine) as session:
        save(session, "land_precheck", valid_until="2027-01-01")
        frame = readiness_frame(session, EVERYTHING, AS_OF)
        assert len(frame) == 401
        for row in frame.iloc[::9].to_dict("records"):
            code = _code(session, row["project_id"])
            one = project_readiness(session, EVERYTHING, code, AS_OF)
            applying = [step for step in one.steps if step["applies"]]
            assert (row["steps"], row["done"]) == (len(applying), sum(step["done"] for step in applying)), code
            assert (row["days_left"], row["holding"]) == (one.days_left, one.holding), code
            assert office(row["holding"], row["authority"], "zh") == one.office[0], code
            assert row["assumed"] == one.assumed


def _code(session: Session, number: int) -> str:
    found = session.get(Project, number)
    assert found is not None
    return found.code
