"""What a candidate of a scenario still needs of land, of sea and of forest, each by itself; they were one sum before.

An answer that was made before does not say how its sum was made up: its three areas are not known until it is solved
anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, AREAS = "scenario_projects", ("land_m2", "sea_m2", "forest_m2")


def upgrade() -> None:
    for name in AREAS:
        op.add_column(TABLE, sa.Column(name, sa.BigInteger(), nullable=True))
    op.drop_column(TABLE, "area_m2")


def downgrade() -> None:
    op.add_column(TABLE, sa.Column("area_m2", sa.BigInteger(), nullable=False, server_default="0"))
    held = sa.table(TABLE, *(sa.column(name) for name in ("area_m2", *AREAS)))
    op.execute(sa.update(held).values(area_m2=sum(sa.func.coalesce(held.c[name], 0) for name in AREAS)))
    for name in reversed(AREAS):
        op.drop_column(TABLE, name)
