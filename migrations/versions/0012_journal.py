"""Chain the journal, say where each change came from, and move the files of attachments out of the database."""

import hashlib
from datetime import UTC

import orjson
import sqlalchemy as sa
from alembic import op

from portfolio.core.settings import attachments_dir

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

START = "0" * 64
BATCH = 2_000
COVERED = (
    "at",
    "actor",
    "room",
    "subject",
    "action",
    "before",
    "after",
    "reason",
    "revision",
    "address",
    "request_id",
    "import_id",
)
JOURNAL = sa.table(
    "journal", sa.column("id"), sa.column("at", sa.DateTime(True)), *map(sa.column, COVERED[1:]), sa.column("hash")
)
HEAD = sa.table("journal_head", sa.column("id"), sa.column("rows"), sa.column("hash"))
FILES = sa.table(
    "attachments", *map(sa.column, ("id", "project_id", "step", "object_kind", "object_code", "sha256", "content"))
)
PROJECTS = sa.table("projects", sa.column("id"), sa.column("code"))
SEALED = "the journal is append-only"


def upgrade() -> None:
    _break_seals()
    with op.batch_alter_table("journal") as table:
        table.alter_column("subject", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False)
        table.add_column(sa.Column("address", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("request_id", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("import_id", sa.String(40), nullable=True))
        table.add_column(sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    _chain(op.get_bind())
    with op.batch_alter_table("journal") as table:
        for name in ("address", "request_id", "hash"):
            table.alter_column(name, existing_type=sa.String(64), existing_nullable=False, server_default=None)
    op.create_index("ix_journal_at", "journal", ["at", "id"])
    op.create_index("ix_journal_import_id", "journal", ["import_id", "id"])
    _seal(replaced=True)
    _files_out()


def downgrade() -> None:
    _files_in()
    _break_seals()
    op.drop_index("ix_journal_import_id", "journal")
    op.drop_index("ix_journal_at", "journal")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal") as table:
        for name in ("hash", "import_id", "request_id", "address"):
            table.drop_column(name)
        table.alter_column("subject", existing_type=sa.String(80), type_=sa.String(40), existing_nullable=False)
    _seal(replaced=False)


def _chain(connection: sa.Connection) -> None:
    """Give every row its hash, in the rows' order, and write the head."""
    last, count, row = START, 0, 0
    columns = [JOURNAL.c.id, *(JOURNAL.c[name] for name in COVERED)]
    while True:
        found = connection.execute(
            sa.select(*columns).where(JOURNAL.c.id > row).order_by(JOURNAL.c.id).limit(BATCH)
        ).all()
        if not found:
            break
        hashes = []
        for number, at, *told in found:
            when = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
            last = hashlib.sha256(orjson.dumps([last, when.strftime("%Y-%m-%d %H:%M:%S.%f"), *told])).hexdigest()
            hashes.append({"number": number, "value": last})
        connection.execute(
            sa.update(JOURNAL).where(JOURNAL.c.id == sa.bindparam("number")).values(hash=sa.bindparam("value")), hashes
        )
        row, count = found[-1][0], count + len(found)
    connection.execute(sa.insert(HEAD).values(id=1, rows=count, hash=last))


def _break_seals() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER IF EXISTS seal_journal_{event}")
    else:
        for event in ("change", "truncate"):
            op.execute(f"DROP TRIGGER seal_journal_{event} ON journal")


def _seal(replaced: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        abort = f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
        for event in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER seal_journal_{event.lower()} BEFORE {event} ON journal {abort}")
        if replaced:
            # INSERT OR REPLACE deletes the row it replaces without any delete trigger.
            held = "EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)"
            op.execute(f"CREATE TRIGGER seal_journal_replace BEFORE INSERT ON journal WHEN {held} {abort}")
    else:
        op.execute(
            "CREATE TRIGGER seal_journal_change BEFORE UPDATE OR DELETE ON journal EXECUTE FUNCTION seal_journal()"
        )
        op.execute("CREATE TRIGGER seal_journal_truncate BEFORE TRUNCATE ON journal EXECUTE FUNCTION seal_journal()")


def _files_out() -> None:
    """Attachments belong to any object, and their content lies in the folder of the settings, named by its hash."""
    connection = op.get_bind()
    op.add_column("attachments", sa.Column("object_kind", sa.String(20), nullable=False, server_default="step"))
    op.add_column("attachments", sa.Column("object_code", sa.String(80), nullable=False, server_default=""))
    code = sa.select(PROJECTS.c.code).where(PROJECTS.c.id == FILES.c.project_id).scalar_subquery()
    connection.execute(sa.update(FILES).values(object_code=code + "/" + FILES.c.step))
    folder = attachments_dir(connection.engine.url)
    for number in connection.execute(sa.select(FILES.c.id).order_by(FILES.c.id)).scalars().all():
        content, said = connection.execute(sa.select(FILES.c.content, FILES.c.sha256).where(FILES.c.id == number)).one()
        path = folder / said[:2] / said
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(".new")
        written.write_bytes(bytes(content))
        written.replace(path)
    op.drop_index("ix_attachments_project", "attachments")
    with op.batch_alter_table("attachments") as table:
        table.alter_column("object_kind", existing_type=sa.String(20), existing_nullable=False, server_default=None)
        table.alter_column("object_code", existing_type=sa.String(80), existing_nullable=False, server_default=None)
        table.drop_constraint("fk_attachments_project_id_projects", type_="foreignkey")
        for name in ("project_id", "step", "content"):
            table.drop_column(name)
    op.create_index("ix_attachments_object", "attachments", ["object_kind", "object_code"])


def _files_in() -> None:
    """Back into the database; files of other objects than steps have no place there and are left in the folder."""
    connection = op.get_bind()
    op.drop_index("ix_attachments_object", "attachments")
    for column in (
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(24), nullable=False, server_default=""),
        sa.Column("content", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("attachments", column)
    connection.execute(sa.delete(FILES).where(FILES.c.object_kind != "step"))
    folder = attachments_dir(connection.engine.url)
    ids = {code: number for number, code in connection.execute(sa.select(PROJECTS.c.id, PROJECTS.c.code))}
    named = sa.select(FILES.c.id, FILES.c.object_code, FILES.c.sha256)
    for number, where, said in connection.execute(named).all():
        code, _, step = where.rpartition("/")
        content = (folder / said[:2] / said).read_bytes()
        fresh = {"project_id": ids[code], "step": step, "content": content}
        connection.execute(sa.update(FILES).where(FILES.c.id == number).values(**fresh))
    with op.batch_alter_table("attachments") as table:
        table.alter_column("project_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
        table.alter_column("step", existing_type=sa.String(24), existing_nullable=False, server_default=None)
        table.create_foreign_key("fk_attachments_project_id_projects", "projects", ["project_id"], ["id"])
        for name in ("object_kind", "object_code"):
            table.drop_column(name)
    op.create_index("ix_attachments_project", "attachments", ["project_id", "step"])
