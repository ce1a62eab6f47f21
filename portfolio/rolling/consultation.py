"""Units comment on the entries of a draft; every comment is answered, withdrawn, or stands open."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.core.frames import frame_of
from portfolio.journal import service as journal
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.reach import require_for
from portfolio.projects.tables import Project
from portfolio.rolling.entries import one_entry, open_edition
from portfolio.rolling.queries import get_edition
from portfolio.rolling.tables import Comment, Edition
from portfolio.scheme.tables import Unit

STATES = ("open", "answered", "withdrawn")
LONGEST = 1000
COLUMNS = ("id", "unit", "required", "words", "state", "answer", "made_at", "actor", "answered_at", "answered_by")


@dataclass(frozen=True)
class Said:
    """A comment of a unit on an entry; while a `required` one is open the edition cannot be approved."""

    project: str
    unit: str
    words: str
    required: bool = False


def comment(session: Session, actor: Actor, code: str, said: Said) -> int:
    """Put a comment on an entry of an edition under consultation; returns its number."""
    require_some(actor, "edition.comment")
    revision.bump(session)
    edition = open_edition(session, code)
    row = one_entry(session, edition, said.project)
    require_for(session, actor, "edition.comment", [row.project_id])
    _require_own_voice(actor, said.unit)
    if edition.state != "consultation":
        raise ConflictError("rolling.not_in_consultation", code=code)
    found = _word_faults("words", said.words)
    if session.get(Unit, said.unit) is None:
        found.append(FieldError("unit", "field.unknown_code", {"value": said.unit}))
    if found:
        raise InvalidError("rolling.invalid", found)
    values = {"unit": said.unit, "required": said.required, "words": said.words.strip()}
    fixed = {"state": "open", "answer": "", "made_at": utc_now(), "actor": actor.name, "answered_by": ""}
    made = session.connection().execute(
        insert(_comments).values(edition_id=edition.id, project_id=row.project_id, **values, **fixed)
    )
    number = int(next(iter(made.inserted_primary_key or ())))
    after = {"edition": code, "comment": number, **values}
    journal.record(session, actor, "rolling", [journal.Entry(said.project, "comment", None, after)])
    return number


def _require_own_voice(actor: Actor, unit: str) -> None:
    """Whoever does not run the consultation speaks for no unit but their own."""
    if unit not in actor.own_units:
        require(actor, "edition.answer")


def answer(session: Session, actor: Actor, code: str, number: int, words: str, withdraw: bool = False) -> None:
    """Answer a comment, or withdraw it for the unit that made it; both need words, and are done once."""
    require_some(actor, "edition.comment")
    revision.bump(session)
    edition = open_edition(session, code)
    held = _one(session, edition, number)
    if withdraw and held.unit in actor.own_units:
        require_for(session, actor, "edition.comment", [held.project_id])
    else:
        require(actor, "edition.answer")
    found = _word_faults("answer", words)
    if found:
        raise InvalidError("rolling.invalid", found)
    if held.state != "open":
        raise ConflictError("rolling.comment_closed", code=str(number))
    state = "withdrawn" if withdraw else "answered"
    fresh = {"state": state, "answer": words.strip(), "answered_at": utc_now(), "answered_by": actor.name}
    session.connection().execute(update(_comments).where(_comments.c.id == number).values(**fresh))
    project = session.get_one(Project, held.project_id).code
    after = {"edition": code, "comment": number, "state": state, "answer": words.strip()}
    journal.record(session, actor, "rolling", [journal.Entry(project, state, {"state": "open"}, after)])
    session.expire_all()


def _one(session: Session, edition: Edition, number: int) -> Comment:
    wanted = (col(Comment.id) == number, col(Comment.edition_id) == edition.id)
    found: Comment | None = session.execute(select(Comment).where(*wanted)).scalar_one_or_none()
    if found is None:
        raise NotFoundError("rolling.no_comment", code=str(number))
    return found


def _word_faults(name: str, words: str) -> list[FieldError]:
    if not words.strip():
        return [FieldError(name, "field.required")]
    return [FieldError(name, "field.too_long", {"limit": LONGEST})] if len(words) > LONGEST else []


def open_objections(session: Session, edition: Edition) -> list[tuple[str, str]]:
    """The required comments that stand open, as (project code, unit)."""
    statement = (
        select(col(Project.code), col(Comment.unit))
        .join(Project, col(Project.id) == col(Comment.project_id))
        .where(col(Comment.edition_id) == edition.id, col(Comment.required), col(Comment.state) == "open")
        .order_by(col(Project.code), col(Comment.id))
    )
    return [(code, unit) for code, unit in session.execute(statement)]


def comment_frame(session: Session, scope: Scope, code: str, project: str | None = None) -> pd.DataFrame:
    """Comments of an edition (of one of its projects): `code`, names and `COLUMNS`, open ones first."""
    edition = get_edition(session, code)
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en, *(getattr(Comment, name) for name in COLUMNS)]
    narrowed = [col(Project.code) == project] if project else []
    statement = (
        select(*columns)
        .join(Project, col(Project.id) == col(Comment.project_id))
        .where(col(Comment.edition_id) == edition.id, *narrowed, *conditions(NO_FILTERS, scope))
        .order_by((col(Comment.state) != "open"), col(Comment.id))
    )
    return frame_of(session.execute(statement).all(), ["code", "name_zh", "name_en", *COLUMNS])


_comments = Comment.metadata.tables["edition_comments"]
