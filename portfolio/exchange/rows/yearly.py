"""Investment year by year in and out: a row a project and year, with what was completed, to date and is expected."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import PortfolioError
from portfolio.core.units import outer_text
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.rows.rows import RowImporter
from portfolio.exchange.sheets import values
from portfolio.finance.rules.yearly import KINDS
from portfolio.finance.yearly import iterate_yearly, save_yearly, yearly_figures
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.filters import ProjectFilters


class YearlyImporter(RowImporter):
    """Rows of `yearly`; a blank amount leaves what was stated, since nobody's silence takes a figure back."""

    projects: NamedProjects | None = None

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        project, year = self._project(cells), self._year(cells.get("year", ""))
        stated = {
            name: values.quantity(cells[name], self.heading.units.get(name, "wan_yuan"), name, self.place)
            for name in KINDS
            if cells.get(name, "").strip()
        }
        note = values.text(cells.get("note", ""), "note", self.place)
        if not stated and not self.place.harmed:
            self.place.report("blank", KINDS[0])
        key = f"{cells.get('project', '').strip()} {year}"
        if project is not None and key in self.seen:
            self.place.report("doubled_key", "year", key)
        self.seen.add(key)
        return {"project": project, "year": year, "stated": stated, "note": note or ""}

    def _project(self, cells: dict[str, str]) -> int | None:
        if self.projects is None:
            self.projects = NamedProjects(self.session, self.scope)
        cell = cells.get("project", "").strip()
        found = self.projects.find(cell)
        if found is None:
            self.projects.report(self.place, cell)
        return found

    def _year(self, cell: str) -> int | None:
        text = cell.strip().removesuffix(".0").removesuffix("年")
        if not text:
            self.place.report("blank", "year")
            return None
        if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
            self.place.report("bad_year", "year", cell, first=str(FIRST_YEAR), last=str(LAST_YEAR))
            return None
        return int(text)

    def _apply(self, record: dict[str, Any]) -> str:
        assert self.projects is not None
        number, year = record["project"], record["year"]
        code = self.projects.code_of[number]
        before = yearly_figures(self.session, [number]).get(number, {})
        stated: Mapping[tuple[str, int], int] = {(kind, year): yuan for kind, yuan in record["stated"].items()}
        try:
            changed = save_yearly(self.session, self.actor, self.scope, code, stated, record["note"])
        except PortfolioError as error:
            return self.refused(error, "year")
        was = {kind: before.get((kind, year)) for kind in KINDS}
        outcome = "unchanged" if not changed else "changed" if any(v is not None for v in was.values()) else "new"
        now = {kind: record["stated"].get(kind, was[kind]) for kind in KINDS}
        fields = {kind: (_outer(was[kind]), _outer(now[kind])) for kind in KINDS}
        self.tell(outcome, {"project": code, "year": str(year)}, fields)
        return outcome


def _outer(yuan: int | None) -> str:
    return "" if yuan is None else outer_text(yuan, "money")


def yearly_rows(session: Session, scope: Scope, filters: ProjectFilters) -> Iterator[list[Any]]:
    """What is stated of projects, by project and year; 万元, blank where nothing was."""
    for code, year, figures, note in iterate_yearly(session, scope, filters):
        yield [code, year, *(_outer(figures.get(kind)) for kind in KINDS), note]
