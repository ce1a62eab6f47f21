"""Who a record is: whose a national code is, and what the database says when two claim it at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from portfolio.access.rules import Actor, row_of, scope_of
from portfolio.core.errors import ConflictError, FieldError, InvalidError
from portfolio.projects.identity_tables import DisplacedCode
from portfolio.projects.rules import national_code
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.tables import Project

EXITED = "withdrawn"


def code_fault(session: Session, actor: Actor, code: str | None, own_code: str | None) -> FieldError | None:
    """Why a record may not state national code `code`: another than `own_code` holds it. None when it may.

    The fault names the holder to whoever may read it; to others it says no more than that there is one. A record that
    has exited keeps its code: the project comes back by being readmitted, not by being entered again.
    """
    normal = national_code.normalise(code or "")
    if normal is None:
        return None
    found = session.connection().execute(_HOLDER.where(col(Project.national_code) == normal)).mappings().first()
    if found is None or found["code"] == own_code:
        return None
    row = dict(found)
    if not scope_of(actor).covers(row_of(row)):
        return FieldError("national_code", "national_code.taken_elsewhere", {"value": normal})
    kind = "taken_exited" if row["stage"] == EXITED else "taken"
    told = {"value": normal, "holder": row["code"], "name": row["name_zh"]}
    return FieldError("national_code", f"national_code.{kind}", told)


def require_own_code(session: Session, actor: Actor, facts: Mapping[str, Any]) -> None:
    """Raise `InvalidError` (`project.invalid`) when the facts state a national code that another record holds."""
    fault = code_fault(session, actor, facts.get("national_code"), facts["code"])
    if fault is not None:
        raise InvalidError("project.invalid", [fault])


def refused_by_the_database(error: IntegrityError, facts: Mapping[str, Any]) -> ConflictError | InvalidError:
    """The error to raise when the database itself refuses a second code: somebody was faster, past the services."""
    if "national_code" in str(error.orig):
        taken = FieldError("national_code", "national_code.taken_elsewhere", {"value": facts["national_code"]})
        return InvalidError("project.invalid", [taken])
    return ConflictError("project.code_taken", code=facts["code"])


def displaced(session: Session) -> Iterator[tuple[str, str, str]]:
    """(project, national code, holder) of records that lost their code when codes became unique, and have none yet."""
    wanted = select(col(Project.code), col(DisplacedCode.national_code), col(DisplacedCode.holder))
    joined = wanted.join(Project, col(Project.id) == col(DisplacedCode.project_id))
    for row in session.execute(joined.where(col(Project.national_code).is_(None)).order_by(col(Project.code))):
        yield row[0], row[1], row[2]


def misnamed(session: Session) -> Iterator[str]:
    """Codes of projects whose kept plain name is not that of their name: there must be none."""
    columns = select(col(Project.code), col(Project.name_zh), col(Project.name_key)).order_by(col(Project.code))
    for code, name, key in session.execute(columns.execution_options(yield_per=5000)):
        if plain_name(name) != key:
            yield code


_COLUMNS: list[Any] = [
    Project.code,
    Project.name_zh,
    Project.stage,
    Project.office_unit,
    Project.lead_unit,
    Project.city_code,
]
_HOLDER: Any = select(*_COLUMNS)
