"""What a record may name, and where that places it: codes of lists, regions with their cities, units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Row, row_of
from portfolio.core.kept import KeptUntilWholesale
from portfolio.projects.rules import facts as rules
from portfolio.projects.tables import LENGTHS
from portfolio.scheme.tables import Task, Unit
from portfolio.vocabulary.codes import entries
from portfolio.vocabulary.tables import Region

_kept = KeptUntilWholesale()


@dataclass(frozen=True)
class References:
    """The codes a record may name, each region's city and each city's government, read once for a batch of writes.

    `lead_of` has the leads of tasks that a person set.
    """

    known: rules.Known
    city_of: Mapping[str, str | None]
    government_of: Mapping[str | None, str]
    lead_of: Mapping[str, str | None] = field(default_factory=dict)

    def lead_of_tasks(self, task_ids: Iterable[str]) -> str | None:
        """Who leads a new project that names no lead: what a person set for the first of its tasks that has one."""
        return next((self.lead_of[task] for task in task_ids if task in self.lead_of), None)


def load_references(session: Session) -> References:
    """The references of the session's database, read again only after code lists may have changed."""
    return _kept.get(session, lambda: _read_references(session))


def _read_references(session: Session) -> References:
    lists = {"kind": "kinds", "nature": "natures", "approval_type": "approval_types", "stage": "stages"}
    cities = {code: city for code, city in session.execute(select(col(Region.code), col(Region.city_code)))}
    codes: dict[str, set[str]] = {name: set(entries(source)) for name, source in lists.items()}
    codes["region_codes"] = set(cities)
    codes["task_ids"] = set(session.execute(select(col(Task.id))).scalars())
    codes["units"] = set(session.execute(select(col(Unit.code))).scalars())
    governments = select(col(Unit.region_code), col(Unit.code)).where(col(Unit.kind) == "CITY_GOV")
    of = {city: code for city, code in session.execute(governments)}
    set_ = select(col(Task.id), col(Task.lead_unit)).where(col(Task.lead_by) != "")
    leads = {task: unit for task, unit in session.execute(set_)}
    return References(rules.Known(codes, LENGTHS), cities, of, leads)


def placed(facts: Mapping[str, Any], references: References) -> dict[str, Any]:
    """Facts with the reporting city that follows from their regions."""
    return {**facts, "city_code": rules.reporting_city(facts["region_codes"], references.city_of)}


def reach_of(facts: Mapping[str, Any], references: References) -> Row:
    """Whose the facts would make a record."""
    return row_of(placed(facts, references))
