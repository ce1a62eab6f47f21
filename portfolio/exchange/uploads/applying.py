"""Work on imports that outlives the request: check, apply and undo on a thread of their own, one after the other.

Files are read first, by a process of their own and outside any transaction; a check then works on a private copy of
the data. Each piece of work that writes is one transaction that also moves the import's state, so that after the
process is killed the state in the database says what the data say: the lock on the import is free and the state still
"at work" only when nothing was committed, and then `settle` puts it back.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import replace
from pathlib import Path

import orjson
from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require
from portfolio.core.clock import Stopwatch
from portfolio.core.database import transaction
from portfolio.core.errors import ConflictError, PortfolioError
from portfolio.exchange.sheets.reading import Spooled, spooled
from portfolio.exchange.uploads import queries as imports_queries
from portfolio.exchange.uploads import service as imports
from portfolio.exchange.uploads import store as imports_store
from portfolio.exchange.uploads import undoing
from portfolio.exchange.uploads.private_copy import private_copy
from portfolio.exchange.uploads.store import Attendance, StoredFile
from portfolio.exchange.uploads.tables import APPLYING, AT_WORK, CHECKING, UNDOING

Work = Callable[[Sequence[Spooled], Callable[[int], None]], None]
SHORT_WHILE, PAUSE = 3.0, 0.2
INTERRUPTED, FAULT = "import.interrupted", "import.fault"
log = logging.getLogger("portfolio.imports")
_thread = ThreadPoolExecutor(1, "imports")


def take_in(
    engine: Engine,
    actor: Actor,
    scope: Scope,
    sources: Sequence[tuple[Path, str]],
    kind: str | None = None,
    profile: str | None = None,
) -> int:
    """Keep uploaded files (path, name) as an import and check it, waiting a short while; returns its number.

    `profile` names what the columns of an office's own tables mean.
    """
    require(actor, "exchange.import")
    folder = imports_store.folder_of(engine)
    files = [imports_store.keep(folder, path, name) for path, name in sources]
    with transaction(engine) as session:
        number = imports.create(session, actor, files, kind, profile)
    _start(engine, number, files, Attendance(folder, number), _checking(engine, actor, scope, number))
    return number


def check_again(engine: Engine, actor: Actor, scope: Scope, number: int) -> None:
    """Check an import anew, against the data as they are now."""
    _begin(engine, actor, number, CHECKING, _checking(engine, actor, scope, number))


def confirm(engine: Engine, actor: Actor, scope: Scope, number: int) -> None:
    """Apply a checked import exactly as previewed; what stands against it within a short while is raised."""

    def work(sources: Sequence[Spooled], advance: Callable[[int], None]) -> None:
        with transaction(engine) as session:
            imports.apply(session, actor, scope, number, sources, advance)

    _begin(engine, actor, number, APPLYING, work)


def undo(engine: Engine, actor: Actor, scope: Scope, number: int) -> None:
    """Undo an applied import as a whole; what stands against it within a short while is raised."""

    def work(_sources: Sequence[Spooled], _advance: Callable[[int], None]) -> None:
        with transaction(engine) as session:
            undoing.undo(session, replace(actor, import_id=number), scope, number)

    _begin(engine, actor, number, UNDOING, work)


def cancel(engine: Engine, actor: Actor, number: int) -> None:
    """Stop the check or the applying of one's own import, which then writes nothing; waits a short while for it to end.

    Raises `ForbiddenError` (`import.not_yours`) for somebody else's.
    """
    require(actor, "exchange.import")
    with Session(engine) as session:
        imports.require_own(imports_queries.get(session, number, actor), actor)
    folder, watch = imports_store.folder_of(engine), Stopwatch()
    if not imports_store.ask_to_stop(folder, number):
        return
    while imports_store.attended(folder, number) and watch.seconds < SHORT_WHILE:
        time.sleep(PAUSE / 4)


def _checking(engine: Engine, actor: Actor, scope: Scope, number: int) -> Work:
    def work(sources: Sequence[Spooled], advance: Callable[[int], None]) -> None:
        with private_copy(engine) as session:
            values, preview = imports.check(session, actor, scope, number, sources, advance)
        with transaction(engine) as session:
            imports.keep_check(session, number, values, preview)

    return work


def _begin(engine: Engine, actor: Actor, number: int, state: str, work: Work) -> None:
    require(actor, "exchange.import")
    settle(engine, number)
    with Session(engine) as session:
        record = imports_queries.get(session, number, actor)
    if state != UNDOING:  # undoing asks for every row it writes
        imports.require_own(record, actor)
    attendance = Attendance(imports_store.folder_of(engine), number)
    try:
        with transaction(engine) as session:
            imports.begin(session, number, state)
            files = imports_queries.files_of(session, number)
    except PortfolioError:
        attendance.leave()
        raise
    _start(engine, number, files if state != UNDOING else (), attendance, work)


def _start(engine: Engine, number: int, files: Sequence[StoredFile], attendance: Attendance, work: Work) -> None:
    attendance.size = sum(file.size for file in files)

    def whole() -> None:
        folder = imports_store.folder_of(engine)
        paths = [imports_store.verified(folder, file) for file in files]
        with spooled(paths, [file.name for file in files], imports.UNLIMITED_MB, attendance.stopped) as sources:
            work(sources, attendance.advance)

    ended: Future[BaseException | None] = Future()

    def concluded(done: "Future[None]") -> None:
        error = done.exception()
        if error is not None:
            _told(engine, number, error)
        attendance.leave()
        ended.set_result(error)

    _thread.submit(whole).add_done_callback(concluded)
    if wait_for([ended], SHORT_WHILE).done:
        error = ended.result()
        if isinstance(error, PortfolioError):
            raise error


def _told(engine: Engine, number: int, error: BaseException) -> None:
    code = error.code if isinstance(error, PortfolioError) else FAULT
    words = {name: str(value) for name, value in error.params.items()} if isinstance(error, PortfolioError) else {}
    if code == FAULT:
        log.error("work on import %s failed", number, exc_info=error)
    with transaction(engine) as session:
        imports.fall_back(session, number, code, words)


def settle(engine: Engine, number: int | None = None) -> None:
    """Put back imports (or the one) whose state says "at work" while no process is at work on them."""
    with Session(engine) as session:
        numbers = [one for one in imports_queries.at_work(session) if number in (None, one)]
    for one in numbers:
        if not imports_store.attended(imports_store.folder_of(engine), one):
            with transaction(engine) as session:
                if imports.fall_back(session, one, INTERRUPTED, {}):
                    log.warning("work on import %s had been cut short; nothing of it was written", one)


def ended(engine: Engine, number: int) -> str:
    """The state of an import once nobody is at work on it; raises what its work failed with."""
    folder = imports_store.folder_of(engine)
    while imports_store.attended(folder, number):
        time.sleep(PAUSE)
    settle(engine, number)
    with Session(engine) as session:
        record = imports_queries.get(session, number)
        if record.note:
            raise ConflictError(record.note, **orjson.loads(record.note_words))
        return record.state


def busy(state: str) -> bool:
    """Whether somebody is at work on an import in this state."""
    return state in AT_WORK
