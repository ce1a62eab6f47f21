"""Before a project moves to another place, the rooms above say what keeps it: they know what it holds there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlmodel import Session

from portfolio.core.errors import FieldError, InvalidError

Facts = Mapping[str, Any]
Guard = Callable[[Session, Facts, Facts], Iterable[FieldError]]
_guards: list[Guard] = []


def keeps(guard: Guard) -> Guard:
    """Have `guard` asked before a project's regions change: it is given the record as it stands and as it is to be."""
    _guards.append(guard)
    return guard


def require_free_to_move(session: Session, held: Facts, fresh: Facts) -> None:
    """Raise `InvalidError` (`project.invalid`) with whatever keeps a project where it is.

    Without any guard nobody could say, so nothing may move: the account book's is registered when it is loaded.
    """
    if not _guards:
        raise RuntimeError("no room has said what keeps a project in its place")
    found = [fault for guard in _guards for fault in guard(session, held, fresh)]
    if found:
        raise InvalidError("project.invalid", found)
