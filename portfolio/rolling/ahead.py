"""What follows from approving a draft: what is frozen and what replaced, counts and sums, and what is still open."""

import hashlib
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Scope
from portfolio.reporting.rounds import due
from portfolio.rolling.addressees import WAITING, addressed
from portfolio.rolling.adoption import exit_reserves, stage_moves
from portfolio.rolling.closing import Untold, untold
from portfolio.rolling.queries import EntryFilters, counts_by, get_edition, wanted
from portfolio.rolling.rules.editions import JOINS, LEAVES
from portfolio.rolling.tables import Comment, Edition, EditionEntry
from portfolio.rolling.vetoes import vetoed_entries


@dataclass(frozen=True)
class Ahead:
    """What approving a draft would do today. Amounts in yuan; `unknown` of the entries state no total investment.

    `replaced` is the edition it supersedes. Open matters: `undecided` proposals, vetoes decided (`kept`) and not
    (`vetoes`), `comments` unanswered, units that have not answered (`silent`), `unreported` records that a running
    round expects, `untold` years before.
    """

    code: str
    entries: int
    annual_yuan: int
    total_yuan: int
    unknown: int
    joins: int
    leaves: int
    replaced: str | None
    stages: int
    reserves: int
    undecided: int
    vetoes: int
    kept: int
    comments: int
    silent: tuple[str, ...]
    unreported: int
    untold: Untold
    illustrative: bool

    @property
    def mark(self) -> str:
        """A mark of all this: another one as soon as anything in it is another."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def approval_ahead(session: Session, scope: Scope, code: str) -> Ahead:
    """What would follow from approving the draft `code`, of what the reader sees."""
    edition = get_edition(session, code)
    parent = session.get(Edition, edition.parent_id) if edition.parent_id else None
    vetoed = vetoed_entries(session, scope, code)
    waiting = sum(one.undecided for one in vetoed)
    return Ahead(
        code,
        *_sums(session, scope, edition),
        *_moves(session, scope, edition),
        replaced=parent.code if parent else None,
        stages=len(stage_moves(session, edition)),
        reserves=len(exit_reserves(session, scope, edition)),
        undecided=counts_by(session, scope, code, "decision").get("proposed", 0),
        vetoes=waiting,
        kept=len(vetoed) - waiting,
        comments=_open_comments(session, edition),
        silent=tuple(one.unit for one in addressed(session, code) if one.answer == WAITING),
        unreported=_unreported(session, scope, edition),
        untold=untold(session, scope, code),
        illustrative=edition.basis == "illustrative",
    )


def _sums(session: Session, scope: Scope, edition: Edition) -> tuple[int, int, int, int]:
    """Entries that stand, their annual and total yuan, and how many state no total."""
    total = col(EditionEntry.total_yuan)
    sums: list[Any] = [func.count(), func.sum(col(EditionEntry.annual_yuan)), func.sum(total), func.count(total)]
    here = wanted(edition, EntryFilters(standing=True), scope)
    count, annual, whole, stated = session.execute(select(*sums).where(*here)).one()
    return int(count), int(annual or 0), int(whole or 0), int(count) - int(stated)


def _moves(session: Session, scope: Scope, edition: Edition) -> tuple[int, int]:
    """How many join and how many leave, of what was not rejected."""
    rows = counts_by(session, scope, edition.code, "change")
    against = counts_by(session, scope, edition.code, "change", EntryFilters(decision=("rejected",)))
    return (
        sum(rows.get(one, 0) - against.get(one, 0) for one in JOINS),
        sum(rows.get(one, 0) - against.get(one, 0) for one in LEAVES),
    )


def _open_comments(session: Session, edition: Edition) -> int:
    here = (col(Comment.edition_id) == edition.id, col(Comment.state) == "open")
    return int(session.execute(select(func.count()).select_from(Comment).where(*here)).scalar_one())


def _unreported(session: Session, scope: Scope, edition: Edition) -> int:
    """Entries whose record a running round of reporting expects and does not have."""
    lacking = {code for one in due(session, scope) for code in one.outstanding}
    if not lacking:
        return 0
    codes = session.execute(
        select(col(EditionEntry.code)).where(*wanted(edition, EntryFilters(standing=True), scope))
    ).scalars()
    return len(lacking.intersection(codes))
