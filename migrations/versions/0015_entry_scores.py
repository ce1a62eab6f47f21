"""Entries of editions keep the score they were proposed with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition_entries", sa.Column("points_milli", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("edition_entries", "points_milli")
