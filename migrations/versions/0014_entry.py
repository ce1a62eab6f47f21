"""Entry and review: where records stand and how they came there, drafts, batches, rounds, what the form adds."""

import sqlalchemy as sa
from alembic import op

from portfolio.core.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    "reporting_rounds",
    "batches",
    "drafts",
    "project_contacts",
    "project_scales",
    "project_bases",
    "project_profiles",
    "accepted_parts",
    "project_transitions",
    "project_states",
)
MESSAGE = "steps of a record are append-only"


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _long(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _at(name: str) -> sa.Column:
    return sa.Column(name, UtcDateTime(), nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _own(table: str, *key: str) -> list[sa.schema.SchemaItem]:
    """The project a row belongs to, and the row's key."""
    held = sa.ForeignKeyConstraint(
        ["project_id"], ["projects.id"], name=op.f(f"fk_{table}_project_id_projects"), ondelete="CASCADE"
    )
    return [_number("project_id"), held, sa.PrimaryKeyConstraint("project_id", *key, name=op.f(f"pk_{table}"))]


def upgrade() -> None:
    _life()
    _profile()
    _reporting()
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(sa.text(statement))


def _life() -> None:
    op.create_table(
        "project_states",
        *_own("project_states"),
        _text("state", 12),
        _text("step", 8),
        _text("reviewer_unit", 24, nullable=True),
        _text("reviewer_city", 16, nullable=True),
        _flag("accepted"),
        _text("locked", 4),
        _text("stage_before", 20, nullable=True),
        _at("since"),
        _number("version"),
        sa.ForeignKeyConstraint(["reviewer_unit"], ["units.code"], name=op.f("fk_project_states_reviewer_unit_units")),
    )
    for name in ("state", "reviewer_unit", "reviewer_city"):
        op.create_index(op.f(f"ix_project_states_{name}"), "project_states", [name])
    op.create_table(
        "project_transitions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _at("at"),
        _text("code", 24),
        _text("action", 12),
        _text("source", 12),
        _text("target", 12),
        _text("step", 8),
        _text("actor", 80),
        _text("actor_unit", 24),
        _text("to_unit", 24),
        _text("reason", 500),
        _text("doc_no", 80),
        _text("batch", 40),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_transitions")),
    )
    op.create_index("ix_project_transitions_code", "project_transitions", ["code", "id"])
    op.create_table("accepted_parts", *_own("accepted_parts", "part"), _text("part", 12), _long("content"))


def _profile() -> None:
    op.create_table(
        "project_profiles",
        *_own("project_profiles"),
        _text("owner_credit_code", 18),
        _text("address", 200),
        _text("affiliation", 12),
        _text("supervision_unit", 120),
        _text("cross_province_doc", 120),
    )
    op.create_table(
        "project_bases", *_own("project_bases", "kind"), _text("kind", 12), _text("words", 300), _text("doc_no", 80)
    )
    op.create_table(
        "project_scales",
        *_own("project_scales", "position"),
        _number("position"),
        _text("name", 60),
        sa.Column("thousandths", sa.BigInteger(), nullable=False),
        _text("unit", 20),
    )
    op.create_table(
        "project_contacts",
        *_own("project_contacts", "position"),
        _number("position"),
        _text("role", 12),
        _text("name", 40),
        _text("phone", 30),
        _text("landline", 30),
        _text("email", 120),
    )


def _reporting() -> None:
    op.create_table(
        "drafts",
        _number("id"),
        _text("actor", 80),
        _text("subject", 24),
        _long("content"),
        _long("base"),
        _at("saved_at"),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("actor", "subject", name=op.f("uq_drafts_actor_subject")),
    )
    op.create_table(
        "batches",
        _number("id"),
        _text("code", 40),
        _text("category", 16),
        _text("doc_no", 80),
        _text("title", 200),
        _number("projects"),
        _at("at"),
        _text("actor", 80),
        _text("actor_unit", 24),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_batches_code")),
    )
    op.create_table(
        "reporting_rounds",
        _number("id"),
        _text("code", 40),
        _text("title_zh", 120),
        _text("title_en", 200),
        _text("stage", 20),
        _long("units"),
        _long("cities"),
        _text("opens_on", 10),
        _text("due_on", 10),
        _flag("closed"),
        _at("at"),
        _text("actor", 80),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_reporting_rounds_code")),
    )


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER keep_transitions_{act.lower()} BEFORE {act} ON project_transitions"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for act in ("UPDATE", "DELETE")
    ] + [
        "CREATE TRIGGER keep_transitions_replace BEFORE INSERT ON project_transitions"
        " WHEN EXISTS (SELECT 1 FROM project_transitions WHERE id = NEW.id)"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ]


def _postgresql() -> list[str]:
    return [
        "CREATE FUNCTION keep_transitions() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
        "CREATE TRIGGER keep_transitions BEFORE UPDATE OR DELETE ON project_transitions FOR EACH ROW"
        " EXECUTE FUNCTION keep_transitions()",
        "CREATE TRIGGER keep_transitions_emptied BEFORE TRUNCATE ON project_transitions FOR EACH STATEMENT"
        " EXECUTE FUNCTION keep_transitions()",
    ]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION keep_transitions()"))
