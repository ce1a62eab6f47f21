"""Scenarios know the accounts of who made and who approved them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PERSONS = ("maker_id", "approver_id")


def upgrade() -> None:
    with op.batch_alter_table("scenarios") as table:
        for name in PERSONS:
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
            table.create_foreign_key(f"fk_scenarios_{name}_users", "users", [name], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    with op.batch_alter_table("scenarios") as table:
        for name in PERSONS:
            table.drop_constraint(f"fk_scenarios_{name}_users", type_="foreignkey")
            table.drop_column(name)
