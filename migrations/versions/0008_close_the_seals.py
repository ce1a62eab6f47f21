"""Close the seals of editions: rows moved in, heads replaced, tables emptied, states turned back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FROZEN = "('approved', 'issued', 'superseded')"
ROWS = ("edition_entries", "edition_needs", "edition_curves", "edition_milestones", "edition_comments")
HEAD = (
    "id",
    "code",
    "base_year",
    "years",
    "batch",
    "parent_id",
    "doc_no",
    "approved_on",
    "note",
    "inputs_hash",
    "rules_version",
    "basis",
    "later_years",
    "origin",
    "made_at",
    "actor",
)
ONWARD = "(OLD.state = 'superseded' AND NEW.state <> 'superseded') OR (OLD.state = 'issued' AND NEW.state = 'approved')"
MESSAGE = "an approved edition is never changed"


def upgrade() -> None:
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(sa.text(statement))


def _sqlite() -> list[str]:
    abort = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in HEAD)
    moved = [
        f"CREATE TRIGGER seal_{table}_move BEFORE UPDATE ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM editions WHERE id = NEW.edition_id AND state IN {FROZEN}) {abort}"
        for table in ROWS
    ]
    return [
        *moved,
        "CREATE TRIGGER seal_editions_replace BEFORE INSERT ON editions WHEN EXISTS (SELECT 1 FROM editions"
        f" WHERE (id = NEW.id OR code = NEW.code) AND state IN {FROZEN}) {abort}",
        f"CREATE TRIGGER seal_editions_head BEFORE UPDATE ON editions WHEN OLD.state IN {FROZEN}"
        f" AND ({changed} OR {ONWARD}) {abort}",
    ]


def _postgresql() -> list[str]:
    old, new = (", ".join(f"{side}.{name}" for name in HEAD) for side in ("OLD", "NEW"))
    body = (
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF {when} THEN RAISE EXCEPTION '" + MESSAGE + "'; END IF; RETURN NEW; END $$"
    )
    frozen = f"EXISTS (SELECT 1 FROM editions WHERE id = NEW.edition_id AND state IN {FROZEN})"
    head = f"OLD.state IN {FROZEN} AND (({new}) IS DISTINCT FROM ({old}) OR {ONWARD})"
    found = [
        body.format(name="seal_edition_move", when=frozen),
        body.format(name="seal_edition_onward", when=head),
        body.format(name="seal_edition_emptied", when=f"EXISTS (SELECT 1 FROM editions WHERE state IN {FROZEN})"),
        "CREATE TRIGGER seal_editions_onward BEFORE UPDATE ON editions FOR EACH ROW"
        " EXECUTE FUNCTION seal_edition_onward()",
    ]
    for table in ROWS:
        found.append(
            f"CREATE TRIGGER seal_{table}_move BEFORE UPDATE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION seal_edition_move()"
        )
    for table in (*ROWS, "editions"):
        found.append(
            f"CREATE TRIGGER seal_{table}_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION seal_edition_emptied()"
        )
    return found


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in (*(f"{table}_move" for table in ROWS), "editions_replace", "editions_head"):
            op.execute(f"DROP TRIGGER seal_{name}")
        return
    for table in ROWS:
        op.execute(f"DROP TRIGGER seal_{table}_move ON {table}")
    for table in (*ROWS, "editions"):
        op.execute(f"DROP TRIGGER seal_{table}_emptied ON {table}")
    op.execute("DROP TRIGGER seal_editions_onward ON editions")
    for name in ("move", "onward", "emptied"):
        op.execute(f"DROP FUNCTION seal_edition_{name}()")
