"""Records with what is proposed beside them, for who enters or reviews them: pages and routes ask for it by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from portfolio.access.rules import Row, Scope, row_of
from portfolio.projects.filters import enters
from portfolio.projects.proposals import ROOM, proposed_keys
from portfolio.projects.records import ProjectRecord
from portfolio.projects.service import with_proposal
from portfolio.projects.states import LIBRARY, Standing, standing, standings


@dataclass(frozen=True)
class Beside:
    """A record as it would be: `keys` names what is proposed (`facts.owner`, `needs.fund.own 2026`).

    `accepted` is false for a project that is a proposal only.
    """

    project: ProjectRecord
    accepted: bool = True
    keys: tuple[str, ...] = ()


def shows_proposal(scope: Scope, project: ProjectRecord, stands: Standing) -> bool:
    """Whether the reader is shown what is proposed: who enters or reviews the record, or is waited for (转办)."""
    return enters(scope, row_of(project)) or enters(scope, Row(lead=stands.reviewer_unit, city=stands.reviewer_city))


def beside(session: Session, scope: Scope, projects: Iterable[ProjectRecord]) -> list[Beside]:
    """The records in their order, each with what is proposed laid over it where the reader may see that."""
    every = list(projects)
    held = standings(session, [project["id"] for project in every])
    keys = proposed_keys(session, held)
    found = []
    for project in every:
        stands = held.get(project["id"], LIBRARY)
        mine = keys.get(project["id"], []) if shows_proposal(scope, project, stands) else []
        over = with_proposal(session, project) if mine else project
        found.append(Beside(over, stands.accepted, tuple(mine)))
    return found


def one_beside(session: Session, scope: Scope, project: ProjectRecord) -> Beside:
    """The same for one record."""
    return beside(session, scope, [project])[0]


def hidden_rooms(session: Session, scope: Scope, project: ProjectRecord) -> tuple[str, ...]:
    """The rooms of the journal that a record's history leaves out for the reader."""
    return () if may_see(session, scope, project) else (ROOM,)


def may_see(session: Session, scope: Scope, project: ProjectRecord) -> bool:
    """Whether what is proposed for a record is shown to the reader."""
    return shows_proposal(scope, project, standing(session, project["id"]))
