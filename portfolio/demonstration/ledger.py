"""Illustrative pools, postings, envelopes, steps and a round, so that every page has something to show; all marked.

They may be added where they were before: pools that were emptied are filled again, since no pool is ever deleted, and
what a project holds already, or somebody reported, is left as it is.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.i18n import t
from portfolio.core.settings import seeds_dir
from portfolio.finance.envelopes import EnvelopeData, newest, set_envelope
from portfolio.finance.lines import LineFilters, line_ids
from portfolio.finance.rounds import Verdict, decide, open_round
from portfolio.finance.rules.books import level_of
from portfolio.finance.tables import Round
from portfolio.ledger.rules import FREE, HELD
from portfolio.ledger.service import PoolData, Posting, amend_pool, open_pool, post
from portfolio.ledger.tables import Account, Pool
from portfolio.needs.queries import project_needs
from portfolio.needs.summary import SummaryQuery, needs_summary
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.queries import iterate_projects
from portfolio.readiness.queries import stored_steps
from portfolio.readiness.rules.templates import template
from portfolio.readiness.service import save_step
from portfolio.scheme.rules import SIX_CITIES
from portfolio.vocabulary.codes import WHOLE_REGION, sector_of

YEARS = (2025, 2026, 2027)
NOW, ROUND_YEAR = 2026, 2027
AS_OF = date(2026, 6, 1)
DOC, ROUND = t("demonstration-doc"), t("demonstration-round")
MOVES: Mapping[int, tuple[tuple[str, str, int], ...]] = {
    2025: (("grant", "03-15", 100), ("deliver", "06-20", 100), ("use", "12-20", 85)),
    2026: (("lock", "01-20", 100), ("grant", "03-10", 70), ("deliver", "05-10", 40)),
    2027: (),
}
ENVELOPE_PERCENT = {"national": 60, "region": 65, "city": 55, "county": 50}
Tell = Callable[[], None]


@dataclass(frozen=True)
class PoolShape:
    """One row of `seeds/demonstration_pools.csv`."""

    item: str
    level: str
    where: str
    kind: str
    percent: int


def add_accounts(session: Session, actor: Actor, scope: Scope, tell: Tell = lambda: None) -> None:
    """Open illustrative pools, post what illustrative projects hold in them, set envelopes and open a round."""
    shapes, asked = _shapes(), _Asked(session, scope)
    for shape in shapes:
        for year in YEARS:
            for region in SIX_CITIES if shape.where == "cities" else (WHOLE_REGION,):
                _open(session, actor, scope, shape, year, region, asked)
                tell()
    for project in list(iterate_projects(session, scope, ProjectFilters(stage=("ready", "under_construction")))):
        postings = list(_postings(project, shapes, asked))
        if postings:
            post(session, actor, scope, postings)
        tell()
    _envelopes(session, actor, asked)
    _steps(session, actor, scope, asked, tell)
    _review(session, actor, scope)


class _Asked:
    """What is asked, by pool item, year and city, and by project."""

    def __init__(self, session: Session, scope: Scope) -> None:
        frame = needs_summary(session, scope, SummaryQuery(("year", "item", "city")))
        self.rows = list(zip(frame["item"], frame["year"], frame["city"], frame["required"], strict=True))
        self.left: dict[str, int] = {}
        self.pools = {pool.code: pool for pool in session.execute(select(Pool)).scalars()}
        self.holding = _holding(session)
        self._session, self._scope = session, scope

    def total(self, item: str, year: int, region: str) -> int:
        """What is asked of an item in a year, in a city or everywhere."""
        rows = (r for r in self.rows if r[1] == year and (r[0] == item or r[0].startswith(item + ".")))
        return sum(int(r[3]) for r in rows if region == WHOLE_REGION or r[2] == region)

    def needs(self, code: str) -> list[tuple[str, int, int]]:
        """A project's needs as (item, year, quantity)."""
        frame = project_needs(self._session, self._scope, code)
        return list(zip(frame["item"], frame["year"], frame["required"], strict=True))


def _holding(session: Session) -> set[tuple[str, int]]:
    """(pool, project) of every account that is not empty."""
    rows = session.execute(select(col(Pool.code), Account).join(Pool, col(Pool.id) == col(Account.pool_id)))
    return {(code, held.project_id) for code, held in rows if any(getattr(held, bucket) for bucket in HELD)}


def _shapes() -> list[PoolShape]:
    with (seeds_dir() / "demonstration_pools.csv").open(encoding="utf-8", newline="") as file:
        return [
            PoolShape(row["item"], row["level"], row["where"], row["kind"], int(row["percent_of_asked"]))
            for row in csv.DictReader(file)
        ]


def _code(shape: PoolShape, year: int, region: str) -> str:
    return f"{DOC}-{shape.item}-{region}-{year}"


def _open(
    session: Session, actor: Actor, scope: Scope, shape: PoolShape, year: int, region: str, asked: _Asked
) -> None:
    step = 1_000_000 if shape.item.startswith("fund") else 10_000
    quantity = asked.total(shape.item, year, region) * shape.percent // 100 // step * step
    code = _code(shape, year, region)
    held = asked.pools.get(code)
    given = sum(getattr(held, bucket) for bucket in HELD) if held else 0
    quantity = max(quantity, given + getattr(held, FREE)) if held else quantity
    asked.left[code] = quantity - given
    data = PoolData(
        code,
        shape.item,
        year,
        region,
        shape.level,
        shape.kind,
        quantity,
        f"{DOC}〔{year}〕1号",
        f"{year}-01-05",
        f"{year + 1}-12-31" if shape.kind == "quota" else None,
        "",
        "illustrative",
    )
    if held is None:
        open_pool(session, actor, scope, data)
    else:
        amend_pool(session, actor, scope, data)


