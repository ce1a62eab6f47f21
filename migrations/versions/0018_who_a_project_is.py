"""One national code belongs to one project; names are found by their plain form.

Where several projects state one code, the first entered keeps it. The others' code is taken out of the record, kept in
`displaced_codes`, told in the journal, and listed by `portfolio check` until the record has a code of its own.
"""

import hashlib
from datetime import UTC, datetime

import orjson
import sqlalchemy as sa
from alembic import op

from portfolio.projects.rules.naming import plain_name

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BATCH = 2_000
PROJECTS = sa.table(
    "projects",
    *map(sa.column, ("id", "code", "name_zh", "name_key", "national_code", "search_text", "version", "revision")),
)
DISPLACED = sa.table(
    "displaced_codes", *map(sa.column, ("project_id", "national_code", "holder")), sa.column("at", sa.DateTime(True))
)
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
JOURNAL = sa.table("journal", sa.column("at", sa.DateTime(True)), *map(sa.column, COVERED[1:]), sa.column("hash"))
HEAD = sa.table("journal_head", sa.column("id"), sa.column("rows"), sa.column("hash"))
REVISION = sa.table("revision", sa.column("value"), sa.column("service_open", sa.Boolean()))
CHANGES = sa.table("changes", sa.column("revision"), sa.column("project_id"))


def upgrade() -> None:
    op.add_column("projects", sa.Column("name_key", sa.String(200), nullable=False, server_default=""))
    op.create_table(
        "displaced_codes",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("national_code", sa.String(24), nullable=False),
        sa.Column("holder", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_displaced_codes_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_displaced_codes")),
    )
    if op.get_bind().execute(sa.select(PROJECTS.c.id).limit(1)).first():
        _tell_apart(op.get_bind())
    op.drop_index("ix_projects_national_code", "projects")
    op.create_index("ix_projects_national_code", "projects", ["national_code"], unique=True)
    op.create_index("ix_projects_name_key", "projects", ["name_key"])


def downgrade() -> None:
    op.drop_index("ix_projects_name_key", "projects")
    op.drop_index("ix_projects_national_code", "projects")
    op.create_index("ix_projects_national_code", "projects", ["national_code"])
    connection = op.get_bind()
    for project, code in connection.execute(sa.select(DISPLACED.c.project_id, DISPLACED.c.national_code)).all():
        here = (PROJECTS.c.id == project) & PROJECTS.c.national_code.is_(None)
        connection.execute(sa.update(PROJECTS).where(here).values(national_code=code))
    op.drop_table("displaced_codes")
    op.drop_column("projects", "name_key")


def _tell_apart(connection: sa.Connection) -> None:
    # The triggers that watch raw SQL would log every row: the change is logged once, as one that touches all.
    connection.execute(sa.update(REVISION).values(service_open=True, value=REVISION.c.value + 1))
    number = connection.execute(sa.select(REVISION.c.value)).scalar_one()
    connection.execute(sa.insert(CHANGES).values(revision=number, project_id=None))
    _name_all(connection)
    _displace(connection, number)
    connection.execute(sa.update(REVISION).values(service_open=False))


def _name_all(connection: sa.Connection) -> None:
    last = 0
    keyed = sa.update(PROJECTS).where(PROJECTS.c.id == sa.bindparam("number")).values(name_key=sa.bindparam("key"))
    while True:
        named = sa.select(PROJECTS.c.id, PROJECTS.c.name_zh).where(PROJECTS.c.id > last)
        found = connection.execute(named.order_by(PROJECTS.c.id).limit(BATCH)).all()
        if not found:
            return
        connection.execute(keyed, [{"number": number, "key": plain_name(name)} for number, name in found])
        last = found[-1][0]


def _displace(connection: sa.Connection, number: int) -> None:
    """Leave each code with the project that was entered first."""
    connection.execute(sa.update(PROJECTS).where(PROJECTS.c.national_code == "").values(national_code=None))
    doubled = sa.select(PROJECTS.c.national_code).group_by(PROJECTS.c.national_code).having(sa.func.count() > 1)
    columns = (PROJECTS.c.id, PROJECTS.c.code, PROJECTS.c.national_code, PROJECTS.c.search_text)
    rows = connection.execute(
        sa.select(*columns)
        .where(PROJECTS.c.national_code.is_not(None), PROJECTS.c.national_code.in_(doubled))
        .order_by(PROJECTS.c.id)
    ).all()
    holders: dict[str, str] = {}
    for project, code, national, text in rows:
        if national not in holders:
            holders[national] = code
            continue
        values = {"project_id": project, "national_code": national, "holder": holders[national]}
        connection.execute(sa.insert(DISPLACED).values(**values, at=_now(connection)))
        fresh = {"national_code": None, "search_text": text.replace(f"{national} ", "", 1), "revision": number}
        here = sa.update(PROJECTS).where(PROJECTS.c.id == project)
        connection.execute(here.values(**fresh, version=PROJECTS.c.version + 1))
        _journal(connection, number, code, national, holders[national])


def _now(connection: sa.Connection) -> datetime:
    now = datetime.now(UTC)
    return now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)


def _journal(connection: sa.Connection, number: int, code: str, national: str, holder: str) -> None:
    """Tell it in the journal, at the end of its chain."""
    rows, last = connection.execute(sa.select(HEAD.c.rows, HEAD.c.hash)).one()
    at = _now(connection)
    sides = [orjson.dumps({"national_code": value}).decode() for value in (national, None)]
    reason = f"统一代码 {national} 已属 {holder}，升级时从本项目移出，待核 / kept by {holder}, set aside on upgrade"
    told = ("upgrade", "projects", code, "update", *sides, reason, number, "", "", None)
    content = orjson.dumps([last, at.strftime("%Y-%m-%d %H:%M:%S.%f"), *told])
    fresh = hashlib.sha256(content).hexdigest()
    connection.execute(sa.insert(JOURNAL).values(**dict(zip(COVERED, (at, *told), strict=True)), hash=fresh))
    connection.execute(sa.update(HEAD).values(rows=rows + 1, hash=fresh))
