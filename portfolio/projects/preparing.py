"""Facts as they are stored: codes normalised, texts trimmed, every stated figure with its basis."""

from collections.abc import Mapping
from typing import Any

from portfolio.core import plain_text
from portfolio.projects.rules import national_code
from portfolio.projects.tables import BASIS_OF, LENGTHS, LINKS

REPORTED = "reported"


def prepared(
    facts: dict[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Facts with codes normalised and every stated figure given its basis."""
    prepared: dict[str, Any] = {name: list(value) if name in LINKS else value for name, value in facts.items()}
    for name in LENGTHS:
        prepared[name] = plain_text.stated(prepared[name] or "")
    for name in LINKS:
        prepared[name] = list(dict.fromkeys(prepared[name]))
    stated = (prepared.get("national_code") or "").strip()
    prepared["national_code"] = national_code.normalise(stated) or stated or None
    for basis in dict.fromkeys(BASIS_OF.values()):
        prepared[basis] = _basis(basis, prepared, changes, before or {})
    return prepared


def _basis(basis: str, facts: Mapping[str, Any], changes: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
    figures = [name for name, of in BASIS_OF.items() if of == basis]
    if all(facts.get(name) is None for name in figures):
        return None
    if basis in changes and changes[basis] is not None:
        return str(changes[basis])
    touched = any(name in changes and changes[name] != before.get(name) for name in figures)
    return REPORTED if touched else facts.get(basis) or REPORTED


def plain(value: Any) -> Any:
    """A value as it is compared: a list whatever sequence it was given as."""
    return list(value) if isinstance(value, tuple) else value
