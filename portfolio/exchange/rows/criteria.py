"""Criteria values in and out, by project and criterion."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require_some, scope_of
from portfolio.core.errors import InvalidError
from portfolio.core.i18n import LANGUAGES
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.rows.rows import KEPT, RowImporter, Tally, count
from portfolio.exchange.sheets import values
from portfolio.exchange.sheets.columns import Heading
from portfolio.exchange.sheets.findings import Place
from portfolio.projects.filters import ProjectFilters
from portfolio.screening.criteria import (
    Outcome,
    Stated,
    Statement,
    criterion_faults,
    iterate_criteria,
    save_many_criteria,
)
from portfolio.screening.rules.books import fact_name, facts, is_criterion
from portfolio.vocabulary.codes import label, resolve


class CriteriaImporter(RowImporter):
    """Rows of `criteria`: a number for each project and criterion; without a basis a value that stays keeps its own.

    The good rows of a chunk are written together.
    """

    def __init__(
        self, session: Session, actor: Actor, scope: Scope, heading: Heading, place: Place, tally: Tally
    ) -> None:
        super().__init__(session, actor, scope, heading, place, tally)
        require_some(actor, "screening.score")
        self.projects = NamedProjects(session, scope, scope_of(actor, "screening.score"))
        self.good: list[tuple[int, Statement]] = []

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
        if record["project"] and record["criterion"]:
            key = f"{self.projects.code_of[record['project']]} {record['criterion']}"
            if key in self.seen:
                self.place.report("doubled_key", "criterion", key)
            self.seen.add(key)
        return record

    def _project(self, cells: dict[str, str]) -> int | None:
        cell = cells.get("project", "").strip()
        found = self.projects.find(cell)
        if found is None:
            self.projects.report(self.place, cell)
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
        faults = list(criterion_faults(record["criterion"], record["value"]))
        if faults:
            return self.refused(InvalidError("screening.invalid", faults), "criterion")
        code = self.projects.code_of[record["project"]]
        said = Statement(record["project"], code, record["criterion"], record["value"], record["basis"])
        self.good.append((self.place.row or 0, said))
        return KEPT

    def _end_chunk(self) -> None:
        outcomes = save_many_criteria(self.session, self.actor, [said for _, said in self.good])
        for (line, said), outcome in zip(self.good, outcomes, strict=True):
            count(self.tally, outcome.kind)
            self._tell(line, said, outcome)
        self.good = []

    def _tell(self, line: int, said: Statement, outcome: Outcome) -> None:
        """Tell the preview, if there is one, of a row that was written."""
        if self.tally.preview is None:
            return
        was, now = (_words(side) for side in (outcome.before, outcome.after))
        fields = {name: (was[name], now[name]) for name in was}
        key = {"project": said.code, "criterion": said.criterion}
        self.tally.preview.add(outcome.kind, key, fields, line)


def _words(stated: Stated | None) -> dict[str, str]:
    return {"value": "", "basis": ""} if stated is None else {"value": _plain(stated[0]), "basis": stated[1]}


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
