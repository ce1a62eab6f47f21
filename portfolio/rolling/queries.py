"""Read editions: the list, the board of one, and two of them compared."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import absent_as_none
from portfolio.core.plain_text import in_full_width, searchable
from portfolio.core.records import record_of
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.tables import Project
from portfolio.rolling.loading import programme
from portfolio.rolling.records import EditionRecord, NamesRecord
from portfolio.rolling.rules.bridge import Comparison, compared
from portfolio.rolling.rules.editions import CATEGORIES
from portfolio.rolling.rules.headline import Headline, headline
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.vocabulary.codes import sector_of
from portfolio.vocabulary.elements import element_tree

COLUMNS = [name for name in EditionEntry.model_fields if name not in ("edition_id", "project_id")]
FUND = "fund"
GROUPS = ("category", "city_code", "lead_unit", "kind", "sector")


@dataclass(frozen=True)
class EntryFilters:
    """What a list of entries is narrowed by; an empty tuple narrows nothing. `standing`: those in the programme.

    `task`: the one they serve."""

    category: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    decision: tuple[str, ...] = ()
    city_code: tuple[str, ...] = ()
    q: str = ""
    overridden: bool = False
    standing: bool = False
    task: str = ""


EVERY_ENTRY = EntryFilters()
_SEARCHED = (col(EditionEntry.name_zh), col(EditionEntry.code))


def get_edition(session: Session, code: str) -> Edition:
    """One edition; raises `NotFoundError`."""
    found: Edition | None = session.execute(select(Edition).where(col(Edition.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFoundError("rolling.no_edition", code=code)
    return found


def list_editions(session: Session, scope: Scope) -> list[EditionRecord]:
    """Every edition, the newest base year first, with its parent's code; entries and yuan are those of the scope."""
    counted = (
        select(col(EditionEntry.edition_id), func.count(), func.sum(col(EditionEntry.annual_yuan)))
        .where(standing(), *_seen(scope))
        .group_by(col(EditionEntry.edition_id))
    )
    sums = {number: (int(count), int(annual or 0)) for number, count, annual in session.execute(counted)}
    rows = list(session.execute(select(Edition).order_by(col(Edition.base_year).desc(), col(Edition.id))).scalars())
    codes = {row.id: row.code for row in rows}
    found = []
    for row in rows:
        count, annual = sums.get(row.id, (0, 0))
        parent = codes.get(row.parent_id)
        more = {"parent": parent, "entries": count, "annual_yuan": annual}
        found.append(record_of(EditionRecord, {**row.model_dump(), **more}))
    return found


def edition_head(session: Session, scope: Scope, code: str) -> EditionRecord:
    """One edition as `list_editions` gives it; raises `NotFoundError`."""
    edition = get_edition(session, code)
    statement = select(func.count(), func.sum(col(EditionEntry.annual_yuan)))
    wanted = (col(EditionEntry.edition_id) == edition.id, standing(), *_seen(scope))
    count, annual = session.execute(statement.where(*wanted)).one()
    parent = session.get(Edition, edition.parent_id) if edition.parent_id else None
    sums = {"entries": int(count), "annual_yuan": int(annual or 0)}
    return record_of(EditionRecord, {**edition.model_dump(), "parent": parent.code if parent else None, **sums})


