"""What is known of the years before an edition, and what offices state of a project's investment year by year.

Editions made before keep what they say: their years have no basis, and nobody asked which of them was open.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FROZEN = "('approved', 'issued', 'superseded')"
MESSAGE = "an approved edition is never changed"
ONWARD = "(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR (OLD.state = 'issued' AND NEW.state = 'approved')"
SEALED = (
    *("id", "code", "base_year", "years", "batch", "parent_id", "doc_no", "approved_on", "note", "inputs_hash"),
    *("rules_version", "basis", "later_years", "origin", "made_at", "actor"),
)
CLOSING = ("open_year", "closed_by", "closed_reason")


def upgrade() -> None:
    op.add_column("editions", sa.Column("open_year", sa.Integer(), nullable=True))
    op.add_column("editions", sa.Column("closed_by", sa.String(80), nullable=False, server_default=""))
    op.add_column("editions", sa.Column("closed_reason", sa.String(500), nullable=False, server_default=""))
    op.add_column("edition_entries", sa.Column("late_months", sa.Integer(), nullable=True))
    op.add_column("edition_entries", sa.Column("completed_yuan", sa.BigInteger(), nullable=True))
    op.add_column("edition_needs", sa.Column("basis", sa.String(12), nullable=False, server_default=""))
    op.create_table(
        "yearly_figures",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("amount_yuan", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.CheckConstraint("amount_yuan >= 0", name=op.f("ck_yearly_figures_not_negative")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_yearly_figures_project_id_projects")),
        sa.PrimaryKeyConstraint("project_id", "year", "kind", name=op.f("pk_yearly_figures")),
    )
    _seal_heads((*SEALED, *CLOSING))


def downgrade() -> None:
    _seal_heads(SEALED)
    op.drop_table("yearly_figures")
    op.drop_column("edition_needs", "basis")
    op.drop_column("edition_entries", "completed_yuan")
    op.drop_column("edition_entries", "late_months")
    for name in reversed(CLOSING):
        op.drop_column("editions", name)


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
