"""Where a pool reaches, and what of it is held by projects that lie elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from portfolio.core.errors import FieldError
from portfolio.core.units import outer_text
from portfolio.ledger.rules import HELD
from portfolio.ledger.tables import Account, Pool
from portfolio.projects.moving import keeps
from portfolio.projects.tables import Project, ProjectRegion
from portfolio.vocabulary.codes import WHOLE_REGION
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

NAMED = 5


def reaches(session: Session, region: str, project: Mapping[str, Any]) -> bool:
    """Whether a pool of `region` covers a project by its `region_codes` and `city_code`."""
    if region == WHOLE_REGION:
        return True
    touched = set(project["region_codes"]) | {project["city_code"]}
    cities = session.execute(select(col(Region.city_code)).where(col(Region.code).in_(project["region_codes"])))
    return region in touched | set(cities.scalars())


@keeps
def kept_by_quota(session: Session, held: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[FieldError]:
    """A project that holds something in a pool of the place it would leave stays until that is given back."""
    tree, told = element_tree(session).by_id, 0
    for code, region, item, quantity in session.execute(_holdings().where(col(Account.project_id) == held["id"])):
        if told < NAMED and reaches(session, region, held) and not reaches(session, region, fresh):
            told += 1
            dimension = tree[item].dimension
            params = {"pool": code, "region": session.get_one(Region, region).name_zh}
            params |= {"quantity": outer_text(quantity, dimension), "dimension": dimension}
            yield FieldError("region_codes", "ledger.quota_held_there", params)


def held_elsewhere(session: Session) -> Iterator[str]:
    """`<project> <pool> <quantity>` of what projects hold in pools of places where they do not lie."""
    touching = _touching(session)
    statement = _holdings().add_columns(col(Project.id), col(Project.code), col(Project.city_code))
    rows = session.execute(statement.join(Project, col(Project.id) == col(Account.project_id)))
    tree = element_tree(session).by_id
    for pool, region, item, quantity, number, project, city in rows:
        if region not in touching.get(number, set()) | {city}:
            yield f"{project} {pool} {outer_text(quantity, tree[item].dimension)}"


def _holdings() -> Any:
    """(pool, region, item, quantity) of every account of a pool that is not everybody's and holds anything."""
    buckets: list[Any] = [col(getattr(Account, bucket)) for bucket in HELD]
    quantity = sum(buckets[1:], buckets[0])
    return (
        select(col(Pool.code), col(Pool.region_code), col(Pool.item_id), quantity)
        .select_from(Account)
        .join(Pool, col(Pool.id) == col(Account.pool_id))
        .where(col(Pool.region_code) != WHOLE_REGION, or_(*(bucket > 0 for bucket in buckets)))
        .order_by(col(Pool.code), col(Account.project_id))
    )


def _touching(session: Session) -> dict[int, set[str | None]]:
    """Project id → its regions and their cities."""
    found: dict[int, set[str | None]] = {}
    columns = (col(ProjectRegion.project_id), col(Region.code), col(Region.city_code))
    joined = select(*columns).join(Region, col(Region.code) == col(ProjectRegion.region_code))
    for number, code, city in session.execute(joined):
        found.setdefault(number, set()).update((code, city))
    return found