def wanted(edition: Edition, filters: EntryFilters, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions of an edition's entries that the filters and the scope leave."""
    found: list[ColumnElement[bool]] = [col(EditionEntry.edition_id) == edition.id]
    for name in ("category", "change", "rule", "decision", "city_code"):
        values = getattr(filters, name)
        if values:
            found.append(getattr(EditionEntry, name).in_(values))
    if filters.q:
        found += [_says(word) for word in searchable(filters.q).split()]
    if filters.overridden:
        found.append(col(EditionEntry.category) != col(EditionEntry.derived))
    if filters.task:
        found.append((";" + col(EditionEntry.task_ids) + ";").like(f"%;{filters.task};%"))
    if filters.standing:
        found.append(standing())
    return [*found, *_seen(scope)]


def _says(word: str) -> ColumnElement[bool]:
    """Whether an entry's name or code holds a word of a search, in whichever width and case it was written there."""
    wide = in_full_width(word)
    spelled = [func.lower(column).contains(word, autoescape=True) for column in _SEARCHED]
    if wide != word:
        spelled += [column.contains(text, autoescape=True) for column in _SEARCHED for text in (wide, wide.upper())]
    return or_(*spelled)


def _seen(scope: Scope) -> list[ColumnElement[bool]]:
    if scope.everything:
        return []
    return [col(EditionEntry.project_id).in_(select(col(Project.id)).where(*conditions(NO_FILTERS, scope)))]


def entry_frame(session: Session, scope: Scope, code: str, filters: EntryFilters = EVERY_ENTRY) -> pd.DataFrame:
    """An edition's entries as `COLUMNS`, by code; those of projects outside the scope are left out."""
    edition = get_edition(session, code)
    columns = [getattr(EditionEntry, name) for name in COLUMNS]
    statement = select(*columns).where(*wanted(edition, filters, scope)).order_by(col(EditionEntry.code))
    return pd.DataFrame(session.execute(statement).all(), columns=COLUMNS, dtype=object)


def entry_codes(session: Session, scope: Scope, code: str, filters: EntryFilters) -> list[str]:
    """The codes of the entries a filter leaves."""
    edition = get_edition(session, code)
    statement = select(col(EditionEntry.code)).where(*wanted(edition, filters, scope))
    return list(session.execute(statement.order_by(col(EditionEntry.code))).scalars())


def entry_names(
    session: Session, scope: Scope, editions: Sequence[str], projects: Sequence[str]
) -> dict[str, NamesRecord]:
    """Project code → its `name_zh` and `name_en` as the last of the editions that holds it has them."""
    columns: list[Any] = [Edition.code, EditionEntry.code, EditionEntry.name_zh, EditionEntry.name_en]
    here = (col(Edition.code).in_(editions), col(EditionEntry.code).in_(projects), *_seen(scope))
    statement = select(*columns).join(Edition, col(Edition.id) == col(EditionEntry.edition_id)).where(*here)
    rows = sorted(session.execute(statement), key=lambda row: editions.index(row[0]))
    return {row[1]: {"name_zh": row[2], "name_en": row[3]} for row in rows}


def set_mark(session: Session, scope: Scope, code: str, filters: EntryFilters) -> str:
    """A mark of the set a filter leaves: another one as soon as an entry joins it, leaves it or is changed."""
    edition = get_edition(session, code)
    statement = select(col(EditionEntry.code), col(EditionEntry.version)).where(*wanted(edition, filters, scope))
    rows = session.execute(statement.order_by(col(EditionEntry.code)))
    return hashlib.sha256("\n".join(f"{one} {version}" for one, version in rows).encode()).hexdigest()


def counts_by(
    session: Session, scope: Scope, code: str, name: str, filters: EntryFilters = EVERY_ENTRY
) -> dict[str, int]:
    """How many entries there are of each value of a column."""
    edition, column = get_edition(session, code), getattr(EditionEntry, name)
    statement = select(column, func.count()).where(*wanted(edition, filters, scope)).group_by(column)
    return {value: int(count) for value, count in session.execute(statement)}


def annual_sum(session: Session, scope: Scope, code: str, filters: EntryFilters) -> int:
    """What the entries that the filters leave come to in the edition's first year, in yuan."""
    statement = select(func.coalesce(func.sum(col(EditionEntry.annual_yuan)), 0))
    return int(session.execute(statement.where(*wanted(get_edition(session, code), filters, scope))).scalar_one())


def totals_by(session: Session, scope: Scope, code: str, by: str) -> pd.DataFrame:
    """`by` and category with `projects`, `total_yuan` and `annual_yuan` of the entries that stand, summed in SQL."""
    edition = get_edition(session, code)
    groups = ["kind" if by == "sector" else by, *(["category"] if by != "category" else [])]
    columns: list[Any] = [getattr(EditionEntry, name) for name in groups]
    sums: list[Any] = [func.count(), func.sum(func.coalesce(col(EditionEntry.total_yuan), 0))]
    sums.append(func.sum(col(EditionEntry.annual_yuan)))
    statement = select(*columns, *sums).where(*wanted(edition, EntryFilters(standing=True), scope)).group_by(*columns)
    rows = [(*row[:-3], *(int(value) for value in row[-3:])) for row in session.execute(statement)]
    frame = pd.DataFrame(rows, columns=[*groups, "projects", "total_yuan", "annual_yuan"])
    if by == "sector":
        frame["sector"] = [sector_of(kind) for kind in frame["kind"]]
        names = ["projects", "total_yuan", "annual_yuan"]
        frame = frame.groupby(["sector", "category"], as_index=False, dropna=False)[names].sum()
    return _in_order(frame, by)


def _in_order(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    order = frame["category"].map({name: place for place, name in enumerate(CATEGORIES)})
    keys = [by, "order"] if by != "category" else ["order"]
    return absent_as_none(frame.assign(order=order).sort_values(keys, ignore_index=True).drop(columns="order"))


def comparison(session: Session, scope: Scope, before: str, after: str, items: str = "fund") -> Comparison:
    """Two editions cell by cell, over the leaves under node `items`; raises `NotFoundError` for an unknown node."""
    tree = element_tree(session)
    if items not in tree.by_code:
        raise NotFoundError("rolling.unknown_item", value=items)
    old, new = get_edition(session, before), get_edition(session, after)
    leaves = [leaf.id for leaf in tree.leaves_under(items)]
    return compared(programme(session, scope, old), programme(session, scope, new), leaves)


def compare(
    session: Session, scope: Scope, before: str, after: str, items: str = "fund"
) -> tuple[Comparison, Headline]:
    """Two editions cell by cell, and the bridge of their annual plans project by project."""
    found = comparison(session, scope, before, after, items)
    return found, headline(found, targets=items == FUND)
