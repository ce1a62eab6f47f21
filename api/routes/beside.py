"""`include=proposed`: what an office proposes beside the record, for who enters or reviews it."""

from typing import Annotated, Any, Literal

from fastapi import Query

from api.door.shapes import AMOUNT, AMOUNT_OUT, project_json
from portfolio.projects.beside import Beside

Include = Annotated[
    Literal["proposed"] | None, Query(description="`proposed` adds what is proposed, for who enters or reviews it")
]


def names_of(seen: Beside) -> list[str]:
    """The keys that are proposed, by the names of the API: `facts.total_investment_wan`."""
    return [f"facts.{AMOUNT_OUT}" if key == f"facts.{AMOUNT}" else key for key in seen.keys]


def beside_json(seen: Beside) -> dict[str, Any]:
    """A project as it would be, whether it was ever accepted, and what is proposed."""
    return {**project_json(seen.project), "accepted": seen.accepted, "proposed": names_of(seen)}
