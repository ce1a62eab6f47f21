"""Take the illustrative accounts away: what may not be deleted is reversed, emptied or closed.

Each is undone on its own day: on no day do the accounts show what was made up, also when it is added again later.
"""

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope
from portfolio.core.i18n import t
from portfolio.finance.envelopes import EnvelopeData, newest, set_envelope
from portfolio.finance.rounds import close_round
from portfolio.finance.tables import Round
from portfolio.ledger.service import Posting, post, reverse
from portfolio.ledger.tables import LedgerEntry, Pool
from portfolio.readiness.service import remove_illustrative_steps
from portfolio.screening.criteria import remove_illustrative_criteria

NOTE = t("demonstration-removed")


def remove_accounts(session: Session, actor: Actor, scope: Scope) -> dict[str, int]:
    """Reverse entries in illustrative pools, empty those, zero envelopes, close the round; drop steps and criteria."""
    reversed_, emptied = _empty_pools(session, actor, scope)
    for (level, year), envelope in newest(session).items():
        if envelope.basis == "illustrative" and envelope.own_yuan:
            set_envelope(session, actor, EnvelopeData(level, year, 0, NOTE, basis="illustrative"))
    open_ones = (col(Round.basis) == "illustrative", col(Round.state) == "open")
    for code in list(session.execute(select(col(Round.code)).where(*open_ones)).scalars()):
        close_round(session, actor, code)
    rows = {
        "steps": remove_illustrative_steps(session, actor),
        "criteria": remove_illustrative_criteria(session, actor),
    }
    return {**rows, "entries": reversed_, "pools": emptied}


def _empty_pools(session: Session, actor: Actor, scope: Scope) -> tuple[int, int]:
    made_up = select(col(Pool.id)).where(col(Pool.basis) == "illustrative")
    undone = select(col(LedgerEntry.reverses_id)).where(col(LedgerEntry.reverses_id).is_not(None))
    wanted = (
        col(LedgerEntry.pool_id).in_(made_up),
        col(LedgerEntry.project_id).is_not(None),
        col(LedgerEntry.kind) != "reverse",
        col(LedgerEntry.id).not_in(undone),
    )
    statement = (
        select(col(LedgerEntry.id), col(LedgerEntry.on_date)).where(*wanted).order_by(col(LedgerEntry.id).desc())
    )
    entries = session.execute(statement).all()
    for number, on_date in entries:
        reverse(session, actor, scope, number, on_date, NOTE, NOTE)
    first = select(func.min(col(LedgerEntry.on_date))).where(col(LedgerEntry.pool_id) == col(Pool.id)).scalar_subquery()
    pools = session.execute(select(col(Pool.code), col(Pool.free), first).where(col(Pool.id).in_(made_up))).all()
    cuts = [Posting("cut", code, free, on, doc_no=NOTE, note=NOTE) for code, free, on in pools if free]
    if cuts:
        post(session, actor, scope, cuts)
    return len(entries), len(cuts)
