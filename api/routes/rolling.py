"""`/editions`: roll a draft, decide its entries, approve it, compare any two."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response
from pydantic import Field
from sqlmodel import Session

from api.door.context import By, Expected, Language, Reading, Within, Writing
from api.door.lane import reads
from api.door.shapes import answer, page
from api.routes.arranged import arranged_in
from api.routes.consultation import InvitationIn
from api.schemas.answers.accounts import DecidedOut, StateOut
from api.schemas.answers.editions_compared import EditionDiff
from api.schemas.answers.listed import Listed
from api.schemas.answers.programme import (
    CategorySet,
    EditionEntryOut,
    EditionMade,
    EditionOut,
    EditionTotal,
    UntoldOut,
)
from api.schemas.values import Asked, Day, Strict, Year
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.frames import records
from portfolio.core.paging import DEFAULT_LIMIT, MAX_LIMIT
from portfolio.core.units import outer_number
from portfolio.rolling import approval, deciding, service
from portfolio.rolling.closing import untold
from portfolio.rolling.entry_pages import list_entries
from portfolio.rolling.queries import EntryFilters, compare, edition_head, list_editions, totals_by
from portfolio.rolling.records import EditionEntryRecord, EditionRecord
from portfolio.rolling.rules.bridge import CAUSES, Bridge, Comparison
from portfolio.screening.gates import worst_by_project
from portfolio.vocabulary.elements import element_tree

router = APIRouter(prefix="/editions", tags=["editions"])
NOT_AS_KEPT = ("total_yuan", "annual_yuan", "points_milli", "completed_yuan", "late_months")


class EditionIn(Strict):
    """A draft to roll; without a parent the first is founded."""

    code: str = Field(min_length=1, max_length=40)
    base_year: int = Field(ge=2000, le=2060)
    years: int = Field(3, ge=0, le=99)
    batch: str = "annual"
    parent: str | None = None
    note: str = Field("", max_length=500)
    later_years: bool = False
    closed_by: str = Field("", max_length=80, description="who declares the running year closed; else it is open")
    closed_reason: str = Field("", max_length=500)
    maker: str = Field("", max_length=80, description="who answers for it where nobody signs in")


class EntryPage(Asked):
    """Filters of entries (repeat a parameter for "any of"), sort and page."""

    q: str = Field("", max_length=200, description="search in code and name")
    category: list[str] = []
    change: list[str] = []
    rule: list[str] = []
    decision: list[str] = []
    city: list[str] = Field([], description="reporting city of sums")
    task: str = Field("", max_length=20, description="serves this task")
    overridden: bool = Field(False, description="only where a person set the category against the dates")
    standing: bool = Field(False, description="only what stands in the programme")
    sort: str = Field("code", description="a field, with - before it for descending")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    after: str | None = Field(None, max_length=1000)

    @property
    def filters(self) -> EntryFilters:
        """The domain's filters."""
        return EntryFilters(
            category=tuple(self.category),
            change=tuple(self.change),
            rule=tuple(self.rule),
            decision=tuple(self.decision),
            city_code=tuple(self.city),
            q=self.q,
            overridden=self.overridden,
            standing=self.standing,
            task=self.task,
        )


class DecisionIn(Strict):
    """Proposals to accept or reject, all or none."""

    projects: list[str] = Field(min_length=1, max_length=5000)
    decision: Literal["accepted", "rejected", "proposed"]
    reason: str = Field("", max_length=500)


class CategoryIn(Strict):
    """Another category than the dates say, with the reason."""

    category: str
    reason: str = Field(max_length=500)


class EditionApprovalIn(Strict):
    """The document of an approval, and who approves where nobody signs in; `mark` as the look ahead gave it."""

    doc_no: str = Field(max_length=80)
    on_date: Day
    person: str = Field("", max_length=80)
    mark: str = Field("", max_length=16)


@router.get("", response_model=Listed[EditionOut], operation_id="list_editions")
@reads
def index(session: Reading, scope: Within) -> Response:
    """Every edition, the newest first."""
    rows = [_edition_json(one) for one in list_editions(session, scope)]
    return page(rows, None, len(rows))


