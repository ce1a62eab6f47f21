"""Whose a record is, and who may change that: nobody gives a project away by editing it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portfolio.access.rules import OWNER, Actor, allows, row_of
from portfolio.core.errors import ForbiddenError, InvalidError
from portfolio.projects.rules.workflow import WITH_OFFICE
from portfolio.projects.states import standing

DECIDING = ("lead_unit", "city_code")


def require_keeping(
    session: Session, actor: Actor, held: Mapping[str, Any], fresh: Mapping[str, Any], reason: str | None
) -> None:
    """Raise `ForbiddenError` when a change of the lead unit or of the reporting city would give the record away.

    Stating what was not stated gives nothing away, nor does an office correcting what it never submitted. Otherwise it
    is a hand-over: allowed to whoever may transfer the record both as it stands and as it would be, with a reason.
    """
    moved = [name for name in DECIDING if held[name] is not None and held[name] != fresh[name]]
    if not moved or _own_draft(session, actor, held):
        return
    if not all(allows(actor, "project.transfer", row_of(facts)) for facts in (held, fresh)):
        raise ForbiddenError("access.hand_over", field=moved[0])
    if actor.role != OWNER and not (reason or "").strip():
        raise InvalidError("project.hand_over_reason", code=held["code"])


def _own_draft(session: Session, actor: Actor, held: Mapping[str, Any]) -> bool:
    """Whether the record never left the office that is changing it, so that nobody else has had it yet."""
    stands = standing(session, held["id"])
    return stands.state in WITH_OFFICE and not stands.accepted and held["office_unit"] in actor.own_units
