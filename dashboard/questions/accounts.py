"""What the page of land, sea and forest asks, and what its officers post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.core.errors import ConflictError
from portfolio.core.records import record_of
from portfolio.finance.plan import named_projects
from portfolio.ledger.cube import holdings
from portfolio.ledger.queries import list_entries, list_pools, pool_on_day
from portfolio.ledger.records import EntryRecord, PoolRecord
from portfolio.ledger.recovery import Due, due, recover
from portfolio.ledger.service import PoolData, Posting, open_pool, post, reverse
from portfolio.ledger.summary import OF_STAGE, asked_and_granted, stage_amounts
from portfolio.needs.cube import snapshot
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.projects.filters import NO_FILTERS
from portfolio.projects.queries import project_ids
from portfolio.screening.gates import worst_by_project
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tree import ElementTree

CLAIMS = 60
NEWEST = 40
LAST_DAY = "9999-12-31"
STAGES = ("reserved", "granted", "delivered", "used")


@dataclass(frozen=True)
class AccountsPage:
    """Pools of an element and year, what cities ask and hold of it (of one item where asked for), what is asked by item
    and city, the claims of projects, and what falls back when.

    `gates` is the gravest state of the gates of the projects that claim.
    """

    pools: list[PoolRecord]
    years: list[int]
    by_city: pd.DataFrame
    asked: pd.DataFrame
    claims: pd.DataFrame
    claims_total: int
    due: list[Due]
    tree: ElementTree
    gates: dict[str, str]


def accounts_page(element: str, year: int, recovered_by: date, on: str = "", item: str = "") -> AccountsPage:
    """The page of an element and year; with `on`, the pools as they stood at the end of that day."""

    def question(session: Session) -> AccountsPage:
        pools = list_pools(session, mine(), element)
        if on:
            pools = [_on_day(session, pool, on) if pool["year"] == year else pool for pool in pools]
        claims = _claims(session, element, year)
        listed = [one for one in due(session, mine(), recovered_by.isoformat()) if one.item.split(".")[0] == element]
        names = named_projects(session, [int(n) for n in claims.head(CLAIMS)["project"]])
        years = asked_and_granted(session, mine(), ("year",), 0, element)["year"]
        return AccountsPage(
            [pool for pool in pools if pool["year"] == year],
            sorted({int(one) for one in years} | {pool["year"] for pool in pools}),
            asked_and_granted(session, mine(), ("year", "city"), 0, item or element).query("year == @year"),
            needs_summary(session, mine(), SummaryQuery(("item", "city"), (element,), None, year, year)),
            claims.head(CLAIMS).merge(names, on="project"),
            len(claims),
            listed,
            element_tree(session),
            worst_by_project(session, names["code"]),
        )

    return read(question)


def _on_day(session: Session, pool: PoolRecord, day: str) -> PoolRecord:
    held = pool_on_day(session, mine(), pool["code"], day)
    return record_of(PoolRecord, {**pool, **held, "total": sum(held.values())})


def _claims(session: Session, element: str, year: int) -> pd.DataFrame:
    """Projects of one's own that ask or hold something of the element in the year, the largest gap first."""
    cube, held, tree = snapshot(session), holdings(session), element_tree(session)
    items = [node.id for node in tree.nodes if node.element == element]
    keep = (cube.year == year) & pd.Series(cube.item).isin(items).to_numpy()
    asked = pd.DataFrame({"project": cube.ids[cube.project[keep]], "asked": cube.required[keep]})
    there = pd.Series(held.pool_item[held.pool]).isin(items).to_numpy() & (held.pool_year[held.pool] == year)
    columns = {stage: stage_amounts(held, stage)[there] for stage in OF_STAGE}
    both = pd.concat([asked, pd.DataFrame({"project": held.project[there], **columns})], ignore_index=True).fillna(0)
    if not mine().everything:
        both = both[both["project"].isin(project_ids(session, mine(), NO_FILTERS))]
    sums = both.groupby("project", as_index=False)[["asked", *STAGES]].sum().astype("int64")
    sums["gap"] = (sums["asked"] - sums["granted"]).clip(lower=0)
    sums = sums[(sums["asked"] > 0) | (sums["reserved"] > 0) | (sums["granted"] > 0)]
    return sums.sort_values(["gap", "project"], ascending=[False, True])


def pool_entries(pool: str, on: str = "") -> tuple[list[EntryRecord], dict[str, int]]:
    """The newest entries of a pool, and what all of them come to by bucket (those up to a day where one is named)."""

    def question(session: Session) -> tuple[list[EntryRecord], dict[str, int]]:
        newest = list_entries(session, mine(), pool=pool, limit=NEWEST)
        return newest, pool_on_day(session, mine(), pool, on or LAST_DAY)

    return read(question)


def post_entry(posting: Posting) -> None:
    """Post one entry."""
    write(lambda session: post(session, me(), mine(), [posting]))


def reverse_entry(entry: int, on_date: str, doc_no: str, note: str) -> None:
    """Undo one entry."""
    write(lambda session: reverse(session, me(), mine(), entry, on_date, doc_no, note))


def new_pool(data: PoolData) -> None:
    """Open a pool."""
    write(lambda session: open_pool(session, me(), mine(), data))


def take_back(element: str, by: date, expected: int, on_date: str, doc_no: str) -> int:
    """Recover what the list of the element held when it was looked at."""

    def action(session: Session) -> Sequence[int]:
        listed = due(session, mine(), by.isoformat(), element)
        if len(listed) != expected:
            raise ConflictError("ledger.list_changed", listed=str(len(listed)), expected=str(expected))
        return recover(session, me(), mine(), listed, on_date, doc_no)

    return len(write(action))
