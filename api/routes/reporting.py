"""`/projects/{code}/workflow`, `/queue`, `/batches`: where records stand, and the steps people take with them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.listed import Listed
from api.schemas.answers.reporting import (
    BatchDetail,
    BatchOut,
    ComparisonOut,
    ManyOut,
    QueueLine,
    TransitionOut,
    WorkflowOut,
)
from api.schemas.values import Asked, Strict
from portfolio.access.rules import Actor, Scope
from portfolio.core.errors import FieldError
from portfolio.core.i18n import error_text, fault_text
from portfolio.core.units import outer_number
from portfolio.projects.beside import may_see
from portfolio.projects.queries import get_project
from portfolio.projects.states import Said, life
from portfolio.reporting import batches, service
from portfolio.reporting.complete import complete_of
from portfolio.reporting.queries import QueueFilters, Waiting, queue
from portfolio.reporting.records import Comparison, compare, whole_record
from portfolio.reporting.rules import lacking
from portfolio.vocabulary.elements import element_tree

router = APIRouter(tags=["reporting"])


class TransitionIn(Strict):
    """A step of a record's life; reason, document and unit where the step wants them."""

    action: str = Field(max_length=12, description="submit, recall, accept, return, transfer, lock, unlock, defer …")
    reason: str = Field("", max_length=500)
    doc_no: str = Field("", max_length=80)
    unit: str = Field("", max_length=24)


class ManyIn(TransitionIn):
    """The same step for many records, each for itself."""

    projects: list[str] = Field(min_length=1, max_length=500)


class BatchIn(Strict):
    """Records submitted together under a document, all or none."""

    category: str = Field(max_length=16)
    doc_no: str = Field(max_length=80)
    title: str = Field(max_length=200)
    projects: list[str] = Field(max_length=500)


class QueuePage(Asked):
    """What the queue is narrowed by."""

    city: str = ""
    unit: str = ""
    step: str = ""
    limit: Annotated[int, Query(ge=1, le=200)] = 100


@router.get("/projects/{code}/workflow", response_model=WorkflowOut, operation_id="get_workflow")
@reads
def show(code: str, session: Reading, scope: Within, actor: By, lang: Language) -> Response:
    """Where a record stands, what may be done next, and what its stage still requires; with the standing's ETag."""
    return _workflow(session, scope, actor, code, lang)


@router.post("/projects/{code}/transitions", response_model=WorkflowOut, operation_id="take_step")
def take(
    code: str, body: TransitionIn, session: Writing, scope: Within, actor: By, version: Expected, lang: Language
) -> Response:
    """Take a step; needs If-Match with the ETag of the workflow."""
    service.act(session, actor, scope, code, body.action, _said(body), version)
    return _workflow(session, scope, actor, code, lang)


@router.get("/projects/{code}/transitions", response_model=Listed[TransitionOut], operation_id="list_steps")
@reads
def steps(code: str, session: Reading, scope: Within) -> Response:
    """Every step of a record's life, newest first."""
    get_project(session, scope, code)
    rows = [{**row, "at": row["at"].isoformat()} for row in life(session, code)]
    return page(rows, None, len(rows))


@router.get("/projects/{code}/comparison", response_model=ComparisonOut, operation_id="compare_with_accepted")
@reads
def comparison(code: str, session: Reading, scope: Within) -> Response:
    """A record beside its last accepted state."""
    return answer(comparison_json(session, compare(session, scope, code)))


@router.get("/queue", response_model=Listed[QueueLine], operation_id="review_queue")
@reads
def waiting(parameters: Annotated[QueuePage, Query()], session: Reading, actor: By) -> Response:
    """What waits for the caller's review, longest first."""
    filters = QueueFilters(parameters.city, parameters.unit, parameters.step)
    rows = [_waiting_json(one) for one in queue(session, actor, filters, parameters.limit)]
    return page(rows, None, len(rows))


@router.post("/queue", response_model=ManyOut, operation_id="take_step_with_many")
def take_many(body: ManyIn, session: Writing, scope: Within, actor: By, lang: Language) -> Response:
    """Take the same step with many records; answers what became of each."""
    taken = service.act_on_many(session, actor, scope, body.projects, body.action, _said(body))
    return answer({"items": [_taken_json(one, lang) for one in taken]})


@router.get("/batches", response_model=Listed[BatchOut], operation_id="list_batches")
@reads
def index(session: Reading, scope: Within) -> Response:
    """The batches the caller sees a project of, latest first."""
    rows = [_batch_json(row) for row in batches.list_batches(session, scope)]
    return page(rows, None, len(rows))


