"""What the finance pages ask."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import may, me, mine, read, write
from portfolio.core.clock import today
from portfolio.core.errors import ConflictError
from portfolio.finance.envelopes import Closing, EnvelopeData, envelope_rows, roll_forward, set_envelope
from portfolio.finance.financing import ppp_limit, set_capacity
from portfolio.finance.granting import Grant, Granted, grant
from portfolio.finance.lines import LineFilters, decisions, line_ids, list_lines, list_rounds, totals
from portfolio.finance.mismatch import mismatches
from portfolio.finance.plan import PlanQuery, capital_plan, fiscal_gaps, funding, named_projects
from portfolio.finance.records import (
    DecisionRecord,
    EnvelopeRecord,
    LineRecord,
    RolledEnvelope,
    RoundRecord,
    WorkFundRecord,
)
from portfolio.finance.rounds import Verdict, ask_again, close_round, decide, open_round
from portfolio.finance.rules.funding import Check
from portfolio.finance.workfunds import list_work_funds, save_work_fund
from portfolio.ledger.queries import list_pools
from portfolio.ledger.records import PoolRecord, ReserveRecord
from portfolio.ledger.reserved import reserves
from portfolio.ledger.summary import asked_and_granted
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.scenarios.following.review import (
    LineDefault,
    Proposed,
    line_defaults,
    line_reasons,
    propose_as_arranged,
)
from portfolio.scenarios.queries import scenario_codes
from portfolio.scheme.rules import SIX_CITIES
from portfolio.screening.gates import worst_by_project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

SHOWN = 20
LISTED = 300


@dataclass(frozen=True)
class FinancePage:
    """The finance overview of a year; sums in yuan, `gates` the gravest state by project of those it names.

    `gaps` are the largest gaps of all sources, `fiscal` by year those of finance alone, `listed` what the list of
    projects holds: those with a gap, or of the certainty asked for.
    """

    by_year: pd.DataFrame
    by_source: pd.DataFrame
    flows: pd.DataFrame
    funding: pd.DataFrame
    gaps: pd.DataFrame
    listed: pd.DataFrame
    fiscal: pd.DataFrame
    mismatches: pd.DataFrame
    names: pd.DataFrame
    envelopes: list[EnvelopeRecord]
    round: RoundRecord | None
    review: dict[str, int]
    tree: ElementTree
    gates: dict[str, str]


def finance_page(year: int, certainty: str = "") -> FinancePage:
    """The overview's frames, from one revision of the database."""
    return read(lambda session: _finance_page(session, year, certainty))


def _finance_page(session: Session, year: int, certainty: str) -> FinancePage:
    certain = funding(session, mine(), year)
    ordered = certain.sort_values(["gap", "project"], ascending=[False, True])
    gaps = ordered[ordered["gap"] > 0].head(SHOWN)
    listed = ordered[ordered["certainty"] == certainty if certainty else ordered["gap"] > 0]
    own = certain[certain["gap_fiscal"] > 0].sort_values(["gap_fiscal", "project"], ascending=[False, True])
    fiscal = fiscal_gaps(session, mine(), [int(one) for one in own["project"].head(SHOWN)])
    unmet = mismatches(session, mine(), year, _seen_from(year))
    first = (*gaps["project"], *listed["project"].head(LISTED), *fiscal["project"], *unmet["project"].head(SHOWN))
    named = named_projects(session, sorted({int(one) for one in first}))
    rounds = [one for one in list_rounds(session, mine()) if one["year"] <= year <= one["last_year"]]
    review: dict[str, int] = {}
    if rounds:
        row = totals(session, mine(), LineFilters(rounds[0]["code"], year=year)).iloc[0]
        review = {str(name): int(row[name]) for name in row.index}
        states = totals(session, mine(), LineFilters(rounds[0]["code"], year=year), ("state",))
        review |= {f"asked_{s}": int(a) for s, a in zip(states["state"], states["asked"], strict=True)}
    return FinancePage(
        asked_and_granted(session, mine(), ("year",), 0, "fund"),
        asked_and_granted(session, mine(), ("year",), 1, "fund").query("year == @year"),
        needs_summary(session, mine(), SummaryQuery(("item", "sector"), ("fund",), 1, year, year)),
        certain,
        gaps,
        listed,
        fiscal,
        unmet,
        named.set_index("project"),
        envelope_rows(session, mine()) if may("budget.read") else [],
        rounds[0] if rounds else None,
        review,
        element_tree(session),
        worst_by_project(session, named["code"]),
    )


def _seen_from(year: int) -> date:
    """Mismatches of a year to come are seen from its first day, those of this year from today."""
    return max(today(), date(year, 1, 1))


@dataclass(frozen=True)
class ReviewPage:
    """Rounds, and the lines of one with their sums by state and the gravest gate by project; pools to grant from.

    `defaults` are what approved scenarios say of lines (by number), `why` a scenario's reasons by (scenario, project).
    """

    rounds: list[RoundRecord]
    lines: list[LineRecord]
    total: int
    sums: dict[str, int]
    by_state: pd.DataFrame
    by_group: pd.DataFrame
    pools: list[PoolRecord]
    tree: ElementTree
    gates: dict[str, str]
    defaults: dict[int, LineDefault] = field(default_factory=dict)
    why: dict[tuple[str, str], str] = field(default_factory=dict)


