"""What the routes of accounts, imports and health answer."""

from pydantic import BaseModel, Field

from api.schemas.imports import FindingOut


class TokenMade(BaseModel):
    """A new token; its secret is in this answer alone."""

    id: int
    token: str


class AddressOut(BaseModel):
    """An address that failed to sign in of late; `free` failures make nobody wait."""

    address: str
    failures: int
    free: int
    wait_seconds: int


class CallerOut(BaseModel):
    """Who the caller is and what they may do."""

    name: str
    role: str
    unit: str | None
    city: str | None
    element: str | None
    actions: list[str]


class TokenOut(BaseModel):
    """A token without its secret."""

    id: int
    name: str
    hint: str
    may_write: bool
    actions: str
    created_at: str
    expires_at: str
    used_at: str | None
    revoked_at: str | None


class UserOut(BaseModel):
    """An account."""

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
    created_at: str
    signed_in_at: str | None
    version: int
    has_password: bool
    locked: bool


class ImportedOut(BaseModel):
    """What became of the table."""

    check: bool
    import_: int | None = Field(alias="import")
    applied: bool
    total: float
    new: int
    changed: int
    unchanged: int
    failed: int
    import_id: str | None = None
    findings_total: int
    findings: list[FindingOut]
    warnings: list[FindingOut]


class HealthOut(BaseModel):
    """The process is alive."""

    status: str


class ReadyOut(BaseModel):
    """The database is reachable."""

    status: str
    schema_: str = Field(alias="schema")


class ExportOut(BaseModel):
    """A table as JSON: its kind, and each row as text by column."""

    kind: str
    items: list[dict[str, str]]
