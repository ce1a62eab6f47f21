"""`/editions/{code}/…`: entries changed by hand, targets, comments, the annual list as data and as files, imports."""

import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, base, page
from api.routes.arranged import arranged_in
from api.routes.exchange import MEDIA, keep
from api.schemas.answers.listed import Listed
from api.schemas.answers.programme import (
    AnnualItem,
    AnnualTotal,
    BaselineOut,
    ChangeSet,
    CommentMade,
    CommentOut,
    EditionImported,
    EntryAdded,
    ListingOut,
    ListLine,
    ReserveOut,
    TargetSet,
    TaskItems,
    VetoDecided,
    VetoedOut,
)
from api.schemas.media import DOCX, XLSX, files, refused
from api.schemas.values import Day, Number, Strict, Words, Year
from portfolio.briefing.annual_book import write_annual_book
from portfolio.briefing.annual_document import write_annual_document
from portfolio.core.database import transaction
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import records
from portfolio.core.settings import get_settings
from portfolio.core.units import outer_number
from portfolio.exchange.rows.edition_import import ForeignEdition, import_edition, imported_record
from portfolio.people.limits import admit_import
from portfolio.rolling import consultation, deciding, lists, targets, vetoes
from portfolio.rolling.adoption import exit_reserves
from portfolio.rolling.annual import Row, annual_list, decomposition, totals
from portfolio.rolling.baselines import baseline_frame
from portfolio.rolling.queries import get_edition
from portfolio.vocabulary.elements import element_tree

router = APIRouter(tags=["editions"])
WRITERS = {"xlsx": (write_annual_book, MEDIA["xlsx"]), "docx": (write_annual_document, DOCX)}


class EntryIn(Strict):
    """A project taken into a draft by hand."""

    project: str
    reason: str = Field(max_length=500)


class EntryChangeIn(Strict):
    """A change by hand with a reason of the list."""

    change: Literal["kept", "suspended", "exited"]
    reason_code: str
    reason: str = Field("", max_length=500)


class MilestoneIn(Strict):
    """A milestone, months as `YYYY-MM`."""

    name: str
    due_month: str
    done_month: str | None = None


CurveMonth = Annotated[int, Field(strict=False, ge=0, le=99)]  # the keys of a JSON object are text


class TargetIn(Strict):
    """Targets of an entry; what is left out stays. Amounts in 万元, the curve by last month of each step."""

    annual_wan: float | None = None
    content: str | None = None
    person: str | None = None
    curve_wan: dict[CurveMonth, float] | None = None
    milestones: list[MilestoneIn] | None = None


class CommentIn(Strict):
    """A comment of a unit on an entry."""

    project: str
    unit: str
    words: str
    required: bool = False


class AnswerIn(Strict):
    """The answer to a comment, or its withdrawal."""

    words: str
    withdraw: bool = False


class VetoChoiceIn(Strict):
    """What a person decides of an entry under a veto, with the reason."""

    decision: Literal["keep", "leave_out"]
    person: str
    reason: str
    doc_no: str = ""


class ActIn(Strict):
    """What is said of a project in a list of a year."""

    project: str
    list: Literal["coordinated", "near_term"]
    year: int = Field(ge=2000, le=2060)
    act: str
    on_date: Day
    unit: str = ""
    batch: str = "annual"
    doc_no: str = ""
    person: str = Field("", max_length=80, description="who speaks for the unit where nobody signs in")


@router.post("/editions/{code}/entries", status_code=201, response_model=EntryAdded, operation_id="add_edition_entry")
def add(code: str, body: EntryIn, session: Writing, scope: Within, actor: By) -> Response:
    """Take a project into a draft by hand."""
    deciding.add_entry(session, actor, scope, code, body.project, body.reason)
    return answer({"edition": code, "project": body.project}, 201)


