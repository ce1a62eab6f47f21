"""Read the review: rounds, lines with what they were granted, a line's decisions, totals of any grouping."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.core.errors import InvalidError, NotFoundError
from portfolio.core.frames import absent_as_none
from portfolio.core.records import records_of
from portfolio.finance.records import DecisionRecord, LineRecord, RoundRecord
from portfolio.finance.reserved import held_for
from portfolio.finance.rules.books import level_of
from portfolio.finance.rules.paying import for_line
from portfolio.finance.tables import Decision, Line, Round
from portfolio.ledger.tables import LedgerEntry
from portfolio.projects.filters import NO_FILTERS, ProjectFilters, conditions
from portfolio.projects.tables import Project
from portfolio.vocabulary.codes import sector_of
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.tables import Item

STATES = ("asked", "proposed", "granted", "returned")
GROUPS = ("year", "item", "level", "city", "sector", "state", "project")
AMOUNTS = ["asked", "proposed", "granted", "trimmed", "gap", "lines"]


@dataclass(frozen=True)
class LineFilters:
    """Which lines: of a round, in a state, of an item (all under it), of a year, of some projects."""

    round: str
    state: str = ""
    item: str = ""
    year: int | None = None
    projects: ProjectFilters = NO_FILTERS


def list_rounds(session: Session, scope: Scope) -> list[RoundRecord]:
    """Every round, the newest first, with how many lines of the scope stand in each state.

    A closed illustrative one is left out.
    """
    counts = (
        select(col(Line.round_id), col(Line.state), func.count())
        .join(Project, col(Project.id) == col(Line.project_id))
        .where(*conditions(NO_FILTERS, scope))
        .group_by(col(Line.round_id), col(Line.state))
    )
    of_round: dict[int, dict[str, int]] = {}
    for number, state, count in session.execute(counts):
        of_round.setdefault(number, {})[state] = int(count)
    shown = (col(Round.basis) == "reported") | (col(Round.state) == "open")
    rows = session.execute(select(Round).where(shown).order_by(col(Round.year).desc(), col(Round.id).desc())).scalars()
    found = [
        {**row.model_dump(), "states": {s: of_round.get(row.id or 0, {}).get(s, 0) for s in STATES}} for row in rows
    ]
    return records_of(RoundRecord, found)


def get_round(session: Session, code: str) -> Round:
    """One round; raises `NotFoundError`."""
    found: Round | None = session.execute(select(Round).where(col(Round.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFoundError("finance.no_round", code=code)
    return found


def require_open(session: Session, code: str) -> Round:
    """The round, if it still takes decisions."""
    found = get_round(session, code)
    if found.state != "open":
        raise InvalidError("finance.round_closed")
    return found


def list_lines(
    session: Session, scope: Scope, filters: LineFilters, limit: int = 100, after: int = 0
) -> tuple[list[LineRecord], int]:
    """Lines in the order of their numbers after line `after`, and how many there are in all."""
    wanted = _conditions(session, scope, filters)
    total = select(func.count()).select_from(Line).join(Project, col(Project.id) == col(Line.project_id)).where(*wanted)
    statement = _selection().where(*wanted, col(Line.id) > after).order_by(col(Line.id)).limit(limit)
    return _records(session, statement), int(session.execute(total).scalar_one())


def line_ids(session: Session, scope: Scope, filters: LineFilters) -> list[int]:
    """The numbers of every line of a filtered set."""
    statement = select(col(Line.id)).join(Project, col(Project.id) == col(Line.project_id))
    return list(session.execute(statement.where(*_conditions(session, scope, filters))).scalars())


def lines_by_id(session: Session, scope: Scope, ids: Sequence[int]) -> list[LineRecord]:
    """The lines of those numbers that are within the scope."""
    found: list[LineRecord] = []
    for start in range(0, len(ids), 500):
        part = col(Line.id).in_(ids[start : start + 500])
        found += _records(session, _selection().where(*conditions(NO_FILTERS, scope), part).order_by(col(Line.id)))
    return found


def project_lines(session: Session, scope: Scope, code: str) -> list[LineRecord]:
    """A project's lines of every round, the newest round first."""
    order = (col(Round.year).desc(), col(Round.id).desc(), col(Line.id))
    return _records(
        session, _selection().where(*conditions(NO_FILTERS, scope), col(Project.code) == code).order_by(*order)
    )


def decisions(session: Session, scope: Scope, line_id: int) -> list[DecisionRecord]:
    """A line's steps, the oldest first; raises `NotFoundError` for a line out of scope."""
    if not lines_by_id(session, scope, [line_id]):
        raise NotFoundError("finance.no_line", id=str(line_id))
    rows = session.execute(select(Decision).where(col(Decision.line_id) == line_id).order_by(col(Decision.id)))
    return records_of(DecisionRecord, (row.model_dump() for row in rows.scalars()))


