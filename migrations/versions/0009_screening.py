"""Screening: criteria values, acts on gates, policy versions, and scores kept with their reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = ("gate_acts", "score_runs", "scores")
MESSAGE = "acts on gates and kept scores are append-only"
FROZEN = "a policy that was used is never changed"
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment() -> list[sa.Column]:
    return [sa.Column("at", sa.DateTime(timezone=True), nullable=False), _text("actor", 80)]


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _refers(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), **more)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "criteria",
        _number("project_id"),
        _text("criterion", 40),
        sa.Column("value", sa.Float(), nullable=False),
        _text("basis", 12),
        _refers("criteria", "project_id", "projects", ondelete="CASCADE"),
        _key("criteria", "project_id", "criterion"),
    )
    op.create_table(
        "gate_acts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("project_id"),
        _text("gate", 40),
        _text("kind", 10),
        _text("person", 80),
        _text("doc_no", 80),
        _text("words", 1000),
        sa.Column("evidence", sa.Text(), nullable=False),
        _text("rules_version", 12),
        *_moment(),
        _refers("gate_acts", "project_id", "projects"),
        _key("gate_acts", "id"),
    )
    op.create_index("ix_gate_acts_project", "gate_acts", ["project_id", "gate", "id"])
    _create_policies()
    _create_scores()
    for statement in _seals() if op.get_bind().dialect.name == "sqlite" else _seals_of_postgresql():
        op.execute(statement)


def _create_policies() -> None:
    op.create_table(
        "policy_versions",
        _number("id"),
        _text("code", 40),
        _number("version"),
        _text("state", 10),
        sa.Column("definition", sa.Text(), nullable=False),
        _text("note", 500),
        *_moment(),
        _key("policy_versions", "id"),
        sa.UniqueConstraint("code", "version", name="uq_policy_versions_key"),
    )


def _create_scores() -> None:
    op.create_table(
        "score_runs",
        _number("id"),
        _number("policy_id"),
        _number("projects"),
        _text("rules_version", 12),
        _text("note", 500),
        *_moment(),
        _refers("score_runs", "policy_id", "policy_versions"),
        _key("score_runs", "id"),
    )
    op.create_table(
        "scores",
        _number("run_id"),
        _number("project_id"),
        _number("rank"),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        _number("missing"),
        _text("profile", 40),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        _refers("scores", "run_id", "score_runs"),
        _refers("scores", "project_id", "projects"),
        _key("scores", "run_id", "project_id"),
    )
    op.create_index("ix_scores_project", "scores", ["project_id"])


def _seals():
    for event in ("INSERT", "UPDATE", "DELETE"):
        sides = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
        logged = " ".join(
            f"INSERT INTO changes (revision, project_id) SELECT value, {side}.project_id FROM revision;"
            for side in sides
        )
        yield (
            f"CREATE TRIGGER watch_criteria_{event.lower()} AFTER {event} ON criteria "
            "WHEN (SELECT service_open FROM revision) = 0 "
            f"BEGIN UPDATE revision SET value = value + 1; {logged} END"
        )
    for event in ("UPDATE", "DELETE"):
        for table in SEALED:
            yield (
                f"CREATE TRIGGER seal_{table}_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        yield (
            f"CREATE TRIGGER seal_policy_versions_{event.lower()} BEFORE {event} ON policy_versions "
            f"WHEN OLD.state = 'frozen' BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        )


def _seals_of_postgresql():
    for event, rows in ROWS.items():
        yield (
            f"CREATE TRIGGER watch_criteria_{event.lower()} AFTER {event} ON criteria REFERENCING {rows} "
            "FOR EACH STATEMENT EXECUTE FUNCTION watch_raw_write('project_id')"
        )
    yield (
        "CREATE FUNCTION seal_screening() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    yield (
        "CREATE FUNCTION seal_policy() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF OLD.state = 'frozen' THEN RAISE EXCEPTION '{FROZEN}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    for table in SEALED:
        yield (
            f"CREATE TRIGGER seal_{table} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION seal_screening()"
        )
    yield (
        "CREATE TRIGGER seal_policy_versions BEFORE UPDATE OR DELETE ON policy_versions FOR EACH ROW "
        "EXECUTE FUNCTION seal_policy()"
    )


def downgrade() -> None:
    for table in ("scores", "score_runs", "policy_versions", "gate_acts", "criteria"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION seal_screening()")
        op.execute("DROP FUNCTION seal_policy()")
