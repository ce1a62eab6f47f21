"""New rows of a projects table that may be a project of the library: told in the preview as the form tells it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.preview import Preview
from portfolio.reporting.duplicates import Library, Likeness, library
from portfolio.scheme.directory import unit_directory

TOLD = 3


class Alike:
    """Looks for what new rows may be the same as, in the library as it stood before the file; only for a preview.

    Names merely near are looked for among the rows that the preview shows, the same name or code for every row.
    """

    def __init__(self, session: Session, scope: Scope, place: Place, preview: Preview | None) -> None:
        self.session, self.scope, self.place, self.preview = session, scope, place, preview
        self._library: Library | None = None

    def look(self, record: Mapping[str, Any]) -> list[Likeness]:
        """Records like one about to be entered, the most certain first; to be asked before it is."""
        if self.preview is None:
            return []
        if self._library is None:
            self._library = library(self.session)
        found = self._library.certain(record)
        if self.preview.wants("new"):
            found += self._library.near(self.session, record)
        return self._library.told(self.scope, found)[:TOLD]

    def warn(self, found: Iterable[Likeness], namesakes: Iterable[Mapping[str, Any]]) -> None:
        """Warn of what was found, but for those told as namesakes already."""
        told = {project["code"] for project in namesakes}
        for one in found:
            if one.code and one.code not in told:
                named = {"code": one.code, "name": one.name_zh}
                self.place.warn("may_be_same", "name_zh", one.name_zh, why=one.why, score=str(one.score), **named)
            elif not one.code:
                unit = unit_directory(self.session).name(one.office_unit)
                self.place.warn("may_be_same_elsewhere", "name_zh", None, why=one.why, score=str(one.score), unit=unit)


def warn_of_namesakes(place: Place, namesakes: Iterable[Mapping[str, Any]]) -> None:
    """Warn that a new project bears the name and owner of others, which lie elsewhere or have another national code."""
    for project in list(namesakes)[:TOLD]:
        place.warn("namesake", "name_zh", project["name_zh"], code=project["code"])
