"""Facts into the tables: the record's row, its lists, and what follows from them (city, search text, plain name)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from portfolio.core.errors import NotFoundError
from portfolio.projects.identity import refused_by_the_database
from portfolio.projects.references import References
from portfolio.projects.rules import facts as rules
from portfolio.projects.rules.naming import plain_name
from portfolio.projects.tables import FACTS, LINKS, Project, ProjectRegion, ProjectTask, ProjectUnit

DERIVED_FROM = {"city_code": ("region_codes",), "search_text": rules.SEARCHED, "name_key": ("name_zh",)}
_LINK_COLUMNS: dict[str, tuple[Any, str]] = {
    "region_codes": (ProjectRegion, "region_code"),
    "task_ids": (ProjectTask, "task_id"),
    "units": (ProjectUnit, "unit_code"),
}


def insert_record(session: Session, facts: Mapping[str, Any], references: References, number: int) -> int:
    """Store a new record under revision `number`; returns its id."""
    values = {name: facts[name] for name in FACTS} | _derived(facts, references)
    table = Project.metadata.tables["projects"]
    insertion = insert(table).values(**values, version=1, needs_version=1, revision=number)
    try:
        result = session.connection().execute(insertion)
    except IntegrityError as error:
        raise refused_by_the_database(error, facts) from error
    project_id = int((result.inserted_primary_key or (0,))[0])
    _write_links(session, project_id, facts, LINKS)
    return project_id


def write_record(
    session: Session, project_id: int, facts: Mapping[str, Any], changed: set[str], references: References, number: int
) -> None:
    """Store the `changed` facts of a record under revision `number`."""
    names = tuple(name for name in FACTS if name in changed)
    # City and text lie in many indexes: they are written only when something they follow from was.
    derived = tuple(name for name, sources in DERIVED_FROM.items() if changed & set(sources))
    values = {**facts, **(_derived(facts, references) if derived else {}), "number": number, "project": project_id}
    chosen = {name: values[name] for name in ("number", "project", *names, *derived)}
    try:
        result = session.connection().execute(_changing((*names, *derived)), chosen)
    except IntegrityError as error:
        raise refused_by_the_database(error, facts) from error
    if result.rowcount != 1:
        raise NotFoundError("project.not_found", code=facts["code"])
    _write_links(session, project_id, facts, [name for name in LINKS if name in changed])


@lru_cache(256)
def _changing(names: tuple[str, ...]) -> Update:
    """The statement that changes the columns `names` of project `project` under revision `number`."""
    table = Project.metadata.tables["projects"]
    values = {name: bindparam(name, type_=table.c[name].type) for name in names}
    raised = {"version": table.c.version + 1, "revision": bindparam("number")}
    return update(table).where(table.c.id == bindparam("project")).values(**values, **raised)


def _write_links(session: Session, project_id: int, facts: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        table, column = _LINK_COLUMNS[name]
        session.execute(delete(table).where(table.project_id == project_id))
        rows = [
            {"project_id": project_id, "position": position, column: value}
            for position, value in enumerate(facts[name], 1)
        ]
        if rows:
            session.execute(insert(table), rows)


def _derived(facts: Mapping[str, Any], references: References) -> dict[str, Any]:
    return {
        "city_code": rules.reporting_city(facts["region_codes"], references.city_of),
        "search_text": rules.search_text(facts),
        "name_key": plain_name(facts["name_zh"]),
    }
