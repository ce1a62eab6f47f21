"""Who made and who approved an edition, whom a consultation asks, who speaks for a unit, and leads set by a person.

Editions made before name nobody beside the account that rolled them; the near-term list's acts before name no person.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "edition_addressees"
FROZEN = "('approved', 'issued', 'superseded')"
MESSAGE = "an approved edition is never changed"
ONWARD = "(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR (OLD.state = 'issued' AND NEW.state = 'approved')"
SEALED = (
    *("id", "code", "base_year", "years", "batch", "parent_id", "doc_no", "approved_on", "note", "inputs_hash"),
    *("rules_version", "basis", "later_years", "origin", "made_at", "actor", "open_year", "closed_by", "closed_reason"),
)
PERSONS = ("maker", "approver")
ADDED = (
    *(("editions", name, 80) for name in PERSONS),
    ("project_lists", "person", 80),
    ("tasks", "lead_by", 80),
    ("tasks", "lead_reason", 500),
)


def upgrade() -> None:
    for table, name, length in ADDED:
        op.add_column(table, sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.create_table(
        TABLE,
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("person", sa.String(80), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("no_objection", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f(f"fk_{TABLE}_edition_id_editions")),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f(f"fk_{TABLE}_unit_units")),
        sa.PrimaryKeyConstraint("edition_id", "unit", name=op.f(f"pk_{TABLE}")),
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(sa.text(statement))
    _seal_heads((*SEALED, *PERSONS))


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
    _seal_heads(SEALED)
    op.drop_table(TABLE)
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)


def _seal_heads(names: tuple[str, ...]) -> None:
    """The seal of heads over these columns, in the place of the one there is."""
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in names)
        op.execute("DROP TRIGGER seal_editions_head")
        op.execute(
            sa.text(
                f"CREATE TRIGGER seal_editions_head BEFORE UPDATE ON editions WHEN OLD.state IN {FROZEN}"
                f" AND ({changed} OR {ONWARD}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        )
        return
    old, new = (", ".join(f"{side}.{name}" for name in names) for side in ("OLD", "NEW"))
    op.execute(
        sa.text(
            "CREATE OR REPLACE FUNCTION seal_edition_onward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF OLD.state IN {FROZEN} AND (({new}) IS DISTINCT FROM ({old}) OR {ONWARD}) "
            f"THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN NEW; END $$"
        )
    )
