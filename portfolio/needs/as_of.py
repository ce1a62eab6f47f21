"""A project with its needs as it stood at an instant: what is, with every later journalled change undone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.clock import LOCAL_ZONE, utc_now
from portfolio.core.records import picked, record_of
from portfolio.journal.queries import begins_at, created_at, later_changes
from portfolio.journal.replay import Record, undo
from portfolio.needs.changes import NOT_APPLICABLE
from portfolio.needs.details import project_details
from portfolio.needs.queries import COLUMNS, project_needs
from portfolio.needs.tables import NotApplicable
from portfolio.projects.queries import get_project
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.facts import reporting_city
from portfolio.projects.states import entered_later
from portfolio.projects.tables import FACTS, LINKS, ProjectData
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Region

ROOMS = ("projects", "needs")


@dataclass(frozen=True)
class Standing:
    """A project at an instant. `project` is None when the library did not hold it then.

    `unknown` is true before the journal begins: then nothing can be said. `lost` names the changes (room and action)
    whose values the journal does not tell, so that needs of that time may be missing here.
    """

    at: datetime
    project: ProjectRecord | None
    needs: pd.DataFrame
    not_applicable: list[str]
    details: dict[tuple[str, str], str]
    unknown: bool
    known_from: datetime | None
    lost: tuple[str, ...]


def end_of(day: date) -> datetime:
    """The last instant of a day as the offices count it."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE) - timedelta(microseconds=1)


def project_as_of(session: Session, scope: Scope, code: str, at: datetime) -> Standing:
    """The project with its needs as they stood at `at` (inclusive); raises `NotFoundError` when it is not there now.

    Whether the reader may see it is judged by the project as it is now.
    """
    current = get_project(session, scope, code)
    facts = {name: _plain(value) for name, value in picked(current, (*FACTS, *LINKS)).items()}
    record = Record(facts, _cells(session, scope, current), _details(session, scope, code))
    changes = later_changes(session, code, ROOMS, at)
    blank = {name: _plain(value) for name, value in ProjectData().model_dump().items()}
    undo(record, changes, blank)
    begins, known_from = begins_at(session), created_at(session, code, "projects") or begins_at(session)
    unknown = record.facts is not None and at < utc_now() and (begins is None or at < begins)
    absent = unknown or record.facts is None or entered_later(session, code, at)
    held = None if absent or record.facts is None else _shown(session, current, record.facts)
    cells = record.cells if held is not None else {}
    place = {node.code: number for number, node in enumerate(element_tree(session).nodes)}
    closed = [item for (item, year), value in cells.items() if year is None and value == NOT_APPLICABLE]
    return Standing(
        at,
        held,
        _frame(session, code, cells, place),
        sorted(closed, key=lambda item: place.get(item, len(place))),
        {_split(name): value for name, value in record.details.items()} if held is not None else {},
        unknown,
        known_from,
        tuple(dict.fromkeys(record.lost)),
    )


def _cells(session: Session, scope: Scope, project: ProjectRecord) -> dict[tuple[str, int | None], Any]:
    found: dict[tuple[str, int | None], Any] = {}
    frame = project_needs(session, scope, project["code"])
    for item, year, required, basis in zip(*(frame[n] for n in ("item", "year", "required", "basis")), strict=True):
        found[item, int(year)] = {"required": int(required), "basis": basis}
    tree = element_tree(session)
    closed = select(col(NotApplicable.item_id)).where(col(NotApplicable.project_id) == project["id"])
    return found | {(tree.by_id[item].code, None): NOT_APPLICABLE for item in session.execute(closed).scalars()}


def _details(session: Session, scope: Scope, code: str) -> dict[str, Any]:
    return {f"{item} {name}": value for (item, name), value in project_details(session, scope, code).items()}


def _split(name: str) -> tuple[str, str]:
    item, _, attribute = name.partition(" ")
    return item, attribute


def _shown(session: Session, current: ProjectRecord, facts: dict[str, Any]) -> ProjectRecord:
    """The facts of then in the shape of a project's record; the reporting city follows from the regions of then."""
    cities = {code: city for code, city in session.execute(select(col(Region.code), col(Region.city_code)))}
    city = reporting_city(facts["region_codes"], cities)
    return record_of(ProjectRecord, {**current, **facts, "city_code": city})


def _frame(
    session: Session, code: str, cells: dict[tuple[str, int | None], Any], place: dict[str, int]
) -> pd.DataFrame:
    """Needs in the shape of `needs.queries.project_needs`."""
    by_code = element_tree(session).by_code
    rows = []
    in_order = sorted(cells.items(), key=lambda pair: (place.get(pair[0][0], len(place)), pair[0][1] or 0))
    for (item, year), value in in_order:
        if year is None:
            continue
        node = by_code.get(item)
        told = {"project": code, "item": item, "year": year, "dimension": node.dimension if node else "money"}
        rows.append({**dict.fromkeys(COLUMNS), **told, **value})
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
