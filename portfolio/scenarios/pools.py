"""The pools of a scenario: copied from the ledger, given other limits, added, taken away, read again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.units import MAX_BASE
from portfolio.finance.rules.books import LEVELS
from portfolio.ledger.queries import list_pools
from portfolio.rolling.tables import Edition
from portfolio.scenarios.heads import clear_answer, open_scenario, pools_of, record, write_head
from portfolio.scenarios.records import LedgerPool
from portfolio.scenarios.solving.building import unused_reserves
from portfolio.scenarios.solving.carrying import valid_in
from portfolio.scenarios.tables import (
    Scenario,
    ScenarioPool,
)
from portfolio.vocabulary.codes import WHOLE_REGION
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

LONGEST_CODE = 40
# What an answer depends on of a pool that gives nothing, or that the ledger has no more for the edition.
GONE = (0, False, None)


@dataclass(frozen=True)
class NewPool:
    """A pool a scenario adds to those of the ledger; `quantity` in base units."""

    pool: str
    item: str
    year: int
    quantity: int
    region_code: str = WHOLE_REGION
    level: str = ""
    carries: bool = False


def set_limit(session: Session, actor: Actor, code: str, pool: str, quantity: int, version: int | None = None) -> None:
    """Give a pool of a scenario another limit (base units); the ledger's quantity stays beside it."""
    scenario = open_scenario(session, actor, code, version)
    row = session.get(ScenarioPool, (scenario.id, pool))
    if row is None:
        raise InvalidError("allocation.bad_scenario", [FieldError("pool", "ledger.pool_not_found", {"value": pool})])
    _require_quantity(quantity)
    before, row.quantity = row.quantity, quantity
    session.add(row)
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    record(session, actor, code, "limit", {pool: before}, {pool: quantity})


def add_pool(session: Session, actor: Actor, code: str, data: NewPool, version: int | None = None) -> None:
    """Add a pool that the ledger does not have: what if there were one."""
    scenario = open_scenario(session, actor, code, version)
    _require_pool(session, scenario, data)
    item = element_tree(session).by_code[data.item].id
    values = {name: getattr(data, name) for name in ("pool", "year", "quantity", "region_code", "level", "carries")}
    session.add(ScenarioPool(scenario_id=int(scenario.id or 0), item_id=item, original=0, **values))
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    record(session, actor, code, "add_pool", None, dict(data.__dict__))


def remove_pool(session: Session, actor: Actor, code: str, pool: str, version: int | None = None) -> None:
    """Take an added pool away again; those of the ledger stay (a limit of 0 closes one)."""
    scenario = open_scenario(session, actor, code, version)
    row = session.get(ScenarioPool, (scenario.id, pool))
    if row is None or row.pool_id is not None:
        raise InvalidError(
            "allocation.bad_scenario", [FieldError("pool", "allocation.pool_not_added", {"value": pool})]
        )
    before = {"pool": pool, "quantity": row.quantity}
    session.delete(row)
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    record(session, actor, code, "remove_pool", before, None)


def renew_pools(session: Session, actor: Actor, code: str, version: int | None = None) -> int:
    """Read the ledger's pools again; limits that were changed by hand stay. Returns how many pools differ now."""
    scenario = open_scenario(session, actor, code, version)
    edition, held = (
        session.get_one(Edition, scenario.edition_id),
        {row.pool: row for row in pools_of(session, scenario)},
    )
    fresh = {row["pool"]: row for row in ledger_pools(session, edition)}
    moved = sum(_renewed(row, fresh.pop(name, None)) for name, row in held.items())
    write_pools(session, scenario, list(fresh.values()))
    clear_answer(session, scenario)
    write_head(session, scenario, {})
    record(session, actor, code, "renew", None, {"moved": moved, "new": len(fresh)})
    return moved + len(fresh)


