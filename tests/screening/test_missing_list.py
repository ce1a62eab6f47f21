"""A missing fact's count and the list behind it are the same projects; so are a form of work and its kinds."""

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.core.frames import records
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_projects
from portfolio.screening.gates import gate_sheet
from portfolio.screening.missing import lacking, missing_facts
from portfolio.vocabulary.codes import entries


def test_each_missing_fact_counts_its_own_list(session: Session) -> None:
    sheet = gate_sheet(session, EVERYTHING)
    rows = records(missing_facts(session, sheet))
    assert rows
    listed = [len(lacking(session, sheet, row["gate"], row["fact"]).codes) for row in rows]
    assert listed == [row["projects"] for row in rows]
    assert lacking(session, sheet, rows[0]["gate"], "no_such_fact").codes == ()


def test_forms_of_work_share_the_library_among_them(session: Session) -> None:
    counts = {form: count_projects(session, EVERYTHING, ProjectFilters(form=(form,))) for form in entries("forms")}
    assert sum(counts.values()) == count_projects(session, EVERYTHING)
    assert all(counts.values())
    assert count_projects(session, EVERYTHING, ProjectFilters(form=("nothing",))) == 0
