"""Acceptance: what was proposed beside a record becomes the record, each part through its own room's rules."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portfolio.access.local import EVERYTHING
from portfolio.access.rules import Actor
from portfolio.needs.details import accept_details
from portfolio.needs.service import accept_needs
from portfolio.projects import proposals
from portfolio.projects.profile import accept_profile
from portfolio.projects.proposals import forget_proposal, proposed_parts
from portfolio.projects.service import accept_facts


def merge(session: Session, actor: Actor, project: Mapping[str, Any], reason: str | None = None) -> None:
    """Write what is proposed into the record and forget the proposal; the caller has checked that the actor may accept.

    Raises what the rooms raise when a part does not fit any more, and then nothing may be committed.
    """
    parts, code = proposed_parts(session, project["id"]), project["code"]
    if proposals.FACTS in parts:
        changes = {name: now for name, (_, now) in parts[proposals.FACTS].items()}
        accept_facts(session, actor, EVERYTHING, code, changes, reason)
    if proposals.PROFILE in parts:
        accept_profile(session, actor, EVERYTHING, code, parts[proposals.PROFILE], reason)
    if proposals.NEEDS in parts:
        accept_needs(session, actor, EVERYTHING, code, parts[proposals.NEEDS], reason)
    if proposals.DETAILS in parts:
        accept_details(session, actor, EVERYTHING, code, parts[proposals.DETAILS])
    forget_proposal(session, project["id"])
