"""Capital plan, funding, envelopes, mismatches, financing records with their checks and suggestions, work funds."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing, etag
from api.door.lane import reads
from api.door.shapes import UNIT, answer, base, page
from api.routes.beside import Include
from api.routes.exchange import MEDIA
from api.routes.narrowing import ProjectParameters, project_filters
from api.schemas.answers.accounts import (
    CapacityOut,
    ChangedOut,
    EnvelopeOut,
    EnvelopeSet,
    FinancingOut,
    FinancingSaved,
    FundingOut,
    MismatchOut,
    PlanLine,
    RolledOut,
    WorkFundOut,
    YearlyOut,
)
from api.schemas.answers.listed import Listed
from api.schemas.finance import CapacityIn, ClosingIn, EnvelopeIn, FinancingIn, WorkFundIn, YearlyIn
from api.schemas.media import XLSX, files
from api.schemas.values import Day, Number, Year
from portfolio.access.rules import Scope
from portfolio.briefing.capital_plan import write_capital_plan
from portfolio.core.clock import today
from portfolio.core.frames import records as rows_of
from portfolio.core.records import picked
from portfolio.core.units import outer_number
from portfolio.finance import financing, workfunds
from portfolio.finance.envelopes import NOT_DECLARED, Closing, EnvelopeData, envelope_rows, roll_forward, set_envelope
from portfolio.finance.financing_beside import records, records_seen
from portfolio.finance.mismatch import mismatches
from portfolio.finance.plan import PlanQuery, capital_plan, columns, funding, named_projects
from portfolio.finance.records import FinancingFacts
from portfolio.finance.rules.books import by_code, version
from portfolio.finance.rules.yearly import EXPECTED, completed_to
from portfolio.finance.yearly import list_yearly, save_yearly
from portfolio.projects.queries import get_project
from portfolio.screening.gates import worst_by_project

router = APIRouter(tags=["finance"])
MONEY = ("own", "carried", "total", "asked", "granted", "delivered", "free")


class PlanParameters(ProjectParameters):
    """The first of the three years, and what a row is."""

    first_year: int = Field(ge=2000, le=2060)
    by: str = Field("project", description="project, item, level, city or sector")


class YearParameters(ProjectParameters):
    """The year that is asked about, the day it is seen from, and the page."""

    of_year: int | None = Field(None, ge=2000, le=2060)
    as_of: Day | None = None
    certainty: str = ""
    limit: int = Field(200, ge=1, le=5000)


@router.get("/capital-plan", response_model=Listed[PlanLine], operation_id="capital_plan")
@reads
def plan(parameters: Annotated[PlanParameters, Query()], session: Reading, scope: Within) -> Response:
    """Before, three years, after and total of what is asked (万元), with what is granted of the three years."""
    query = PlanQuery(parameters.first_year, parameters.by, project_filters(parameters, session))
    frame = capital_plan(session, scope, query)
    if parameters.by == "project" and len(frame):
        named = named_projects(session, [int(n) for n in frame["project"]])
        frame = frame.merge(named[["project", "code", "name_zh", "name_en", "city"]], on="project").drop(
            columns="project"
        )
    amounts = columns(parameters.first_year)
    rows = [
        {**{k: v for k, v in row.items() if k not in amounts}, **{f"{n}_wan": _wan(row[n]) for n in amounts}}
        for row in rows_of(frame)
    ]
    return page(rows, None, len(rows))


@router.get("/capital-plan.xlsx", operation_id="capital_plan_workbook", response_class=Response, responses=files(XLSX))
def plan_workbook(
    parameters: Annotated[PlanParameters, Query()], session: Reading, scope: Within, lang: Language
) -> Response:
    """The plan as a workbook: by source, level, city, sector and project, totals as formulas."""
    filters = project_filters(parameters, session)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "capital-plan.xlsx"
        write_capital_plan(session, scope, path, parameters.first_year, lang, filters)
        content = path.read_bytes()
    name = f"capital-plan-{parameters.first_year}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA["xlsx"], headers=headers)


@router.get("/funding", response_model=Listed[FundingOut], operation_id="funding_gaps")
@reads
def gaps(parameters: Annotated[YearParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects by their gap, the largest first: of finance (asked less granted) and of others (asked less signed); with
    how certain their money is, and their gates.
    """
    frame = funding(session, scope, parameters.of_year, project_filters(parameters, session))
    if parameters.certainty:
        frame = frame[frame["certainty"] == parameters.certainty]
    ranked = frame.sort_values(["gap", "project"], ascending=[False, True])
    shown = ranked.head(parameters.limit)
    shown = shown.merge(named_projects(session, [int(n) for n in shown["project"]]), on="project")
    amounts = ("asked", "settled", "granted", "signed", "gap", "gap_fiscal", "gap_other")
    gates = worst_by_project(session, shown["code"])
    rows = [
        {"project": row["code"], "name": row["name_zh"], "name_en": row["name_en"]}
        | {"certainty": row["certainty"], "gate": gates.get(row["code"])}
        | {f"{name}_wan": _wan(row[name]) for name in amounts}
        for row in rows_of(shown)
    ]
    return page(rows, None, len(ranked))


