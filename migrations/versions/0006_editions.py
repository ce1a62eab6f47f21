"""Editions of the programme: entries and needs that are sealed once the edition is approved."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FROZEN = "('approved', 'issued', 'superseded')"
SEALED = ("edition_entries", "edition_needs")
MESSAGE = "an approved edition is never changed"


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "editions",
        _number("id"),
        _text("code", 40),
        _number("base_year"),
        _number("years"),
        _text("batch", 16),
        _text("state", 12),
        _number("parent_id", nullable=True),
        _text("doc_no", 80),
        _text("approved_on", 10, nullable=True),
        _text("note", 500),
        _text("inputs_hash", 64),
        _text("rules_version", 12),
        _text("basis", 12),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _text("actor", 80),
        _number("version"),
        _refers("editions", "parent_id", "editions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("code", name=op.f("uq_editions_code")),
    )
    _create_entries()
    op.create_table(
        "edition_needs",
        _number("edition_id"),
        _number("project_id"),
        _number("item_id"),
        _number("year"),
        _whole("required"),
        _refers("edition_needs", "edition_id", "editions"),
        _refers("edition_needs", "project_id", "projects"),
        _refers("edition_needs", "item_id", "items"),
        sa.PrimaryKeyConstraint("edition_id", "project_id", "item_id", "year", name=op.f("pk_edition_needs")),
    )
    for statement in _seals():
        op.execute(statement)


def _create_entries() -> None:
    op.create_table(
        "edition_entries",
        _number("edition_id"),
        _number("project_id"),
        _text("code", 24),
        _text("name_zh", 200),
        _text("name_en", 300),
        _text("kind", 30, nullable=True),
        _text("city_code", 16, nullable=True),
        _text("lead_unit", 24, nullable=True),
        _text("stage", 20, nullable=True),
        _text("start_month", 7, nullable=True),
        _text("finish_month", 7, nullable=True),
        _whole("total_yuan", nullable=True),
        _text("category", 12),
        _text("derived", 12),
        _text("rung", 12),
        _text("change", 12),
        _text("rule", 24),
        _text("decision", 10),
        _text("reason", 500),
        _text("marks", 120),
        _whole("annual_yuan"),
        _text("content", 500),
        _number("idle_years"),
        _number("version"),
        _refers("edition_entries", "edition_id", "editions"),
        _refers("edition_entries", "project_id", "projects"),
        sa.PrimaryKeyConstraint("edition_id", "project_id", name=op.f("pk_edition_entries")),
    )
    op.create_index("ix_edition_entries_category", "edition_entries", ["edition_id", "category"])


def _seals() -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [*_sqlite_seals()]
    statements = [
        "CREATE FUNCTION seal_edition() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE number integer; BEGIN "
        "number := CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END; "
        f"IF EXISTS (SELECT 1 FROM editions WHERE id = number AND state IN {FROZEN}) "
        f"THEN RAISE EXCEPTION '{MESSAGE}'; END IF; "
        "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
        "CREATE FUNCTION seal_edition_head() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.state IN {FROZEN} AND (TG_OP = 'DELETE' OR NEW.state NOT IN {FROZEN} OR "
        "(NEW.code, NEW.base_year, NEW.years, NEW.batch, NEW.doc_no, NEW.inputs_hash) IS DISTINCT FROM "
        "(OLD.code, OLD.base_year, OLD.years, OLD.batch, OLD.doc_no, OLD.inputs_hash)) "
        f"THEN RAISE EXCEPTION '{MESSAGE}'; END IF; "
        "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$",
        "CREATE TRIGGER seal_editions BEFORE UPDATE OR DELETE ON editions FOR EACH ROW"
        " EXECUTE FUNCTION seal_edition_head()",
    ]
    for table in SEALED:
        statements.append(
            f"CREATE TRIGGER seal_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION seal_edition()"
        )
    return statements


def _sqlite_seals() -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    found = []
    for table in SEALED:
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
            found.append(
                f"CREATE TRIGGER seal_{table}_{event.lower()} BEFORE {event} ON {table} WHEN EXISTS"
                f" (SELECT 1 FROM editions WHERE id = {row}.edition_id AND state IN {FROZEN}) {abort}"
            )
    changed = " OR ".join(
        f"NEW.{name} IS NOT OLD.{name}" for name in ("code", "base_year", "years", "batch", "doc_no", "inputs_hash")
    )
    found.append(f"CREATE TRIGGER seal_editions_delete BEFORE DELETE ON editions WHEN OLD.state IN {FROZEN} {abort}")
    found.append(
        f"CREATE TRIGGER seal_editions_update BEFORE UPDATE ON editions WHEN OLD.state IN {FROZEN}"
        f" AND (NEW.state NOT IN {FROZEN} OR {changed}) {abort}"
    )
    return found


def downgrade() -> None:
    for table in (*SEALED, "editions"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION seal_edition()")
        op.execute("DROP FUNCTION seal_edition_head()")
