"""Named profiles: what an office said its columns mean, kept, found again by the headings, shared and taken back."""

from typing import Any, TypedDict

import orjson
from sqlalchemy import delete, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, require, scope_of
from portfolio.core.clock import utc_now
from portfolio.core.errors import ForbiddenError, InvalidError, NotFoundError
from portfolio.core.plain_text import clean
from portfolio.exchange.shapes.profile import Profile, read_profile
from portfolio.exchange.uploads.tables import ImportProfile
from portfolio.journal import service as journal
from portfolio.vocabulary.elements import element_tree

LONGEST_NAME = 80


class ProfileRecord(TypedDict):
    """A profile with who made it and when; `columns` and `values` as `shapes.profile` has them."""

    name: str
    office: str
    actor: str
    at: str
    columns: dict[str, Any]
    values: dict[str, Any]


def office_of(actor: Actor) -> str:
    """For which office somebody's profiles are: the unit's, else the city's."""
    return actor.unit or actor.city or ""


def list_profiles(session: Session, actor: Actor) -> list[ProfileRecord]:
    """Every profile, those of one's own office first, the newest first."""
    require(actor, "exchange.import")
    rows = session.execute(select(ImportProfile).order_by(col(ImportProfile.at).desc())).scalars().all()
    return [_record(row) for row in sorted(rows, key=lambda row: row.office != office_of(actor))]


def get_profile(session: Session, actor: Actor, name: str) -> ProfileRecord:
    """One profile; raises `NotFoundError`."""
    require(actor, "exchange.import")
    return _record(_row(session, name))


def profile_named(session: Session, actor: Actor, name: str) -> Profile:
    """What a profile says; raises `NotFoundError`."""
    require(actor, "exchange.import")
    return read_profile(_row(session, name).content)


def remembered(session: Session, actor: Actor) -> tuple[tuple[str, Profile], ...]:
    """The profiles of the actor's own office, the newest first: tables whose headings they know are read by them."""
    here = select(ImportProfile).where(col(ImportProfile.office) == office_of(actor))
    rows = session.execute(here.order_by(col(ImportProfile.at).desc())).scalars()
    return tuple((row.name, read_profile(row.content)) for row in rows)


def save_profile(session: Session, actor: Actor, name: str, profile: Profile) -> ProfileRecord:
    """Keep a profile under a name, in the place of the one of that name; raises `ForbiddenError` for another office's.

    Raises `InvalidError` for a name that is blank or too long, and for items that are no leaves of the element tree.
    """
    require(actor, "exchange.import")
    plain = clean(name)
    if not plain or len(plain) > LONGEST_NAME:
        raise InvalidError("profile.bad_name", limit=str(LONGEST_NAME))
    _check_items(session, profile)
    held = session.get(ImportProfile, plain)
    if held is not None:
        _require_own(held, actor)
    before = orjson.loads(held.content) if held else None
    row = held or ImportProfile(name=plain, office=office_of(actor), content="", at=utc_now(), actor=actor.name)
    row.content, row.at, row.actor = orjson.dumps(profile.as_record()).decode(), utc_now(), actor.name
    session.add(row)
    session.flush()
    journal.record(session, actor, "exchange", [journal.Entry(f"profile {plain}", "save", before, profile.as_record())])
    return _record(row)


def drop_profile(session: Session, actor: Actor, name: str) -> None:
    """Forget a profile; what was imported by it stays."""
    require(actor, "exchange.import")
    row = _row(session, name)
    _require_own(row, actor)
    before = orjson.loads(row.content)
    session.execute(delete(ImportProfile).where(col(ImportProfile.name) == row.name))
    journal.record(session, actor, "exchange", [journal.Entry(f"profile {row.name}", "drop", before, None)])


def _check_items(session: Session, profile: Profile) -> None:
    tree = element_tree(session)
    for heading, choice in profile.columns.items():
        node = tree.by_code.get(choice.item) if choice.item else None
        if choice.item and (node is None or not node.leaf):
            raise InvalidError("profile.bad_item", value=choice.item, heading=heading)


def _require_own(row: ImportProfile, actor: Actor) -> None:
    if row.office != office_of(actor) and not scope_of(actor).everything:
        raise ForbiddenError("profile.of_another", name=row.name, actor=row.actor)


def _row(session: Session, name: str) -> ImportProfile:
    row = session.get(ImportProfile, name)
    if row is None:
        raise NotFoundError("profile.not_found", name=name)
    return row


def _record(row: ImportProfile) -> ProfileRecord:
    told = orjson.loads(row.content)
    return ProfileRecord(
        name=row.name,
        office=row.office,
        actor=row.actor,
        at=row.at.isoformat(),
        columns=told["columns"],
        values=told["values"],
    )
