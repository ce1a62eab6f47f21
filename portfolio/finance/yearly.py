"""Investment year by year, as offices state it: completed in a year, completed to date, expected by the year's end."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require, require_some, row_of
from portfolio.core import revision
from portfolio.core.clock import today, utc_now
from portfolio.core.errors import FieldError, InvalidError
from portfolio.core.records import records_of
from portfolio.finance.records import YearlyRecord
from portfolio.finance.rules.yearly import EXPECTED, KINDS, contradictions
from portfolio.finance.tables import YearlyFigure
from portfolio.journal import service as journal
from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR
from portfolio.projects.filters import ProjectFilters, conditions
from portfolio.projects.queries import get_project
from portfolio.projects.tables import Project

PART = 500
Stated = Mapping[tuple[str, int], int | None]


def save_yearly(session: Session, actor: Actor, scope: Scope, code: str, stated: Stated, note: str = "") -> int:
    """State figures of a project by (kind, year) in yuan, None to take one back; returns how many changed.

    They are a report, said by whoever answers for the project: the record waits for no second look at them.
    """
    require_some(actor, "progress.report")
    revision.bump(session)
    project = get_project(session, scope, code)
    require(actor, "progress.report", row_of(project))
    held = yearly_figures(session, [project["id"]]).get(project["id"], {})
    changed = {key: amount for key, amount in stated.items() if held.get(key) != amount}
    fresh = {key: amount for key, amount in {**held, **stated}.items() if amount is not None}
    found = _faults(changed, fresh)
    if found:
        raise InvalidError("finance.invalid", found)
    for (kind, year), amount in sorted(changed.items()):
        here = (_table.c.project_id == project["id"]) & (_table.c.kind == kind) & (_table.c.year == year)
        session.connection().execute(delete(_table).where(here))
        if amount is not None:
            said = {"amount_yuan": amount, "basis": "reported", "note": note[:200]}
            key = {"project_id": project["id"], "year": year, "kind": kind}
            session.connection().execute(insert(_table).values(**key, **said, at=utc_now(), actor=actor.name))
    if changed:
        sides = [
            {f"{kind} {year}": side.get((kind, year)) for kind, year in sorted(changed)} for side in (held, stated)
        ]
        journal.record(session, actor, "finance", [journal.Entry(code, "yearly", sides[0], sides[1])], note or None)
    return len(changed)


def _faults(changed: Stated, fresh: Mapping[tuple[str, int], int]) -> list[FieldError]:
    found: list[FieldError] = []
    for (kind, year), amount in changed.items():
        if kind not in KINDS:
            found.append(FieldError("kind", "field.unknown_code", {"value": kind}))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            params = {"value": str(year), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
            found.append(FieldError("year", "need.bad_year", params))
        if amount is not None and amount < 0:
            found.append(FieldError("amount_yuan", "field.negative"))
        if amount is not None and kind != EXPECTED and year > today().year:
            found.append(FieldError("year", "finance.year_to_come", {"value": str(year)}))
    found += [FieldError("to_date", "finance.to_date_contradicts", {"value": str(y)}) for y in contradictions(fresh)]
    return found


def list_yearly(session: Session, scope: Scope, code: str) -> list[YearlyRecord]:
    """What was stated of a project, by year and kind, with who said it and when; yuan."""
    project = get_project(session, scope, code)
    statement = select(YearlyFigure).where(col(YearlyFigure.project_id) == project["id"])
    rows = session.execute(statement.order_by(col(YearlyFigure.year), col(YearlyFigure.kind))).scalars()
    return records_of(YearlyRecord, (row.model_dump(exclude={"project_id"}) for row in rows))


def yearly_figures(session: Session, projects: Sequence[int]) -> dict[int, dict[tuple[str, int], int]]:
    """What was stated of projects (ids), by (kind, year), in yuan."""
    found: dict[int, dict[tuple[str, int], int]] = {}
    for start in range(0, len(projects), PART):
        here = col(YearlyFigure.project_id).in_(projects[start : start + PART])
        for row in session.execute(select(YearlyFigure).where(here)).scalars():
            found.setdefault(row.project_id, {})[row.kind, row.year] = row.amount_yuan
    return found


def iterate_yearly(
    session: Session, scope: Scope, filters: ProjectFilters
) -> Iterator[tuple[str, int, dict[str, int], str]]:
    """What was stated of projects as (code, year, yuan by kind, note), by project and year."""
    columns = (col(YearlyFigure.year), col(YearlyFigure.kind), col(YearlyFigure.amount_yuan), col(YearlyFigure.note))
    statement = (
        select(col(Project.code), *columns)
        .join(Project, col(Project.id) == col(YearlyFigure.project_id))
        .where(*conditions(filters, scope))
        .order_by(col(Project.id), col(YearlyFigure.year), col(YearlyFigure.kind))
    )
    for (code, year), rows in groupby(session.execute(statement), key=lambda row: (row[0], row[1])):
        told = list(rows)
        notes = dict.fromkeys(row[4] for row in told if row[4])
        yield code, year, {row[2]: int(row[3]) for row in told}, "；".join(notes)


_table = YearlyFigure.metadata.tables["yearly_figures"]
