"""The ledger: pools, accounts, and entries nobody changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HELD = ("preallocated", "locked", "granted", "delivered", "used")
NOT_NEGATIVE = " AND ".join(f"{bucket} >= 0" for bucket in HELD)


def _buckets(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "pools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.Column("doc_no", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        *_buckets("free", *HELD),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(f"free >= 0 AND {NOT_NEGATIVE}", name=op.f("ck_pools_not_overdrawn")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_pools_item_id_items")),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_pools_region_code_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pools")),
        sa.UniqueConstraint("code", name=op.f("uq_pools_code")),
    )
    op.create_index("ix_pools_item_year", "pools", ["item_id", "year"])
    op.create_table(
        "ledger_accounts",
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        *_buckets(*HELD),
        sa.CheckConstraint(NOT_NEGATIVE, name=op.f("ck_ledger_accounts_not_overdrawn")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_ledger_accounts_pool_id_pools")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_ledger_accounts_project_id_projects")),
        sa.PrimaryKeyConstraint("pool_id", "project_id", name=op.f("pk_ledger_accounts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_accounts_project_id", "ledger_accounts", ["project_id"])
    _create_entries()
    op.create_index("ix_changes_project_id", "changes", ["project_id", "revision"])
    for statement in _seals():
        op.execute(statement)


def _create_entries() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "ledger_entries",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=False),
        sa.Column("counter_pool_id", sa.Integer(), nullable=True),
        sa.Column("reverses_id", number, nullable=True),
        sa.Column("doc_no", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("on_date", sa.String(length=10), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_ledger_entries_positive")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_ledger_entries_pool_id_pools")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_ledger_entries_project_id_projects")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_ledger_entries_item_id_items")),
        sa.ForeignKeyConstraint(
            ["counter_pool_id"], ["pools.id"], name=op.f("fk_ledger_entries_counter_pool_id_pools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entries_reverses_id")),
    )
    op.create_index("ix_ledger_entries_pool", "ledger_entries", ["pool_id", "on_date"])
    op.create_index("ix_ledger_entries_project", "ledger_entries", ["project_id", "id"])
    op.create_index("ix_ledger_entries_counter", "ledger_entries", ["counter_pool_id", "on_date"])


def _seals() -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER seal_ledger_{event.lower()} BEFORE {event} ON ledger_entries "
            "BEGIN SELECT RAISE(ABORT, 'ledger entries are reversed, never changed'); END"
            for event in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE FUNCTION seal_ledger() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'ledger entries are reversed, never changed'; END $$",
        "CREATE TRIGGER seal_ledger_change BEFORE UPDATE OR DELETE ON ledger_entries EXECUTE FUNCTION seal_ledger()",
        "CREATE TRIGGER seal_ledger_truncate BEFORE TRUNCATE ON ledger_entries EXECUTE FUNCTION seal_ledger()",
    ]


def downgrade() -> None:
    op.drop_index("ix_changes_project_id", table_name="changes")
    for table in ("ledger_entries", "ledger_accounts", "pools"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION seal_ledger()")
