"""What reading accounts gives; no secret is among it."""

from datetime import datetime
from typing import TypedDict


class AccountFields(TypedDict):
    """What may be changed of an account."""

    full_name: str
    role: str
    unit: str | None
    city: str | None
    element: str | None
    subject: str | None
    disabled: bool


class UserRecord(TypedDict):
    """An account; `locked`: failed too often, just now."""

    name: str
    full_name: str
    role: str
    unit: str | None
    city: str | None
    element: str | None
    disabled: bool
    must_change: bool
    totp_on: bool
    demonstration: bool
    subject: str | None
    created_at: datetime
    signed_in_at: datetime | None
    version: int
    has_password: bool
    locked: bool


class AddressRecord(TypedDict):
    """An address that failed to sign in; `wait_seconds` until it may try again."""

    address: str
    failures: int
    free: int
    wait_seconds: int


class TokenRecord(TypedDict):
    """A token of an account: what it begins with, never the token."""

    id: int
    name: str
    hint: str
    may_write: bool
    actions: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class SignInRecord(TypedDict):
    """A session of an account."""

    started_at: datetime
    seen_at: datetime
    address: str
    agent: str
    stage: str
