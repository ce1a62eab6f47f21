"""Scenarios of the allocation: pools, pins and answers, jobs, and what an approval proposed and reserved."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = ("allocation_proposals",)
MESSAGE = "what was proposed is never changed"


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _long(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _float(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _create_scenarios()
    _create_parts()
    _create_projects()
    _create_jobs()
    _create_approvals()
    if op.get_bind().dialect.name == "sqlite":
        for table in SEALED:
            for event in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER seal_{table}_{event.lower()} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION seal_proposals() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    for table in SEALED:
        op.execute(
            f"CREATE TRIGGER seal_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION seal_proposals()"
        )


def _create_scenarios() -> None:
    op.create_table(
        "scenarios",
        _number("id"),
        _text("code", 40),
        _text("name", 120),
        _number("edition_id"),
        _number("parent_id", nullable=True),
        _text("policy", 60),
        _long("options"),
        _text("state", 12),
        _text("basis", 12),
        _text("maker", 80),
        _text("note", 500),
        _whole("made_revision"),
        _whole("built_revision", nullable=True),
        _text("needs_hash", 64),
        _text("pools_hash", 64),
        _text("status", 12),
        *(_float(name) for name in ("value", "bound", "gap", "seconds", "greedy_value")),
        _long("outcome"),
        _text("doc_no", 80),
        _text("approver", 80),
        _text("approved_on", 10, nullable=True),
        _moment("made_at"),
        _moment("solved_at", nullable=True),
        _text("actor", 80),
        _number("version"),
        _refers("scenarios", "edition_id", "editions"),
        _refers("scenarios", "parent_id", "scenarios"),
        _key("scenarios", "id"),
        sa.UniqueConstraint("code", name=op.f("uq_scenarios_code")),
    )
    op.create_index(op.f("ix_scenarios_edition_id"), "scenarios", ["edition_id"])


def _create_parts() -> None:
    op.create_table(
        "scenario_pools",
        _number("scenario_id"),
        _text("pool", 40),
        _number("pool_id", nullable=True),
        _number("item_id"),
        _number("year"),
        _text("region_code", 16),
        _text("level", 12),
        _whole("original"),
        _whole("quantity"),
        _whole("used", nullable=True),
        _refers("scenario_pools", "scenario_id", "scenarios"),
        _refers("scenario_pools", "pool_id", "pools"),
        _refers("scenario_pools", "item_id", "items"),
        _refers("scenario_pools", "region_code", "regions", "code"),
        _key("scenario_pools", "scenario_id", "pool"),
    )
    op.create_table(
        "scenario_pins",
        _number("scenario_id"),
        _number("project_id"),
        sa.Column("inside", sa.Boolean(), nullable=False),
        _text("reason", 500),
        _text("actor", 80),
        _moment("at"),
        _refers("scenario_pins", "scenario_id", "scenarios"),
        _refers("scenario_pins", "project_id", "projects"),
        _key("scenario_pins", "scenario_id", "project_id"),
    )


def _create_projects() -> None:
    op.create_table(
        "scenario_projects",
        _number("scenario_id"),
        _number("project_id"),
        _text("code", 24),
        _text("rung", 16),
        _float("points", nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        _text("needs_hash", 64),
        _whole("fund_yuan"),
        _whole("area_m2"),
        _number("delay"),
        _float("value", nullable=False),
        _long("reason"),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        _refers("scenario_projects", "scenario_id", "scenarios"),
        _refers("scenario_projects", "project_id", "projects"),
        _key("scenario_projects", "scenario_id", "project_id"),
    )
    op.create_table(
        "scenario_explanations",
        _number("scenario_id"),
        _text("kind", 12),
        _text("subject", 40),
        _long("content"),
        _moment("at"),
        _refers("scenario_explanations", "scenario_id", "scenarios"),
        _key("scenario_explanations", "scenario_id", "kind", "subject"),
    )


def _create_jobs() -> None:
    op.create_table(
        "allocation_jobs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("scenario_id"),
        _text("kind", 12),
        _text("subject", 40),
        _text("state", 10),
        sa.Column("stopping", sa.Boolean(), nullable=False),
        _number("attempts"),
        _text("worker", 60),
        _text("fault", 60),
        _text("detail", 500),
        _moment("made_at"),
        _moment("started_at", nullable=True),
        _moment("beat_at", nullable=True),
        _moment("ended_at", nullable=True),
        _text("actor", 80),
        _refers("allocation_jobs", "scenario_id", "scenarios"),
        _key("allocation_jobs", "id"),
    )
    op.create_index(op.f("ix_allocation_jobs_scenario_id"), "allocation_jobs", ["scenario_id"])
    op.create_index("ix_allocation_jobs_state", "allocation_jobs", ["state", "id"])
    op.create_table(
        "allocation_progress",
        sa.Column("job_id", NUMBER, autoincrement=False, nullable=False),
        _number("place"),
        _text("rung", 16),
        *(_float(name) for name in ("value", "bound", "gap")),
        _float("seconds", nullable=False),
        _key("allocation_progress", "job_id", "place"),
    )


def _create_approvals() -> None:
    op.create_table(
        "allocation_proposals",
        _number("scenario_id"),
        _number("project_id"),
        _number("item_id"),
        _number("year"),
        _whole("quantity"),
        _number("delay"),
        _refers("allocation_proposals", "scenario_id", "scenarios"),
        _refers("allocation_proposals", "project_id", "projects"),
        _refers("allocation_proposals", "item_id", "items"),
        _key("allocation_proposals", "scenario_id", "project_id", "item_id", "year"),
    )
    op.create_index("ix_allocation_proposals_project", "allocation_proposals", ["project_id"])
    op.create_table(
        "allocation_reserves",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("scenario_id"),
        _number("project_id"),
        _number("pool_id"),
        _whole("quantity"),
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("entry_back", NUMBER, nullable=True),
        _refers("allocation_reserves", "scenario_id", "scenarios"),
        _refers("allocation_reserves", "project_id", "projects"),
        _refers("allocation_reserves", "pool_id", "pools"),
        _key("allocation_reserves", "id"),
        sa.UniqueConstraint("scenario_id", "project_id", "pool_id", name="uq_allocation_reserves_cell"),
    )
    op.create_index("ix_allocation_reserves_project", "allocation_reserves", ["project_id", "pool_id"])


def downgrade() -> None:
    for table in (
        "allocation_reserves",
        "allocation_proposals",
        "allocation_progress",
        "allocation_jobs",
        "scenario_explanations",
        "scenario_projects",
        "scenario_pins",
        "scenario_pools",
        "scenarios",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION seal_proposals()")
