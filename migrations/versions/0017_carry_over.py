"""Pools may carry what they leave unspent over to the next year; scenarios copy what says so."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pools", sa.Column("carries", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("scenario_pools", sa.Column("kind", sa.String(12), nullable=False, server_default=""))
    op.add_column("scenario_pools", sa.Column("carries", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("scenario_pools", sa.Column("valid_until", sa.String(10), nullable=True))
    op.add_column("scenario_pools", sa.Column("carried_in", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in ("carried_in", "valid_until", "carries", "kind"):
        op.drop_column("scenario_pools", name)
    op.drop_column("pools", "carries")
