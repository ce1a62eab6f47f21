"""PostgreSQL: a dump of one snapshot by the server's own program, and a dump replayed in the caller's transaction."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import IO, Any

import psycopg
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from portfolio.core.errors import ConflictError, UnreadableError
from portfolio.upkeep.archiving.container import PIECE, Archive, Tell, Writer
from portfolio.upkeep.archiving.manifest import DATABASE, Member
from portfolio.upkeep.archiving.programs import environment, program

# Shorter than the second after which a server looks for deadlocks: it is us who give way, never a reader or writer.
LOCK_MS = 700
# What a request touches first is taken first: who comes waits there with empty hands, who was there before goes on to
# its end, and once these are ours nobody holds a table that we want while it waits for one of ours.
FIRST = ("sign_ins", "tokens", "users", "projects", "revision")
FIRST_MS = 20_000  # nobody who waits there for us holds anything: we may wait for as long as a queue of writers takes
WAIT_SECONDS = 60
# A request that began with a later one of those may still hold it while it waits for an earlier one: under many
# writers that is a circle, and the server ends it with whom it finds first. All that was taken is given back.
REFUSED = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UndefinedTable,
)
PAUSE = 0.3
TOLD = 300
# Settings that programs of later versions send and earlier servers do not know; they only switch off limits.
UNKNOWN_BEFORE = {b"SET transaction_timeout = 0;\n": 17}


def version_of(connection: Connection) -> int:
    """The server's version, the first number."""
    return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


@contextmanager
def snapshot(engine: Engine) -> Iterator[tuple[Connection, str]]:
    """A transaction that sees one moment of the database, and the name under which others can see the same."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        yield connection, name


def dump(connection: Connection, name: str, writer: Writer) -> Member:
    """Write a dump of the snapshot into an archive; raises `ConflictError` when the program refuses."""
    chosen = program("pg_dump", version_of(connection))
    command = [
        str(chosen.path),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={name}",
        "--no-password",
    ]
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command,
            env=environment(connection.engine.url),
            stdout=subprocess.PIPE,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
        with running:
            assert running.stdout is not None
            try:
                member = writer.add(DATABASE["postgresql"], running.stdout)
            except BaseException:  # an interrupt as well: the program would wait for its pipe for ever
                running.kill()
                raise
        if running.returncode:
            raise ConflictError("backup.dump_failed", reason=_last_words(said))
    return member


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace").strip()[-TOLD:]


def lock_all(connection: Connection) -> list[str]:
    """Take every table for this transaction alone and return their names; readers and writers wait until it ends.

    Raises `ConflictError` (`restore.locked`) when others do not let go of theirs.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        names = sorted(inspect(connection).get_table_names(), key=_turn)
        if not names or _locked(connection, names):
            return names
        if time.monotonic() > deadline:
            raise ConflictError("restore.locked")
        time.sleep(PAUSE)


def _turn(name: str) -> tuple[int, str]:
    return FIRST.index(name) if name in FIRST else len(FIRST), name


def _locked(connection: Connection, names: list[str]) -> bool:
    attempt = connection.begin_nested()
    try:
        for name in names:
            wait = FIRST_MS if name in FIRST else LOCK_MS
            connection.execute(text(f"SET LOCAL lock_timeout = {wait}"))
            connection.execute(text(f"LOCK TABLE {_quoted(connection, name)} IN ACCESS EXCLUSIVE MODE"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
    except DBAPIError as error:
        attempt.rollback()
        if isinstance(error.orig, REFUSED):
            return False
        raise
    attempt.commit()
    return True


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


FUNCTIONS = text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)
SEQUENCES = text(
    "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace"
    " AND c.relkind = 'S'"
)


def clear(connection: Connection, names: list[str]) -> None:
    """Drop the tables with all that hangs on them, and the functions and sequences that are left."""
    if names:
        connection.execute(text(f"DROP TABLE {', '.join(_quoted(connection, name) for name in names)} CASCADE"))
    for kind, wanted in (("SEQUENCE", SEQUENCES), ("FUNCTION", FUNCTIONS)):
        for name in connection.execute(wanted).scalars().all():
            connection.exec_driver_sql(f"DROP {kind} IF EXISTS {name} CASCADE")


def replay(connection: Connection, archive: Archive, tell: Tell) -> None:
    """Carry out a dump in the connection's transaction.

    The dump is turned into statements by the server's own program; raises `UnreadableError` when it cannot be, and
    `ConflictError` when the database refuses one of them.
    """
    version = version_of(connection)
    chosen = program("pg_restore", version)
    command = [str(chosen.path), "--no-owner", "--no-privileges", "--file=-"]
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            command,
            env=environment(connection.engine.url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        with running:
            assert running.stdin is not None and running.stdout is not None
            feeder = _Feeder(archive, running.stdin, tell)
            feeder.start()
            try:
                _carry_out(connection, running.stdout, version)
            except BaseException:  # an interrupt as well: the program would wait for its pipe for ever
                running.kill()
                raise
            finally:
                feeder.join()
        if feeder.fault is not None:
            raise feeder.fault
        if running.returncode:
            raise UnreadableError("restore.not_a_dump", reason=_last_words(said))
    connection.exec_driver_sql("RESET ALL")


class _Feeder(Thread):
    """Hands the dump to the program while its answer is read."""

    def __init__(self, archive: Archive, target: IO[bytes], tell: Tell) -> None:
        super().__init__(daemon=True)
        self._archive, self._target, self._tell = archive, target, tell
        self.fault: UnreadableError | None = None

    def run(self) -> None:
        """Write all of it; a program that has ended says itself why."""
        try:
            for piece in self._archive.pieces(self._archive.manifest.dump):
                self._target.write(piece)
                self._tell(len(piece))
        except UnreadableError as error:
            self.fault = error
        except BrokenPipeError:
            return
        finally:
            self._close()

    def _close(self) -> None:
        try:
            self._target.close()
        except BrokenPipeError:
            return


def _carry_out(connection: Connection, script: IO[bytes], version: int) -> None:
    """The statements between the tables' contents as they come, the contents as they are."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    waiting = list[bytes]()
    try:
        with raw.cursor() as cursor:
            for line in script:
                if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
                    _send(cursor, waiting)
                    _copy(cursor, line, script)
                elif line.startswith(b"\\"):
                    _require_harmless(line)
                elif UNKNOWN_BEFORE.get(line, 0) <= version:
                    waiting.append(line)
            _send(cursor, waiting)
    except psycopg.Error as error:
        raise ConflictError("restore.statement_refused", reason=str(error).strip()[:TOLD]) from error


def _send(cursor: "psycopg.Cursor[Any]", waiting: list[bytes]) -> None:
    if waiting:
        cursor.execute(b"".join(waiting))
        waiting.clear()


def _copy(cursor: "psycopg.Cursor[Any]", statement: bytes, script: IO[bytes]) -> None:
    held, size = list[bytes](), 0
    with cursor.copy(statement) as copying:
        for line in script:
            if line == b"\\.\n":
                break
            held.append(line)
            size += len(line)
            if size >= PIECE:
                copying.write(b"".join(held))
                held, size = [], 0
        copying.write(b"".join(held))


def _require_harmless(line: bytes) -> None:
    """Newer programs fence their script for psql, which reads lines with a backslash as orders; we are not psql."""
    if not line.startswith((b"\\restrict ", b"\\unrestrict ")):
        raise UnreadableError("restore.not_a_dump", reason=ascii(line[:40].decode(errors="replace")))
