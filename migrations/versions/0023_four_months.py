"""When works did begin and end, beside when they are planned to; in the library and in the entries of editions.

What a library held before was one month of each without saying which. It stays where it is, as the planned one: nobody
is made to have said that works began. Where the stage says that they did, readers go on by that month as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("projects", "edition_entries")
MONTHS = ("actual_start_month", "actual_finish_month")


def upgrade() -> None:
    for table in TABLES:
        for name in MONTHS:
            op.add_column(table, sa.Column(name, sa.String(7), nullable=True))


def downgrade() -> None:
    for table in reversed(TABLES):
        for name in reversed(MONTHS):
            op.drop_column(table, name)
