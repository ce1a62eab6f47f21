"""Answer gates by named persons, and keep scores with everything they were made from."""

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from sqlmodel import Session

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.clock import utc_now
from portfolio.core.database import bulk_insert
from portfolio.core.errors import ConflictError, FieldError, InvalidError, NotFoundError
from portfolio.journal import service as journal
from portfolio.projects.filters import NO_FILTERS, ProjectFilters
from portfolio.projects.queries import get_project
from portfolio.screening.gates import project_gates
from portfolio.screening.policies import freeze, get_policy
from portfolio.screening.queries import Scores, scores
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import ACTS, ANSWERS, JUSTIFY, LIFT, evidence_text
from portfolio.screening.rules.language import parse
from portfolio.screening.rules.policy import Policy
from portfolio.screening.tables import GateAct, Score, ScoreRun

NAMES = ("run_id", "project_id", "rank", "points", "vetoed", "missing", "profile", "inputs", "parts")


@dataclass(frozen=True)
class Act:
    """What a person does about a gate: `lift` by a document, `justify` in writing, `restore` what was answered."""

    kind: str
    person: str
    doc_no: str = ""
    words: str = ""


def answer_gate(session: Session, actor: Actor, scope: Scope, code: str, gate: str, act: Act) -> int:
    """Append an act to a gate of a project; returns its number. The rule's own result stays visible beside it.

    Raises `InvalidError` for what is missing in the act, `ConflictError` when the gate's state is not one it answers.
    """
    require_some(actor, "screening.lift")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "screening.lift", row_of(project))
    if gate not in books.gates():
        raise NotFoundError("screening.no_gate", value=gate)
    faults = _act_faults(act)
    if faults:
        raise InvalidError("screening.invalid", faults)
    held = next((one for one in project_gates(session, scope, code) if one["gate"] == gate), None)
    if held is None:
        raise ConflictError("workflow.not_accepted", project=code)
    if held["state"] not in ANSWERS[act.kind]:
        raise ConflictError(f"screening.cannot_{act.kind}", gate=gate, state=held["state"])
    known = {name: np.nan if value is None else value for name, value in held["evidence"].items()}
    row = GateAct(
        project_id=project["id"],
        gate=gate,
        kind=act.kind,
        person=act.person.strip(),
        doc_no=act.doc_no.strip(),
        words=act.words.strip(),
        evidence=evidence_text(held["evidence"], known),
        rules_version=books.version(),
        at=utc_now(),
        actor=actor.name,
    )
    session.add(row)
    session.flush()
    after = {"gate": gate, "person": row.person, "doc_no": row.doc_no, "words": row.words, "evidence": row.evidence}
    journal.record(session, actor, "screening", [journal.Entry(code, act.kind, {"state": held["state"]}, after)])
    return int(row.id or 0)


def _act_faults(act: Act) -> list[FieldError]:
    found = []
    if act.kind not in ACTS:
        found.append(FieldError("kind", "field.unknown_code", {"value": act.kind}))
    if not act.person.strip():
        found.append(FieldError("person", "screening.person_required"))
    if act.kind == LIFT and not act.doc_no.strip():
        found.append(FieldError("doc_no", "screening.document_required"))
    if act.kind == JUSTIFY and not act.words.strip():
        found.append(FieldError("words", "screening.words_required"))
    limits = {"person": 80, "doc_no": 80, "words": 1000}
    found += [
        FieldError(name, "screening.too_long", {"limit": str(limit)})
        for name, limit in limits.items()
        if len(getattr(act, name)) > limit
    ]
    return found


def keep_scores(
    session: Session, actor: Actor, scope: Scope, policy: str, filters: ProjectFilters = NO_FILTERS, note: str = ""
) -> int:
    """Keep the scores as they now are, with inputs, points by criterion, policy version and time; returns the run.

    The policy version is frozen, so that what was said yesterday can be explained tomorrow.
    """
    require(actor, "screening.score")
    revision.bump(session)
    chosen = get_policy(session, policy)
    found = scores(session, scope, chosen, filters)
    run = ScoreRun(
        policy_id=freeze(session, actor, chosen),
        projects=len(found.codes),
        rules_version=books.version(),
        note=note,
        at=utc_now(),
        actor=actor.name,
    )
    session.add(run)
    session.flush()
    number = int(run.id or 0)
    table = Score.metadata.tables["scores"]
    bulk_insert(session.connection(), table, NAMES, [_row(number, found, place) for place in range(len(found.order))])
    kept = {"run": number, "policy": chosen.key, "projects": run.projects}
    journal.record(session, actor, "screening", [journal.Entry(chosen.key, "scores", None, kept)], note)
    return number


def used_facts(policy: Policy) -> tuple[str, ...]:
    """The facts a policy's scores depend on."""
    texts = [*(criterion.value for criterion in policy.criteria), policy.value]
    named = [name for text in texts for name in parse(text).names if name != "points"]
    return tuple(dict.fromkeys([*named, *policy.ties]))


def _row(run: int, found: Scores, rank: int) -> tuple[Any, ...]:
    sheet, place = found.sheet, int(found.order[rank])
    facts = {name: _known(found.facts[name][place]) for name in used_facts(sheet.policy)}
    parts = {one.code: float(sheet.parts[number, place]) for number, one in enumerate(sheet.policy.criteria)}
    profile = sheet.policy.profiles[int(sheet.profiles[place])].code
    inputs, shares = (msgspec.json.encode(part, order="deterministic").decode() for part in (facts, parts))
    held = (run, int(found.ids[place]), rank + 1, float(sheet.points[place]), bool(found.vetoed[place]))
    return (*held, int(sheet.missing[place]), profile, inputs, shares)


def _known(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
