"""What would be handed over, and what units that ended still bear."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope, require_read
from portfolio.access.tables import User
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.tables import Project, ProjectUnit
from portfolio.reporting.rounds import list_rounds
from portfolio.reporting.tables import Draft
from portfolio.rolling.tables import Addressee, Edition
from portfolio.scheme.directory import unit_directory

NAMED = 200


@dataclass(frozen=True)
class Borne:
    """What a unit bears: accounts (names), projects (codes) it reports, leads or is responsible for, running rounds.

    `projects` has each of them once.
    """

    accounts: tuple[str, ...]
    reports: tuple[str, ...]
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    rounds: tuple[str, ...]

    @property
    def projects(self) -> tuple[str, ...]:
        """Every project once, by code."""
        return tuple(sorted({*self.reports, *self.leads, *self.responsible}))

    @property
    def anything(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self.accounts or self.projects or self.rounds)


def borne(session: Session, scope: Scope, unit: str) -> Borne:
    """What the unit `unit` bears under its own code, for who may hand it over."""
    require_read(scope, "unit.hand_over")
    accounts = session.execute(select(col(User.name)).where(col(User.unit) == unit).order_by(col(User.name))).scalars()
    linked = select(col(ProjectUnit.project_id)).where(col(ProjectUnit.unit_code) == unit)
    reports, leads = (_codes(session, column == unit) for column in (col(Project.office_unit), col(Project.lead_unit)))
    responsible = _codes(session, col(Project.id).in_(linked))
    rounds = [one["code"] for one in list_rounds(session) if not one["closed"] and unit in one["units"].split(";")]
    return Borne(tuple(accounts), reports, leads, responsible, tuple(sorted(rounds)))


def _codes(session: Session, here: ColumnElement[bool]) -> tuple[str, ...]:
    return tuple(session.execute(select(col(Project.code)).where(here).order_by(col(Project.code))).scalars())


@dataclass(frozen=True)
class Ended:
    """A unit that another one took over: since when, who stands for it, and how much it still bears."""

    code: str
    since: str
    heir: str
    accounts: int
    projects: int


def ended_units(session: Session, scope: Scope) -> list[Ended]:
    """Units that ended and still bear accounts or projects the reader sees, those who bear most first."""
    directory, found = unit_directory(session), []
    accounts = _accounts(session, scope)
    for unit in directory.units:
        if unit.successor is None:
            continue
        count = _count(session, scope, unit.code)
        if count or accounts.get(unit.code):
            heir = directory.heir_today(unit.code)
            found.append(Ended(unit.code, unit.valid_to or "", heir, accounts.get(unit.code, 0), count))
    return sorted(found, key=lambda one: (-one.projects, -one.accounts, one.code))


def _accounts(session: Session, scope: Scope) -> dict[str, int]:
    require_read(scope, "unit.hand_over")
    rows = session.execute(
        select(col(User.unit), func.count()).where(col(User.unit).is_not(None)).group_by(col(User.unit))
    )
    return {str(unit): int(count) for unit, count in rows}


def _count(session: Session, scope: Scope, unit: str) -> int:
    linked = col(Project.id).in_(select(col(ProjectUnit.project_id)).where(col(ProjectUnit.unit_code) == unit))
    mine = or_(col(Project.office_unit) == unit, col(Project.lead_unit) == unit, linked)
    statement = select(func.count()).select_from(Project).where(*conditions(WITH_PROPOSED, scope), mine)
    return int(session.execute(statement).scalar_one())


@dataclass(frozen=True)
class Held:
    """What an account holds that goes with it: drafts not saved (their subjects), open consultations it is named in."""

    drafts: tuple[str, ...]
    consultations: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self.drafts or self.consultations)


def held_by(session: Session, scope: Scope, name: str) -> Held:
    """What the account `name` holds, for who manages accounts."""
    require_read(scope, "user.manage")
    drafts = session.execute(select(col(Draft.subject)).where(col(Draft.actor) == name).order_by(col(Draft.subject)))
    return Held(tuple(drafts.scalars()), tuple(code for code, _ in asked_by_name(session, name)))


def asked_by_name(session: Session, name: str) -> Sequence[tuple[str, int]]:
    """The editions under consultation (code, id) that name an account among whom they ask."""
    here: Any = (col(Addressee.person) == name, col(Edition.state) == "consultation")
    statement = select(col(Edition.code), col(Edition.id)).join(Addressee, col(Addressee.edition_id) == col(Edition.id))
    return [(code, int(number)) for code, number in session.execute(statement.where(*here).order_by(col(Edition.code)))]
