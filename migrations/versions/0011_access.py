"""Accounts, sign-ins, tokens, limits; the reporting unit of a project."""

import sqlalchemy as sa
from alembic import op

from portfolio.core.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# A project without a reporting unit is answered for by its lead unit, else by the government of its city.
FIRST_OFFICE = """
UPDATE projects SET office_unit = COALESCE(lead_unit, (
    SELECT units.code FROM units WHERE units.kind = 'CITY_GOV' AND units.region_code = projects.city_code
))
"""
TABLES = ("handshakes", "throttles", "recovery_codes", "tokens", "sign_ins", "users")


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _at(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _of_user(table: str, key: str = "id") -> list[sa.schema.SchemaItem]:
    held = sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id_users"), ondelete="CASCADE"
    )
    return [_number("user_id"), held, sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}"))]


def upgrade() -> None:
    _users()
    _keys()
    _limits()
    # One statement for both databases: Alembic itself cannot add a column with a reference on SQLite.
    op.execute(
        "ALTER TABLE projects ADD COLUMN office_unit VARCHAR(24) "
        "CONSTRAINT fk_projects_office_unit_units REFERENCES units (code)"
    )
    op.create_index(op.f("ix_projects_office_unit"), "projects", ["office_unit"])
    op.execute(FIRST_OFFICE)


def _users() -> None:
    op.create_table(
        "users",
        _number("id"),
        _text("name", 80),
        _text("full_name", 80),
        _text("role", 24),
        _text("unit", 24, nullable=True),
        _text("city", 16, nullable=True),
        _text("element", 10, nullable=True),
        _text("password_hash", 200, nullable=True),
        _text("subject", 200, nullable=True),
        *(_flag(name) for name in ("must_change", "disabled", "demonstration")),
        _text("totp_secret", 64, nullable=True),
        _flag("totp_on"),
        _number("totp_last"),
        _at("created_at"),
        _at("signed_in_at", nullable=True),
        _number("version"),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_users_unit_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
        sa.UniqueConstraint("subject", name=op.f("uq_users_subject")),
    )
    op.create_index(op.f("ix_users_unit"), "users", ["unit"])


def _keys() -> None:
    op.create_table(
        "sign_ins",
        _text("key", 64),
        *_of_user("sign_ins", "key"),
        _text("stage", 10),
        _text("csrf", 64),
        _at("started_at"),
        _at("seen_at"),
        _text("address", 64),
        _text("agent", 200),
    )
    op.create_table(
        "tokens",
        _number("id"),
        *_of_user("tokens"),
        _text("name", 80),
        _text("key", 64),
        _text("hint", 12),
        _flag("may_write"),
        sa.Column("actions", sa.Text(), nullable=False),
        _at("created_at"),
        _at("expires_at"),
        _at("used_at", nullable=True),
        _at("revoked_at", nullable=True),
        sa.UniqueConstraint("key", name=op.f("uq_tokens_key")),
    )
    op.create_table(
        "recovery_codes",
        _number("id"),
        *_of_user("recovery_codes"),
        _text("key", 64),
        _at("used_at", nullable=True),
    )
    for table in ("sign_ins", "tokens", "recovery_codes"):
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _limits() -> None:
    op.create_table(
        "throttles",
        _text("key", 160),
        _number("count"),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    op.create_table(
        "handshakes",
        _text("key", 64),
        _text("nonce", 64),
        _text("verifier", 128),
        _text("onward", 500),
        _at("started_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handshakes")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_projects_office_unit"), "projects")
    op.drop_column("projects", "office_unit")
    for table in TABLES:
        op.drop_table(table)
