"""Financing records of projects, a region's budget for its PPP limit, and the checks and suggestions that use them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.errors import FieldError, InvalidError, NotFoundError, StaleError
from portfolio.finance.financing_beside import (
    FIELDS,
    propose_record,
    records,
    records_over,
    says_beside,
    write_record,
)
from portfolio.finance.records import FinancingRecord
from portfolio.finance.rules.books import by_code
from portfolio.finance.rules.funding import Check, Suggestion, ppp_check, project_checks, suggestions
from portfolio.finance.tables import Financing, FiscalCapacity
from portfolio.journal import service as journal
from portfolio.needs.queries import project_needs
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.gate import pass_gate, require_open
from portfolio.projects.queries import get_project
from portfolio.projects.states import standing
from portfolio.projects.tables import Project
from portfolio.vocabulary.codes import WHOLE_REGION, sector_of
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

STATUSES = ("planned", "applied", "approved", "signed", "drawn", "refused", "repaid")
REGIMES = ("PRE_2023", "CONCESSION_2023")
INSTRUMENTS = (
    "central_budget",
    "ultra_long_treasury",
    "general_bond",
    "special_bond",
    "policy_loan",
    "commercial_loan",
    "ppp",
    "gov_fund",
    "integration_fund",
    "other",
)


def save_record(
    session: Session,
    actor: Actor,
    scope: Scope,
    code: str,
    values: Mapping[str, Any],
    number: int | None = None,
    version: int | None = None,
) -> int:
    """Add a financing record to a project, or change record `number`; returns its number.

    Of an accepted project an office only proposes it (`financing_beside`).
    """
    require_some(actor, "financing.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "financing.edit", row_of(project))
    stands = standing(session, project["id"])
    beside = says_beside(actor, project, stands)
    held = _record(session, project["id"], number, beside) if number else None
    before: Mapping[str, Any] = held or {}
    if version is not None and before and version != before["version"]:
        raise StaleError("finance.stale", before, id=str(number))
    fresh = {
        **{n: before.get(n, _default(n)) for n in FIELDS},
        **{n: _stated(n, v) for n, v in values.items() if n in FIELDS},
    }
    found = record_faults(fresh)
    if found:
        raise InvalidError("finance.invalid", found)
    if not beside:
        require_open(session, actor, project)
        return write_record(session, actor, project, held, fresh)
    pass_gate(session, actor, project, stands)
    return propose_record(session, actor, project, number, fresh)


def remove_record(session: Session, actor: Actor, scope: Scope, code: str, number: int) -> None:
    """Take a financing record away; the journal keeps what it was."""
    require_some(actor, "financing.edit")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "financing.edit", row_of(project))
    stands = standing(session, project["id"])
    beside = says_beside(actor, project, stands)
    before = _record(session, project["id"], number, beside)
    if not beside:
        require_open(session, actor, project)
        write_record(session, actor, project, before, None)
    else:
        pass_gate(session, actor, project, stands)
        propose_record(session, actor, project, number, None)


def _record(session: Session, project_id: int, number: int, beside: bool) -> FinancingRecord:
    every = records_over(session, project_id) if beside else records(session, project_id)
    found = next((one for one in every if one["id"] == number), None)
    if found is None:
        raise NotFoundError("finance.no_record", id=str(number))
    return found


def _stated(name: str, value: Any) -> Any:
    """`value`, or what stands where nothing is stated: a text that was taken back is empty, not absent."""
    return _default(name) if value is None else value


def _default(name: str) -> Any:
    field = Financing.model_fields[name]
    return None if field.is_required() else field.default


def record_faults(record: Mapping[str, Any]) -> list[FieldError]:
    """Every fault of a financing record."""
    found: list[FieldError] = []
    allowed = {"instrument": INSTRUMENTS, "status": STATUSES, "regime": ("", *REGIMES)}
    allowed["bond_use"] = ("", *by_code("bond_uses"))
    for name, codes in allowed.items():
        if record[name] not in codes:
            found.append(FieldError(name, "field.unknown_code", {"value": str(record[name] or "")}))
    if record["amount_yuan"] is None or record["amount_yuan"] <= 0:
        found.append(FieldError("amount_yuan", "ledger.not_positive"))
    if record["first_year"] is None or not FIRST_YEAR <= record["first_year"] <= LAST_YEAR:
        params = {"value": str(record["first_year"] or ""), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        found.append(FieldError("first_year", "need.bad_year", params))
    if record["instrument"] == "ppp" and not record["regime"]:
        found.append(FieldError("regime", "finance.regime_required"))
    if record["status"] in ("approved", "signed", "drawn") and not str(record["doc_no"]).strip():
        found.append(FieldError("doc_no", "ledger.document_required"))
    return found


def checks(session: Session, scope: Scope, code: str) -> list[Check]:
    """The published checks of a project, with its region's PPP limit for every year it pays under an old contract."""
    project = get_project(session, scope, code)
    held, tree = records(session, project["id"]), element_tree(session)
    flags = {node.code: node.flags for node in tree.nodes}
    found = project_checks(project, sector_of(project["kind"]), asked_funds(session, scope, code), flags, held)
    years = {year for one in held if one["regime"] == REGIMES[0] for year in _payment_years(one)}
    for year in sorted(years):
        found.append(ppp_limit(session, scope, project["city_code"], year))
    return found


