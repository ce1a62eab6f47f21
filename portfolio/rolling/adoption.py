"""Adoption of a batch: the stages of projects move, and what projects that leave still reserve is recovered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.ledger.service import Posting, post
from portfolio.ledger.tables import Account, Pool
from portfolio.projects.filters import NO_FILTERS, conditions
from portfolio.projects.references import load_references
from portfolio.projects.service import update_project
from portfolio.projects.tables import Project
from portfolio.rolling.rules.editions import BOOK
from portfolio.rolling.tables import Edition, EditionEntry
from portfolio.vocabulary.elements import element_tree

BUCKETS = ("preallocated", "locked", "granted")


@dataclass(frozen=True)
class Reserve:
    """What a project that leaves still holds in a bucket of a pool; `quantity` in base units."""

    project: str
    name_zh: str
    name_en: str
    pool: str
    item: str
    year: int
    bucket: str
    quantity: int


def exit_reserves(session: Session, scope: Scope, edition: Edition) -> list[Reserve]:
    """What the projects an edition lets go still reserve, by `exit_recovery.csv`, by project and pool."""
    tree, rules = element_tree(session), exit_rules()
    held: list[Any] = [getattr(Account, bucket) for bucket in BUCKETS]
    columns: list[Any] = [Project.code, Project.name_zh, Project.name_en, Pool.code, Pool.item_id, Pool.year]
    statement = (
        select(*columns, *held)
        .join(Pool, col(Pool.id) == col(Account.pool_id))
        .join(Project, col(Project.id) == col(Account.project_id))
        .join(EditionEntry, col(EditionEntry.project_id) == col(Account.project_id))
        .where(
            col(EditionEntry.edition_id) == edition.id,
            col(EditionEntry.change) == "exited",
            col(EditionEntry.decision) != "rejected",
            or_(*(column > 0 for column in held)),
            *conditions(NO_FILTERS, scope),
        )
        .order_by(col(Project.code), col(Pool.code))
    )
    found = []
    for code, name_zh, name_en, pool, item, year, *amounts in session.execute(statement):
        node = tree.by_id[item]
        for bucket, amount in zip(BUCKETS, amounts, strict=True):
            if amount and bucket in rules.get(node.element, ()):
                found.append(Reserve(code, name_zh, name_en, pool, node.code, year, bucket, int(amount)))
    return found


def exit_rules() -> Mapping[str, tuple[str, ...]]:
    """The buckets taken back from a project that leaves, by element."""
    return {row["element"]: tuple(row["buckets"].split(";")) for row in BOOK.rows("exit_recovery")}


def next_stage(change: str, category: str, stage: str | None) -> str | None:
    """The stage adoption moves a project to, None when it stays; a stage nobody stated is left alone."""
    for row in BOOK.rows("adoption"):
        categories = row["categories"].split(";") if row["categories"] else None
        fits = change in row["changes"].split(";") and (categories is None or category in categories)
        if fits and stage in row["stages"].split(";"):
            return row["to_stage"]
    return None


def adopt(session: Session, actor: Actor, scope: Scope, edition: Edition, doc_no: str, on_date: str) -> tuple[int, int]:
    """Move stages and recover reserves for an edition that is being approved; returns how many of each."""
    reserves = exit_reserves(session, scope, edition)
    if reserves:
        post(session, actor, scope, [_posting(one, edition, doc_no, on_date) for one in reserves])
    references, moves = load_references(session), stage_moves(session, edition)
    for code, to, basis in moves:
        # Adoption moves the stage but is no report of it: an illustrative stage stays marked as such.
        changes = {"stage": to, "stage_basis": basis}
        update_project(session, actor, scope, code, changes, f"{edition.code} {doc_no}", None, references)
    return len(moves), len(reserves)


def stage_moves(session: Session, edition: Edition) -> list[tuple[str, str, str | None]]:
    """The projects whose stage adoption moves: code, the stage they come to, and the basis of the one they have."""
    columns: list[Any] = [EditionEntry.code, EditionEntry.change, EditionEntry.category]
    statement = (
        select(*columns, col(Project.stage), col(Project.stage_basis))
        .join(Project, col(Project.id) == col(EditionEntry.project_id))
        .where(col(EditionEntry.edition_id) == edition.id, col(EditionEntry.decision) == "accepted")
        .order_by(col(EditionEntry.code))
    )
    found = []
    for code, change, category, stage, basis in session.execute(statement).all():
        to = next_stage(change, category, stage)
        if to is not None:
            found.append((code, to, basis))
    return found


def _posting(one: Reserve, edition: Edition, doc_no: str, on_date: str) -> Posting:
    note = f"{edition.code} {BOOK.version}"
    return Posting("recover", one.pool, one.quantity, on_date, one.project, doc_no=doc_no, source=one.bucket, note=note)
