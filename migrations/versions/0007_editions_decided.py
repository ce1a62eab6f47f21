"""Editions decided and published: facts, curves, milestones, comments; lists a project is named in."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = "('approved', 'issued', 'superseded')"
SEALED = ("edition_curves", "edition_milestones", "edition_comments")
MESSAGE = "an approved edition is never changed"
ADDED = {
    "editions": (("later_years", sa.Boolean(), sa.false()), ("origin", sa.String(12), "rolled")),
    "edition_entries": (
        ("reason_code", sa.String(24), ""),
        ("approver", sa.String(80), ""),
        ("person", sa.String(80), ""),
        ("owner", sa.String(120), ""),
        ("capacity_zh", sa.String(500), ""),
        ("task_ids", sa.String(300), ""),
        ("ready_percent", sa.Integer(), "0"),
        ("complete_percent", sa.Integer(), "0"),
    ),
    "edition_needs": (("carried", sa.BigInteger(), "0"),),
}


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _of_entry(table: str, *key: str) -> list[sa.Constraint]:
    found: list[sa.Constraint] = [_refers(table, "edition_id", "editions"), _refers(table, "project_id", "projects")]
    return [*found, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))]


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.create_table(
        "edition_curves",
        _number("edition_id"),
        _number("project_id"),
        _number("month"),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        *_of_entry("edition_curves", "edition_id", "project_id", "month"),
    )
    op.create_table(
        "edition_milestones",
        _number("edition_id"),
        _number("project_id"),
        _number("position"),
        _text("name", 120),
        _text("due_month", 7),
        _text("done_month", 7, nullable=True),
        *_of_entry("edition_milestones", "edition_id", "project_id", "position"),
    )
    _create_comments()
    _create_lists()
    for statement in _seals():
        op.execute(statement)


def _create_comments() -> None:
    op.create_table(
        "edition_comments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("edition_id"),
        _number("project_id"),
        _text("unit", 24),
        sa.Column("required", sa.Boolean(), nullable=False),
        _text("words", 1000),
        _text("state", 12),
        _text("answer", 1000),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _text("actor", 80),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _text("answered_by", 80),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_edition_comments_unit_units")),
        *_of_entry("edition_comments", "id"),
    )
    op.create_index("ix_edition_comments_entry", "edition_comments", ["edition_id", "project_id"])


def _create_lists() -> None:
    op.create_table(
        "project_lists",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("project_id"),
        _text("list", 16),
        _number("year"),
        _text("batch", 16),
        _text("unit", 24),
        _text("act", 12),
        _text("doc_no", 80),
        _text("on_date", 10),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _text("actor", 80),
        _refers("project_lists", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_lists")),
        sa.UniqueConstraint("project_id", "list", "year", "unit", "act", name="uq_project_lists_act"),
    )


def _seals() -> list[str]:
    if op.get_bind().dialect.name != "sqlite":
        return [
            f"CREATE TRIGGER seal_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION seal_edition()"
            for table in SEALED
        ]
    return [
        f"CREATE TRIGGER seal_{table}_{event.lower()} BEFORE {event} ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM editions WHERE id = {row}.edition_id AND state IN {FROZEN})"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table in SEALED
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ]


def downgrade() -> None:
    for table in ("project_lists", *SEALED):
        op.drop_table(table)
    for table, columns in ADDED.items():
        for name, _, _ in columns:
            op.drop_column(table, name)
