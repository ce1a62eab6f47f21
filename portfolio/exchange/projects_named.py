"""How tables name a project: by its code, by code and name as templates offer them, or by a name only it bears."""

from collections import Counter

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.projects.filters import ProjectFilters, conditions
from portfolio.projects.tables import Project


def named_project(code: str, name: str) -> str:
    """Code and name, as a template's drop-down shows them."""
    return f"{code} {name}"


def project_spellings(session: Session, scope: Scope) -> dict[str, str]:
    """Project codes within the scope by every spelling that means one project."""
    statement = select(col(Project.code), col(Project.name_zh)).where(*conditions(ProjectFilters(), scope))
    rows = session.execute(statement).all()
    counts = Counter(row.name_zh for row in rows)
    known = {row.name_zh: row.code for row in rows if counts[row.name_zh] == 1}
    known |= {named_project(row.code, row.name_zh): row.code for row in rows}
    return known | {row.code: row.code for row in rows}
