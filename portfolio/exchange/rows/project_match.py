"""Which project a row of a projects table means: by code, by national code, or by name and owner in the same place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.projects.filters import Narrowing, ProjectFilters
from portfolio.projects.queries import iterate_projects
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.tables import Project

Record = dict[str, Any]
NameKey = tuple[str, str]


@dataclass(frozen=True)
class Match:
    """`project` is the one meant (None: a new one); `several` bear the name there, so that none can be chosen.

    `namesakes` bear name and owner, but lie elsewhere or state another national code.
    """

    project: Record | None = None
    several: list[Record] = field(default_factory=list)
    namesakes: list[Record] = field(default_factory=list)


def name_key(record: Mapping[str, Any]) -> NameKey:
    """Name and owner as they are compared."""
    return plain_name(record.get("name_zh") or ""), plain_name(record.get("owner") or "")


class Matching:
    """The projects within the scope that rows of one chunk may mean."""

    def __init__(self, city_of: Mapping[str, str | None]) -> None:
        self._city_of = city_of
        self._by_code: dict[str, Record] = {}
        self._by_national: dict[str, Record] = {}
        self._by_name: dict[NameKey, list[Record]] = defaultdict(list)

    def read(self, session: Session, scope: Scope, records: Iterable[Record]) -> None:
        """Read the projects that `records` may mean."""
        every = list(records)
        others = [record for record in every if not record.get("code")]
        wanted = {
            "code": [record["code"] for record in every if record.get("code")],
            "name_key": [plain_name(record["name_zh"]) for record in others],
            "national_code": [record["national_code"] for record in others if record.get("national_code")],
        }
        found: dict[int, Record] = {}
        for column, values in wanted.items():
            if values:
                here = Narrowing((column, *values), col(getattr(Project, column)).in_(values))
                for project in iterate_projects(session, scope, ProjectFilters(narrowing=(here,), proposed=None)):
                    found[project["id"]] = dict(project)
        for named in sorted(found.values(), key=lambda one: str(one["code"])):
            self.add(named)

    def add(self, project: Record) -> None:
        """Let rows that follow mean this project too."""
        self._by_code[project["code"]] = project
        if project["national_code"]:
            self._by_national[project["national_code"]] = project
        self._by_name[name_key(project)].append(project)

    def find(self, record: Record) -> Match:
        """The project a row means. A place or a national code that one side does not state contradicts nothing."""
        if record.get("code"):
            return Match(self._by_code.get(record["code"]))
        if record.get("national_code") in self._by_national:
            return Match(self._by_national[record["national_code"]])
        named = self._by_name.get(name_key(record), [])
        same = [project for project in named if not self._contradicts(record, project)]
        sure = [project for project in same if self._cities(record) & self._cities(project)]
        chosen = sure or same
        if len(chosen) > 1:
            return Match(several=chosen)
        return Match(chosen[0]) if chosen else Match(namesakes=list(named))

    def _contradicts(self, record: Record, project: Record) -> bool:
        here, there = self._cities(record), self._cities(project)
        stated, held = record.get("national_code"), project["national_code"]
        return bool(here and there and not here & there) or bool(stated and held and stated != held)

    def _cities(self, facts: Mapping[str, Any]) -> set[str | None]:
        return {self._city_of.get(code) for code in facts.get("region_codes") or ()}
