"""`/units/{code}/hand-over` and `/users/{name}/hand-over`: what would be handed over, and the hand-over itself."""

from fastapi import APIRouter, Response
from pydantic import Field

from api.door.context import By, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.listed import Listed
from api.schemas.answers.succession import AccountHandedOver, BorneOut, EndedOut
from api.schemas.values import Strict
from portfolio.scheme import queries as scheme
from portfolio.succession import queries, service

router = APIRouter()


class HandOverIn(Strict):
    """Who takes over, why, and under which document if any."""

    to: str
    reason: str = Field(max_length=500)
    doc_no: str = Field("", max_length=80)


class AccountHandOverIn(HandOverIn):
    """Which account takes over; `disable` ends the first in the same act."""

    disable: bool = False


@router.get("/ended-units", response_model=Listed[EndedOut], tags=["units"], operation_id="ended_units")
@reads
def ended(session: Reading, scope: Within) -> Response:
    """Units that another one took over and that still bear accounts or projects."""
    rows = [vars(one) for one in queries.ended_units(session, scope)]
    return page(rows, None, len(rows))


@router.get("/units/{code}/hand-over", response_model=BorneOut, tags=["units"], operation_id="hand_over_ahead")
@reads
def ahead(code: str, session: Reading, scope: Within) -> Response:
    """What a unit bears under its own code, and would hand over."""
    scheme.unit(session, scope, code)
    return answer(_borne(code, queries.borne(session, scope, code)))


@router.post("/units/{code}/hand-over", response_model=BorneOut, tags=["units"], operation_id="hand_over_unit")
def unit(code: str, body: HandOverIn, session: Writing, actor: By) -> Response:
    """Hand a unit's accounts and projects to the unit that took it over; all of it or nothing."""
    moved = service.hand_over_unit(session, actor, service.HandOver(code, body.to, body.reason, body.doc_no))
    return answer(_borne(code, moved))


def _borne(code: str, found: queries.Borne) -> dict[str, object]:
    return {"unit": code, **{name: list(value) for name, value in vars(found).items()}}


@router.post(
    "/users/{name}/hand-over", response_model=AccountHandedOver, tags=["people"], operation_id="hand_over_account"
)
def account(name: str, body: AccountHandOverIn, session: Writing, actor: By) -> Response:
    """Hand an account's drafts and what consultations ask of it by name to another; on request disable it."""
    data = service.HandOver(name, body.to, body.reason, body.doc_no)
    moved = service.hand_over_account(session, actor, data, body.disable)
    return answer({"to": body.to, "drafts": len(moved.drafts), "consultations": list(moved.consultations)})
