"""Passwords: Argon2 hashes, and which passwords are too short or too easily guessed."""

from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from portfolio.core.errors import FieldError
from portfolio.core.settings import get_settings

LONGEST = 128
ENOUGH = 3  # of zxcvbn's 0 to 4: safe against guessing away from the server
_JUDGED = 72  # zxcvbn's time grows with the length; what follows only adds to it


def hashed(password: str) -> str:
    """The Argon2 hash that is kept."""
    return _hasher().hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; without one it takes as long to say no."""
    try:
        return _hasher().verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)


def faults(password: str, about: Iterable[str] = (), field: str = "password") -> list[FieldError]:
    """What is wrong with a new password; `about` holds what others know of the person (name, unit)."""
    least = get_settings().password_length
    if len(password) < least:
        return [FieldError(field, "people.password_short", {"limit": str(least)})]
    if len(password) > LONGEST:
        return [FieldError(field, "field.too_long", {"limit": LONGEST})]
    if zxcvbn(password[:_JUDGED], user_inputs=[word for word in about if word])["score"] < ENOUGH:
        return [FieldError(field, "people.password_guessable")]
    return []


def _hasher() -> PasswordHasher:
    settings = get_settings()
    return _hasher_of(settings.password_memory_mib, settings.password_rounds)


@lru_cache
def _hasher_of(memory_mib: int, rounds: int) -> PasswordHasher:
    return PasswordHasher(time_cost=rounds, memory_cost=memory_mib * 1024)


def _nobody() -> str:
    """A hash that no password meets, as costly as today's are."""
    return _nobodys_hash(_hasher())


@lru_cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