@router.post("/batches", status_code=201, response_model=BatchOut, operation_id="submit_batch")
def submit(body: BatchIn, session: Writing, scope: Within, actor: By) -> Response:
    """Submit records under a document; refused as a whole when one contradicts the category."""
    made = batches.submit_batch(session, actor, scope, batches.BatchData(**body.model_dump()))
    return answer(_batch_json(made), 201, {"Location": f"/api/v1/batches/{made['code']}"})


@router.get("/batches/{code}", response_model=BatchDetail, operation_id="get_batch")
@reads
def batch(code: str, session: Reading, scope: Within) -> Response:
    """A batch with the projects in it."""
    return answer(_batch_json(batches.get_batch(session, scope, code)))


def _said(body: TransitionIn) -> Said:
    return Said(reason=body.reason, doc_no=body.doc_no, unit=body.unit)


def _workflow(session: Session, scope: Scope, actor: Actor, code: str, lang: str) -> Response:
    record = whole_record(session, scope, code)
    stands, shown_beside = record.standing, may_see(session, scope, record.project)
    shown = {name: getattr(stands, name) for name in ("state", "step", "reviewer_unit", "reviewer_city", "accepted")}
    actions = [
        {"action": way.action, "to": way.target, "reason": way.reason, "document": way.document}
        for way in service.open_actions(actor, record.project, stands)
    ]
    body = {
        "project": code,
        **shown,
        "locked": bool(stands.locked),
        "since": stands.since.isoformat() if stands.since else None,
        "version": stands.version,
        "actions": actions,
        "complete_percent": complete_of(session, record.project, shown_beside).percent,
        "missing": [fault_json(fault, lang) for fault in lacking(record.stated, record.project["stage"])],
    }
    return answer(body, headers={"ETag": etag(stands.version)})


def fault_json(fault: FieldError, lang: str) -> dict[str, str]:
    """A fault of a field with its message."""
    return {"field": fault.field, "code": fault.code, "message": fault_text(fault, lang)}


def comparison_json(session: Session, found: Comparison) -> dict[str, Any]:
    """A comparison in outer units: amounts in 万元, areas in 公顷."""
    tree = element_tree(session)

    def outer(item: str, year: int | None, value: Any) -> Any:
        return value if year is None else outer_number(value, tree.by_code[item].dimension)

    fields = [_change_json(*change) for change in found.fields]
    needs = [
        {"item": item, "year": year, "before": outer(item, year, was), "after": outer(item, year, now)}
        for item, year, was, now in found.needs
    ]
    details = [
        {"item": item, "attribute": attribute, "before": was, "after": now}
        for item, attribute, was, now in found.details
    ]
    financing = [
        {"number": number, "before": _financing_json(was), "after": _financing_json(now)}
        for number, was, now in found.financing
    ]
    told = {"financing": financing, "overtaken": list(found.overtaken)}
    return {"new": found.new, "fields": fields, "needs": needs, "details": details, **told}


def _financing_json(record: Any) -> dict[str, Any] | None:
    """A financing record in 万元."""
    if record is None:
        return None
    amounts = {name: record[f"{name}_yuan"] for name in ("amount", "annual_payment")}
    rest = {name: value for name, value in record.items() if not name.endswith("_yuan")}
    return {**rest, **{f"{name}_wan": None if v is None else outer_number(v, "money") for name, v in amounts.items()}}


def _change_json(name: str, before: Any, after: Any) -> dict[str, Any]:
    if name != "total_investment_yuan":
        return {"field": name, "before": before, "after": after}
    amounts = {"before": outer_number(before, "money"), "after": outer_number(after, "money")}
    return {"field": "total_investment_wan", **amounts}


def _waiting_json(one: Waiting) -> dict[str, Any]:
    row = {name: value for name, value in one.row.items() if name != "total_investment_yuan"}
    return {
        **row,
        "since": one.row["since"].isoformat(),
        "total_investment_wan": outer_number(one.row["total_investment_yuan"], "money"),
        "new": one.changes.new,
        "changed_fields": one.changes.names,
        "changed_needs": len(one.changes.needs),
        "changed_details": len(one.changes.details),
        "warnings": one.warnings,
        "unremarkable": one.unremarkable,
    }


def _taken_json(one: service.Taken, lang: str) -> dict[str, Any]:
    if one.error is None:
        return {"project": one.code, "done": True}
    faults = [fault_json(fault, lang) for fault in one.error.fields]
    told = {"code": one.error.code, "message": error_text(one.error.code, lang, one.error.params), "errors": faults}
    return {"project": one.code, "done": False, **told}


def _batch_json(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].isoformat()}
