"""Tables of accounts, sign-ins, tokens and limits. Secrets are kept hashed; only a TOTP secret must be readable."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from portfolio.core.columns import UtcDateTime, utc_column
from portfolio.core.text_columns import AS_GIVEN


def _instant() -> Column[Any]:
    return Column(UtcDateTime(), nullable=True)


class User(SQLModel, table=True):
    """A person's account. `name` is typed in lower case; without a `password_hash` it signs in elsewhere."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80, unique=True)
    full_name: str = Field(default="", max_length=80)
    role: str = Field(max_length=24)
    unit: str | None = Field(default=None, max_length=24, foreign_key="units.code", index=True)
    city: str | None = Field(default=None, max_length=16)
    element: str | None = Field(default=None, max_length=10)
    password_hash: str | None = Field(default=None, max_length=200)
    subject: str | None = Field(default=None, max_length=200, unique=True)
    must_change: bool = False
    disabled: bool = False
    demonstration: bool = False
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_on: bool = False
    totp_last: int = 0
    created_at: datetime = Field(sa_column=utc_column())
    signed_in_at: datetime | None = Field(default=None, sa_column=_instant())
    version: int = 1


class SignIn(SQLModel, table=True):
    """A browser's session, found by the SHA-256 of its cookie; `stage` tells what is still owed."""

    __tablename__ = "sign_ins"

    key: str = Field(primary_key=True, max_length=64)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    stage: str = Field(max_length=10)
    csrf: str = Field(max_length=64)
    started_at: datetime = Field(sa_column=utc_column())
    seen_at: datetime = Field(sa_column=utc_column())
    address: str = Field(default="", max_length=64, sa_column_kwargs=AS_GIVEN)
    agent: str = Field(default="", max_length=200, sa_column_kwargs=AS_GIVEN)


class Token(SQLModel, table=True):
    """A personal API token, found by the SHA-256 of its secret; `actions` (with commas) narrow it when not empty."""

    __tablename__ = "tokens"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str = Field(max_length=80)
    key: str = Field(max_length=64, unique=True)
    hint: str = Field(max_length=12)
    may_write: bool = False
    actions: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=utc_column())
    expires_at: datetime = Field(sa_column=utc_column())
    used_at: datetime | None = Field(default=None, sa_column=_instant())
    revoked_at: datetime | None = Field(default=None, sa_column=_instant())


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_codes"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    key: str = Field(max_length=64)
    used_at: datetime | None = Field(default=None, sa_column=_instant())


class Throttle(SQLModel, table=True):
    """How often something limited was done since a moment, and until when it is refused (seconds of the epoch)."""

    __tablename__ = "throttles"

    key: str = Field(primary_key=True, max_length=160, sa_column_kwargs=AS_GIVEN)
    count: int = 0
    since: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    until: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class Handshake(SQLModel, table=True):
    """A sign-in on its way through the OpenID provider; `key` is the SHA-256 of the state, used once."""

    __tablename__ = "handshakes"

    key: str = Field(primary_key=True, max_length=64)
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=128)
    onward: str = Field(default="/", max_length=500, sa_column_kwargs=AS_GIVEN)
    started_at: datetime = Field(sa_column=utc_column())