def asked_funds(session: Session, scope: Scope, code: str) -> dict[str, int]:
    """What a project asks of each leaf of funds over all years (yuan)."""
    needs, sums = project_needs(session, scope, code), dict[str, int]()
    for item, required in zip(needs["item"], needs["required"], strict=True):
        if item.startswith("fund."):
            sums[item] = sums.get(item, 0) + int(required)
    return sums


def ppp_limit(session: Session, scope: Scope, region: str | None, year: int) -> Check:
    """The payments of a region's projects under contracts of the old regime in a year against its budget."""
    statement = (
        select(Financing)
        .join(Project, col(Project.id) == col(Financing.project_id))
        .where(*conditions(NO_FILTERS, scope), col(Project.city_code) == region, col(Financing.regime) == REGIMES[0])
    )
    rows = [row.model_dump() for row in session.execute(statement).scalars()]
    payments = sum(row["annual_payment_yuan"] or 0 for row in rows if year in _payment_years(row))
    capacity = session.get(FiscalCapacity, (region, year)) if region else None
    return ppp_check(payments, capacity.budget_yuan if capacity else None)


def _payment_years(record: Mapping[str, Any]) -> range:
    return range(record["first_year"], record["first_year"] + (record["term_years"] or 1))


def set_capacity(session: Session, actor: Actor, region: str, year: int, budget_yuan: int, doc_no: str) -> None:
    """State a region's general public budget expenditure of a year (yuan), by a document."""
    require(actor, "capacity.edit")
    revision.bump(session)
    found = [] if doc_no.strip() else [FieldError("doc_no", "ledger.document_required")]
    if session.get(Region, region) is None:
        found.append(FieldError("region_code", "field.unknown_code", {"value": region}))
    if budget_yuan <= 0:
        found.append(FieldError("budget_yuan", "ledger.not_positive"))
    if found:
        raise InvalidError("finance.invalid", found)
    held = session.get(FiscalCapacity, (region, year))
    before = held.model_dump() if held else None
    session.merge(FiscalCapacity(region_code=region, year=year, budget_yuan=budget_yuan, doc_no=doc_no))
    session.flush()
    after = {"budget_yuan": budget_yuan, "doc_no": doc_no}
    journal.record(session, actor, "finance", [journal.Entry(f"{region} {year}", "capacity", before, after)])


def suggested(session: Session, scope: Scope, code: str) -> list[Suggestion]:
    """Which instruments a project qualifies for, which may, and why not the others."""
    project = get_project(session, scope, code)
    bonds = [one for one in records(session, project["id"]) if one["instrument"] == "special_bond"]
    unknown = dict.fromkeys(("cover_milli", "bond_use", "in_national_library", "in_debt_library"))
    bond: Mapping[str, Any] = bonds[-1] if bonds else unknown
    use, total = by_code("bond_uses").get(bond["bond_use"] or ""), project["total_investment_yuan"]
    libraries = (bond["in_national_library"], bond["in_debt_library"])
    capital = next(one for one in checks(session, scope, code) if one.code == "capital_ratio")
    facts = {
        "approval_type": project["approval_type"],
        "sector": sector_of(project["kind"]),
        "stage": project["stage"],
        "total_wan": None if total is None else total // 10_000,
        "bond_use_allowed": None if use is None else use["negative"] == "0",
        "cover": None if bond["cover_milli"] is None else bond["cover_milli"] / 1000,
        "in_both_libraries": False if False in libraries else None if None in libraries else True,
        "owner_stated": bool(project["owner"]),
        "capital_ratio_met": capital.ok,
        "cross_city": len(project["region_codes"]) > 1 or project["city_code"] == WHOLE_REGION,
        "co_agreed": project["co_agreed"],
        "co_agreed_doc": bool(project["co_agreed_doc"]),
    }
    return suggestions(facts)
