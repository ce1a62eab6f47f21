"""Gates of projects, vetoes lifted and checks justified by named persons, criteria values, and the rules themselves."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.exchange import MEDIA
from api.routes.narrowing import Narrowed, ProjectParameters, project_filters
from api.schemas.answers.listed import Listed
from api.schemas.answers.screening import (
    ActOut,
    CriterionOut,
    FactOut,
    GateOut,
    GateState,
    GateTotal,
    MissingFact,
    OutcomeOut,
    ProjectGates,
)
from api.schemas.media import CSV, XLSX, files
from api.schemas.screening import CriteriaIn, JustificationIn, LiftIn, RestorationIn
from portfolio.access.rules import Scope
from portfolio.briefing.gate_table import write_gates
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.paging import DEFAULT_LIMIT, MAX_LIMIT
from portfolio.projects.queries import get_project
from portfolio.screening.criteria import project_criteria, save_criteria
from portfolio.screening.gates import GateSheet, gate_sheet, gate_totals, project_gates, worst
from portfolio.screening.missing import lacking, missing_facts
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import STATES
from portfolio.screening.service import Act, answer_gate

router = APIRouter(tags=["screening"])
State = Literal["", "pass", "not_concerned", "explain", "unknown", "veto", "justified", "lifted"]


class GateParameters(ProjectParameters):
    """Which gate with which result, and the page; `after` is the place of the last page."""

    gate: str = ""
    result: State = ""
    fact: str = Field("", max_length=60, description="… for want of this fact; with a gate")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    after: str = Field("", max_length=40)


@router.get("/screening", response_model=Listed[ProjectGates], operation_id="list_gates_of_projects")
@reads
def listed(parameters: Annotated[GateParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects by code with the state of each gate; narrowed to those with `result` at `gate` (any when not named)."""
    sheet = _chosen(parameters, session, scope)
    first = next((n for n, code in enumerate(sheet.codes) if code > parameters.after), len(sheet.codes))
    last = min(first + parameters.limit, len(sheet.codes))
    items = [_row(sheet, place) for place in range(first, last)]
    return page(items, sheet.codes[last - 1] if last < len(sheet.codes) else None, len(sheet.codes))


def _chosen(parameters: Any, session: Session, scope: Scope) -> GateSheet:
    """The projects that the filters leave and that have the result asked for."""
    if parameters.gate and parameters.gate not in books.gates():
        raise InvalidError("screening.no_gate", value=parameters.gate)
    found = gate_sheet(session, scope, project_filters(parameters, session)).where(parameters.gate, parameters.result)
    narrowed = parameters.gate and parameters.fact
    return lacking(session, found, parameters.gate, parameters.fact) if narrowed else found


def _row(sheet: GateSheet, place: int) -> dict[str, Any]:
    states = sheet.states[:, place].tolist()
    gates = {gate: STATES[state] for gate, state in zip(sheet.gates, states, strict=True)}
    return {"project": sheet.codes[place], "worst": worst(states), "gates": gates}


class GateFileParameters(ProjectParameters):
    """Which gate with which result, and the language of the words."""

    gate: str = ""
    result: State = ""
    fact: str = Field("", max_length=60, description="… for want of this fact; with a gate")
    headings: Literal["zh", "en"] = "zh"


@router.get("/screening.{suffix}", operation_id="export_gates", response_class=Response, responses=files(CSV, XLSX))
def download(
    suffix: Literal["xlsx", "csv"], parameters: Annotated[GateFileParameters, Query()], session: Reading, scope: Within
) -> Response:
    """The view as a file: projects with every gate in words, the facts that are missing, and the acts of persons."""
    sheet = _chosen(parameters, session, scope)
    name = f"screening.{suffix}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_gates(session, scope, sheet, path, parameters.headings)
        content = path.read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA[suffix], headers=headers)