@router.post("", status_code=201, response_model=EditionMade, operation_id="roll_edition")
def roll(body: EditionIn, session: Writing, scope: Within, actor: By) -> Response:
    """Make a draft by rolling its parent forward."""
    count = service.roll_edition(session, actor, scope, service.NewEdition(**body.model_dump()))
    return answer({"code": body.code, "entries": count}, 201)


@router.get("/{code}", response_model=EditionOut, operation_id="get_edition")
@reads
def show(code: str, session: Reading, scope: Within) -> Response:
    """One edition with its state, window and totals."""
    return answer(_edition_json(edition_head(session, scope, code)))


@router.get("/{code}/entries", response_model=Listed[EditionEntryOut], operation_id="list_edition_entries")
@reads
def entries(
    code: str, parameters: Annotated[EntryPage, Query()], session: Reading, scope: Within, lang: Language
) -> Response:
    """The entries of an edition, each with the rule that made it and what is arranged; filtered, sorted, a page."""
    found = list_entries(session, scope, code, parameters.filters, parameters.sort, parameters.limit, parameters.after)
    codes = [row["code"] for row in found.rows]
    gates, arranged = worst_by_project(session, codes), arranged_in(session, scope, code, codes, lang)
    rows = [
        {**_entry_json(row), "gate": gates.get(row["code"]), "arranged": arranged.get(row["code"])}
        for row in found.rows
    ]
    return page(rows, found.next, found.total)


@router.get("/{code}/untold", response_model=UntoldOut, operation_id="edition_untold")
@reads
def not_told(code: str, session: Reading, scope: Within) -> Response:
    """How many projects have years before the edition that nobody told of, and the funds planned in them (万元)."""
    found = untold(session, scope, code)
    amounts = {
        "unreported_wan": outer_number(found.unreported_yuan, "money"),
        "running_wan": outer_number(found.running_yuan, "money"),
    }
    counts = {"unreported": found.unreported, "running": found.running, "expected": found.expected}
    return answer(counts | amounts)


@router.get("/{code}/totals/{by}", response_model=Listed[EditionTotal], operation_id="edition_totals")
@reads
def totals(
    code: str, by: Literal["category", "city_code", "lead_unit", "kind", "sector"], session: Reading, scope: Within
) -> Response:
    """The annual list's totals by category, and by city, lead unit or kind."""
    rows = [_in_wan(row) for row in records(totals_by(session, scope, code, by))]
    return page(rows, None, len(rows))


@router.post("/{code}/decisions", response_model=DecidedOut, operation_id="decide_entries")
def decide(code: str, body: DecisionIn, session: Writing, scope: Within, actor: By) -> Response:
    """Accept or reject proposals of a draft."""
    return answer(
        {"decided": deciding.decide_entries(session, actor, scope, code, body.projects, body.decision, body.reason)}
    )


@router.put("/{code}/entries/{project}/category", response_model=CategorySet, operation_id="override_category")
def override(
    code: str, project: str, body: CategoryIn, session: Writing, scope: Within, actor: By, expected: Expected
) -> Response:
    """Put an entry into another category, with the reason; needs If-Match with the entry's version."""
    deciding.override_category(session, actor, code, project, body.category, body.reason, expected)
    return answer({"project": project, "category": body.category})


@router.post("/{code}/step", response_model=StateOut, operation_id="step_edition")
def step(
    code: str, session: Writing, scope: Within, actor: By, invitation: Annotated[InvitationIn | None, Body()] = None
) -> Response:
    """Send a draft out for consultation or call it back; issue an approved edition. Whom it asks may be in the body."""
    asked = invitation.domain if invitation else None
    return answer({"code": code, "state": service.send_round(session, actor, code, asked)})


@router.post("/{code}/approval", response_model=StateOut, operation_id="approve_edition")
def approve(code: str, body: EditionApprovalIn, session: Writing, scope: Within, actor: By) -> Response:
    """Approve a draft under a document; it is frozen."""
    approval.approve(session, actor, scope, code, body.doc_no, body.on_date.isoformat(), body.person, body.mark)
    return answer({"code": code, "state": "approved"})


