"""How tables name a project: by its code, by code and name as templates offer them, or by a name only it bears."""

from collections import Counter

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project


def named_project(code: str, name: str) -> str:
    """Code and name, as a template's drop-down shows them."""
    return f"{code} {name}"


def project_spellings(session: Session, scope: Scope) -> dict[str, str]:
    """Project codes within the scope by every spelling that means one project."""
    statement = select(col(Project.code), col(Project.name_zh)).where(*conditions(NO_FILTERS, scope))
    rows = session.execute(statement).all()
    counts = Counter(row.name_zh for row in rows)
    known = {row.name_zh: row.code for row in rows if counts[row.name_zh] == 1}
    known |= {named_project(row.code, row.name_zh): row.code for row in rows}
    return known | {row.code: row.code for row in rows}


class NamedProjects:
    """The projects a file may name, within all of the scopes: by code, or by a name only one of them bears."""

    def __init__(self, session: Session, *scopes: Scope) -> None:
        wanted = [condition for scope in scopes for condition in conditions(NO_FILTERS, scope)]
        statement = select(col(Project.id), col(Project.code), col(Project.name_zh)).where(*wanted)
        rows = session.execute(statement.order_by(col(Project.id))).all()
        self.code_of = {row.id: row.code for row in rows}
        self.doubtful: set[str] = set()
        self.by_spelling: dict[str, int] = {}
        for row in rows:
            if row.name_zh in self.by_spelling:
                self.doubtful.add(row.name_zh)
            self.by_spelling[row.name_zh] = row.id
        for name in self.doubtful:
            del self.by_spelling[name]
        self.by_spelling.update({row.code: row.id for row in rows})

    def find(self, cell: str) -> int | None:
        """The project meant by a code, a name only one bears, or code and name as templates offer them."""
        found = self.by_spelling.get(cell)
        if found is not None:
            return found
        code, _, name = cell.partition(" ")
        number = self.by_spelling.get(code)
        fits = number is not None and (name in self.doubtful or self.by_spelling.get(name) == number)
        return number if fits else None
