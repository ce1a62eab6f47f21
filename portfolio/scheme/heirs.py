"""Units and regions live on in those that took them over: who stands for whom today."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, select
from sqlmodel import Session, col

from portfolio.core.kept import Kept
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.tables import Region

_kept = Kept(size=1)


def unit_heirs(session: Session) -> Mapping[str, str]:
    """Unit → the one that stands for it today; units that go on are not named."""
    return _kept.get(session, "heirs", lambda: _heirs(session))


def _heirs(session: Session) -> dict[str, str]:
    rows = session.execute(select(col(Unit.code), col(Unit.successor)).where(col(Unit.successor).is_not(None))).all()
    following: dict[str, str] = {code: successor for code, successor in rows}
    return {code: last_of(following, code) for code in following}


def last_of(following: Mapping[str, str], code: str) -> str:
    """The end of a chain of successors; one that leads back to itself ends where it began to."""
    seen = {code}
    while code in following and following[code] not in seen:
        code = following[code]
        seen.add(code)
    return code


def predecessors(session: Session) -> dict[str, frozenset[str]]:
    """Unit → the units it came from, however far back."""
    rows = session.execute(select(col(Unit.code), col(Unit.successor)).where(col(Unit.successor).is_not(None))).all()
    heir: dict[str, str] = {code: successor for code, successor in rows}
    found: dict[str, set[str]] = {}
    for code in heir:
        seen, later = {code}, heir.get(code)
        while later is not None and later not in seen:
            found.setdefault(later, set()).add(code)
            seen.add(later)
            later = heir.get(later)
    return {code: frozenset(units) for code, units in found.items()}


def units_under(codes: tuple[str, ...]) -> Select[Any]:
    """The units of `codes` and all that they took over, as a subquery."""
    return _under(Unit, codes)


def regions_under(codes: tuple[str, ...]) -> Select[Any]:
    """The regions of `codes` and all that they took over, as a subquery."""
    return _under(Region, codes)


def line_of(table: type[Unit] | type[Region], named: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The units or regions for which `named` holds, those that took them over, and those they took over."""
    columns: list[Any] = [col(table.code).label("code"), col(table.successor).label("after")]
    meant: Select[Any] = select(*columns).where(named)
    up = meant.cte(recursive=True)
    later = up.union(select(col(table.code), col(table.successor)).join(up, col(table.code) == up.c.after))
    down = select(col(table.code).label("code")).where(named).cte(recursive=True)
    before = down.union(select(col(table.code)).join(down, col(table.successor) == down.c.code))
    return select(later.c.code).union(select(before.c.code))


def _under(table: type[Unit] | type[Region], codes: tuple[str, ...]) -> Select[Any]:
    meant = select(col(table.code).label("code")).where(col(table.code).in_(codes)).cte(recursive=True)
    before = select(col(table.code)).join(meant, col(table.successor) == meant.c.code)
    both = meant.union(before)  # without doubles, so that a circle of successors ends
    return select(both.c.code)
