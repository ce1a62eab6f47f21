"""Rounds of reporting: what is expected of whom until when, and who has not reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require
from portfolio.core import revision
from portfolio.core.clock import LOCAL_ZONE, today, utc_now
from portfolio.core.errors import ConflictError, InvalidError, NotFoundError, StaleError
from portfolio.journal import service as journal
from portfolio.projects.filters import WITH_PROPOSED, conditions
from portfolio.projects.rules import workflow
from portfolio.projects.state_tables import ProjectState, ProjectTransition
from portfolio.projects.tables import Project
from portfolio.reporting.complete import complete_percents
from portfolio.reporting.rules import ANNUAL, STAGES, days_left, round_faults
from portfolio.reporting.tables import ReportingRound
from portfolio.scheme.directory import unit_directory
from portfolio.scheme.tables import Unit
from portfolio.vocabulary.codes import WHOLE_REGION
from portfolio.vocabulary.tables import Region

COLUMNS = tuple(name for name in ReportingRound.model_fields if name not in ("id", "at", "actor"))
EXPECTED = (
    *("code", "name_zh", "name_en", "office_unit", "city_code", "state", "submitted_at", "reported"),
    "complete_percent",
)
BY_UNIT = ("unit", "city", "expected", "reported", "returned", "outstanding", "days_left")
GONE = (workflow.EXITED, workflow.DEFERRED)
STANDS = (*sorted(workflow.WAITING), workflow.ACCEPTED)


@dataclass(frozen=True)
class RoundData:
    """A round as it is opened or changed; days as `2027-03-31`, `units` and `cities` empty for everybody."""

    code: str
    title_zh: str
    opens_on: str
    due_on: str
    title_en: str = ""
    stage: str = ""
    units: Sequence[str] = ()
    cities: Sequence[str] = ()


def open_round(session: Session, actor: Actor, data: RoundData) -> dict[str, Any]:
    """Open a round and return it as stored; raises `InvalidError` (`rounds.invalid`) with every fault."""
    require(actor, "round.manage")
    revision.bump(session)
    values = _prepared(session, data)
    if session.execute(select(col(ReportingRound.id)).where(col(ReportingRound.code) == data.code)).first():
        raise ConflictError("rounds.code_taken", code=data.code)
    fixed = {"closed": False, "at": utc_now(), "actor": actor.name, "version": 1}
    session.connection().execute(insert(_rounds).values(**values, **fixed))
    journal.record(session, actor, "reporting", [journal.Entry(data.code, "round", None, values)])
    return get_round(session, data.code)


def change_round(
    session: Session, actor: Actor, data: RoundData, closed: bool = False, version: int | None = None
) -> dict[str, Any]:
    """Change a round's title, days and circle, or close it; a stale `version` raises `StaleError` (`rounds.stale`)."""
    require(actor, "round.manage")
    revision.bump(session)
    held = get_round(session, data.code)
    if version is not None and version != held["version"]:
        raise StaleError("rounds.stale", held, code=data.code)
    values = {**_prepared(session, data), "closed": closed}
    changed = update(_rounds).where(_rounds.c.code == data.code).values(**values, version=held["version"] + 1)
    session.connection().execute(changed)
    before = {name: held[name] for name in COLUMNS if name != "version"}
    journal.record(session, actor, "reporting", [journal.Entry(data.code, "round", before, values)])
    return get_round(session, data.code)


def pass_on(session: Session, actor: Actor, giver: str, taker: str) -> None:
    """Ask `taker` wherever a round that is not closed asks `giver`, as a hand-over has decided (which has asked)."""
    for one in list_rounds(session):
        named = one["units"].split(";")
        if one["closed"] or giver not in named:
            continue
        units = ";".join(dict.fromkeys(taker if unit == giver else unit for unit in named))
        fresh = update(_rounds).where(_rounds.c.code == one["code"]).values(units=units, version=one["version"] + 1)
        session.connection().execute(fresh)
        entry = journal.Entry(one["code"], "round", {"units": one["units"]}, {"units": units})
        journal.record(session, actor, "reporting", [entry])


def _prepared(session: Session, data: RoundData) -> dict[str, Any]:
    values = {name: value.strip() if isinstance(value, str) else list(value) for name, value in data.__dict__.items()}
    units = session.execute(select(col(Unit.code))).scalars()
    cities = session.execute(select(col(Region.code)).where(col(Region.level) == "city")).scalars()
    found = round_faults(values, units, [*cities, WHOLE_REGION])
    if found:
        raise InvalidError("rounds.invalid", found)
    return {**values, "units": ";".join(values["units"]), "cities": ";".join(values["cities"])}


def get_round(session: Session, code: str) -> dict[str, Any]:
    """A round as a mapping of `COLUMNS`, with `days_left`; raises `NotFoundError`."""
    found = [one for one in list_rounds(session) if one["code"] == code]
    if not found:
        raise NotFoundError("rounds.not_found", code=code)
    return found[0]


