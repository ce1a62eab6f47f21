"""The record is what was accepted; what was typed since lies beside it (docs/decisions/0027).

What was kept as accepted goes back into the record, and what the record said becomes the proposal. The journal tells
of facts and needs that they were put back. Going down forgets what is proposed.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from portfolio.projects.rules.facts import reporting_city, search_text
from portfolio.projects.rules.naming import plain_name

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OPEN = ("draft", "submitted", "under_review", "returned")
REASON = "升级：尚未审核的改动移到待审，项目库恢复为已审核的内容 / set beside the record on upgrade"
FACTS = (
    *("national_code", "name_zh", "name_en", "kind", "nature", "approval_type", "capacity_zh", "section"),
    *("lead_unit", "office_unit", "owner", "stage", "stage_basis", "start_month", "finish_month", "schedule_basis"),
    *("total_investment_yuan", "investment_basis", "cross_province", "co_agreed", "co_agreed_doc", "sea_related"),
    *("lon", "lat", "source"),
)
LINKS = {
    "region_codes": ("project_regions", "region_code"),
    "task_ids": ("project_tasks", "task_id"),
    "units": ("project_units", "unit_code"),
}
SINGLE = ("owner_credit_code", "address", "affiliation", "supervision_unit", "cross_province_doc")
CONTACT = ("role", "name", "phone", "landline", "email")
COVERED = (
    *("at", "actor", "room", "subject", "action", "before", "after", "reason", "revision", "address"),
    *("request_id", "import_id"),
)


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


PROJECTS = _table(
    "projects", "id", "code", "city_code", "search_text", "name_key", "version", "needs_version", "revision", *FACTS
)
STATES = _table("project_states", "project_id", "state")
OLD = _table("accepted_parts", "project_id", "part", "content")
NEW = sa.table(
    "proposed_parts",
    *map(sa.column, ("project_id", "part", "content", "actor", "actor_unit")),
    sa.column("at", sa.DateTime(True)),
)
LINKED = {name: _table(table, "project_id", "position", column) for name, (table, column) in LINKS.items()}
REGIONS, ITEMS = _table("regions", "code", "city_code"), _table("items", "id", "code")
NEEDS = _table("needs", "project_id", "item_id", "year", "required", "basis", "revision")
CLOSED = _table("not_applicable", "project_id", "item_id", "basis", "revision")
DETAILS = _table("need_details", "project_id", "item_id", "attribute", "value", "basis")
PROFILES = _table("project_profiles", "project_id", *SINGLE)
BASES = _table("project_bases", "project_id", "kind", "words", "doc_no")
SCALES = _table("project_scales", "project_id", "position", "name", "thousandths", "unit")
CONTACTS = _table("project_contacts", "project_id", "position", *CONTACT)
JOURNAL = sa.table("journal", sa.column("at", sa.DateTime(True)), *map(sa.column, COVERED[1:]), sa.column("hash"))
HEAD = _table("journal_head", "id", "rows", "hash")
REVISION = sa.table("revision", sa.column("value"), sa.column("service_open", sa.Boolean()))
CHANGES = _table("changes", "revision", "project_id")
Part = dict[str, list[Any]]


def upgrade() -> None:
    op.create_table(
        "proposed_parts",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("actor_unit", sa.String(24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_proposed_parts_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "part", name=op.f("pk_proposed_parts")),
    )
    connection = op.get_bind()
    kept: dict[int, dict[str, Any]] = {}
    rows = sa.select(OLD.c.project_id, OLD.c.part, OLD.c.content).join(STATES, STATES.c.project_id == OLD.c.project_id)
    for project, part, content in connection.execute(rows.where(STATES.c.state.in_(OPEN))):
        kept.setdefault(project, {})[part] = orjson.loads(content)
    if kept:
        _turn_all(connection, kept)
    op.drop_table("accepted_parts")


def downgrade() -> None:
    op.drop_table("proposed_parts")
    op.create_table(
        "accepted_parts",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_accepted_parts_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "part", name=op.f("pk_accepted_parts")),
    )


def _turn_all(connection: sa.Connection, kept: dict[int, dict[str, Any]]) -> None:
    # The triggers that watch raw SQL would log every row: the change is logged once, as one that touches all.
    connection.execute(sa.update(REVISION).values(service_open=True, value=REVISION.c.value + 1))
    number = connection.execute(sa.select(REVISION.c.value)).scalar_one()
    connection.execute(sa.insert(CHANGES).values(revision=number, project_id=None))
    cities = dict(connection.execute(sa.select(REGIONS.c.code, REGIONS.c.city_code)).all())
    items = dict(connection.execute(sa.select(ITEMS.c.code, ITEMS.c.id)).all())
    for project, parts in sorted(kept.items()):
        code = connection.execute(sa.select(PROJECTS.c.code).where(PROJECTS.c.id == project)).scalar_one()
        found: dict[str, Part] = {}
        if "facts" in parts:
            found["facts"] = _turn_facts(connection, project, parts["facts"], cities, number)
            _tell(connection, number, "projects", code, found["facts"])
        if "profile" in parts:
            found["profile"] = _turn_profile(connection, project, parts["profile"])
        if "needs" in parts:
            found["needs"] = _turn_needs(connection, project, parts["needs"], items, number)
            found["details"] = _turn_details(connection, project, parts["needs"]["details"], items)
            _tell_needs(connection, number, code, found["needs"])
        for part, content in found.items():
            _propose(connection, project, part, content)
    connection.execute(sa.update(REVISION).values(service_open=False))


def _propose(connection: sa.Connection, project: int, part: str, content: Part) -> None:
    if content:
        values = {"project_id": project, "part": part, "content": orjson.dumps(content).decode()}
        connection.execute(sa.insert(NEW).values(**values, actor="upgrade", actor_unit="", at=_now(connection)))


def _differing(was: dict[str, Any], now: dict[str, Any]) -> Part:
    """Key → [accepted, proposed], where the two differ."""
    keys = sorted(was.keys() | now.keys())
    return {key: [was.get(key), now.get(key)] for key in keys if was.get(key) != now.get(key)}


def _turn_facts(
    connection: sa.Connection, project: int, kept: dict[str, Any], cities: dict[str, str | None], number: int
) -> Part:
    here = PROJECTS.c.id == project
    now = dict(
        connection.execute(sa.select(*(PROJECTS.c[name] for name in ("code", *FACTS))).where(here)).one()._mapping
    )
    code = now.pop("code")
    for name, table in LINKED.items():
        mine = sa.select(table.c[LINKS[name][1]]).where(table.c.project_id == project).order_by(table.c.position)
        now[name] = list(connection.execute(mine).scalars())
    was = {name: kept.get(name) for name in now}
    found = _differing(was, now)
    derived = {
        "city_code": reporting_city(was["region_codes"] or (), cities),
        "search_text": search_text({**was, "code": code}),
        "name_key": plain_name(was["name_zh"]),
    }
    fresh = {name: was[name] for name in FACTS if name in found} | derived
    raised = {"version": PROJECTS.c.version + 1, "revision": number}
    connection.execute(sa.update(PROJECTS).where(here).values(**fresh, **raised))
    for name in LINKS.keys() & found.keys():
        table, column = LINKED[name], LINKS[name][1]
        connection.execute(sa.delete(table).where(table.c.project_id == project))
        for position, value in enumerate(was[name] or (), 1):
            connection.execute(sa.insert(table).values(project_id=project, position=position, **{column: value}))
    return found


def _turn_profile(connection: sa.Connection, project: int, was: dict[str, Any]) -> Part:
    found = _differing(was, _profile(connection, project))
    own = {"project_id": project}
    if any(name in SINGLE for name in found):
        _replace(connection, PROFILES, project, [own | {name: was.get(name) or "" for name in SINGLE}])
    if "bases" in found:
        _replace(connection, BASES, project, [own | {"kind": kind, **said} for kind, said in was["bases"].items()])
    if "scales" in found:
        _replace(connection, SCALES, project, [own | row for row in _scales(was["scales"])])
    if "contacts" in found:
        rows = [own | {"position": place, **one} for place, one in enumerate(was["contacts"], 1)]
        _replace(connection, CONTACTS, project, rows)
    return found


def _profile(connection: sa.Connection, project: int) -> dict[str, Any]:
    def rows(table: sa.TableClause, names: tuple[str, ...], order: str) -> list[dict[str, Any]]:
        chosen = sa.select(*(table.c[name] for name in names)).where(table.c.project_id == project)
        return [dict(row) for row in connection.execute(chosen.order_by(table.c[order])).mappings()]

    single = (rows(PROFILES, SINGLE, "project_id") or [dict.fromkeys(SINGLE, "")])[0]
    bases = {row.pop("kind"): row for row in rows(BASES, ("kind", "words", "doc_no"), "kind")}
    scales = [
        {"name": row["name"], "quantity": _quantity(row["thousandths"]), "unit": row["unit"]}
        for row in rows(SCALES, ("name", "thousandths", "unit"), "position")
    ]
    return {**single, "bases": bases, "scales": scales, "contacts": rows(CONTACTS, CONTACT, "position")}


def _quantity(thousandths: int) -> str:
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def _scales(scales: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for place, scale in enumerate(scales, 1):
        whole, _, rest = scale["quantity"].partition(".")
        thousandths = int(whole) * 1000 + int(rest[:3].ljust(3, "0"))
        yield {"position": place, "name": scale["name"], "thousandths": thousandths, "unit": scale["unit"]}


def _replace(connection: sa.Connection, table: sa.TableClause, project: int, rows: list[dict[str, Any]]) -> None:
    connection.execute(sa.delete(table).where(table.c.project_id == project))
    if rows:
        connection.execute(sa.insert(table), rows)


def _turn_needs(
    connection: sa.Connection, project: int, kept: dict[str, Any], items: dict[str, int], number: int
) -> Part:
    """What was kept tells amounts without their basis: a need that changed is put back as reported."""
    codes = {item: code for code, item in items.items()}
    rows = sa.select(NEEDS.c.item_id, NEEDS.c.year, NEEDS.c.required, NEEDS.c.basis).where(
        NEEDS.c.project_id == project
    )
    now: dict[str, Any] = {f"{codes[i]} {year}": [amount, basis] for i, year, amount, basis in connection.execute(rows)}
    shut = sa.select(CLOSED.c.item_id, CLOSED.c.basis).where(CLOSED.c.project_id == project)
    now |= {codes[item]: basis for item, basis in connection.execute(shut)}
    was: dict[str, Any] = {}
    for item, year, amount in kept["needs"]:
        held = now.get(f"{item} {year}")
        was[f"{item} {year}"] = held if held and held[0] == amount else [amount, "reported"]
    was |= {item: now.get(item, "reported") for item in kept["not_applicable"]}
    found = _differing(was, now)
    for key, (value, _) in found.items():
        _put_need(connection, project, key, value, items, number)
    if found:
        raised = {"needs_version": PROJECTS.c.needs_version + 1, "revision": number}
        connection.execute(sa.update(PROJECTS).where(PROJECTS.c.id == project).values(**raised))
    return found


def _put_need(
    connection: sa.Connection, project: int, key: str, value: Any, items: dict[str, int], number: int
) -> None:
    item, _, year = key.partition(" ")
    own = {"project_id": project, "item_id": items[item]}
    table = NEEDS if year else CLOSED
    if year:
        own["year"] = int(year)
    connection.execute(sa.delete(table).where(*(table.c[name] == part for name, part in own.items())))
    if value is not None:
        said = {"required": value[0], "basis": value[1]} if year else {"basis": value}
        connection.execute(sa.insert(table).values(**own, **said, revision=number))


def _turn_details(connection: sa.Connection, project: int, kept: list[list[str]], items: dict[str, int]) -> Part:
    codes = {item: code for code, item in items.items()}
    rows = sa.select(DETAILS.c.item_id, DETAILS.c.attribute, DETAILS.c.value).where(DETAILS.c.project_id == project)
    now = {f"{codes[item]} {name}": value for item, name, value in connection.execute(rows)}
    found = _differing({f"{item} {name}": value for item, name, value in kept}, now)
    for key, (value, _) in found.items():
        item, _, name = key.partition(" ")
        here = (DETAILS.c.project_id == project, DETAILS.c.item_id == items[item], DETAILS.c.attribute == name)
        connection.execute(sa.delete(DETAILS).where(*here))
        if value is not None:
            own = {"project_id": project, "item_id": items[item], "attribute": name}
            connection.execute(sa.insert(DETAILS).values(**own, value=value, basis="reported"))
    return found


def _tell(connection: sa.Connection, number: int, room: str, code: str, found: Part) -> None:
    if found:
        was, now = ({key: sides[side] for key, sides in found.items()} for side in (0, 1))
        _journal(connection, number, room, code, now, was)


def _tell_needs(connection: sa.Connection, number: int, code: str, found: Part) -> None:
    def side(place: int) -> list[dict[str, Any]]:
        told = []
        for key, sides in found.items():
            item, _, year = key.partition(" ")
            value = sides[place]
            said = None if value is None else {"required": value[0], "basis": value[1]} if year else "not_applicable"
            told.append({"item": item, "year": int(year) if year else None, "value": said})
        return told

    if found:
        _journal(connection, number, "needs", code, side(1), side(0))


def _now(connection: sa.Connection) -> datetime:
    now = datetime.now(UTC)
    return now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)


def _journal(connection: sa.Connection, number: int, room: str, code: str, before: Any, after: Any) -> None:
    """Tell it in the journal, at the end of its chain."""
    rows, last = connection.execute(sa.select(HEAD.c.rows, HEAD.c.hash)).one()
    at, sides = _now(connection), [orjson.dumps(value).decode() for value in (before, after)]
    told = ("upgrade", room, code, "update", *sides, REASON, number, "", "", None)
    content = orjson.dumps([last, at.strftime("%Y-%m-%d %H:%M:%S.%f"), *told])
    fresh = hashlib.sha256(content).hexdigest()
    connection.execute(sa.insert(JOURNAL).values(**dict(zip(COVERED, (at, *told), strict=True)), hash=fresh))
    connection.execute(sa.update(HEAD).values(rows=rows + 1, hash=fresh))
