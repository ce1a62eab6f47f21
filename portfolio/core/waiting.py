"""How long a connection waits for a lock that another holds: a reader less than a writer."""

from typing import Any

from sqlmodel import Session

from portfolio.core.settings import get_settings


def writer_ms() -> int:
    """How long a writer waits, in milliseconds."""
    return get_settings().write_wait_seconds * 1000


def reader_ms() -> int:
    """How long a reader waits, in milliseconds."""
    return get_settings().read_wait_seconds * 1000


def wait_at_most(session: Session, milliseconds: int) -> None:
    """Let `session` wait no longer than this for a lock: until it gives its connection back, or its transaction ends.

    Readers of PostgreSQL wait for nobody, so there only writers ask for it.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        held: Any = connection.connection.driver_connection
        held.execute(f"PRAGMA busy_timeout={int(milliseconds)}")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(milliseconds)}")


def patient_again(connection: Any, _record: object) -> None:
    """When an SQLite connection goes back to its pool: whoever takes it next waits as a writer does."""
    if connection is not None:
        connection.execute(f"PRAGMA busy_timeout={writer_ms()}")
