"""How tables name a project: by its code, by code and name as templates offer them, or by a name only it bears."""

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.exchange.sheets.findings import Place
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.tables import Project

NAMED = 5


def named_project(code: str, name: str) -> str:
    """Code and name, as a template's drop-down shows them."""
    return f"{code} {name}"


class NamedProjects:
    """The projects a file may name, within all of the scopes: by code, or by a name only one of them bears.

    Names are compared by their plain form. A name that several bear, in whatever places, names none of them.
    """

    def __init__(self, session: Session, *scopes: Scope) -> None:
        wanted = [condition for scope in scopes for condition in conditions(WITH_PROPOSED, scope)]
        columns = (col(Project.id), col(Project.code), col(Project.name_zh), col(Project.name_key))
        found = session.execute(select(*columns).where(*wanted).order_by(col(Project.id)))
        rows = [tuple(row) for row in found]
        self.code_of: dict[int, str] = {number: code for number, code, _, _ in rows}
        self._bearers: dict[str, list[int]] = {}
        for number, _, _, key in rows:
            self._bearers.setdefault(key, []).append(number)
        self.by_spelling: dict[str, int] = {
            name: number for number, _, name, key in rows if len(self._bearers[key]) == 1
        }
        self.by_spelling.update((code, number) for number, code, _, _ in rows)

    def find(self, cell: str) -> int | None:
        """The project meant by a code, a name only one bears, or code and name as templates offer them."""
        found = self.by_spelling.get(cell)
        if found is not None:
            return found
        bearers = self._bearers.get(plain_name(cell), [])
        if bearers:
            return bearers[0] if len(bearers) == 1 else None
        code, _, name = cell.partition(" ")
        number = self.by_spelling.get(code)
        return number if number in self._bearers.get(plain_name(name), []) else None

    def code(self, cell: str) -> str | None:
        """The code of the project meant; None as `find` has it."""
        found = self.find(cell)
        return None if found is None else self.code_of[found]

    def several(self, cell: str) -> bool:
        """Whether the cell is a name that several projects bear."""
        return len(self._bearers.get(plain_name(cell), [])) > 1

    def report(self, place: Place, cell: str) -> None:
        """Report a cell that means no project, or several: then which they are."""
        if self.several(cell):
            bearers = self._bearers[plain_name(cell)]
            listed = "、".join(self.code_of[one] for one in bearers[:NAMED])
            place.report("doubtful_project", "project", cell, codes=listed)
        else:
            place.report("unknown_project" if cell else "blank", "project", cell)
