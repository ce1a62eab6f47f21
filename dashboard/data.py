"""The one module of the dashboard that opens sessions: every page asks it for frames and records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from flask import current_app, g, request
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from dashboard.origin import origin
from dashboard.view import COUNTED, View
from portfolio.access.origin import stamp
from portfolio.access.rules import Actor, Scope, allows, offers, row_of, scope_of
from portfolio.core.database import transaction
from portfolio.core.errors import PortfolioError
from portfolio.core.waiting import reader_ms, wait_at_most
from portfolio.exchange.rows.edition_import import ForeignEdition, Imported, import_edition_read
from portfolio.exchange.sheets.reading import spooled
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.journal.queries import HistoryEntry, history
from portfolio.needs.beside import needs_beside
from portfolio.needs.changes import NeedEdit
from portfolio.needs.queries import COLUMNS as NEED_COLUMNS
from portfolio.needs.queries import needing
from portfolio.needs.service import save_needs
from portfolio.needs.summary import SummaryQuery, needs_summary, project_summary
from portfolio.needs.sums import ListSums, list_sums, needed_by
from portfolio.people.door import COOKIE, CSRF_HEADER, Knock, opened
from portfolio.people.identity import Identity, seen
from portfolio.projects.beside import hidden_rooms, may_see, one_beside
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.gate import bar, corrects, proposes
from portfolio.projects.queries import count_by_task, count_projects, get_project, slice_projects
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import update_project
from portfolio.projects.states import standing
from portfolio.reporting.complete import complete_of, complete_percents
from portfolio.reporting.narrowing import narrowings
from portfolio.reporting.rules import Completeness
from portfolio.scenarios.solving.dispatch import revive
from portfolio.scheme import queries as scheme
from portfolio.scheme.directory import UnitDirectory, unit_directory
from portfolio.scheme.heirs import predecessors
from portfolio.screening.gates import vetoed_sum, worst_by_project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region
from portfolio.vocabulary.tree import ElementTree

Answer = TypeVar("Answer")


def _engine() -> Engine:
    engine: Engine = current_app.config["engine"]
    return engine


def knock() -> Knock:
    """What the request shows of itself."""
    headers = request.headers
    came = origin()
    return Knock(
        request.method,
        headers.get("Host", ""),
        headers.get("Origin", ""),
        headers.get("Sec-Fetch-Site", ""),
        request.cookies.get(COOKIE, ""),
        csrf=headers.get(CSRF_HEADER, ""),
        address=came.address,
        request_id=came.request_id,
        forwarded="X-Forwarded-For" in headers or "Forwarded" in headers,
    )


def who() -> Identity:
    """Who sent this request, asked of the database once; raises when it is nobody."""
    if "identity" not in g:
        found = read(lambda session: opened(session, knock()))
        g.identity = found
        if found.stale:
            seen(_engine(), found)
    identity: Identity = g.identity
    return identity


def known() -> Identity | None:
    """Who sent this request when that was already asked, without asking the database."""
    found = g.get("identity")
    return found if isinstance(found, Identity) else None


def is_somebody() -> bool:
    """Whether whoever sent this request may come in."""
    try:
        who()
    except PortfolioError:
        return False
    return True


def me() -> Actor:
    """Who is signed in: the actor of every question and every change of this request."""
    return who().actor


def person() -> str:
    """The name of the person who is signed in; empty on an installation without accounts."""
    found = who()
    return "" if found.actor.user_id is None else found.full_name or found.actor.name


def may(action: str, project: Mapping[str, Any] | None = None) -> bool:
    """Whether to offer `action`: to whoever is signed in, on the project when one is given, else on any row."""
    return offers(me(), action) if project is None else allows(me(), action, row_of(project))


def barred(project: Mapping[str, Any]) -> str:
    """The code of what keeps whoever is signed in from changing the project's record now; empty when nothing does."""
    return read(lambda session: bar(me(), project, standing(session, project["id"])))


def mine(action: str = "project.read") -> Scope:
    """The rows on which whoever is signed in may do `action`."""
    return scope_of(me(), action)


