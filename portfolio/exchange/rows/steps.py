"""Steps of preparation in and out, by project and step."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import PortfolioError
from portfolio.exchange.rows.projects_named import NamedProjects
from portfolio.exchange.rows.rows import RowImporter
from portfolio.exchange.sheets import values
from portfolio.projects.filters import ProjectFilters, conditions
from portfolio.projects.tables import Project
from portfolio.readiness.rules.approvals import DATES
from portfolio.readiness.rules.templates import statuses, step_kinds
from portfolio.readiness.service import FIELDS, save_step
from portfolio.readiness.tables import ProjectStep
from portfolio.vocabulary.codes import label, resolve

TEXTS = ("doc_no", "authority", "note")


class StepsImporter(RowImporter):
    """Rows of `steps`; columns a file lacks are left as they are."""

    projects: NamedProjects | None = None

    def _read(self, cells: dict[str, str]) -> dict[str, Any]:
        record: dict[str, Any] = {"project": self._project(cells)}
        record["step"] = values.coded(cells.get("step", ""), _step, "step", self.place)
        record["status"] = values.coded(cells.get("status", ""), _status, "status", self.place)
        for name in ("step", "status"):
            if not cells.get(name, "").strip():
                self.place.report("blank", name)
        record |= {name: self.day(cells, name) for name in DATES if name in cells}
        record |= {name: values.text(cells[name], name, self.place) for name in TEXTS if name in cells}
        if cells.get("basis", "").strip():
            basis = values.coded(cells["basis"], lambda text: resolve("bases", text), "basis", self.place)
            record["basis"] = basis
        key = f"{record['project']} {record['step']}"
        if key in self.seen:
            self.place.report("doubled_key", "step", key)
        self.seen.add(key)
        return record

    def _project(self, cells: dict[str, str]) -> str | None:
        if self.projects is None:
            self.projects = NamedProjects(self.session, self.scope)
        cell = cells.get("project", "").strip()
        found = self.projects.code(cell)
        if found is None:
            self.projects.report(self.place, cell)
        return found

    def _apply(self, record: dict[str, Any]) -> str:
        project, step = record.pop("project"), record.pop("step")
        before = self._stored(project, step)
        try:
            changed = save_step(self.session, self.actor, self.scope, project, step, record)
        except PortfolioError as error:
            return self.refused(error, "step")
        outcome = "unchanged" if not changed else "changed" if before else "new"
        if self.tally.preview is not None:
            after = self._stored(project, step)
            fields = {name: (str(before.get(name) or ""), str(after.get(name) or "")) for name in FIELDS}
            self.tell(outcome, {"project": project, "step": step}, fields)
        return outcome

    def _stored(self, project: str, step: str) -> dict[str, Any]:
        columns = [getattr(ProjectStep, name) for name in FIELDS]
        statement = select(*columns).join(Project, col(Project.id) == col(ProjectStep.project_id))
        row = self.session.execute(statement.where(col(Project.code) == project, col(ProjectStep.step) == step))
        return {**(row.mappings().first() or {})}


def _step(text: str) -> str | None:
    plain = text.strip().casefold()
    for code, kind in step_kinds().items():
        if plain in (code, kind.name_zh, kind.name_en.casefold()):
            return code
    return None


def _status(text: str) -> str | None:
    plain = text.strip().casefold()
    for code, row in statuses().items():
        if plain in (code, row["name_zh"], row["name_en"].casefold()):
            return code
    return None


def step_rows(session: Session, scope: Scope, filters: ProjectFilters, lang: str | None) -> Iterator[list[Any]]:
    """What projects have said of their steps, by project and step."""
    statement = (
        select(col(Project.code), ProjectStep)
        .join(Project, col(Project.id) == col(ProjectStep.project_id))
        .where(*conditions(filters, scope))
        .order_by(col(Project.id), col(ProjectStep.step))
    )
    for code, row in session.execute(statement):
        step = step_kinds()[row.step].name(lang) if lang else row.step
        status = statuses()[row.status][f"name_{lang}"] if lang else row.status
        basis = label("bases", row.basis, lang) if lang else row.basis
        dates = [row.planned_on or "", row.actual_on or "", row.valid_until or ""]
        yield [code, step, status, *dates, row.doc_no, row.authority, row.note, basis]
