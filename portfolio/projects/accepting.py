"""Acceptance: what was proposed beside a record becomes the record, each part through its own room's rules.

The rooms say how theirs is accepted; those above this one are not known here.
"""

from collections.abc import Callable

from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.projects.proposals import PARTS, Part, forget_proposal, proposed_parts
from portfolio.projects.records import ProjectRecord

Accept = Callable[[Session, Actor, ProjectRecord, Part, str | None], None]
_rooms: dict[str, Accept] = {}


def accepts(part: str) -> Callable[[Accept], Accept]:
    """Have a function write `part` of a proposal into the record; who may accept has been checked by then."""

    def keep(accept: Accept) -> Accept:
        _rooms[part] = accept
        return accept

    return keep


def merge(session: Session, actor: Actor, project: ProjectRecord, reason: str | None = None) -> None:
    """Write what is proposed into the record and forget the proposal; the caller has checked that the actor may accept.

    Raises what the rooms raise when a part does not fit any more, and then nothing may be committed.
    """
    parts = proposed_parts(session, project["id"])
    for part in PARTS:
        if part in parts:
            _rooms[part](session, actor, project, parts[part], reason)
    forget_proposal(session, project["id"])
