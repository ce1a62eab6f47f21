"""`/api/health` (alive) and `/api/ready` (database reachable, schema current)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from api.door.problems import problem
from api.door.shapes import answer
from api.schemas.answers.people import HealthOut, ReadyOut
from portfolio.core import schema

router = APIRouter(tags=["health"])


@router.get("/health", response_model=HealthOut, operation_id="health")
def health() -> Response:
    """The process is alive."""
    return answer({"status": "alive"})


@router.get("/ready", response_model=ReadyOut, operation_id="ready")
def ready(request: Request) -> Response:
    """The database is reachable and its schema is the one this product knows."""
    try:
        schema.require_current(request.app.state.engine)
    except SQLAlchemyError:
        return problem(request, 503, "server.not_ready")
    return answer({"status": "ready", "schema": request.app.state.head})
