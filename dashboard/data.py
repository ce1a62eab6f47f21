"""The one module of the dashboard that opens sessions: every page asks it for frames and records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd
from flask import current_app
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import transaction
from portfolio.journal.queries import HistoryEntry, history
from portfolio.needs.queries import needing, not_applicable, project_needs
from portfolio.needs.rules import unanswered
from portfolio.needs.service import NeedEdit, save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary, project_summary
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import count_by_task, get_project, slice_projects
from portfolio.projects.service import update_project
from portfolio.scheme import queries as scheme
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.vocabulary.elements import ElementTree, element_tree
from portfolio.vocabulary.tables import Region

Answer = TypeVar("Answer")


def _engine() -> Engine:
    engine: Engine = current_app.config["engine"]
    return engine


def read(question: Callable[[Session], Answer]) -> Answer:
    """What `question` finds in one session, which is closed without writing."""
    with Session(_engine(), expire_on_commit=False) as session:
        return question(session)


def write(action: Callable[[Session], Answer]) -> Answer:
    """Carry `action` out in one transaction; raises what the services raise, and then nothing is written."""
    with transaction(_engine()) as session:
        return action(session)


def handed(action: Callable[[Engine], Answer]) -> Answer:
    """Carry out what needs the engine itself: work that goes on in transactions of its own after the request."""
    return action(_engine())


@dataclass(frozen=True)
class Overview:
    """What the overview shows; sums in base units."""

    total: pd.DataFrame
    by_city: pd.DataFrame
    by_sector: pd.DataFrame
    by_stage: pd.DataFrame
    elements: pd.DataFrame
    funds_by_year: pd.DataFrame
    areas_by_year: pd.DataFrame
    tree: ElementTree


def overview() -> Overview:
    """The overview's frames, from one revision of the database."""
    return read(_overview)


def _overview(session: Session) -> Overview:
    areas = SummaryQuery(by=("year", "item"), item=("land", "sea", "forest"), depth=0)
    return Overview(
        total=project_summary(session, EVERYTHING, ()),
        by_city=project_summary(session, EVERYTHING, ("city",)),
        by_sector=project_summary(session, EVERYTHING, ("sector",)),
        by_stage=project_summary(session, EVERYTHING, ("stage",)),
        elements=needs_summary(session, EVERYTHING, SummaryQuery(by=("item",), depth=0)),
        funds_by_year=needs_summary(session, EVERYTHING, SummaryQuery(by=("year", "item"), item=("fund",), depth=1)),
        areas_by_year=needs_summary(session, EVERYTHING, areas),
        tree=element_tree(session),
    )


@dataclass(frozen=True)
class References:
    """Units, regions, tasks and the element tree, for labels and choices."""

    units: UnitDirectory
    regions: Mapping[str, Region]
    tasks: pd.DataFrame
    tree: ElementTree


def references() -> References:
    """The lists a page needs to name what codes stand for."""
    return read(_references)


def _references(session: Session) -> References:
    regions = {row.code: row for row in session.execute(select(Region).order_by(col(Region.code))).scalars()}
    return References(unit_directory(session), regions, scheme.tasks(session, EVERYTHING), element_tree(session))


def library(
    filters: ProjectFilters, item: str | None, years: tuple[int, ...], sort: str, start: int, stop: int
) -> tuple[list[dict[str, Any]], int]:
    """Rows `start` to `stop` of the library and the total; `item` and `years` keep the projects that need it then."""

    def question(session: Session) -> tuple[list[dict[str, Any]], int]:
        wanted = filters
        if item:
            wanted = ProjectFilters(**{**filters.__dict__, "narrowing": (needing(session, item, years),)})
        return slice_projects(session, EVERYTHING, wanted, sort, start, stop)

    return read(question)


@dataclass(frozen=True)
class ProjectPage:
    """What a project's page shows."""

    project: dict[str, Any]
    needs: pd.DataFrame
    not_applicable: list[str]
    unanswered: list[str]
    history: list[HistoryEntry]


def project_page(code: str) -> ProjectPage:
    """A project with its needs and history; raises `NotFoundError`."""

    def question(session: Session) -> ProjectPage:
        project = get_project(session, EVERYTHING, code)
        needs, closed = project_needs(session, EVERYTHING, code), not_applicable(session, EVERYTHING, code)
        silent = unanswered(element_tree(session), needs["item"], closed)
        return ProjectPage(project, needs, closed, silent, history(session, code, 60))

    return read(question)


def change_project(code: str, changes: Mapping[str, Any], version: int, reason: str | None) -> dict[str, Any]:
    """Change a project in one transaction; raises what the service raises."""
    with transaction(_engine()) as session:
        return update_project(session, LOCAL_OWNER, EVERYTHING, code, changes, reason, version)


def change_needs(code: str, edits: Sequence[NeedEdit], version: int) -> int:
    """Change needs of a project in one transaction; raises what the service raises."""
    with transaction(_engine()) as session:
        return save_needs(session, LOCAL_OWNER, EVERYTHING, code, edits, None, version)


@dataclass(frozen=True)
class TasksPage:
    """Tasks and units with the number of projects of each."""

    tasks: pd.DataFrame
    units: pd.DataFrame
    directory: UnitDirectory
    task_projects: dict[str, int]
    unit_projects: dict[str, int]


def tasks_page() -> TasksPage:
    """The tasks page's frames."""

    def question(session: Session) -> TasksPage:
        return TasksPage(
            scheme.tasks(session, EVERYTHING),
            scheme.units(session, EVERYTHING),
            unit_directory(session),
            count_by_task(session, EVERYTHING),
            _led_counts(session),
        )

    return read(question)


def _led_counts(session: Session) -> dict[str, int]:
    frame = project_summary(session, EVERYTHING, ("lead_unit",))
    return {unit: int(count) for unit, count in zip(frame["lead_unit"], frame["projects"], strict=True) if unit}


def any_illustrative() -> bool:
    """Whether the database holds an illustrative amount or need."""

    def question(session: Session) -> bool:
        amounts = project_summary(session, EVERYTHING, ())
        needs = needs_summary(session, EVERYTHING, SummaryQuery(by=("item",), depth=0))
        return bool(amounts["illustrative"].any() or needs["illustrative"].any())

    return read(question)
