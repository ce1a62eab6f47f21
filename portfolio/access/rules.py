"""Who acts and what may be read: every read takes a `Scope`, every write an `Actor`."""

from dataclasses import dataclass

from portfolio.core.errors import ForbiddenError


@dataclass(frozen=True)
class Actor:
    """A person or process that writes; `name` goes into the journal, with the import it writes for, if any."""

    name: str
    may_write: bool = True
    import_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """The projects a reader may see: all of them, or those of some reporting cities or lead units."""

    everything: bool = False
    cities: frozenset[str] = frozenset()
    lead_units: frozenset[str] = frozenset()


def require_write(actor: Actor) -> None:
    """Raise `ForbiddenError` unless the actor may write."""
    if not actor.may_write:
        raise ForbiddenError("access.read_only")
