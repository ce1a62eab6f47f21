"""`/journal`: who changed what, for auditors: a list, the same as CSV, the state of the chain."""

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Reading, Within
from api.door.lane import reads
from api.door.shapes import answer, page
from api.schemas.answers.library import ChainOut, JournalEntryOut
from api.schemas.answers.listed import Listed
from api.schemas.media import CSV, files
from api.schemas.values import MOST, Asked, Day, Number
from portfolio.access.rules import Scope, require, require_read
from portfolio.exchange.sheets.writing import neutral
from portfolio.journal.chain import instant
from portfolio.journal.queries import (
    HistoryEntry,
    JournalFilters,
    chain_status,
    iterate_journal,
    slice_journal,
)

router = APIRouter(prefix="/journal", tags=["journal"])
COLUMNS = (
    "id",
    "at",
    "actor",
    "address",
    "room",
    "action",
    "subject",
    "before",
    "after",
    "reason",
    "request_id",
    "import_id",
    "revision",
    "hash",
)
BLOCK = 500


class JournalParameters(Asked):
    """The filters: `subject` by its beginning, `actor` by a part, days from `first` to `last`."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    room: str = ""
    first: Day | None = None
    last: Day | None = None
    import_id: str = ""
    request_id: str = ""

    def filters(self) -> JournalFilters:
        """As the domain takes them."""
        return JournalFilters(**self.model_dump(include=set(JournalFilters.__dataclass_fields__)))


class JournalPage(JournalParameters):
    """… with the page; `after` counts the entries already read."""

    limit: int = Field(50, ge=1, le=500)
    after: int = Field(0, ge=0, le=MOST)


@router.get("", response_model=Listed[JournalEntryOut], operation_id="list_journal")
@reads
def index(parameters: Annotated[JournalPage, Query()], session: Reading, scope: Within) -> Response:
    """Changes, newest first."""
    begin, end = parameters.after, parameters.after + parameters.limit
    found, total = slice_journal(session, scope, parameters.filters(), begin, end)
    return page([entry_json(entry) for entry in found], str(end) if end < total else None, total)


@router.get("/chain", response_model=ChainOut, operation_id="journal_chain")
@reads
def chain(session: Reading, actor: By, recent: Number | None = None) -> Response:
    """Whether the chain is whole: all of it, or its `recent` last links; the first broken row; the hash at its end."""
    require(actor, "journal.read")
    found = chain_status(session, recent)
    return answer({**vars(found), "whole": found.whole})


@router.get("/journal.csv", operation_id="export_journal", response_class=StreamingResponse, responses=files(CSV))
def download(parameters: Annotated[JournalParameters, Query()], request: Request, scope: Within) -> StreamingResponse:
    """The list as CSV with hashes, oldest first; sent while it is read."""
    require_read(scope, "journal.read")
    headers = {"Content-Disposition": 'attachment; filename="journal.csv"', "X-Content-Type-Options": "nosniff"}
    lines = _lines(request.app.state.engine, scope, parameters.filters())
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _lines(engine: Any, scope: Scope, filters: JournalFilters) -> Iterator[bytes]:
    with Session(engine) as session:
        target = io.StringIO("\ufeff")
        target.seek(0, io.SEEK_END)
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for place, row in enumerate(iterate_journal(session, scope, filters), 1):
            told = row.model_dump() | {"at": instant(row.at) + "Z"}
            writer.writerow(["" if told[name] is None else neutral(told[name]) for name in COLUMNS])
            if place % BLOCK == 0:
                yield _taken(target)
        yield _taken(target)


def _taken(target: io.StringIO) -> bytes:
    text = target.getvalue()
    target.seek(0)
    target.truncate()
    return text.encode()


def entry_json(entry: HistoryEntry) -> dict[str, Any]:
    """An entry as JSON."""
    return {**vars(entry), "at": entry.at.isoformat()}