def review_page(filters: LineFilters | None, group: str = "item", lang: str = "zh") -> ReviewPage:
    """The review queue for a filtered set, summed by `group`; without a set, the newest round that is open."""

    def question(session: Session) -> ReviewPage:
        rounds = list_rounds(session, mine())
        chosen = filters
        if chosen is None and rounds:
            open_ones = [one for one in rounds if one["state"] == "open"]
            chosen = LineFilters((open_ones or rounds)[0]["code"])
        if chosen is None:
            return ReviewPage(rounds, [], 0, {}, pd.DataFrame(), pd.DataFrame(), [], element_tree(session), {})
        lines, total = list_lines(session, mine(), chosen, 5000)
        row = totals(session, mine(), chosen).iloc[0]
        defaults = line_defaults(session, mine(), lines)
        whole = LineFilters(chosen.round, item=chosen.item, year=chosen.year, projects=chosen.projects)
        return ReviewPage(
            rounds,
            lines,
            total,
            {str(name): int(row[name]) for name in row.index},
            totals(session, mine(), whole, ("state",)),
            totals(session, mine(), chosen, (group,)),
            [pool for pool in list_pools(session, mine(), "fund") if pool["free"] or pool["locked"]],
            element_tree(session),
            worst_by_project(session, {line["project"] for line in lines}),
            defaults,
            line_reasons(session, mine(), defaults, lang),
        )

    return read(question)


def propose_arranged(lines: Sequence[int] | LineFilters, expected: int, note: str) -> Proposed:
    """Propose for lines or a filtered set what the approved scenario says."""
    return write(lambda session: propose_as_arranged(session, me(), mine(), _chosen(session, lines, expected), note))


@dataclass(frozen=True)
class ReservesPage:
    """What is reserved of funds and not granted yet, the years there are, and which notes are codes of scenarios."""

    rows: list[ReserveRecord]
    years: list[int]
    scenarios: frozenset[str]
    tree: ElementTree


def reserves_page(year: int | None) -> ReservesPage:
    """The reserves of a year, or of every year."""

    def question(session: Session) -> ReservesPage:
        rows = reserves(session, mine(), "fund")
        known = scenario_codes(session, mine())
        shown = [row for row in rows if year in (None, row["year"])]
        return ReservesPage(shown, sorted({row["year"] for row in rows}), known, element_tree(session))

    return read(question)


def line_decisions(line: int) -> list[DecisionRecord]:
    """A line's steps."""
    return read(lambda session: decisions(session, mine(), line))


def start_round(code: str, year: int, name: str) -> int:
    """Open a round; returns how many lines."""
    return write(lambda session: open_round(session, me(), mine(), code, year, None, name))


def end_round(code: str) -> None:
    """Close a round."""
    write(lambda session: close_round(session, me(), code))


def _chosen(session: Session, lines: Sequence[int] | LineFilters, expected: int) -> list[int]:
    if not isinstance(lines, LineFilters):
        return list(lines)
    found = line_ids(session, mine(), lines)
    if len(found) != expected:
        raise ConflictError("ledger.list_changed", listed=str(len(found)), expected=str(expected))
    return found


def decide_lines(lines: Sequence[int] | LineFilters, expected: int, verdict: Verdict) -> int:
    """Decide lines or a filtered set that held `expected` when it was looked at."""
    return write(lambda session: decide(session, me(), mine(), _chosen(session, lines, expected), verdict))


def grant_lines(lines: Sequence[int] | LineFilters, expected: int, data: Grant) -> tuple[int, Granted]:
    """Grant lines or a filtered set; returns how many lines, and what was granted."""

    def action(session: Session) -> tuple[int, Granted]:
        chosen = _chosen(session, lines, expected)
        return len(chosen), grant(session, me(), mine(), chosen, data)

    return write(action)


def resubmit(lines: Sequence[int] | LineFilters, expected: int, note: str) -> int:
    """Returned lines ask again; returns how many."""
    return len(write(lambda session: ask_again(session, me(), mine(), _chosen(session, lines, expected), note)))


@dataclass(frozen=True)
class PlanPage:
    """The capital plan with the names of its projects."""

    plan: pd.DataFrame
    names: pd.DataFrame
    tree: ElementTree


def plan_page(year: int, by: str) -> PlanPage:
    """The three-year plan from `year` on."""

    def question(session: Session) -> PlanPage:
        plan = capital_plan(session, mine(), PlanQuery(year, by))
        plan = plan.sort_values("total", ascending=False)
        ids = [int(number) for number in plan["project"]] if by == "project" else []
        return PlanPage(plan, named_projects(session, ids).set_index("project"), element_tree(session))

    return read(question)


@dataclass(frozen=True)
class BudgetPage:
    """Envelopes by level and year, and the work funds of units."""

    envelopes: list[EnvelopeRecord]
    work_funds: list[WorkFundRecord]


def budget_page() -> BudgetPage:
    """The envelopes page."""
    return read(lambda session: BudgetPage(envelope_rows(session, mine()), list_work_funds(session, mine())))


def put_envelope(data: EnvelopeData) -> None:
    """Set an envelope."""
    write(lambda session: set_envelope(session, me(), data))


def roll_envelopes(year: int, closing: Closing) -> list[RolledEnvelope]:
    """Roll the envelopes of a year forward that is over or declared closed."""
    return write(lambda session: roll_forward(session, me(), mine(), year, closing=closing))


def put_work_fund(unit: str, year: int, purpose: str, values: dict[str, Any]) -> bool:
    """Set a unit's work funds."""
    return write(lambda session: save_work_fund(session, me(), unit, year, purpose, values))


def put_capacity(region: str, year: int, budget_yuan: int, doc_no: str) -> None:
    """State a region's general public budget of a year."""
    write(lambda session: set_capacity(session, me(), region, year, budget_yuan, doc_no))


def ppp_limits(year: int) -> list[tuple[str, Check]]:
    """Each city's PPP payments of a year against its general public budget."""
    return read(lambda session: [(city, ppp_limit(session, mine(), city, year)) for city in SIX_CITIES])
