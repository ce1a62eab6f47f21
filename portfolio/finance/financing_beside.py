"""Financing records that an office proposes beside those of the record: laid over them, added to, accepted.

A record that is only proposed has a number from `NEW` on until it is accepted; a key of the proposal is the number.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, allows
from portfolio.core.records import records_of
from portfolio.finance.records import FinancingRecord
from portfolio.finance.tables import Financing
from portfolio.journal import service as journal
from portfolio.projects import proposals
from portfolio.projects.accepting import accepts
from portfolio.projects.beside import may_see
from portfolio.projects.gate import proposes
from portfolio.projects.proposals import Part, propose, proposed
from portfolio.projects.records import ProjectRecord
from portfolio.projects.states import Standing

NEW = 1_000_000_000
FIELDS = tuple(name for name in Financing.model_fields if name not in ("id", "project_id", "version"))


def records(session: Session, project_id: int) -> list[FinancingRecord]:
    """A project's financing records."""
    rows = session.execute(select(Financing).where(col(Financing.project_id) == project_id).order_by(col(Financing.id)))
    return records_of(FinancingRecord, (row.model_dump() for row in rows.scalars()))


def records_over(session: Session, project_id: int) -> list[FinancingRecord]:
    """The same with what is proposed laid over them; the caller has checked who asks."""
    held: dict[int, Any] = {row["id"]: dict(row) for row in records(session, project_id)}
    for key, (_, now) in proposed(session, project_id, proposals.FINANCING).items():
        number = int(key)
        if now is None:
            held.pop(number, None)
        else:
            version = held[number]["version"] if number in held else 1
            held[number] = {**now, "id": number, "project_id": project_id, "version": version}
    return records_of(FinancingRecord, (held[number] for number in sorted(held)))


def records_seen(
    session: Session, scope: Scope, project: ProjectRecord
) -> tuple[list[FinancingRecord], frozenset[int]]:
    """The records with what is proposed, where the reader may see that, and the numbers of those it touches."""
    if not may_see(session, scope, project):
        return records(session, project["id"]), frozenset()
    part = proposed(session, project["id"], proposals.FINANCING)
    return records_over(session, project["id"]), frozenset(map(int, part))


def says_beside(actor: Actor, project: Mapping[str, Any], stands: Standing) -> bool:
    """Whether what the actor says of a project's financing is a proposal: who decides on money says it at once."""
    return proposes(actor, project, stands) and not allows(actor, "review.decide")


def propose_record(
    session: Session, actor: Actor, project: ProjectRecord, number: int | None, fresh: Mapping[str, Any] | None
) -> int:
    """Propose a record (None takes one away) beside those that are accepted; returns its number."""
    part = proposed(session, project["id"], proposals.FINANCING)
    number = number or max([NEW, *map(int, part)]) + 1
    stored = {str(row["id"]): stated(row) for row in records(session, project["id"])}
    shown = part[str(number)][1] if str(number) in part else stored.get(str(number))
    told = None if fresh is None else dict(fresh)
    entry = journal.Entry(project["code"], proposals.FINANCING, shown, told)
    propose(session, actor, project, proposals.FINANCING, stored, {str(number): told}, entry)
    return number


def stated(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record states, without its number and version."""
    return {name: record[name] for name in FIELDS}


@accepts(proposals.FINANCING)
def accept_financing(session: Session, actor: Actor, project: ProjectRecord, part: Part, _: str | None) -> None:
    """Write proposed records; the caller has checked that the actor may accept."""
    held = {row["id"]: row for row in records(session, project["id"])}
    for key, (_, now) in sorted(part.items(), key=lambda one: int(one[0])):
        before = held.get(int(key))
        write_record(session, actor, project, before, now)


def write_record(
    session: Session,
    actor: Actor,
    project: Mapping[str, Any],
    before: FinancingRecord | None,
    fresh: Mapping[str, Any] | None,
) -> int:
    """Store a record in place of `before` (None: a new one), or take it away; journalled. Returns its number."""
    number = before["id"] if before else 0
    if fresh is None:
        session.connection().execute(delete(_table).where(_table.c.id == number))
    elif before is not None:
        changed = update(_table).where(_table.c.id == number).values(**fresh, version=before["version"] + 1)
        session.connection().execute(changed)
    else:
        made = session.connection().execute(insert(_table).values(**fresh, project_id=project["id"], version=1))
        number = int(next(iter(made.inserted_primary_key or ())))
    session.expire_all()
    shown = None if before is None else dict(before) if fresh is None else stated(before)
    journal.record(session, actor, "finance", [journal.Entry(project["code"], "financing", shown, fresh)])
    return number


_table = Financing.metadata.tables["financings"]
