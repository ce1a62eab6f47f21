"""Which of a project's facts rest on illustrative figures, so that evidence says so."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.needs.rules.attributes import attributes
from portfolio.needs.tables import Need, NeedDetail, NotApplicable
from portfolio.readiness.tables import ProjectStep
from portfolio.screening.criteria import project_criteria
from portfolio.screening.facts import DETAILS
from portfolio.screening.rules import books
from portfolio.screening.sums import SUMS
from portfolio.vocabulary.elements import element_tree

MARK = "illustrative"
# which basis of the project a fact rests on
OF_PROJECT = {
    "total_wan": "investment_basis",
    "sources_gap_wan": "investment_basis",
    "capital_share": "investment_basis",
    "stage_rank": "stage_basis",
    "started": "stage_basis",
    "months": "schedule_basis",
    "start_after_finish": "schedule_basis",
}
READINESS = ("ready_share", "start_slack_days")


def illustrative_facts(session: Session, project: Mapping[str, Any]) -> frozenset[str]:
    """The facts of a project that an illustrative figure went into."""
    found = {name for name, basis in OF_PROJECT.items() if project[basis] == MARK}
    elements = _elements(session, project["id"])
    found |= {name for name, sum_ in SUMS.items() if sum_.anchor.split(".", 1)[0] in elements}
    if "fund" in elements:
        found |= {"year_wan"} | {name for name, row in books.facts().items() if row["source"] == "finance"}
    found |= _details(session, project["id"], elements)
    steps = select(col(ProjectStep.step)).where(*_made_up(ProjectStep, project["id"])).limit(1)
    if session.execute(steps).first():
        found |= set(READINESS)
    if project["schedule_basis"] == MARK:
        found.add("start_slack_days")
    found |= {name for name, row in project_criteria(session, project["id"]).items() if row.basis == MARK}
    return frozenset(found)


def _details(session: Session, project_id: int, elements: set[str]) -> set[str]:
    """The facts of details that are illustrative, or that follow from an illustrative answer about their element."""
    rows = select(col(NeedDetail.attribute), col(NeedDetail.basis)).where(col(NeedDetail.project_id) == project_id)
    basis_of = {attribute: basis for attribute, basis in session.execute(rows)}
    followed = {code: MARK if one.element in elements else "" for code, one in attributes().items()}
    return {fact for attribute, fact in DETAILS.items() if basis_of.get(attribute, followed[attribute]) == MARK}


def _elements(session: Session, project_id: int) -> set[str]:
    """The elements of which a need, or that it is not concerned, is illustrative."""
    by_id, found = element_tree(session).by_id, set[str]()
    tables: tuple[Any, ...] = (Need, NotApplicable)
    for table in tables:
        items = session.execute(select(table.item_id).where(*_made_up(table, project_id)).distinct()).scalars()
        found |= {by_id[item].element for item in items}
    return found


def _made_up(table: Any, project_id: int) -> tuple[Any, ...]:
    return (col(table.project_id) == project_id, col(table.basis) == MARK)
