"""Submit records together under a document: all of them or none, and each fitting the category it is sent as."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_some
from portfolio.core import revision
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import About, FieldError, InvalidError, NotFoundError, of_part
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.naming import about
from portfolio.projects.queries import get_project
from portfolio.projects.state_tables import ProjectTransition
from portfolio.projects.states import Said
from portfolio.projects.tables import Project
from portfolio.reporting.rules import BOOK, contradictions, document_number
from portfolio.reporting.service import act
from portfolio.reporting.tables import Batch

COLUMNS = tuple(name for name in Batch.model_fields if name != "id")


@dataclass(frozen=True)
class BatchData:
    """A formal submission: its category, document number (报送文号), title (文件标题) and the projects sent."""

    category: str
    doc_no: str
    title: str
    projects: Sequence[str]


def submit_batch(session: Session, actor: Actor, scope: Scope, data: BatchData) -> dict[str, Any]:
    """Submit the projects of a batch and return the batch as stored.

    Raises `InvalidError` (`batch.invalid`) naming the field of every record that contradicts the category, and
    whatever keeps a single one from being submitted; then none is.
    """
    require_some(actor, "project.submit")
    revision.bump(session)
    codes = list(dict.fromkeys(data.projects))
    _require_valid(session, scope, data, codes)
    category = BOOK.by_code("batch_categories")[data.category]
    doc_no, code = document_number(data.doc_no), _next_code(session)
    faults: list[FieldError] = []
    for one in codes:
        try:
            said = Said(doc_no=doc_no, batch=code)
            act(session, actor, scope, one, "submit", said, asked=category["stage"])
        except InvalidError as error:
            faults += of_part(error.fields, one, _about(session, one))
    if faults:
        raise InvalidError("batch.invalid", faults)
    values = {
        "code": code,
        "category": data.category,
        "doc_no": doc_no,
        "title": data.title.strip(),
        "projects": len(codes),
        "at": utc_now(),
        "actor": actor.name,
        "actor_unit": actor.unit or "",
    }
    session.connection().execute(insert(_batches).values(**values))
    return values


def _about(session: Session, code: str) -> About:
    names = select(col(Project.name_zh), col(Project.name_en)).where(col(Project.code) == code)
    row = session.execute(names).one()
    return about(code, row.name_zh, row.name_en)


def _require_valid(session: Session, scope: Scope, data: BatchData, codes: list[str]) -> None:
    categories = BOOK.by_code("batch_categories")
    texts = {"doc_no": (data.doc_no, 80), "title": (data.title, 200)}
    found = [FieldError(name, "field.required") for name, (text, _) in texts.items() if not text.strip()]
    found += [
        FieldError(name, "field.too_long", {"limit": limit})
        for name, (text, limit) in texts.items()
        if len(text) > limit
    ]
    if not codes:
        found.append(FieldError("projects", "field.required"))
    category = categories.get(data.category)
    if category is None:
        found.append(FieldError("category", "field.unknown_code", {"value": data.category}))
    else:
        records = (get_project(session, scope, code) for code in codes)
        found += [fault for record in records for fault in [contradictions(category, record)] if fault]
    if found:
        raise InvalidError("batch.invalid", found)


def _next_code(session: Session) -> str:
    """`B-2027-0001` and on, by the year of submission; the revision's lock keeps two from taking the same."""
    prefix = f"B-{today().year}-"
    last = session.execute(select(func.max(col(Batch.code))).where(col(Batch.code).startswith(prefix))).scalar()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def list_batches(session: Session, scope: Scope, limit: int = 100) -> list[dict[str, Any]]:
    """The batches in which the scope sees a project, latest first, as mappings of `COLUMNS`."""
    columns: list[Any] = [getattr(Batch, name) for name in COLUMNS]
    statement = select(*columns).where(col(Batch.code).in_(_seen(scope))).order_by(col(Batch.code).desc()).limit(limit)
    return [dict(row) for row in session.execute(statement).mappings()]


def get_batch(session: Session, scope: Scope, code: str) -> dict[str, Any]:
    """A batch with the codes of those of its projects that the scope sees; raises `NotFoundError`."""
    columns: list[Any] = [getattr(Batch, name) for name in COLUMNS]
    wanted = (col(Batch.code) == code, col(Batch.code).in_(_seen(scope)))
    row = session.execute(select(*columns).where(*wanted)).mappings().first()
    if row is None:
        raise NotFoundError("batch.not_found", code=code)
    sent = (
        select(col(Project.code))
        .join(ProjectTransition, col(ProjectTransition.code) == col(Project.code))
        .where(col(ProjectTransition.batch) == code, *conditions(WITH_PROPOSED, scope))
        .order_by(col(Project.code))
    )
    return {**row, "codes": list(session.execute(sent).scalars())}


def _seen(scope: Scope) -> Any:
    return (
        select(col(ProjectTransition.batch))
        .join(Project, col(ProjectTransition.code) == col(Project.code))
        .where(col(ProjectTransition.batch) != "", *conditions(WITH_PROPOSED, scope))
    )


_batches = Batch.metadata.tables["batches"]
