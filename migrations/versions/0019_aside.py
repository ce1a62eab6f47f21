"""How many revisions changed no kept answer, so that signing in throws none of them away."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revision", sa.Column("aside", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("revision", "aside")