@router.put("/editions/{code}/entries/{project}/change", response_model=ChangeSet, operation_id="change_edition_entry")
def change(
    code: str, project: str, body: EntryChangeIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Suspend an entry, let it leave, or take that back; needs If-Match with the entry's version."""
    fields = (body.change, body.reason_code, body.reason, expected)
    deciding.change_entry(session, actor, scope, code, project, *fields)
    return answer({"project": project, "change": body.change})


@router.put("/editions/{code}/entries/{project}/target", response_model=TargetSet, operation_id="set_edition_target")
def target(
    code: str, project: str, body: TargetIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Set the annual target with its curve, content, person and milestones; needs If-Match."""
    steps, curve = body.milestones, body.curve_wan
    given = targets.Target(
        _yuan(body.annual_wan),
        body.content,
        body.person,
        None if curve is None else {month: _yuan(wan, f"curve_wan.{month}") or 0 for month, wan in curve.items()},
        None if steps is None else [(one.name, one.due_month, one.done_month) for one in steps],
    )
    targets.set_target(session, actor, code, project, given, expected)
    return answer({"project": project})


def _yuan(wan: float | None, field: str = "annual_wan") -> int | None:
    return None if wan is None else base(wan, "money", field)


@router.get("/editions/{code}/comments", response_model=Listed[CommentOut], operation_id="list_comments")
@reads
def comments(code: str, session: Reading, scope: Within, project: str | None = None) -> Response:
    """Comments on an edition, open ones first."""
    rows = [_dated(row) for row in records(consultation.comment_frame(session, scope, code, project))]
    return page(rows, None, len(rows))


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in row if name not in ("made_at", "answered_at")}
    moments = {
        name: row[name].isoformat() if row[name] == row[name] and row[name] else None
        for name in ("made_at", "answered_at")
    }
    return {**shown, "required": bool(row["required"]), **moments}


@router.post("/editions/{code}/comments", status_code=201, response_model=CommentMade, operation_id="comment_entry")
def comment(code: str, body: CommentIn, session: Writing, scope: Within, actor: By) -> Response:
    """Comment on an entry of an edition under consultation."""
    said = consultation.Said(body.project, body.unit, body.words, body.required)
    return answer({"comment": consultation.comment(session, actor, code, said)}, 201)


@router.post("/editions/{code}/comments/{number}/answer", response_model=CommentMade, operation_id="answer_comment")
def reply(code: str, number: Number, body: AnswerIn, session: Writing, scope: Within, actor: By) -> Response:
    """Answer a comment, or withdraw it."""
    consultation.answer(session, actor, code, number, body.words, body.withdraw)
    return answer({"comment": number})


@router.get("/editions/{code}/annual-list", response_model=Listed[AnnualItem], operation_id="annual_list")
@reads
def annual(code: str, session: Reading, scope: Within, lang: Language) -> Response:
    """The items of the year, by table, each with what is arranged; amounts in 万元, months each by itself, quarters
    cumulated."""
    found = annual_list(session, scope, code)
    arranged = arranged_in(session, scope, code, [row.code for row in found], lang)
    rows = [{**_item(row), "arranged": arranged.get(row.code)} for row in found]
    return page(rows, None, len(rows))


def _item(row: Row) -> dict[str, Any]:
    plain = {name: value for name, value in vars(row).items() if not name.endswith("_yuan")}
    plain["decided"] = _decided(row.decided)
    plain["quarters"] = [outer_number(amount, "money") for amount in row.quarters]
    plain["months"] = [outer_number(amount, "money") for amount in row.months]
    return {
        **plain,
        "total_investment_wan": outer_number(row.total_yuan, "money"),
        "done_wan": outer_number(row.done_yuan, "money"),
        "completed_wan": outer_number(row.completed_yuan, "money"),
        "annual_wan": outer_number(row.annual_yuan, "money"),
    }


def _decided(one: vetoes.Decided | None) -> dict[str, Any] | None:
    return None if one is None else {**vars(one), "at": one.at.isoformat()}


@router.get("/editions/{code}/vetoes", response_model=Listed[VetoedOut], operation_id="edition_vetoes")
@reads
def vetoed(code: str, session: Reading, scope: Within, undecided: bool = False) -> Response:
    """The entries that stand under a veto, with what was decided of each; `undecided`: what keeps from approval."""
    rows = [
        {**vars(one), "undecided": one.undecided, "decided": _decided(one.decided)}
        for one in vetoes.vetoed_entries(session, scope, code)
        if one.undecided or not undecided
    ]
    return page(rows, None, len(rows))


@router.post(
    "/editions/{code}/entries/{project}/veto-decisions",
    status_code=201,
    response_model=VetoDecided,
    operation_id="decide_edition_veto",
)
def decide_veto(code: str, project: str, body: VetoChoiceIn, session: Writing, scope: Within, actor: By) -> Response:
    """Decide by name and reason that an entry under a veto stays in a draft, or is left out of it."""
    choice = vetoes.Choice(body.decision, body.person, body.reason, body.doc_no)
    return answer({"decision": vetoes.decide_veto(session, actor, scope, code, project, choice)}, 201)


@router.get(
    "/editions/{code}/annual-list/totals/{by}", response_model=Listed[AnnualTotal], operation_id="annual_list_totals"
)
@reads
def annual_totals(code: str, by: Literal["city", "unit", "sector"], session: Reading, scope: Within) -> Response:
    """Totals of the list by city (450000: 区直及跨市), unit or sector, and table."""
    rows = []
    for row in records(totals(annual_list(session, scope, code), by)):
        group = row["group"] if row["group"] == row["group"] else None
        amounts = {
            f"{name}_wan": outer_number(int(row[f"{name}_yuan"]), "money") for name in ("total", "done", "annual")
        }
        rows.append({"group": group, "table": row["table"], "projects": row["projects"], **amounts})
    return page(rows, None, len(rows))


@router.get(
    "/editions/{code}/annual-list.{suffix}",
    operation_id="annual_list_file",
    response_class=Response,
    responses=files(XLSX, DOCX),
)
def annual_file(code: str, suffix: str, session: Reading, scope: Within, lang: Language) -> Response:
    """The list as a workbook (`.xlsx`) or a document (`.docx`)."""
    if suffix not in WRITERS:
        raise NotFoundError("request.not_found")
    write, media = WRITERS[suffix]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{suffix}"
        write(session, scope, path, code, lang)
        content = path.read_bytes()
    disposition = f'attachment; filename="annual-list.{suffix}"'
    return Response(content, media_type=media, headers={"Content-Disposition": disposition})


@router.get("/editions/{code}/tasks", response_model=Listed[TaskItems], operation_id="edition_tasks")
@reads
def tasks(code: str, session: Reading, scope: Within, lacking: bool = False) -> Response:
    """Every task with its items of the year by city; `lacking`: only those without an item somewhere."""
    rows = [
        {"task": one.task, "title_zh": one.title_zh, "title_en": one.title_en, "projects": one.projects}
        | {"items": {city or "-": count for city, count in one.items.items()}, "without": list(one.without)}
        for one in decomposition(session, scope, code)
        if not lacking or one.without or one.nothing
    ]
    return page(rows, None, len(rows))


@router.get("/editions/{code}/exits/reserves", response_model=Listed[ReserveOut], operation_id="exit_reserves")
@reads
def reserves(code: str, session: Reading, scope: Within) -> Response:
    """What the projects that leave still reserve, and adoption will recover."""
    tree = element_tree(session).by_code
    rows = [
        {**{name: value for name, value in vars(one).items() if name != "quantity"}}
        | {"quantity": outer_number(one.quantity, tree[one.item].dimension)}
        for one in exit_reserves(session, scope, get_edition(session, code))
    ]
    return page(rows, None, len(rows))


@router.get("/editions/{code}/baselines", response_model=Listed[BaselineOut], operation_id="edition_baselines")
@reads
def baselines(code: str, session: Reading, scope: Within) -> Response:
    """Totals against the first approved ones, most grown first."""
    rows = [
        {name: row[name] for name in ("code", "name_zh", "name_en", "baseline", "grown_permille")}
        | {"reappraise": bool(row["reappraise"])}
        | {f"{name}_wan": outer_number(int(row[f"{name}_yuan"]), "money") for name in ("baseline", "total")}
        for row in records(baseline_frame(session, scope, code))
    ]
    return page(rows, None, len(rows))


@router.get("/project-lists/{name}/{year}", response_model=Listed[ListLine], operation_id="project_list")
@reads
def listed(name: Literal["coordinated", "near_term"], year: Year, session: Reading, scope: Within) -> Response:
    """A list of a year by project, with what each unit said last."""
    rows = records(lists.list_frame(session, scope, name, year))
    return page([{**row, "listed": bool(row["listed"])} for row in rows], None, len(rows))


@router.post("/project-lists", status_code=201, response_model=ListingOut, operation_id="say_of_list")
def say(body: ActIn, session: Writing, scope: Within, actor: By) -> Response:
    """Include a project in the coordinated plan, or propose, confirm or withdraw it for the near-term list."""
    act = lists.Act(**{**body.model_dump(), "on_date": body.on_date.isoformat()})
    lists.say(session, actor, scope, act)
    return answer(body.model_dump(mode="json"), 201)


@router.post(
    "/edition-imports",
    response_model=EditionImported,
    operation_id="import_edition",
    responses=refused(EditionImported),
)
def upload(
    request: Request,
    file: Annotated[UploadFile, File()],
    code: Annotated[Words, Form()],
    year: Annotated[Year, Form()],
    doc_no: Annotated[Words, Form()],
    on_date: Annotated[Day, Form()],
    scope: Within,
    actor: By,
    lang: Language,
    years: Annotated[int, Query(ge=0, le=99)] = 3,
    batch: Annotated[str, Query()] = "annual",
    parent: Annotated[str | None, Query()] = None,
    create: Annotated[bool, Query()] = False,
) -> Response:
    """Load a workbook of an edition published elsewhere; 422 with every finding when it is refused."""
    with transaction(request.app.state.engine) as admitted:
        admit_import(admitted, actor)
    limit = get_settings().max_upload_mb
    head = ForeignEdition(code, year, doc_no, on_date.isoformat(), years, batch, parent, create, limit)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(file.filename or "upload.xlsx").name
        keep(file, path, limit)
        with Session(request.app.state.engine, expire_on_commit=False) as session:
            outcome = import_edition(session, actor, scope, [path], head)
            if not outcome.findings:
                session.commit()
    return answer(imported_record(outcome, lang), 422 if outcome.findings else 200)
