"""Secrets of sessions, tokens and recovery codes: random, and kept only as their SHA-256."""

import hashlib
import secrets

TOKEN_MARK = "gxp_"  # lets a leaked token be recognised
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """256 random bits, as text for a cookie or a header."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """The secret of a personal token."""
    return TOKEN_MARK + new_secret()


def new_code() -> str:
    """A recovery code, of letters and digits that are not taken for one another (49 bits)."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def digest(secret: str) -> str:
    """What is kept of a secret. It is random enough that a fast hash is safe."""
    return hashlib.sha256(secret.encode()).hexdigest()
