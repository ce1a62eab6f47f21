"""Imports: their files by hash, what their preview said, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("total", "new", "changed", "unchanged", "refused", "findings", "warnings")


def _text(name: str, length: int, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _instant(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _of_import(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f(f"fk_{table}_import_id_imports"))


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _text("kind", 80),
        _text("asked_kind", 20, nullable=True),
        _text("state", 12),
        _text("actor", 80),
        _instant("made_at", nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        _text("note", 40),
        sa.Column("note_words", sa.Text(), nullable=False),
        _text("digest", 64),
        _whole("checked_revision"),
        _whole("revision", nullable=True),
        _instant("applied_at"),
        _text("applied_by", 80),
        _instant("undone_at"),
        _text("undone_by", 80),
        _whole("undone_revision", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_revision", "imports", ["revision"])
    op.create_index("ix_imports_state", "imports", ["state"])
    op.create_table(
        "import_files",
        _whole("import_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name", 200),
        _text("sha256", 64),
        _whole("size"),
        _of_import("import_files"),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_files")),
    )
    op.create_table(
        "import_previews",
        _whole("import_id"),
        sa.Column("content", sa.Text(), nullable=False),
        _of_import("import_previews"),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_previews")),
    )


def downgrade() -> None:
    for table in ("import_previews", "import_files", "imports"):
        op.drop_table(table)
