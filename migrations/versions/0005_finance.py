"""Finance: review rounds with sealed decisions, envelopes, financing records, work funds; details of needs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = ("review_decisions", "envelopes")
TABLES = (
    "need_details",
    "work_funds",
    "fiscal_capacities",
    "financings",
    "envelopes",
    "review_decisions",
    "review_lines",
    "review_rounds",
)


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _yuan(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _made() -> list[sa.Column]:
    return [sa.Column("at", sa.DateTime(timezone=True), nullable=False), _text("actor", 80)]


def _refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _create_review()
    _create_envelopes()
    _create_financing()
    _create_details()
    for statement in _seals():
        op.execute(statement)


def _create_review() -> None:
    op.create_table(
        "review_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("code", 40),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        _text("name", 120),
        _text("state", 10),
        _text("basis", 12),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _text("actor", 80),
        _key("review_rounds"),
        sa.UniqueConstraint("code", name=op.f("uq_review_rounds_code")),
    )
    op.create_table(
        "review_lines",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _yuan("asked"),
        _yuan("proposed", nullable=True),
        _text("state", 10),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("review_lines", "round_id", "review_rounds"),
        _refers("review_lines", "project_id", "projects"),
        _refers("review_lines", "item_id", "items"),
        _key("review_lines"),
        sa.UniqueConstraint("round_id", "project_id", "item_id", "year", name=op.f("uq_review_lines_key")),
    )
    op.create_index("ix_review_lines_state", "review_lines", ["round_id", "state"])
    op.create_index("ix_review_lines_project", "review_lines", ["project_id"])
    op.create_table(
        "review_decisions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("line_id", NUMBER, nullable=False),
        _text("kind", 10),
        _yuan("amount", nullable=True),
        _text("reason", 24),
        _text("note", 500),
        _text("doc_no", 80),
        sa.Column("entry_id", NUMBER, nullable=True),
        *_made(),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_review_decisions_not_negative")),
        _key("review_decisions"),
    )
    op.create_index("ix_review_decisions_line", "review_decisions", ["line_id", "id"])
    op.create_index("ix_review_decisions_entry_id", "review_decisions", ["entry_id"])


def _create_envelopes() -> None:
    op.create_table(
        "envelopes",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("level", 12),
        sa.Column("year", sa.Integer(), nullable=False),
        _yuan("own_yuan"),
        _yuan("carried_yuan"),
        _text("doc_no", 80),
        _text("note", 500),
        _text("basis", 12),
        *_made(),
        _key("envelopes"),
    )
    op.create_index("ix_envelopes_key", "envelopes", ["level", "year", "id"])


def _create_financing() -> None:
    op.create_table(
        "financings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        _text("instrument", 24),
        _yuan("amount_yuan"),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("term_years", sa.Integer(), nullable=True),
        _text("partner", 120),
        _text("status", 12),
        _text("regime", 16),
        _text("bond_use", 24),
        sa.Column("cover_milli", sa.Integer(), nullable=True),
        sa.Column("in_national_library", sa.Boolean(), nullable=True),
        sa.Column("in_debt_library", sa.Boolean(), nullable=True),
        _yuan("annual_payment_yuan", nullable=True),
        _text("doc_no", 80),
        _text("note", 500),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("financings", "project_id", "projects"),
        _key("financings"),
    )
    op.create_index("ix_financings_project", "financings", ["project_id"])
    op.create_table(
        "fiscal_capacities",
        _text("region_code", 16),
        sa.Column("year", sa.Integer(), nullable=False),
        _yuan("budget_yuan"),
        _text("doc_no", 80),
        _refers("fiscal_capacities", "region_code", "regions", "code"),
        _key("fiscal_capacities", "region_code", "year"),
    )
    op.create_table(
        "work_funds",
        sa.Column("id", sa.Integer(), nullable=False),
        _text("unit_code", 24),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("purpose", 120),
        _yuan("asked_yuan"),
        _yuan("granted_yuan", nullable=True),
        _text("doc_no", 80),
        _text("note", 500),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("work_funds", "unit_code", "units", "code"),
        _key("work_funds"),
        sa.UniqueConstraint("unit_code", "year", "purpose", name=op.f("uq_work_funds_key")),
    )


def _create_details() -> None:
    op.create_table(
        "need_details",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        _text("attribute", 40),
        _text("value", 200),
        _text("basis", 12),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_need_details_project_id_projects"), ondelete="CASCADE"
        ),
        _refers("need_details", "item_id", "items"),
        _key("need_details", "project_id", "item_id", "attribute"),
    )


def _seals() -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER seal_{table}_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are appended, never changed'); END"
            for table in SEALED
            for event in ("UPDATE", "DELETE")
        ]
    statements = [
        "CREATE FUNCTION seal_appended() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'rows of this table are appended, never changed'; END $$"
    ]
    for table in SEALED:
        statements.append(
            f"CREATE TRIGGER seal_{table} BEFORE UPDATE OR DELETE ON {table} EXECUTE FUNCTION seal_appended()"
        )
        statements.append(
            f"CREATE TRIGGER seal_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION seal_appended()"
        )
    return statements


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION seal_appended()")
