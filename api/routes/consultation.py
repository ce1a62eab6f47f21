"""`/editions/{code}/addressees` and what follows from an approval: who is asked, who answered, what is still open."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import Field

from api.door.context import By, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.consultation import AddresseeOut, AheadOut, NoObjectionOut, RemindedOut, UnitsAskedOut
from api.schemas.answers.listed import Listed
from api.schemas.media import CSV, XLSX, files
from api.schemas.values import Day, Strict
from portfolio.briefing.answers_due import write_answers_due
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.core.units import outer_number
from portfolio.rolling import addressees
from portfolio.rolling.ahead import approval_ahead

router = APIRouter(prefix="/editions/{code}", tags=["editions"])
MEDIA = {"csv": CSV, "xlsx": XLSX}
MOMENTS = ("answered_at", "asked_at", "reminded_at")


class InvitationIn(Strict):
    """Units to ask (code, with whom it is for there, or nobody), and the day by which they answer."""

    units: dict[str, str] = Field(max_length=500)
    due_on: Day

    @property
    def domain(self) -> addressees.Invitation:
        """The domain's."""
        return addressees.Invitation(self.units, self.due_on.isoformat())


class ReminderIn(Strict):
    """Whom to remind; nobody named means all who have not answered."""

    units: list[str] = []


class NoObjectionIn(Strict):
    """The unit that has nothing to object."""

    unit: str


@router.get("/approval", response_model=AheadOut, operation_id="approval_ahead")
@reads
def ahead(code: str, session: Reading, scope: Within) -> Response:
    """What follows from approving a draft, and what is still open; its `mark` may go with the approval."""
    found = approval_ahead(session, scope, code)
    plain = {name: value for name, value in vars(found).items() if not name.endswith("_yuan") and name != "untold"}
    untold = {"unreported_years": found.untold.unreported, "running_years": found.untold.running}
    sums = {f"{name}_wan": outer_number(getattr(found, f"{name}_yuan"), "money") for name in ("annual", "total")}
    return answer({**plain, **untold, **sums, "mark": found.mark})


@router.get("/addressees", response_model=Listed[AddresseeOut], operation_id="list_addressees")
@reads
def index(code: str, session: Reading, scope: Within) -> Response:
    """Whom the consultation asks, those that have not answered first."""
    rows = [_json(row) for row in records(addressees.addressee_frame(session, scope, code))]
    return page(rows, None, len(rows))


def _json(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: row[name].isoformat() if row[name] else None for name in MOMENTS}}


@router.post("/addressees", response_model=UnitsAskedOut, operation_id="ask_units")
def ask(code: str, body: InvitationIn, session: Writing, actor: By) -> Response:
    """Ask further units, or some again with another day; an ended unit's successor is asked in its place."""
    return answer({"asked": addressees.address(session, actor, code, body.domain)})


@router.post("/reminders", response_model=RemindedOut, operation_id="remind_units")
def remind(code: str, body: ReminderIn, session: Writing, actor: By) -> Response:
    """Remind units that have not answered."""
    return answer({"reminded": addressees.remind(session, actor, code, body.units)})


@router.post("/no-objection", response_model=NoObjectionOut, operation_id="answer_no_objection")
def no_objection(code: str, body: NoObjectionIn, session: Writing, actor: By) -> Response:
    """Answer 无意见 for a unit that is asked."""
    addressees.answer_no_objection(session, actor, code, body.unit)
    return answer({"unit": body.unit, "answer": addressees.NO_OBJECTION})


@router.get(
    "/addressees.{suffix}",
    operation_id="export_addressees",
    response_class=Response,
    responses=files(CSV, XLSX),
)
@reads
def export(code: str, suffix: str, session: Reading, scope: Within, lang: Language) -> Response:
    """Who is asked and what they answered as a file, .csv or .xlsx."""
    if suffix not in MEDIA:
        raise InvalidError("export.bad_suffix", value=suffix)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"addressees.{suffix}"
        write_answers_due(session, scope, path, code, lang)
        content = path.read_bytes()
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'addressees-{code}.{suffix}')}"}
    return Response(content, media_type=MEDIA[suffix], headers=headers)