def totals(session: Session, scope: Scope, filters: LineFilters, by: Sequence[str] = ()) -> pd.DataFrame:
    """`by` (of `GROUPS`) with `AMOUNTS` in yuan: trimmed is asked less proposed of decided lines, gap less granted."""
    unknown = [name for name in by if name not in GROUPS]
    if unknown:
        raise InvalidError("summary.bad_dimension", value=unknown[0], allowed="、".join(GROUPS))
    columns: list[Any] = [Project.code, Project.city_code, Project.kind, Line.item_id, Line.year, Line.state]
    amounts: list[Any] = [Line.asked, Line.proposed]
    statement = (
        select(*columns, *amounts, granted_amount())
        .select_from(Line)
        .join(Project, col(Project.id) == col(Line.project_id))
        .where(*_conditions(session, scope, filters))
    )
    names = ["project", "city", "kind", "item_id", "year", "state", "asked", "proposed", "granted"]
    frame = pd.DataFrame(session.execute(statement).all(), columns=names)
    frame = _dressed(session, frame)
    if not by:
        sums = frame[AMOUNTS].sum()
        return pd.DataFrame([{name: int(sums[name]) for name in AMOUNTS}], columns=AMOUNTS)
    return absent_as_none(frame.groupby(list(by), as_index=False, dropna=False)[AMOUNTS].sum())


def overdrawn_lines(session: Session) -> list[int]:
    """Lines proposed beyond what is asked, or granted beyond what is proposed: there may be none."""
    granted = granted_amount()
    beyond = (col(Line.proposed) > col(Line.asked)) | (granted > func.coalesce(col(Line.proposed), 0))
    return list(session.execute(select(col(Line.id)).where(beyond).order_by(col(Line.id))).scalars())


def _dressed(session: Session, frame: pd.DataFrame) -> pd.DataFrame:
    tree = element_tree(session)
    frame["item"] = [tree.by_id[number].code for number in frame["item_id"]]
    frame["level"] = [level_of(item) for item in frame["item"]]
    frame["sector"] = [sector_of(kind) for kind in frame["kind"]]
    decided = frame["proposed"].notna()
    frame["proposed"] = frame["proposed"].fillna(0).astype("int64")
    frame[["asked", "granted"]] = frame[["asked", "granted"]].astype("int64")
    frame["trimmed"] = (frame["asked"] - frame["proposed"]).where(decided, 0).astype("int64")
    frame["gap"] = frame["asked"] - frame["granted"]
    frame["lines"] = 1
    return frame


def _conditions(session: Session, scope: Scope, filters: LineFilters) -> list[Any]:
    found: list[Any] = [col(Line.round_id) == get_round(session, filters.round).id]
    found += conditions(filters.projects, scope)
    if filters.state:
        found.append(col(Line.state) == filters.state)
    if filters.item:
        tree = element_tree(session)
        if filters.item not in tree.by_code:
            raise InvalidError("item.not_found", value=filters.item)
        found.append(col(Line.item_id).in_([leaf.id for leaf in tree.leaves_under(filters.item)]))
    if filters.year is not None:
        found.append(col(Line.year) == filters.year)
    return found


def granted_amount() -> Any:
    """What a line's decisions granted, less what the ledger has reversed since."""
    return (
        select(func.coalesce(func.sum(_decisions.c.amount), 0))
        .select_from(_decisions.outerjoin(_undone, _undone.c.reverses_id == _decisions.c.entry_id))
        .where(_decisions.c.line_id == col(Line.id), _decisions.c.kind == "grant", _undone.c.id.is_(None))
        .correlate(Line)
        .scalar_subquery()
        .label("granted")
    )


def _selection() -> Select[Any]:
    columns: list[Any] = [Line.id, Line.project_id, Line.item_id, Line.year, Line.asked, Line.proposed, Line.state]
    return (
        select(
            *columns,
            col(Line.version),
            col(Round.code).label("round"),
            col(Round.state).label("round_state"),
            col(Project.code).label("project"),
            col(Project.name_zh),
            col(Project.name_en),
            col(Project.city_code),
            col(Item.code).label("item"),
            granted_amount(),
        )
        .select_from(Line)
        .join(Round, col(Round.id) == col(Line.round_id))
        .join(Project, col(Project.id) == col(Line.project_id))
        .join(Item, col(Item.id) == col(Line.item_id))
    )


def _records(session: Session, statement: Select[Any]) -> list[LineRecord]:
    rows = [dict(row) for row in session.execute(statement).mappings()]
    held = held_for(session, {row["project_id"] for row in rows})
    for row in rows:
        own = for_line(held.get(row["project_id"], ()), row["item"], row["year"])
        row |= {"granted": int(row["granted"]), "reserved": sum(one.quantity for one in own)}
    return records_of(LineRecord, rows)


_decisions = Decision.metadata.tables["review_decisions"].alias("d")
_undone = LedgerEntry.metadata.tables["ledger_entries"].alias("undone")