@router.delete("/{code}", status_code=204, operation_id="drop_edition")
def drop(code: str, session: Writing, scope: Within, actor: By) -> Response:
    """Drop a draft edition; one that was approved stays for good."""
    service.drop_edition(session, actor, code)
    return Response(status_code=204)


@router.get("/{before}/diff/{after}", response_model=EditionDiff, operation_id="compare_editions")
@reads
def diff(
    before: str,
    after: str,
    session: Reading,
    scope: Within,
    item: Annotated[str, Query()] = "fund",
    first_year: Year | None = None,
    last_year: Year | None = None,
) -> Response:
    """What changed project by project, and the bridges of the money (or, by `item`, of hectares).

    `annual` leads from one annual plan to the other, `window` from window to window with the years that leave and
    enter, `common` over the years of both windows, `bridge` over every year or those asked for.
    """
    if (first_year is None) != (last_year is None):
        lacking = "first_year" if first_year is None else "last_year"
        raise InvalidError("request.invalid", [FieldError(lacking, "field.required")])
    years = (first_year, last_year) if first_year is not None and last_year is not None else None
    cells, plan = compare(session, scope, before, after, item)
    found = cells.differences()
    dimension = "money" if item.split(".")[0] == "fund" else "area"
    changed = [
        {**vars(one), "before": outer_number(one.before, dimension), "after": outer_number(one.after, dimension)}
        for one in found
        if one.kinds != ("kept",)
    ]
    return answer(
        {
            "changed": changed,
            "kept": len(found) - len(changed),
            "annual": _bridge_json(plan.bridge(), dimension),
            "window": _bridge_json(cells.window_bridge(), dimension),
            "common": _bridge_json(cells.bridge(cells.common_years), dimension),
            "bridge": _bridge_json(cells.bridge(years), dimension),
            "cells": _cells_json(session, cells, dimension),
        }
    )


def _bridge_json(money: Bridge, dimension: str) -> dict[str, Any]:
    amounts = {"before": money.before, "after": money.after, **money.causes}
    told = {name: outer_number(amount, dimension) for name, amount in amounts.items()}
    return {**told, "remainder": money.remainder}


def _cells_json(session: Session, cells: Comparison, dimension: str) -> list[dict[str, Any]]:
    """Every item and year that changed, with the causes."""
    tree, names = element_tree(session).by_id, ("before", "after", *CAUSES)
    return [
        {"item": tree[row["item"]].code, "year": row["year"]}
        | {name: outer_number(row[name], dimension) for name in names}
        for row in records(cells.by_cell())
        if any(row[cause] for cause in CAUSES)
    ]


def _edition_json(one: EditionRecord) -> dict[str, Any]:
    shown = {name: value for name, value in one.items() if name not in ("id", "parent_id", "annual_yuan", "made_at")}
    return {**shown, "annual_wan": outer_number(one["annual_yuan"], "money"), "made_at": one["made_at"].isoformat()}


def _entry_json(row: EditionEntryRecord) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in NOT_AS_KEPT}
    total, milli = row["total_yuan"], row["points_milli"]
    stated = None if total is None or total != total else int(total)
    completed, late = row["completed_yuan"], row["late_months"]
    done = None if completed is None or completed != completed else int(completed)
    return {
        **shown,
        "total_investment_wan": outer_number(stated, "money"),
        "annual_wan": outer_number(int(row["annual_yuan"]), "money"),
        "completed_wan": outer_number(done, "money"),
        "late_months": None if late is None or late != late else int(late),
        "points": None if milli is None or milli != milli else int(milli) / 1000,
    }


def _in_wan(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: value for name, value in row.items() if not name.endswith("_yuan")},
        "total_investment_wan": outer_number(int(row["total_yuan"]), "money"),
        "annual_wan": outer_number(int(row["annual_yuan"]), "money"),
    }