def list_rounds(session: Session, running: bool = False) -> list[dict[str, Any]]:
    """The rounds, the one due last first; `running` leaves out those closed or not yet open."""
    columns: list[Any] = [getattr(ReportingRound, name) for name in COLUMNS]
    statement = select(*columns).order_by(col(ReportingRound.due_on).desc(), col(ReportingRound.code))
    if running:
        statement = statement.where(~col(ReportingRound.closed), col(ReportingRound.opens_on) <= today().isoformat())
    rows = session.execute(statement).mappings()
    return [{**row, "days_left": days_left(row["due_on"], today())} for row in rows]


def expected_frame(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """Every record a round expects, as `EXPECTED`: whether it was submitted since the opening and still stands so.

    A record returned or taken back is not reported; one put off or gone is not expected.
    """
    held = get_round(session, code)
    last = _last_submissions(held["opens_on"])
    state = func.coalesce(col(ProjectState.state), workflow.ACCEPTED)
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en, Project.office_unit, Project.city_code]
    columns.append(Project.id)
    statement = (
        select(*columns, state.label("state"), last.c.at.label("submitted_at"))
        .select_from(Project)
        .outerjoin(ProjectState, col(ProjectState.project_id) == col(Project.id))
        .outerjoin(last, last.c.code == col(Project.code))
        .where(*conditions(WITH_PROPOSED, scope), *_circle(held), state.not_in(GONE))
        .order_by(col(Project.office_unit), col(Project.code))
    )
    percents = complete_percents(session)
    rows = [_expected(dict(row), percents) for row in session.execute(statement).mappings()]
    return pd.DataFrame(rows, columns=list(EXPECTED), dtype=object)


def _expected(row: dict[str, Any], percents: Mapping[int, int]) -> dict[str, Any]:
    reported = row["submitted_at"] is not None and row["state"] in STANDS
    return {**row, "reported": reported, "complete_percent": percents[row["id"]]}


def reminders(session: Session, scope: Scope, code: str) -> pd.DataFrame:
    """Per reporting unit as `BY_UNIT` what a round still lacks, those who lack most first; all units, also the done.

    A unit that ended before the due day reports through the one that took it over.
    """
    frame, held = expected_frame(session, scope, code), get_round(session, code)
    heir, due_in = unit_directory(session).heir_on, held["due_on"][:7]
    frame["office_unit"] = [heir(unit, due_in) for unit in frame["office_unit"]]
    cities = _cities_of_units(session)
    rows = []
    for unit, part in frame.groupby(frame["office_unit"].fillna(""), sort=True):
        reported = int(part["reported"].sum())
        returned = int((part["state"] == workflow.RETURNED).sum())
        known = {"unit": unit, "city": cities.get(str(unit)) or "", "expected": len(part), "reported": reported}
        rows.append(
            {**known, "returned": returned, "outstanding": len(part) - reported, "days_left": held["days_left"]}
        )
    found = pd.DataFrame(rows, columns=list(BY_UNIT), dtype=object)
    return found.sort_values(["outstanding", "unit"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Due:
    """A running round with how many of a reader's records it expects, and the codes of those not yet reported."""

    round: Mapping[str, Any]
    expected: int
    outstanding: tuple[str, ...]


def due(session: Session, scope: Scope) -> list[Due]:
    """The running rounds that expect anything within the scope, the next due first."""
    found = []
    for one in reversed(list_rounds(session, running=True)):
        frame = expected_frame(session, scope, one["code"])
        if len(frame):
            found.append(Due(one, len(frame), tuple(frame["code"][~frame["reported"].astype(bool)])))
    return found


def asked_stage(session: Session, facts: Mapping[str, Any]) -> str:
    """The stage whose required fields the running rounds ask of a record; the strictest, empty when none asks."""
    asked = [one["stage"] for one in list_rounds(session, running=True) if one["stage"] and _concerns(one, facts)]
    return max(asked, key=(*STAGES, ANNUAL).index, default="")


def _concerns(held: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    units, cities = (tuple(filter(None, held[name].split(";"))) for name in ("units", "cities"))
    return not (units or cities) or facts["office_unit"] in units or facts["city_code"] in cities


def _circle(held: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Whose records a round expects: of its units, or counted under its cities; everybody's when it names neither."""
    units, cities = (tuple(filter(None, held[name].split(";"))) for name in ("units", "cities"))
    named: list[ColumnElement[bool]] = []
    if units:
        named.append(col(Project.office_unit).in_(units))
    if cities:
        named.append(col(Project.city_code).in_(cities))
    return [or_(*named)] if named else []


def _last_submissions(opens_on: str) -> Any:
    opened = datetime.combine(date.fromisoformat(opens_on), time(), LOCAL_ZONE)
    at = func.max(col(ProjectTransition.at)).label("at")
    wanted = (col(ProjectTransition.action) == "submit", col(ProjectTransition.at) >= opened)
    return select(col(ProjectTransition.code), at).where(*wanted).group_by(col(ProjectTransition.code)).subquery()


def _cities_of_units(session: Session) -> dict[str, str]:
    rows = session.execute(select(col(Unit.code), col(Unit.region_code)).where(col(Unit.kind) == "CITY_GOV"))
    return {code: region for code, region in rows}


_rounds = ReportingRound.metadata.tables["reporting_rounds"]
