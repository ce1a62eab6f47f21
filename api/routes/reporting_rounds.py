"""`/rounds-of-reporting`: what is expected of whom until when, and who has not reported."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import Field

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.listed import Listed
from api.schemas.answers.reporting import ExpectedOut, ReminderOut, ReportingRoundOut
from api.schemas.media import CSV, XLSX, files
from api.schemas.values import Strict
from portfolio.briefing.reminders import write_reminders
from portfolio.core.errors import InvalidError
from portfolio.core.frames import records
from portfolio.reporting import rounds
from portfolio.reporting.rounds import RoundData

router = APIRouter(prefix="/rounds-of-reporting", tags=["reporting"])
MEDIA = {"csv": CSV, "xlsx": XLSX}


class RoundChange(Strict):
    """A round of reporting; empty `units` and `cities` mean everybody's records."""

    title_zh: str = Field(max_length=120)
    title_en: str = Field("", max_length=200)
    stage: str = Field("", max_length=20, description="whose required fields are asked for; the record's own if empty")
    units: list[str] = []
    cities: list[str] = []
    opens_on: str = Field(description="2027-03-01")
    due_on: str = Field(description="2027-03-31")


class ReportingRoundIn(RoundChange):
    """A round to be opened."""

    code: str = Field(min_length=1, max_length=40)


class RoundUpdate(RoundChange):
    """A round as it shall be; `closed` ends it."""

    closed: bool = False


@router.get("", response_model=Listed[ReportingRoundOut], operation_id="list_reporting_rounds")
@reads
def index(session: Reading, scope: Within, running: bool = False) -> Response:
    """The rounds, the one due last first."""
    rows = [_json(one) for one in rounds.list_rounds(session, running)]
    return page(rows, None, len(rows))


@router.post("", status_code=201, response_model=ReportingRoundOut, operation_id="open_reporting_round")
def create(body: ReportingRoundIn, session: Writing, actor: By) -> Response:
    """Open a round of reporting with the units or cities it asks."""
    made = rounds.open_round(session, actor, RoundData(**body.model_dump()))
    headers = {"ETag": etag(made["version"]), "Location": f"/api/v1/rounds-of-reporting/{quote(made['code'])}"}
    return answer(_json(made), 201, headers)


@router.get("/{code}", response_model=ReportingRoundOut, operation_id="get_reporting_round")
@reads
def show(code: str, session: Reading, scope: Within) -> Response:
    """A round, with its ETag."""
    held = rounds.get_round(session, code)
    return answer(_json(held), headers={"ETag": etag(held["version"])})


@router.put("/{code}", response_model=ReportingRoundOut, operation_id="change_reporting_round")
def change(code: str, body: RoundUpdate, session: Writing, actor: By, version: Expected) -> Response:
    """Change or close a round; needs If-Match."""
    data = RoundData(code=code, **body.model_dump(exclude={"closed"}))
    held = rounds.change_round(session, actor, data, body.closed, version)
    return answer(_json(held), headers={"ETag": etag(held["version"])})


@router.get("/{code}/expected", response_model=Listed[ExpectedOut], operation_id="expected_records")
@reads
def expected(code: str, session: Reading, scope: Within) -> Response:
    """Every record the round expects of whom the caller may read, and whether it was submitted."""
    rows = records(rounds.expected_frame(session, scope, code))
    for row in rows:
        row["submitted_at"] = row["submitted_at"].isoformat() if row["submitted_at"] else None
    return page(rows, None, len(rows))


@router.get("/{code}/reminders", response_model=Listed[ReminderOut], operation_id="reminders")
@reads
def reminders(code: str, session: Reading, scope: Within) -> Response:
    """Per reporting unit what is still lacking, those who lack most first."""
    rows = records(rounds.reminders(session, scope, code))
    return page(rows, None, len(rows))


@router.get(
    "/{code}/reminders.{suffix}", operation_id="export_reminders", response_class=Response, responses=files(CSV, XLSX)
)
@reads
def export(code: str, suffix: str, session: Reading, scope: Within, lang: Language) -> Response:
    """The reminder list as a file, .csv or .xlsx."""
    if suffix not in MEDIA:
        raise InvalidError("export.bad_suffix", value=suffix)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"reminders.{suffix}"
        write_reminders(session, scope, path, code, lang)
        content = path.read_bytes()
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'reminders-{code}.{suffix}')}"}
    return Response(content, media_type=MEDIA[suffix], headers=headers)


def _json(row: dict[str, Any]) -> dict[str, Any]:
    lists = {name: [one for one in row[name].split(";") if one] for name in ("units", "cities")}
    return {**row, **lists}
