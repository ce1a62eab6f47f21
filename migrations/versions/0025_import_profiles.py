"""What the columns of an office's own tables mean: named profiles, and what was said of one import."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("mapping", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "import_profiles",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("office", sa.String(24), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_import_profiles")),
    )


def downgrade() -> None:
    op.drop_table("import_profiles")
    op.drop_column("imports", "mapping")
