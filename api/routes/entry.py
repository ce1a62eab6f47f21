"""`/drafts`, `/projects/{code}/profile`, `/projects/duplicates`, `/home`: what stands behind the entry form."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from api.door.context import By, Expected, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page, project_values
from api.routes.beside import Include
from api.schemas.answers.listed import Listed
from api.schemas.answers.reporting import DraftLine, DraftOut, DuplicateOut, HomeOut, ProfileOut
from api.schemas.records import ProjectFields
from api.schemas.values import Strict
from portfolio.access.rules import require_some
from portfolio.projects.beside import may_see
from portfolio.projects.profile import project_profile, save_profile
from portfolio.projects.queries import get_project
from portfolio.reporting import drafts
from portfolio.reporting.drafts import KeptDraft
from portfolio.reporting.duplicates import likely_duplicates
from portfolio.reporting.home import home
from portfolio.reporting.narrowing import BANDS

router = APIRouter(tags=["entry"])


class DraftIn(Strict):
    """A form as typed, and the record's values as they were read."""

    content: dict[str, Any]
    base: dict[str, Any] = {}


class BasisIn(Strict):
    """What a project stands on, in words, with the document."""

    words: str = Field("", max_length=300)
    doc_no: str = Field("", max_length=80)


class ScaleIn(Strict):
    """A quantified scale; the quantity has at most three decimals."""

    name: str = Field(max_length=60)
    quantity: str = Field(max_length=30)
    unit: str = Field(max_length=20)


class ContactIn(Strict):
    """A person responsible, or to be asked."""

    role: str = "contact"
    name: str = Field(max_length=40)
    phone: str = Field("", max_length=30)
    landline: str = Field("", max_length=30)
    email: str = Field("", max_length=120)


class ProfileIn(Strict):
    """The parts of a profile to be changed; a list replaces the whole list."""

    owner_credit_code: str | None = None
    address: str | None = None
    affiliation: str | None = None
    supervision_unit: str | None = None
    cross_province_doc: str | None = None
    bases: dict[str, BasisIn] | None = None
    scales: list[ScaleIn] | None = None
    contacts: list[ContactIn] | None = None
    reason: str | None = Field(None, max_length=500)


class CandidateIn(ProjectFields):
    """The facts of a record about to be entered; `own_code` is left out of the search."""

    own_code: str | None = None


@router.get("/projects/{code}/profile", response_model=ProfileOut, operation_id="get_profile")
@reads
def profile(code: str, session: Reading, scope: Within, include: Include = None) -> Response:
    """Basis, scale, people and single facts of a project; people masked for those who only read.

    `include=proposed` lays over it what is proposed, for who enters or reviews the project.
    """
    project = get_project(session, scope, code)
    beside = include is not None and may_see(session, scope, project)
    return answer(project_profile(session, scope, code, beside), headers={"ETag": etag(project["version"])})


@router.patch("/projects/{code}/profile", response_model=ProfileOut, operation_id="save_profile")
def change_profile(
    code: str, body: ProfileIn, session: Writing, scope: Within, actor: By, version: Expected
) -> Response:
    """Change parts of a profile; needs If-Match with the project's ETag."""
    sent = body.model_dump(exclude_unset=True, exclude={"reason"})
    changes = {name: value for name, value in sent.items() if value is not None}
    save_profile(session, actor, scope, code, changes, body.reason, version)
    fresh = get_project(session, scope, code)["version"]
    return answer(project_profile(session, scope, code, beside=True), headers={"ETag": etag(fresh)})


@router.post("/projects/duplicates", response_model=Listed[DuplicateOut], operation_id="find_duplicates")
def duplicates(body: CandidateIn, session: Reading, scope: Within, actor: By) -> Response:
    """Records that may be the same as the one sent; of those out of scope only the reporting unit is told."""
    require_some(actor, "project.create")
    facts = project_values(body.model_dump(exclude={"own_code"}))
    rows = [one.__dict__ for one in likely_duplicates(session, scope, facts, body.own_code)]
    return page(rows, None, len(rows))


@router.get("/drafts", response_model=Listed[DraftLine], operation_id="list_drafts")
@reads
def index(session: Reading, actor: By) -> Response:
    """The caller's drafts, latest first, without their content."""
    rows = [
        {"subject": one.subject, "saved_at": one.saved_at.isoformat()} for one in drafts.list_drafts(session, actor)
    ]
    return page(rows, None, len(rows))


@router.get("/drafts/{subject}", response_model=DraftOut, operation_id="get_draft")
@reads
def show(subject: str, session: Reading, actor: By) -> Response:
    """The caller's draft for a project's code, or for `new`."""
    return _draft(drafts.needed_draft(session, actor, subject))


@router.put("/drafts/{subject}", response_model=DraftOut, operation_id="keep_draft")
def keep(subject: str, body: DraftIn, session: Writing, scope: Within, actor: By) -> Response:
    """Keep what was typed, in place of what was kept before."""
    return _draft(drafts.keep_draft(session, actor, scope, subject, body.content, body.base))


@router.delete("/drafts/{subject}", status_code=204, operation_id="discard_draft")
def discard(subject: str, session: Writing, actor: By) -> Response:
    """Forget a draft of the caller."""
    drafts.discard_draft(session, actor, subject)
    return Response(status_code=204)


@router.get("/home", response_model=HomeOut, operation_id="home")
@reads
def arrive(session: Reading, actor: By) -> Response:
    """The figures of the caller's home page."""
    found = home(session, actor)
    body = {
        "states": found.states,
        "drafts": len(found.drafts),
        "returned": len(found.returned),
        "waiting": found.waiting,
        "due": [_due_json(one) for one in found.due],
        "projects": found.projects,
        "proposed": found.proposed,
        "ready": found.ready,
        "complete_below": dict(zip((*map(str, BANDS), "101"), found.bands, strict=True)),
    }
    return answer(body)


def _due_json(one: Any) -> dict[str, Any]:
    return {
        "round": one.round["code"],
        "due_on": one.round["due_on"],
        "days_left": one.round["days_left"],
        "expected": one.expected,
        "outstanding": len(one.outstanding),
    }


def _draft(one: KeptDraft) -> Response:
    body = {**one.__dict__, "saved_at": one.saved_at.isoformat()}
    return answer(body, headers={"ETag": etag(one.version)})
