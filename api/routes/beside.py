"""`include=proposed`: what an office proposes beside the record, for who enters or reviews it."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlmodel import Session

from api.door.shapes import AMOUNT, AMOUNT_OUT, project_json
from portfolio.projects.beside import Beside
from portfolio.projects.proposals import proposed_keys
from portfolio.projects.records import ProjectRecord
from portfolio.projects.states import standing

Include = Annotated[
    Literal["proposed"] | None, Query(description="`proposed` adds what is proposed, for who enters or reviews it")
]


def names_of(keys: Iterable[str]) -> list[str]:
    """The keys that are proposed, by the names of the API: `facts.total_investment_wan`."""
    return [f"facts.{AMOUNT_OUT}" if key == f"facts.{AMOUNT}" else key for key in keys]


def written_json(session: Session, project: ProjectRecord) -> dict[str, Any]:
    """A record as a service returned it to its writer, with what is proposed; one that never moved proposes nothing."""
    stands = standing(session, project["id"])
    keys = proposed_keys(session, [project["id"]]).get(project["id"], []) if stands.version else []
    return {**project_json(project), "accepted": stands.accepted, "proposed": names_of(keys)}


def beside_json(seen: Beside) -> dict[str, Any]:
    """A project as it would be, whether it was ever accepted, and what is proposed."""
    return {**project_json(seen.project), "accepted": seen.accepted, "proposed": names_of(seen.keys)}
