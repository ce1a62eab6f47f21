"""One family of errors, each with a stable code; the edge translates them.

A code such as `project.not_found` names the catalogue entry `error-project-not_found`, which holds the
message with its remedy in both languages.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class About:
    """Which part of a batch a fault is of, as people call it: the project, and its line where it has several."""

    zh: str
    en: str


@dataclass(frozen=True)
class FieldError:
    """One fault of one field: `code` names a catalogue entry, `params` fill it; `about`: of which part of a batch."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    about: About | None = None


def of_part(faults: Iterable[FieldError], part: object, about: About | None = None) -> list[FieldError]:
    """The faults of one part of a batch, each once: `part` before the field, and what people call it."""
    found: list[FieldError] = []
    for fault in faults:
        one = dataclasses.replace(fault, field=f"{part}.{fault.field}", about=about or fault.about)
        if all((one.code, one.params) != (held.code, held.params) for held in found):
            found.append(one)
    return found


class PortfolioError(Exception):
    """Base of every error the product raises on purpose."""

    kind = "error"

    def __init__(self, code: str, /, fields: Sequence[FieldError] = (), **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = tuple(fields)
        self.params = params


class NotFoundError(PortfolioError):
    """What was asked for does not exist, or not within the reader's scope."""

    kind = "not_found"


class InvalidError(PortfolioError):
    """The input breaks a rule; `fields` lists every fault."""

    kind = "invalid"


class ConflictError(PortfolioError):
    """The input is well-formed but contradicts what is stored."""

    kind = "conflict"


class StaleError(PortfolioError):
    """The record changed since the writer read it; `current` is the record as it is now."""

    kind = "stale"

    def __init__(self, code: str, /, current: Any, **params: Any) -> None:
        super().__init__(code, **params)
        self.current = current


class ForbiddenError(PortfolioError):
    """The actor may not do this."""

    kind = "forbidden"


class UnauthenticatedError(PortfolioError):
    """Nobody is signed in, or what was shown as proof does not hold."""

    kind = "unauthenticated"


class TooManyError(PortfolioError):
    """Too many tries; `retry_after` is the number of seconds to wait."""

    kind = "too_many"

    def __init__(self, code: str, /, retry_after: int, **params: Any) -> None:
        super().__init__(code, seconds=str(retry_after), **params)
        self.retry_after = retry_after


class TooLargeError(PortfolioError):
    """The input is larger than the product accepts."""

    kind = "too_large"


class UnreadableError(PortfolioError):
    """A file or value cannot be read at all."""

    kind = "unreadable"


class NotReadyError(PortfolioError):
    """The database is not, or no longer, one that this program may use."""

    kind = "not_ready"