def _postings(project: Mapping[str, Any], shapes: list[PoolShape], asked: _Asked) -> Iterator[Posting]:
    needs = asked.needs(project["code"])
    draw = int.from_bytes(hashlib.sha256(f"{project['code']} ledger".encode()).digest()[:2], "big")
    for shape in shapes:
        for year in YEARS:
            if not MOVES[year] or draw % 10 == 0:
                continue
            here = sum(int(q) for item, of, q in needs if of == year and _under(item, shape.item))
            region = project["city_code"] if shape.where == "cities" else WHOLE_REGION
            code = _code(shape, year, str(region))
            if (code, project["id"]) in asked.holding:
                continue
            step = 10_000 if shape.item.startswith("fund") else 100
            wanted = here * (60 + draw % 41) // 100 // step * step
            wanted = min(wanted, asked.left.get(code, 0))
            if wanted <= 0 or (shape.item == "land" and shape.where == "region" and region != project["city_code"]):
                continue
            asked.left[code] -= wanted
            yield from _moves(project["code"], code, year, wanted, step, draw)


def _under(item: str, top: str) -> bool:
    return item == top or item.startswith(top + ".")


def _moves(project: str, pool: str, year: int, wanted: int, step: int, draw: int) -> Iterator[Posting]:
    held = wanted
    for kind, day, percent in MOVES[year]:
        held = held * percent // 100 // step * step
        if held <= 0 or (year == NOW and kind != "lock" and draw % 5 == 0):
            return
        doc = f"{DOC}〔{year}〕{draw % 90 + 2}号"
        yield Posting(kind, pool, held, f"{year}-{day}", project, doc_no=doc, confirmed=True)


def _envelopes(session: Session, actor: Actor, asked: _Asked) -> None:
    reported = {key for key, envelope in newest(session).items() if envelope.basis == "reported"}
    for year in (*YEARS, YEARS[-1] + 1):
        for level, percent in ENVELOPE_PERCENT.items():
            rows = [r for r in asked.rows if r[1] == year and r[0].startswith("fund.") and level_of(r[0]) == level]
            own = sum(int(r[3]) for r in rows) * percent // 100 // 1_000_000 * 1_000_000
            if own and (level, year) not in reported:
                set_envelope(session, actor, EnvelopeData(level, year, own, DOC, basis="illustrative"))


def _steps(session: Session, actor: Actor, scope: Scope, asked: _Asked, tell: Tell) -> None:
    for project in list(iterate_projects(session, scope, ProjectFilters(stage=("reserve", "preliminary", "ready")))):
        elements = {item.split(".")[0] for item, _, _ in asked.needs(project["code"])}
        steps = template(project["approval_type"], sector_of(project["kind"])).steps
        codes = [step.code for step in steps if step.applies == "always" or step.applies in elements]
        draw = int.from_bytes(hashlib.sha256(f"{project['code']} steps".encode()).digest()[:4], "big")
        done = {"reserve": 1, "preliminary": 2 + draw % 7, "ready": len(codes) - 2}[project["stage"] or ""]
        said = stored_steps(session, project["id"])
        for place, step in enumerate(codes[: done + 2]):
            if step not in said:
                save_step(session, actor, scope, project["code"], step, _step_values(place, done, draw))
        tell()


def _step_values(place: int, done: int, draw: int) -> dict[str, Any]:
    on = AS_OF - timedelta(days=40 * (done - place) + draw % 60 + 15)
    if place < done:
        return {
            "status": "approved",
            "actual_on": on.isoformat(),
            "doc_no": f"{DOC}〔{on.year}〕{draw % 80 + place + 1}号",
            "basis": "illustrative",
        }
    planned = AS_OF + timedelta(days=60 * (place - done + 1) + draw % 120)
    status = "in_review" if place == done else "preparing"
    return {"status": status, "planned_on": planned.isoformat(), "basis": "illustrative"}


def _review(session: Session, actor: Actor, scope: Scope) -> None:
    rounds = session.execute(select(Round).where(col(Round.basis) == "illustrative")).scalars().all()
    if any(one.state == "open" for one in rounds):
        return
    code = f"{ROUND}-{len(rounds) + 1}" if rounds else ROUND
    open_round(session, actor, scope, code, ROUND_YEAR, None, t("demonstration-round-name"), "illustrative")
    for item, percent, reason in (
        ("fund.central_budget", 80, "over_envelope"),
        ("fund.local_budget.region", 70, "over_envelope"),
        ("fund.bond.special", 60, "not_ready"),
    ):
        ids = line_ids(session, scope, LineFilters(code, item=item))
        if ids:
            decide(session, actor, scope, ids, Verdict("propose", percent=Decimal(percent), reason=reason))
    unsettled = line_ids(session, scope, LineFilters(code, item="fund.tbd"))[:12]
    if unsettled:
        decide(session, actor, scope, unsettled, Verdict("return", reason="wrong_source"))
