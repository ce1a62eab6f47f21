"""Projects and gates as a table for people: states in words, what is missing, who lifted or justified what."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, require_read
from portfolio.core.errors import InvalidError
from portfolio.core.i18n import t
from portfolio.exchange.sheets import writing
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import list_projects
from portfolio.projects.records import ProjectRecord
from portfolio.scheme.directory import unit_directory
from portfolio.screening.gates import GateSheet, worst
from portfolio.screening.missing import missing_by_project
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES
from portfolio.screening.tables import GateAct
from portfolio.vocabulary import codes
from portfolio.vocabulary.tables import Region

BATCH = 500
HEAD = ("code", "name", "city", "lead_unit", "stage")


def write_gates(session: Session, scope: Scope, sheet: GateSheet, path: Path, lang: str) -> int:
    """Write a sheet's projects with every gate to `path` (.csv, .xlsx); returns the number of rows.

    A gate that a person answered shows the rule's own result beside the answer.
    """
    require_read(scope, "exchange.export")
    heading = [t(f"col-{name}", lang) for name in HEAD]
    heading += [t("screening-worst", lang), *(gate.words("name", lang) for gate in books.gates().values())]
    heading += [t("screening-missing-facts", lang), t("screening-acts", lang)]
    rows = _rows(session, scope, sheet, lang)
    if path.suffix == ".csv":
        return writing.write_csv(path, heading, rows)
    if path.suffix == ".xlsx":
        note = t("screening-export-note", lang, version=books.version())
        return writing.write_xlsx(path, t("nav-screening", lang), heading, rows, frozenset(), note)
    raise InvalidError("export.bad_suffix", value=path.name)


def _rows(session: Session, scope: Scope, sheet: GateSheet, lang: str) -> Iterator[list[Any]]:
    missing, told = missing_by_project(session, sheet), _Words(session, lang)
    for start in range(0, len(sheet.codes), BATCH):
        part = sheet.codes[start : start + BATCH]
        acts = _acts(session, sheet.ids[start : start + BATCH].tolist(), lang)
        found = list_projects(session, scope, ProjectFilters(code=part), "code", len(part)).rows
        known = {project["code"]: project for project in found}
        for place, code in enumerate(part, start):
            said = "；" if lang == "zh" else "; "
            lacks = said.join(books.fact_name(name, lang) for name in missing[place])
            states = [_state(sheet, gate, place, lang) for gate in range(len(sheet.gates))]
            gravest = _name(worst(sheet.states[:, place].tolist()), lang)
            did = said.join(acts.get(int(sheet.ids[place]), []))
            yield [*told.head(known[code]), gravest, *states, lacks, did]


class _Words:
    """The words for a project's codes."""

    def __init__(self, session: Session, lang: str) -> None:
        self.lang, self.units = lang, unit_directory(session)
        rows = session.execute(select(Region)).scalars()
        self.regions = {row.code: row.name_en if lang == "en" else row.name_zh for row in rows}

    def head(self, project: ProjectRecord) -> Sequence[str]:
        """The columns of `HEAD`."""
        name = (project["name_en"] or project["name_zh"]) if self.lang == "en" else project["name_zh"]
        stage = codes.label("stages", project["stage"], self.lang) if project["stage"] else ""
        city, unit = self.regions.get(project["city_code"], ""), self._unit(project["lead_unit"])
        return project["code"], name, city, unit, stage

    def _unit(self, code: str | None) -> str:
        """A unit under the name valid today, when the table is made."""
        return self.units.name(self.units.heir_today(code), self.lang) if code else ""


def _state(sheet: GateSheet, gate: int, place: int, lang: str) -> str:
    state, raw = (STATES[int(states[gate, place])] for states in (sheet.states, sheet.raw))
    shown = _name(state, lang)
    return shown if raw == state else t("screening-answered", lang, state=shown, raw=_name(raw, lang))


def _name(state: str, lang: str) -> str:
    return books.state_name(state, lang)


def _acts(session: Session, ids: list[int], lang: str) -> dict[int, list[str]]:
    """What persons did about gates, the oldest first."""
    found: dict[int, list[str]] = {}
    statement = select(GateAct).where(col(GateAct.project_id).in_(ids)).order_by(col(GateAct.id))
    for act in session.execute(statement).scalars():
        gate = books.gates().get(act.gate)
        name = gate.words("name", lang) if gate else act.gate
        words = t(f"screening-did-{act.kind}", lang, person=act.person)
        told = " ".join(part for part in (words, act.doc_no, act.words) if part)
        found.setdefault(act.project_id, []).append(t("screening-fact", lang, name=name, value=told))
    return found