def read(question: Callable[[Session], Answer]) -> Answer:
    """What `question` finds in one session, which is closed without writing."""
    with Session(_engine(), expire_on_commit=False) as session:
        if session.get_bind().dialect.name == "sqlite":
            wait_at_most(session, reader_ms())
        return question(session)


def write(action: Callable[[Session], Answer]) -> Answer:
    """Carry `action` out in one transaction; raises what the services raise, and then nothing is written."""
    with transaction(_engine()) as session:
        stamp(session, origin())
        return action(session)


def handed(action: Callable[[Engine], Answer]) -> Answer:
    """Carry out what needs the engine itself: work that goes on in transactions of its own after the request."""
    return action(_engine())


@dataclass(frozen=True)
class Overview:
    """What the overview shows; sums in base units, `vetoed` how many projects stand under a veto and their total."""

    total: pd.DataFrame
    by_city: pd.DataFrame
    by_sector: pd.DataFrame
    by_stage: pd.DataFrame
    by_kind: pd.DataFrame
    kind_needs: pd.DataFrame
    elements: pd.DataFrame
    funds_by_year: pd.DataFrame
    areas_by_year: pd.DataFrame
    vetoed: tuple[int, int]
    tree: ElementTree


def overview() -> Overview:
    """The overview's frames, from one revision of the database."""
    return read(_overview)


def _overview(session: Session) -> Overview:
    areas = SummaryQuery(by=("year", "item"), item=("land", "sea", "forest"), depth=0)
    return Overview(
        total=project_summary(session, mine(), ()),
        by_city=project_summary(session, mine(), ("city",)),
        by_sector=project_summary(session, mine(), ("sector",)),
        by_stage=project_summary(session, mine(), ("stage",)),
        by_kind=project_summary(session, mine(), ("kind",)),
        kind_needs=needs_summary(session, mine(), SummaryQuery(by=("item", "kind"), depth=0)),
        elements=needs_summary(session, mine(), SummaryQuery(by=("item",), depth=0)),
        funds_by_year=needs_summary(session, mine(), SummaryQuery(by=("year", "item"), item=("fund",), depth=1)),
        areas_by_year=needs_summary(session, mine(), areas),
        vetoed=vetoed_sum(session, mine()),
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
    return References(unit_directory(session), regions, scheme.tasks(session, mine()), element_tree(session))


@dataclass(frozen=True)
class LibrarySlice:
    """Some rows of the library, how many there are in all, what each needs of the view's item, how complete it is.

    Both by project id, and empty where the view has no column of them.
    """

    rows: list[ProjectRecord]
    total: int
    needed: Mapping[int, int]
    complete: Mapping[int, int]


def library(view: View, sort: str, start: int, stop: int) -> LibrarySlice:
    """Rows `start` to `stop` of the library as the view narrows it; raises `InvalidError`."""

    def question(session: Session) -> LibrarySlice:
        rows, total = slice_projects(session, mine(), _narrowed(session, view), sort, start, stop)
        ids = [row["id"] for row in rows]
        needed = needed_by(session, ids, view.item, view.years) if view.item else {}
        return LibrarySlice(rows, total, needed, complete_percents(session) if "complete" in view.columns else {})

    return read(question)


def library_sums(view: View) -> ListSums:
    """The sums of all rows of the library as the view narrows it; raises `InvalidError`."""
    return read(lambda session: list_sums(session, mine(), _narrowed(session, view), view.item, view.years))


def _narrowed(session: Session, view: View) -> ProjectFilters:
    found = narrowings(session, **{name: getattr(view, name) for name in COUNTED})
    if view.item:
        found.append(needing(session, view.item, view.years))
    return replace(view.filters, narrowing=tuple(found))


def never_accepted() -> int:
    """How many projects the reader enters or reviews that were never accepted, and so are in no total."""
    return read(lambda session: count_projects(session, mine(), ProjectFilters(proposed=True)))


@dataclass(frozen=True)
class ProjectPage:
    """What a project's page shows: the record as it was accepted.

    For who enters or reviews it, `edited` and the needs are as they would be; `proposed` says that the needs differ.
    `gate` is the gravest state of its gates, none before it was ever accepted; `complete` is how complete the accepted
    record is, `complete_beside` how complete it would be, the same where nothing is proposed or may be seen.
    """

    project: ProjectRecord
    edited: ProjectRecord
    gate: str | None
    needs: pd.DataFrame
    not_applicable: list[str]
    complete: Completeness
    complete_beside: Completeness
    history: list[HistoryEntry]
    proposed: bool


def project_page(code: str) -> ProjectPage:
    """A project with its needs and history; raises `NotFoundError`."""

    def question(session: Session) -> ProjectPage:
        project = get_project(session, mine(), code)
        edited, found = one_beside(session, mine(), project).project, needs_beside(session, mine(), code)
        needs, closed = pd.DataFrame(found.rows, columns=NEED_COLUMNS, dtype=object), found.not_applicable
        complete = complete_of(session, project)
        would_be = complete_of(session, project, True) if may_see(session, mine(), project) else complete
        told = history(session, code, 60, without=hidden_rooms(session, mine(), project))
        gate = worst_by_project(session, [code]).get(code)
        return ProjectPage(project, edited, gate, needs, closed, complete, would_be, told, bool(found.keys))

    return read(question)


def change_project(code: str, changes: Mapping[str, Any], version: int, reason: str | None) -> ProjectRecord:
    """Change a project in one transaction; raises what the service raises."""
    return write(lambda session: update_project(session, me(), mine(), code, changes, reason, version))


def proposing(code: str) -> bool:
    """Whether what the reader changes in a record is a proposal beside it."""

    def question(session: Session) -> bool:
        project = get_project(session, mine(), code)
        return proposes(me(), project, standing(session, project["id"]))

    return read(question)


def correcting(code: str) -> bool:
    """Whether what the reader changes in a record is a correction that must have a reason."""

    def question(session: Session) -> bool:
        project = get_project(session, mine(), code)
        return corrects(me(), project, standing(session, project["id"]))

    return read(question)


def change_needs(code: str, edits: Sequence[NeedEdit], version: int, reason: str | None = None) -> int:
    """Change needs of a project in one transaction; raises what the service raises."""
    return write(lambda session: save_needs(session, me(), mine(), code, edits, reason, version))


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
            scheme.tasks(session, mine()),
            scheme.units(session, mine()),
            unit_directory(session),
            count_by_task(session, mine()),
            _led_counts(session),
        )

    return read(question)