@router.get("/mismatches", response_model=Listed[MismatchOut], operation_id="list_mismatches")
@reads
def unmet(parameters: Annotated[YearParameters, Query()], session: Reading, scope: Within) -> Response:
    """Projects whose money and hectares (or permits) of a year do not meet, those of most money first."""
    day = parameters.as_of or today()
    filters = project_filters(parameters, session)
    frame = mismatches(session, scope, parameters.of_year or day.year, day, filters)
    shown = frame.head(parameters.limit)
    codes = named_projects(session, sorted({int(n) for n in shown["project"]})).set_index("project")
    rows = [
        {
            "project": codes.loc[row["project"], "code"],
            "name": codes.loc[row["project"], "name_zh"],
            "name_en": codes.loc[row["project"], "name_en"],
            "year": int(row["year"]),
            "kind": row["kind"],
            "element": row["element"] or None,
            "money_wan": _wan(row["money"]),
            "needed_ha": _wan(row["area_needed"]),
            "granted_ha": _wan(row["area_granted"]),
        }
        for row in rows_of(shown)
    ]
    return page(rows, None, len(frame))


@router.get("/envelopes", response_model=Listed[EnvelopeOut], operation_id="list_envelopes")
@reads
def envelopes(session: Reading, scope: Within) -> Response:
    """Every level's envelope by year, with what is asked, granted and delivered against it (万元)."""
    rows = [
        {
            **{name: value for name, value in row.items() if name not in MONEY},
            **{f"{name}_wan": _wan(yuan) for name, yuan in picked(row, MONEY).items()},
        }
        for row in envelope_rows(session, scope)
    ]
    return page(rows, None, len(rows))


@router.put("/envelopes/{level}/{year:int}", response_model=EnvelopeSet, operation_id="set_envelope")
def put_envelope(level: str, year: Year, body: EnvelopeIn, session: Writing, scope: Within, actor: By) -> Response:
    """Set a level's own amount of a year by a document; the former one is kept."""
    own = base(body.own_wan, "money", "own_wan")
    set_envelope(session, actor, EnvelopeData(level, year, own, body.doc_no, body.note))
    return answer({"level": level, "year": year, "own_wan": body.own_wan})


@router.post("/envelopes/{year}/rolling", response_model=RolledOut, operation_id="roll_envelopes")
def roll(year: Year, session: Writing, scope: Within, actor: By, body: ClosingIn | None = None) -> Response:
    """Carry what the envelopes of a year that is over did not deliver into the next; repeat it as actuals come in.

    A running year needs a person who declares it closed, and a reason.
    """
    closing = Closing(body.closed_by, body.closed_reason) if body else NOT_DECLARED
    rows = roll_forward(session, actor, scope, year, closing=closing)
    named = [
        {**row, "delivered": outer_number(row["delivered"], "money"), "carried": outer_number(row["carried"], "money")}
        for row in rows
    ]
    return answer({"items": named, "unit": UNIT["money"]})


@router.get("/projects/{code}/financing", response_model=FinancingOut, operation_id="project_financing")
@reads
def of_project(code: str, session: Reading, scope: Within, include: Include = None) -> Response:
    """A project's financing records, the published checks, and the instruments it qualifies for or not and why.

    Checks look at what was accepted; `include=proposed` lists what is proposed as well, for who may see it.
    """
    project = get_project(session, scope, code)
    held = records(session, project["id"])
    if include is not None:
        held, _ = records_seen(session, scope, project)
    found = {
        "records": [record_json(row) for row in held],
        "checks": [
            {**vars(one), "source": by_code("checks")[one.code]["source_zh"]}
            for one in financing.checks(session, scope, code)
        ],
        "suggestions": [{**vars(one), "qualifies": one.qualifies} for one in financing.suggested(session, scope, code)],
        "rules": version(),
    }
    return answer(found)


@router.get("/projects/{code}/yearly", response_model=YearlyOut, operation_id="project_yearly")
@reads
def yearly(code: str, session: Reading, scope: Within) -> Response:
    """A project's investment year by year, as its office stated it, with who said it and when."""
    return answer(_yearly_json(session, scope, code))


@router.put("/projects/{code}/yearly", response_model=YearlyOut, operation_id="state_yearly")
def state_yearly(code: str, body: YearlyIn, session: Writing, scope: Within, actor: By) -> Response:
    """State what was completed in years, to date, or is expected by a year's end; a null takes a figure back."""
    stated: dict[tuple[str, int], int | None] = {
        (one.kind, one.year): None if one.amount_wan is None else base(one.amount_wan, "money", "amount_wan")
        for one in body.figures
    }
    save_yearly(session, actor, scope, code, stated, body.note)
    return answer(_yearly_json(session, scope, code))