@router.get("/screening/missing", response_model=Listed[MissingFact], operation_id="missing_facts")
@reads
def missing(filters: Narrowed, session: Reading, scope: Within) -> Response:
    """The facts for want of which gates are not known: where each is stated, and of how many projects."""
    rows = records(missing_facts(session, gate_sheet(session, scope, filters)))
    return page(rows, None, len(rows))


@router.get("/screening/totals", response_model=Listed[GateTotal], operation_id="gate_totals")
@reads
def totals(filters: Narrowed, session: Reading, scope: Within) -> Response:
    """How many projects are in each state, by gate."""
    rows = records(gate_totals(gate_sheet(session, scope, filters)))
    return page(rows, None, len(rows))


@router.get("/gates", response_model=Listed[GateOut], operation_id="list_gates")
@reads
def rules() -> Response:
    """The gates: list, outcome, expressions, source, date of validity; `version` is that of all rules."""
    rows = [{**gate.row, "facts": list(gate.facts), "version": books.version()} for gate in books.gates().values()]
    return page(rows, None, len(rows))


@router.get("/facts", response_model=Listed[FactOut], operation_id="list_facts")
@reads
def catalogue() -> Response:
    """The named facts that gates and policies may use."""
    rows = [dict(row) for row in books.facts().values()]
    return page(rows, None, len(rows))


@router.get("/projects/{code}/gates", response_model=Listed[GateState], operation_id="gates_of_project")
@reads
def of_project(code: str, session: Reading, scope: Within, lang: Language) -> Response:
    """A project's gates: state, the rule's own result, evidence and what of it is missing, rule version, acts."""
    rows = [
        {**row, "source": books.gates()[row["gate"]].source(lang), "version": books.version()}
        for row in project_gates(session, scope, code)
    ]
    return page(rows, None, len(rows))


@router.post("/projects/{code}/gates/{gate}/lift", status_code=201, response_model=ActOut, operation_id="lift_veto")
def lift(code: str, gate: str, body: LiftIn, session: Writing, scope: Within, actor: By) -> Response:
    """Lift a veto: a named person, a document; the veto stays visible beside it."""
    act = Act("lift", body.person, body.doc_no, body.words)
    return answer({"id": answer_gate(session, actor, scope, code, gate, act)}, 201)


@router.post(
    "/projects/{code}/gates/{gate}/justification", status_code=201, response_model=ActOut, operation_id="justify_check"
)
def justify(code: str, gate: str, body: JustificationIn, session: Writing, scope: Within, actor: By) -> Response:
    """Justify in writing what is to be explained or not known."""
    act = Act("justify", body.person, body.doc_no, body.words)
    return answer({"id": answer_gate(session, actor, scope, code, gate, act)}, 201)


@router.post(
    "/projects/{code}/gates/{gate}/restoration", status_code=201, response_model=ActOut, operation_id="restore_gate"
)
def restore(code: str, gate: str, body: RestorationIn, session: Writing, scope: Within, actor: By) -> Response:
    """Take back what was lifted or justified."""
    act = Act("restore", body.person, words=body.words)
    return answer({"id": answer_gate(session, actor, scope, code, gate, act)}, 201)


@router.get("/projects/{code}/criteria", response_model=Listed[CriterionOut], operation_id="criteria_of_project")
@reads
def criteria(code: str, session: Reading, scope: Within) -> Response:
    """What offices and panels stated of a project."""
    held = project_criteria(session, get_project(session, scope, code)["id"])
    rows = [{"criterion": n, "value": row.value, "basis": row.basis} for n, row in sorted(held.items())]
    return page(rows, None, len(rows))


@router.patch("/projects/{code}/criteria", response_model=OutcomeOut, operation_id="state_criteria")
def state(code: str, body: CriteriaIn, session: Writing, scope: Within, actor: By) -> Response:
    """State criteria of a project; those not named stay."""
    return answer({"outcome": save_criteria(session, actor, scope, code, body.values)})
