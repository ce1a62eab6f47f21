"""Criteria values in and out, by project and criterion."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.core.errors import PortfolioError
from portfolio.core.i18n import LANGUAGES
from portfolio.exchange import values
from portfolio.exchange.projects_named import project_spellings
from portfolio.exchange.rows import RowImporter
from portfolio.projects.filters import ProjectFilters
from portfolio.screening.books import fact_name, facts, is_criterion
from portfolio.screening.criteria import iterate_criteria, save_criteria
from portfolio.vocabulary.codes import label, resolve


class CriteriaImporter(RowImporter):
    """Rows of `criteria`: a number for each project and criterion; without a basis a value that stays keeps its own."""

    projects: Mapping[str, str] | None = None

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        record: dict[str, Any] = {"project": self._project(cells), "basis": None}
        record["criterion"] = values.coded(cells.get("criterion", ""), criterion_of, "criterion", self.place)
        record["value"] = self._value(cells.get("value", ""))
        for name in ("criterion", "value"):
            if not cells.get(name, "").strip():
                self.place.report("blank", name)
        if cells.get("basis", "").strip():
            basis = values.coded(cells["basis"], lambda text: resolve("bases", text), "basis", self.place)
            record["basis"] = basis
        key = f"{record['project']} {record['criterion']}"
        if record["project"] and record["criterion"]:
            if key in self.seen:
                self.place.report("doubled_key", "criterion", key)
            self.seen.add(key)
        return record

    def _project(self, cells: dict[str, str]) -> str | None:
        if self.projects is None:
            self.projects = project_spellings(self.session, self.scope)
        cell = cells.get("project", "").strip()
        found = self.projects.get(cell)
        if found is None:
            self.place.report("unknown_project" if cell else "blank", "project", cell)
        return found

    def _value(self, cell: str) -> float | None:
        """A number or a flag; a negative number that was neutralised as text gets its first character back."""
        cell = cell[1:] if values.NEUTRALISED.match(cell) else cell
        flag = cell.strip().casefold()
        if flag in values.YES | values.NO and not flag.isdigit():
            return float(flag in values.YES)
        number = values.number(cell, "value", self.place)
        if number is None:
            return None
        if Decimal(repr(float(number))) != number:
            self.place.report("too_many_digits", "value", cell)
        return float(number)

    def _apply(self, record: dict[str, Any]) -> str:
        stated = {record["criterion"]: record["value"]}
        try:
            return save_criteria(self.session, self.actor, self.scope, record["project"], stated, record["basis"])
        except PortfolioError as error:
            return self.refused(error, "criterion")


@lru_cache
def _spellings() -> Mapping[str, str]:
    return {fact_name(code, lang).casefold(): code for code in facts() for lang in LANGUAGES if is_criterion(code)}


def criterion_of(text: str) -> str | None:
    """The criterion a code or a name in either language stands for."""
    plain = text.strip().casefold()
    return plain if is_criterion(plain) else _spellings().get(plain)


def criteria_rows(session: Session, scope: Scope, filters: ProjectFilters, lang: str | None) -> Iterator[list[Any]]:
    """What is stated of projects, by project and criterion; numbers as they were given."""
    for code, criterion, value, basis in iterate_criteria(session, scope, filters):
        named = (fact_name(criterion, lang), label("bases", basis, lang)) if lang else (criterion, basis)
        yield [code, named[0], _plain(value), named[1]]


def _plain(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