def _yearly_json(session: Session, scope: Scope, code: str) -> dict[str, Any]:
    rows = list_yearly(session, scope, code)
    known = {(row["kind"], row["year"]): row["amount_yuan"] for row in rows}
    figures = [
        {**{name: value for name, value in row.items() if name not in ("amount_yuan", "at")}}
        | {"amount_wan": outer_number(row["amount_yuan"], "money"), "at": row["at"].isoformat()}
        for row in rows
    ]
    year = today().year
    return {
        "figures": figures,
        "completed_to_last_year_wan": outer_number(completed_to(known, year - 1), "money"),
        "expected_this_year_wan": outer_number(known.get((EXPECTED, year)), "money"),
    }


@router.post("/projects/{code}/financing", status_code=201, response_model=FinancingSaved, operation_id="add_financing")
def add(code: str, body: FinancingIn, session: Writing, scope: Within, actor: By) -> Response:
    """Add a financing record."""
    number = financing.save_record(session, actor, scope, code, _values(body))
    return answer({"id": number}, 201, {"ETag": etag(1)})


@router.patch("/projects/{code}/financing/{number}", response_model=FinancingSaved, operation_id="change_financing")
def change(
    code: str, number: Number, body: FinancingIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Change a financing record; needs If-Match with its version."""
    financing.save_record(session, actor, scope, code, _values(body), number, expected)
    return answer({"id": number}, headers={"ETag": etag(expected + 1)})


@router.delete("/projects/{code}/financing/{number}", status_code=204, operation_id="remove_financing")
def remove(code: str, number: Number, session: Writing, scope: Within, actor: By) -> Response:
    """Take a financing record away; the journal keeps it."""
    financing.remove_record(session, actor, scope, code, number)
    return Response(status_code=204)


@router.put("/fiscal-capacity/{region}/{year}", response_model=CapacityOut, operation_id="set_fiscal_capacity")
def capacity(region: str, year: Year, body: CapacityIn, session: Writing, scope: Within, actor: By) -> Response:
    """State a region's general public budget expenditure of a year, for the PPP limit."""
    budget = base(body.budget_wan, "money", "budget_wan")
    financing.set_capacity(session, actor, region, year, budget, body.doc_no)
    return answer({"region_code": region, "year": year, "budget_wan": body.budget_wan})


@router.get("/work-funds", response_model=Listed[WorkFundOut], operation_id="list_work_funds")
@reads
def work_funds(session: Reading, scope: Within, year: Year | None = None) -> Response:
    """Cooperation work funds by unit, year and purpose."""
    rows = []
    for row in workfunds.list_work_funds(session, scope, year):
        shown = {name: value for name, value in row.items() if name not in ("asked_yuan", "granted_yuan")}
        asked, granted = outer_number(row["asked_yuan"], "money"), outer_number(row["granted_yuan"], "money")
        rows.append({**shown, "asked_wan": asked, "granted_wan": granted})
    return page(rows, None, len(rows))


@router.post("/work-funds", response_model=ChangedOut, operation_id="save_work_fund")
def save_work_fund(body: WorkFundIn, session: Writing, scope: Within, actor: By) -> Response:
    """Set a unit's line of a year and purpose."""
    sent = body.model_dump(exclude_unset=True, exclude={"unit_code", "year", "purpose"})
    changed = workfunds.save_work_fund(session, actor, body.unit_code, body.year, body.purpose, _in_yuan(sent))
    return answer({"changed": changed})


def record_json(row: FinancingFacts) -> dict[str, Any]:
    """A financing record as JSON."""
    shown = {
        k: v for k, v in row.items() if k not in ("project_id", "amount_yuan", "annual_payment_yuan", "cover_milli")
    }
    cover = row["cover_milli"]
    return {
        **shown,
        "amount_wan": outer_number(row["amount_yuan"], "money"),
        "annual_payment_wan": outer_number(row["annual_payment_yuan"], "money"),
        "cover": None if cover is None else cover / 1000,
    }


def _values(body: FinancingIn) -> dict[str, Any]:
    sent = _in_yuan(body.model_dump(exclude_unset=True))
    if "cover" in sent:
        cover = sent.pop("cover")
        sent["cover_milli"] = None if cover is None else round(cover * 1000)
    return sent


def _in_yuan(sent: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, value in sent.items():
        if name.endswith("_wan"):
            yuan = None if value is None else base(value, "money", name)
            found[name.removesuffix("_wan") + "_yuan"] = yuan
        else:
            found[name] = value
    return found


def _wan(value: Any) -> Any:
    return outer_number(int(value), "money")
