"""One project's checklist: every step with its authority and dates, the critical path, and how sure the start is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlmodel import Session

from portfolio.access.rules import Scope
from portfolio.needs.queries import not_applicable, project_needs
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.readiness.queries import start_day, stored_steps
from portfolio.readiness.records import ChecklistStep, StepRecord
from portfolio.readiness.rules.approvals import DONE, authority
from portfolio.readiness.rules.network import Schedule, holding, schedule
from portfolio.readiness.rules.simulation import PERCENTILES, Outcome, seed_of, simulate
from portfolio.readiness.rules.templates import Template, authority_rules, statuses, step_kinds, template, version
from portfolio.readiness.state import ELEMENTS, STARTED
from portfolio.vocabulary.codes import sector_of

SOON_DAYS = 90


@dataclass(frozen=True)
class ProjectReadiness:
    """`steps` in the checklist's order; `start_on` is the earliest day works could begin, None once they have."""

    project: ProjectRecord
    as_of: date
    template: Template
    version: str
    assumed: bool
    steps: list[ChecklistStep]
    days_left: int
    start_on: date | None
    holding: str
    office: tuple[str, str]
    outcome: Outcome | None

    @property
    def sureness(self) -> dict[int, date]:
        """The day by which works could begin with 10, 50, 80 and 90 per cent of the draws."""
        if self.outcome is None:
            return {}
        return {share: start_day(self.as_of, self.outcome.percentile(share)) for share in PERCENTILES}


def project_readiness(
    session: Session, scope: Scope, code: str, as_of: date, seed: int | None = None
) -> ProjectReadiness:
    """The checklist of a project on the day `as_of`; raises `NotFoundError`."""
    project = get_project(session, scope, code)
    chosen = template(project["approval_type"], sector_of(project["kind"]))
    stored, areas = stored_steps(session, project["id"]), _areas(session, scope, code)
    concerned = _concerned(session, scope, project, areas)
    started = project["stage"] in STARTED or project["actual_start_month"] is not None
    applies = np.array([_applies(step.applies, concerned) for step in chosen.steps])
    done = np.array([started or _holds(stored.get(code), as_of) for code in chosen.codes]) & applies
    left = np.array([_left(stored.get(code), as_of) for code in chosen.codes]) * applies
    usual = np.array([step.days[1] for step in chosen.steps], np.float64)
    found = schedule(chosen, (usual * left)[None, :], done[None, :])
    place = int(holding(found)[0])
    steps = [
        _step(chosen, n, stored.get(code) or {}, areas, as_of, (bool(applies[n]), bool(done[n])), found)
        for n, code in enumerate(chosen.codes)
    ]
    outcome = None if started else simulate(chosen, left, done, seed_of(code) if seed is None else seed)
    days = int(np.ceil(found.end[0]))
    return ProjectReadiness(
        project,
        as_of,
        chosen,
        version(),
        project["approval_type"] is None,
        steps,
        days,
        None if started else start_day(as_of, days),
        chosen.codes[place] if place >= 0 else "",
        (steps[place]["authority_zh"], steps[place]["authority_en"]) if place >= 0 else ("", ""),
        outcome,
    )


def _areas(session: Session, scope: Scope, code: str) -> dict[str, int]:
    needs = project_needs(session, scope, code)
    sums: dict[str, int] = {}
    for item, required, dimension in zip(needs["item"], needs["required"], needs["dimension"], strict=True):
        if dimension == "area":
            sums[item] = sums.get(item, 0) + int(required)
    return sums


def _concerned(session: Session, scope: Scope, project: ProjectRecord, areas: dict[str, int]) -> dict[str, bool]:
    said = {item.split(".")[0] for item in areas} | set(not_applicable(session, scope, project["code"]))
    found = {}
    for element in ELEMENTS:
        asked = any(area > 0 for item, area in areas.items() if item.split(".")[0] == element)
        silent = {"land": True, "sea": project["sea_related"] is True, "forest": False}[element]
        found[element] = asked or (element not in said and silent)
    return found


def _applies(applies: str, concerned: dict[str, bool]) -> bool:
    return concerned.get(applies, applies == "always")


def _holds(stored: StepRecord | None, as_of: date) -> bool:
    if stored is None or stored["status"] not in DONE:
        return False
    return stored["valid_until"] is None or stored["valid_until"] >= as_of.isoformat()


def _left(stored: StepRecord | None, as_of: date) -> float:
    if stored is None or (stored["status"] in DONE and not _holds(stored, as_of)):
        return 1.0
    return int(statuses()[stored["status"]]["left_percent"]) / 100


def _step(
    chosen: Template,
    place: int,
    stored: Mapping[str, Any],
    areas: dict[str, int],
    as_of: date,
    state: tuple[bool, bool],
    found: Schedule,
) -> ChecklistStep:
    step, (applies, done) = chosen.steps[place], state
    kind = step_kinds()[step.code]
    rule = authority(authority_rules(), kind.authority_rule, areas) if kind.authority_rule else None
    status = stored.get("status", "not_started")
    until, planned = stored.get("valid_until"), stored.get("planned_on")
    expired = status in DONE and bool(until) and str(until) < as_of.isoformat()
    finish = start_day(as_of, int(np.ceil(found.finish[0, place]))).isoformat()
    return {
        "step": step.code,
        "applies": applies,
        "done": done,
        "status": "expired" if expired else status,
        "planned_on": planned,
        "actual_on": stored.get("actual_on"),
        "valid_until": until,
        "doc_no": stored.get("doc_no", ""),
        "note": stored.get("note", ""),
        "basis": stored.get("basis"),
        "after": [code for code in step.after if code in chosen.codes],
        "days": step.days,
        "authority_zh": stored.get("authority") or (rule.authority_zh if rule else kind.office_zh),
        "authority_en": stored.get("authority") or (rule.authority_en if rule else kind.office_en),
        "authority_level": rule.level if rule else None,
        "authority_source": rule.source if rule else kind.source,
        "earliest_finish": None if done or not applies else finish,
        "critical": bool(found.critical[0, place]),
        "overdue": bool(planned) and not done and applies and str(planned) < as_of.isoformat(),
        "expires_soon": done and bool(until) and 0 <= (date.fromisoformat(str(until)) - as_of).days <= SOON_DAYS,
    }
