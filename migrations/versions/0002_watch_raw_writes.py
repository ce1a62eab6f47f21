"""Watch writes that come past the services, and seal the journal.

A service names the projects it touches itself and marks its transaction (`revision.service_open`). These triggers do
the same for any other SQL, so that no derived copy is ever stale, and they refuse to change or delete a journalled row.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# table → its column that names the project, or None when any project may be concerned
WATCHED = {
    "projects": "id",
    "project_regions": "project_id",
    "project_tasks": "project_id",
    "project_units": "project_id",
    "needs": "project_id",
    "not_applicable": "project_id",
    "items": None,
    "regions": None,
    "units": None,
    "tasks": None,
    "task_units": None,
}
WHOLESALE = 2000


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _sqlite():
            op.execute(statement)
    else:
        for statement in _postgresql():
            op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in WATCHED:
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER watch_{table}_{event}" + ("" if sqlite else f" ON {table}"))
    for event in ("update", "delete") if sqlite else ("change", "truncate"):
        op.execute(f"DROP TRIGGER seal_journal_{event}" + ("" if sqlite else " ON journal"))
    if not sqlite:
        op.execute("DROP FUNCTION watch_raw_write()")
        op.execute("DROP FUNCTION seal_journal()")


def _sqlite():
    for table, column in WATCHED.items():
        for event in ("INSERT", "UPDATE", "DELETE"):
            sides = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
            named = [f"{side}.{column}" for side in sides] if column else ["NULL"]
            logged = " ".join(
                f"INSERT INTO changes (revision, project_id) SELECT value, {name} FROM revision;" for name in named
            )
            yield (
                f"CREATE TRIGGER watch_{table}_{event.lower()} AFTER {event} ON {table} "
                f"WHEN (SELECT service_open FROM revision) = 0 "
                f"BEGIN UPDATE revision SET value = value + 1; {logged} END"
            )
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER seal_journal_{event.lower()} BEFORE {event} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


POSTGRESQL_WATCH = f"""
CREATE FUNCTION watch_raw_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
    touched integer[];
BEGIN
    IF (SELECT service_open FROM revision) THEN RETURN NULL; END IF;
    IF TG_ARGV[0] = '*' THEN
        touched := NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format('SELECT array_agg(p) FROM (SELECT %1$I AS p FROM old_rows UNION SELECT %1$I FROM new_rows) x',
            TG_ARGV[0]) INTO touched;
    ELSIF TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[0]) INTO touched;
    ELSE
        EXECUTE format('SELECT array_agg(DISTINCT %I) FROM old_rows', TG_ARGV[0]) INTO touched;
    END IF;
    IF TG_ARGV[0] <> '*' AND touched IS NULL THEN RETURN NULL; END IF;
    UPDATE revision SET value = value + 1 RETURNING value INTO number;
    IF touched IS NULL OR cardinality(touched) > {WHOLESALE} THEN
        INSERT INTO changes (revision, project_id) VALUES (number, NULL);
    ELSE
        INSERT INTO changes (revision, project_id) SELECT number, unnest(touched);
    END IF;
    RETURN NULL;
END $$
"""
POSTGRESQL_SEAL = """
CREATE FUNCTION seal_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def _postgresql():
    yield POSTGRESQL_WATCH
    yield POSTGRESQL_SEAL
    for table, column in WATCHED.items():
        for event, rows in ROWS.items():
            yield (
                f"CREATE TRIGGER watch_{table}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION watch_raw_write('{column or '*'}')"
            )
    yield "CREATE TRIGGER seal_journal_change BEFORE UPDATE OR DELETE ON journal EXECUTE FUNCTION seal_journal()"
    yield "CREATE TRIGGER seal_journal_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION seal_journal()"
