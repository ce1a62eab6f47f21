"""Make a database ready: schema up to date, code lists, the scheme, and on request illustrative figures."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import Engine
from sqlmodel import Session, select

from portfolio.access.local import EVERYTHING, SYSTEM
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError
from portfolio.core.settings import seeds_dir
from portfolio.demonstration.people import add_people
from portfolio.demonstration.service import add_figures, status
from portfolio.exchange.rows.importing import Options, run_import
from portfolio.journal import service as journal
from portfolio.projects.search_upkeep import renew_search_texts
from portfolio.projects.tables import Project
from portfolio.upkeep import migrate
from portfolio.vocabulary.codes import list_version
from portfolio.vocabulary.loader import load_code_lists

Level = Literal["bare", "scheme", "demo"]
SCHEME_FILES = ("units.csv", "tasks.csv", "projects.csv")
Tell = Callable[[], None]


def initialise(
    engine: Engine, level: Level = "scheme", tell: Tell = lambda: None, told: migrate.Told = lambda _copy: None
) -> None:
    """Bring the database to `level`; what is there stays as it is, so calling it again changes nothing.

    `told` is given the copy that was made before an older schema was migrated.
    """
    bring_up(engine, told)
    with transaction(engine) as session:
        lists = [
            journal.Entry(name, "load", None, {"version": list_version(name)}) for name in load_code_lists(session)
        ]
        journal.record(session, SYSTEM, "vocabulary", lists)
    if level == "bare":
        return
    with transaction(engine) as session:
        _load_scheme(session)
    if level == "demo":
        with transaction(engine) as session:
            if status(session) is None:
                add_figures(session, SYSTEM, EVERYTHING, tell)
                add_people(session, SYSTEM)


def bring_up(engine: Engine, told: migrate.Told = lambda _copy: None) -> None:
    """Bring the schema up to date, and with it what is derived from records by rules that have changed since."""
    migrate.upgrade(engine.url.render_as_string(hide_password=False), told=told)
    with transaction(engine) as session:
        renew_search_texts(session)


def _load_scheme(session: Session) -> None:
    """Load the seeds once, into a library that has no projects yet: afterwards the offices' changes prevail."""
    if session.execute(select(Project.id).limit(1)).first() is not None:
        return
    for name in SCHEME_FILES:
        outcome = run_import(session, SYSTEM, EVERYTHING, [seeds_dir() / name], Options())
        if outcome.findings:
            first = next(iter(outcome.findings))
            raise ConflictError("setup.bad_seeds", file=first.file, row=str(first.row), code=first.code)