def _renewed(row: ScenarioPool, now: Mapping[str, Any] | None) -> bool:
    """Bring a pool to what the ledger has of it; a limit changed by hand stays. Whether anything differed."""
    if row.pool_id is None:
        return False
    fresh = now or {"original": 0, "kind": row.kind, "carries": False, "valid_until": row.valid_until}
    if standing_of(row.model_dump()) == standing_of(fresh):
        return False
    row.quantity = fresh["original"] if row.quantity == row.original else row.quantity
    for name in ("original", "kind", "carries", "valid_until"):
        setattr(row, name, fresh[name])
    return True


def standing_of(row: Mapping[str, Any]) -> tuple[int, bool, str | None]:
    """What an answer depends on of a pool: what it could give, whether its rest is carried over, and until when."""
    return row["original"], row["carries"], row["valid_until"] if row["carries"] else None


def ledger_standing(session: Session, edition: Edition) -> dict[str, tuple[int, bool, str | None]]:
    """Pool → what an answer depends on of it, as the ledger now is (base units)."""
    return {row["pool"]: standing_of(row) for row in ledger_pools(session, edition)}


def ledger_pools(session: Session, edition: Edition) -> list[LedgerPool]:
    """The pools of the edition's years with what they could give, as rows of `scenario_pools`; of earlier years those
    that carry over and are still valid in its first."""
    back: dict[int, int] = {}
    for (pool, _), quantity in unused_reserves(session, int(edition.id or 0)).items():
        back[pool] = back.get(pool, 0) + quantity
    tree, last = element_tree(session).by_code, edition.base_year + edition.years
    found: list[LedgerPool] = []
    for row in list_pools(session, EVERYTHING):
        earlier = row["year"] < edition.base_year and row["carries"] and valid_in(row["valid_until"], edition.base_year)
        if edition.base_year <= row["year"] < last or earlier:
            free = row["free"] + back.get(row["id"], 0)
            found.append(
                {
                    "pool": row["code"],
                    "pool_id": row["id"],
                    "item_id": tree[row["item"]].id,
                    "year": row["year"],
                    "region_code": row["region_code"],
                    "level": row["level"],
                    "kind": row["kind"],
                    "carries": row["carries"],
                    "valid_until": row["valid_until"],
                    "original": free,
                    "quantity": free,
                    "used": None,
                    "carried_in": None,
                }
            )
    return found


def write_pools(session: Session, scenario: Scenario, rows: Iterable[LedgerPool]) -> None:
    """Write rows of `ledger_pools` as a scenario's own."""
    if rows:
        session.connection().execute(insert(_pools), [{**row, "scenario_id": scenario.id} for row in rows])


def _require_quantity(quantity: int) -> None:
    if not 0 <= quantity <= MAX_BASE:
        code = "field.negative" if quantity < 0 else "field.too_large"
        raise InvalidError("allocation.bad_scenario", [FieldError("quantity", code)])


def _require_pool(session: Session, scenario: Scenario, data: NewPool) -> None:
    _require_quantity(data.quantity)
    found, edition = list[FieldError](), session.get_one(Edition, scenario.edition_id)
    if not data.pool.strip():
        found.append(FieldError("pool", "field.required"))
    if len(data.pool) > LONGEST_CODE:
        found.append(FieldError("pool", "field.too_long", {"limit": str(LONGEST_CODE)}))
    if session.get(ScenarioPool, (scenario.id, data.pool)) is not None:
        found.append(FieldError("pool", "allocation.pool_exists", {"value": data.pool}))
    if data.item not in element_tree(session).by_code:
        found.append(FieldError("item", "item.not_found", {"value": data.item}))
    if session.get(Region, data.region_code) is None:
        found.append(FieldError("region_code", "field.unknown_code", {"value": data.region_code}))
    if data.level and data.level not in LEVELS:
        found.append(FieldError("level", "field.unknown_code", {"value": data.level}))
    if not edition.base_year <= data.year < edition.base_year + edition.years:
        found.append(FieldError("year", "allocation.year_outside", {"value": str(data.year)}))
    if found:
        raise InvalidError("allocation.bad_scenario", found)


_pools = ScenarioPool.metadata.tables["scenario_pools"]
