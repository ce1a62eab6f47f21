"""The revision: one number that rises with every writing transaction, and what each raised it for.

See docs/decisions/0002. `bump` locks the one row, so revisions commit in their order. A transaction that changes
nothing any kept answer is computed from (somebody signs in, a job is queued) raises it `aside`: it has its number in
the journal's chain, and the answers kept for others stay (docs/decisions/0024).
"""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, Index, Integer, Update, delete, event, func, select, update
from sqlmodel import Field, Session, SQLModel

from portfolio.core.database import bulk_insert

WHOLESALE = 2_000
KEPT_REVISIONS = 20_000
PRUNE_EVERY = 1_000
_INFO_KEY, _ASIDE_KEY = "portfolio.revision", "portfolio.revision.aside"


class Revision(SQLModel, table=True):
    """The single row (id 1): the last writing transaction's number, and since which one the change log is whole.

    `aside` counts the revisions that changed no answer: `value - aside` rises with all the others.
    `service_open` is true only inside a transaction of a service, which names its changes itself; the triggers watching
    for raw SQL are silent while it is. No other transaction ever sees it true.
    """

    __tablename__ = "revision"

    id: int = Field(primary_key=True)
    value: int = Field(sa_column=Column(BigInteger, nullable=False))
    changes_from: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    service_open: bool = Field(default=False, nullable=False)
    aside: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))


class Change(SQLModel, table=True):
    """A project touched by a revision; no project means any or all of them."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_project_id", "project_id", "revision"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True))
    revision: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    project_id: int | None = None


def current(session: Session) -> int:
    """The revision the session's transaction sees."""
    return int(session.connection().execute(_VALUE).scalar_one_or_none() or 0)


def answers(session: Session) -> int:
    """A number that rises with every revision but those raised aside: what kept answers are kept for."""
    return int(session.connection().execute(_ANSWERS).scalar_one_or_none() or 0)


def bump(session: Session) -> int:
    """Raise the revision once for this transaction (later calls return the same number)."""
    if not writing(session):
        return _raise(session, _RAISE)
    if session.info.get(_ASIDE_KEY) is session.get_transaction():
        session.connection().execute(_NOT_ASIDE)
        session.info.pop(_ASIDE_KEY)
    return int(session.info[_INFO_KEY][1])


def aside(session: Session) -> int:
    """Raise the revision like `bump`, for a change that no kept answer is computed from.

    Once a transaction has called `bump`, before or after, it counts as one that changes answers.
    """
    if writing(session):
        return int(session.info[_INFO_KEY][1])
    value = _raise(session, _RAISE_ASIDE)
    session.info[_ASIDE_KEY] = session.get_transaction()
    return value


def _raise(session: Session, statement: Update) -> int:
    """Raise the revision; the session remembers its number and the last one that may have touched anything."""
    connection = session.connection()
    if connection.dialect.update_returning:
        row = connection.execute(statement.returning(_table.c.value, _LAST_WHOLESALE.scalar_subquery())).one()
    else:
        connection.execute(statement)
        row = connection.execute(_TOLD).one()
    value, wholesale = int(row[0]), int(row[1] or 0)
    session.info[_INFO_KEY] = (session.get_transaction(), value, wholesale)
    return value


def writing(session: Session) -> bool:
    """Whether this transaction has bumped: what it reads must not be kept for others, it may still be rolled back."""
    held, transaction = session.info.get(_INFO_KEY), session.get_transaction()
    return held is not None and transaction is not None and held[0] is transaction


def touch(session: Session, project_ids: Iterable[int] | None) -> int:
    """Bump, and log the projects touched (None, or more than `WHOLESALE`, logs "all")."""
    value = bump(session)
    ids: list[int | None] = [None] if project_ids is None else list(dict.fromkeys(project_ids))
    if len(ids) > WHOLESALE:
        ids = [None]
    if None in ids:
        session.info[_INFO_KEY] = (session.get_transaction(), value, value)
    if ids:
        rows = [(value, project) for project in ids]
        bulk_insert(session.connection(), _changes, ("revision", "project_id"), rows)
    if value % PRUNE_EVERY == 0:
        _prune(session, value - KEPT_REVISIONS)
    return value


@event.listens_for(Session, "before_commit")
def _close(session: Session) -> None:
    if writing(session) and not session.in_nested_transaction():
        session.connection().execute(_SHUT)


def changed_since(session: Session, held: int) -> list[int] | None:
    """The projects touched after revision `held`; None when any of them may have been."""
    if not unbroken_since(session, held):
        return None
    found = session.connection().execute(select(_changes.c.project_id).where(_changes.c.revision > held).distinct())
    ids = [row[0] for row in found]
    return None if None in ids else ids


def unbroken_since(session: Session, held: int) -> bool:
    """Whether every change after revision `held` is one that the log tells of.

    False after another library was put in this one's place (`renew`): whatever was read before is then another's.
    """
    complete_from = session.connection().execute(_COMPLETE_FROM).scalar_one_or_none() or 0
    return held >= int(complete_from)


def renew(session: Session, above: int) -> int:
    """Raise the revision past `above` and have everything read anew: whatever was held is of another library.

    For a library that was put in the place of one whose revision was `above`; returns the new number.
    """
    connection = session.connection()
    connection.execute(update(_table).where(_table.c.value < above).values(value=above))
    value = touch(session, None)
    connection.execute(delete(_changes).where(_changes.c.revision < value))
    # None aside: what answers are kept for then lies past anything that was held.
    connection.execute(update(_table).values(changes_from=value, aside=0))
    return value


def last_wholesale(session: Session) -> int:
    """The last revision that may have touched anything, code lists among it; 0 when none is logged."""
    if writing(session):
        return int(session.info[_INFO_KEY][2])
    return int(session.connection().execute(_LAST_WHOLESALE).scalar() or 0)


def _prune(session: Session, upto: int) -> None:
    session.connection().execute(delete(_changes).where(_changes.c.revision <= upto))
    session.connection().execute(update(_table).where(_table.c.changes_from < upto).values(changes_from=upto))


_table = SQLModel.metadata.tables["revision"]
_changes = SQLModel.metadata.tables["changes"]
# Every writing transaction sends these: made once, they are neither built nor named for the compiled cache again.
_VALUE = select(_table.c.value)
_ANSWERS = select(_table.c.value - _table.c.aside)
_COMPLETE_FROM = select(_table.c.changes_from)
_RAISE = update(_table).values(value=_table.c.value + 1, service_open=True)
_RAISE_ASIDE = _RAISE.values(aside=_table.c.aside + 1)
_NOT_ASIDE = update(_table).values(aside=_table.c.aside - 1)
_LAST_WHOLESALE = select(func.max(_changes.c.revision)).where(_changes.c.project_id.is_(None))
_TOLD = select(_table.c.value, _LAST_WHOLESALE.scalar_subquery())
_SHUT = update(_table).values(service_open=False)
