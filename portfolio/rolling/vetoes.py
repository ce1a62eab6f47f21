"""Entries under a veto: each stands by a named person's decision with its reason, good for the vetoes it saw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.journal import service as journal
from portfolio.rolling.deciding import change_entry, decide_entries
from portfolio.rolling.entries import one_entry, open_edition
from portfolio.rolling.queries import EntryFilters, get_edition, wanted
from portfolio.rolling.rules.editions import JOINS
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry, VetoDecision
from portfolio.screening.gates import Vetoes, vetoes_by_project
from portfolio.screening.rules import books

KEEP, LEAVE_OUT = "keep", "leave_out"
CHOICES = (KEEP, LEAVE_OUT)
LONGEST = {"person": 80, "doc_no": 80, "reason": 500}
FIRST = 5
REASON_CODE = "vetoed"


@dataclass(frozen=True)
class Choice:
    """What a person decides of an entry under a veto: `keep` it or `leave_out`, with the reason."""

    decision: str
    person: str
    reason: str
    doc_no: str = ""


@dataclass(frozen=True)
class Decided:
    """A decision as it was given; `vetoes` are the gates it saw, each with its evidence."""

    id: int
    decision: str
    person: str
    reason: str
    doc_no: str
    vetoes: Vetoes
    at: datetime
    actor: str

    def keeps(self, now: Vetoes) -> bool:
        """Whether it keeps the entry in spite of every veto there is now."""
        return self.decision == KEEP and all(self.vetoes.get(gate) == seen for gate, seen in now.items())


@dataclass(frozen=True)
class Vetoed:
    """An entry that stands under a veto, with the newest decision on it."""

    code: str
    name_zh: str
    name_en: str
    vetoes: Vetoes
    decided: Decided | None

    @property
    def undecided(self) -> bool:
        """Whether a decision is still asked for: none was given, or not on the vetoes as they are now."""
        return self.decided is None or not self.decided.keeps(self.vetoes)


def vetoed_entries(session: Session, scope: Scope, code: str) -> list[Vetoed]:
    """The entries of an edition that stand under a veto nobody lifted, by code."""
    edition = get_edition(session, code)
    columns = [getattr(EditionEntry, name) for name in ("project_id", "code", "name_zh", "name_en")]
    here = wanted(edition, EntryFilters(standing=True), scope)
    rows = session.execute(select(*columns).where(*here).order_by(col(EditionEntry.code))).all()
    vetoes = vetoes_by_project(session, [row.code for row in rows])
    newest = newest_decisions(session, edition)
    return [
        Vetoed(row.code, row.name_zh, row.name_en, vetoes[row.code], newest.get(row.project_id))
        for row in rows
        if row.code in vetoes
    ]


def require_decided(session: Session, code: str) -> None:
    """Raise `ConflictError` (`rolling.vetoed_undecided`) while an entry stands under a veto that nobody decided on."""
    waiting = [one.code for one in vetoed_entries(session, EVERYTHING, code) if one.undecided]
    if waiting:
        more = ", …" if len(waiting) > FIRST else ""
        codes = ", ".join(waiting[:FIRST])
        raise ConflictError("rolling.vetoed_undecided", count=str(len(waiting)), codes=codes, more=more)


def veto_decisions(session: Session, edition: Edition, project_id: int | None = None) -> list[tuple[int, Decided]]:
    """Project (id) and decision, the oldest first; of one project when it is named."""
    names = ("project_id", "id", "decision", "person", "reason", "doc_no", "vetoes", "at", "actor")
    columns = [getattr(VetoDecision, name) for name in names]
    here = [col(VetoDecision.edition_id) == edition.id]
    if project_id is not None:
        here.append(col(VetoDecision.project_id) == project_id)
    rows = session.execute(select(*columns).where(*here).order_by(col(VetoDecision.id)))
    return [(row.project_id, _decided(row)) for row in rows]


def _decided(row: Any) -> Decided:
    told = (row.id, row.decision, row.person, row.reason, row.doc_no)
    return Decided(*told, vetoes=orjson.loads(row.vetoes), at=row.at, actor=row.actor)


def newest_decisions(session: Session, edition: Edition) -> dict[int, Decided]:
    """The newest decision on each project (id) of an edition."""
    return dict(veto_decisions(session, edition))


def decide_veto(session: Session, actor: Actor, scope: Scope, code: str, project: str, choice: Choice) -> int:
    """Decide that an entry under a veto stays in a draft or is left out of it; returns the decision's number.

    What is left out does not stand: an addition is rejected, what the parent had leaves. Kept again, it comes back.
    Raises `InvalidError` for what is missing in the choice, `ConflictError` where there is nothing to decide.
    """
    require(actor, "edition.decide")
    revision.bump(session)
    edition = open_edition(session, code)
    row = one_entry(session, edition, project)
    found = _faults(choice)
    if found:
        raise InvalidError("rolling.invalid", found)
    vetoes = vetoes_by_project(session, [project]).get(project, {})
    stands, earlier = _stands(session, edition, row), newest_decisions(session, edition).get(row.project_id)
    if not vetoes or not (stands or (earlier is not None and earlier.decision == LEAVE_OUT)):
        raise ConflictError("rolling.not_vetoed", code=project)
    given = {name: getattr(choice, name).strip() for name in ("decision", *LONGEST)}
    number = _write(session, actor, row, given, vetoes)
    after = {"edition": code, **given, "gate": ";".join(vetoes), "evidence": ";".join(vetoes.values())}
    journal.record(session, actor, "rolling", [journal.Entry(project, f"veto_{choice.decision}", None, after)])
    if stands != (choice.decision == KEEP):
        _carry_out(session, actor, scope, code, row, given)
    session.expire_all()
    return number


def _faults(choice: Choice) -> list[FieldError]:
    found = []
    if choice.decision not in CHOICES:
        found.append(FieldError("decision", "field.unknown_code", {"value": choice.decision}))
    if not choice.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    if not choice.reason.strip():
        found.append(FieldError("reason", "rolling.reason_required"))
    return found + [
        FieldError(name, "field.too_long", {"limit": limit})
        for name, limit in LONGEST.items()
        if len(getattr(choice, name)) > limit
    ]


def _stands(session: Session, edition: Edition, row: EditionEntry) -> bool:
    here = (col(EditionEntry.edition_id) == edition.id, col(EditionEntry.project_id) == row.project_id)
    return session.execute(select(col(EditionEntry.code)).where(*here, standing())).first() is not None


def _write(session: Session, actor: Actor, row: EditionEntry, given: dict[str, Any], vetoes: Vetoes) -> int:
    values = {**given, "edition_id": row.edition_id, "project_id": row.project_id, "at": utc_now()}
    seen = orjson.dumps(dict(vetoes)).decode()
    told = insert(_decisions).values(**values, vetoes=seen, rules_version=books.version(), actor=actor.name)
    return int(next(iter(session.connection().execute(told).inserted_primary_key or ())))


def _carry_out(
    session: Session, actor: Actor, scope: Scope, code: str, row: EditionEntry, given: dict[str, str]
) -> None:
    """Put the entry where the decision says: out of the draft, or back into it."""
    leaves, reason = given["decision"] == LEAVE_OUT, given["reason"]
    if row.change in JOINS:
        decide_entries(session, actor, scope, code, [row.code], "rejected" if leaves else "accepted", reason)
    else:
        change, cause = ("exited", REASON_CODE) if leaves else ("kept", "other")
        change_entry(session, actor, scope, code, row.code, change, cause, reason)


_decisions = VetoDecision.metadata.tables["edition_veto_decisions"]