def _led_counts(session: Session) -> dict[str, int]:
    """Projects by the unit that leads them; a successor counts what its predecessors bear, as its list does."""
    frame = project_summary(session, mine(), ("lead_unit",))
    own = {unit: int(count) for unit, count in zip(frame["lead_unit"], frame["projects"], strict=True) if unit}
    before, lists = predecessors(session), set(own)
    named = lists | {unit for unit, older in before.items() if older & lists}
    return {unit: sum(own.get(one, 0) for one in {unit, *before.get(unit, ())}) for unit in named}


def load_edition(paths: Sequence[Path], head: ForeignEdition, check: bool) -> Imported:
    """Import an edition published elsewhere, or only check it; written only when nothing is wrong with it.

    Raises what the import raises of the head (code, year, document), and then nothing is written.
    """
    engine, names = _engine(), [path.name for path in paths]
    with (
        spooled(paths, names, head.limit_mb) as sources,
        private_copy(engine) if check else Session(engine, expire_on_commit=False) as session,
    ):
        stamp(session, origin())
        outcome = import_edition_read(session, me(), mine(), sources, head)
        if not check and not outcome.findings:
            session.commit()
        return outcome


def any_illustrative() -> bool:
    """Whether the database holds an illustrative amount or need."""

    def question(session: Session) -> bool:
        amounts = project_summary(session, mine(), ())
        needs = needs_summary(session, mine(), SummaryQuery(by=("item",), depth=0))
        return bool(amounts["illustrative"].any() or needs["illustrative"].any())

    return read(question)


def revive_jobs() -> None:
    """Start a worker where jobs wait or were left."""
    revive(_engine())
