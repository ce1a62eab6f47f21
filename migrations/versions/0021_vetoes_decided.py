"""What named persons decided of entries under a veto, sealed with their edition (docs/decisions/0028)."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "edition_veto_decisions"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = "('approved', 'issued', 'superseded')"
MESSAGE = "an approved edition is never changed"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("doc_no", sa.String(80), nullable=False),
        sa.Column("vetoes", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{column}_{other}"))
            for column, other in (("edition_id", "editions"), ("project_id", "projects"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}", TABLE, ["edition_id", "project_id"])
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(sa.text(statement))


def _sqlite() -> list[str]:
    """As 0007 and 0008 seal what else belongs to an edition."""
    events = (("insert", "INSERT", "NEW"), ("update", "UPDATE", "OLD"), ("delete", "DELETE", "OLD"))
    return [
        f"CREATE TRIGGER seal_{TABLE}_{name} BEFORE {event} ON {TABLE} WHEN EXISTS"
        f" (SELECT 1 FROM editions WHERE id = {row}.edition_id AND state IN {FROZEN})"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for name, event, row in (*events, ("move", "UPDATE", "NEW"))
    ]


def _postgresql() -> list[str]:
    each, statement = "FOR EACH ROW EXECUTE FUNCTION", "FOR EACH STATEMENT EXECUTE FUNCTION"
    return [
        f"CREATE TRIGGER seal_{TABLE} BEFORE INSERT OR UPDATE OR DELETE ON {TABLE} {each} seal_edition()",
        f"CREATE TRIGGER seal_{TABLE}_move BEFORE UPDATE ON {TABLE} {each} seal_edition_move()",
        f"CREATE TRIGGER seal_{TABLE}_emptied BEFORE TRUNCATE ON {TABLE} {statement} seal_edition_emptied()",
    ]


def downgrade() -> None:
    op.drop_table(TABLE)
