"""Finance's review goes by the approved scenario unless a reviewer says otherwise: the default of each line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.rules import Actor, Scope, require_some
from portfolio.core import revision
from portfolio.core.errors import InvalidError
from portfolio.finance.records import LineRecord
from portfolio.finance.rounds import Verdict, decide_each, held_lines
from portfolio.finance.tables import Decision
from portfolio.ledger.tables import LedgerEntry
from portfolio.projects.reach import require_for
from portfolio.rolling.rules.editions import FROZEN
from portfolio.rolling.tables import Edition
from portfolio.scenarios.following.arranged import Arranged, Arrangements, InForce, decided_by, in_force, reasons
from portfolio.scenarios.rules.holding import ARRANGED, DELAYED, REFUSED, Default, default_of
from portfolio.scenarios.tables import APPROVED, Scenario

REASONS: Mapping[str, str] = {ARRANGED: "by_scenario", REFUSED: "not_arranged", DELAYED: "put_off"}
ASKED = "asked"
BATCH = 500


@dataclass(frozen=True)
class LineDefault:
    """What the approved scenario says of a line: the decision on its project, and what is proposed (None: nothing)."""

    arranged: Arranged
    default: Default | None


@dataclass(frozen=True)
class Proposed:
    """Lines proposed as arranged, and lines left alone: reviewed before, or without a default."""

    decided: int
    left: int


def line_defaults(session: Session, scope: Scope, lines: Sequence[LineRecord]) -> dict[int, LineDefault]:
    """Line → what the approved scenario that decides on its year says of it; lines it does not know are left out."""
    decisions = {year: _deciding(session, scope, year, lines) for year in {line["year"] for line in lines}}
    known = {line["id"]: decisions[line["year"]].get(line["project"]) for line in lines}
    before = _granted_before(session, [(number, one.by) for number, one in known.items() if one is not None])
    found = {}
    for line in lines:
        one = known[line["id"]]
        if one is not None:
            cell, granted = (line["item"], line["year"]), before.get(line["id"], 0)
            found[line["id"]] = LineDefault(one, default_of(one.decision, one.state, cell, line["asked"], granted))
    return found


def line_reasons(
    session: Session, scope: Scope, defaults: Mapping[int, LineDefault], lang: str
) -> dict[tuple[str, str], str]:
    """(scenario, project) → in words why it was decided on as it was."""
    found: dict[tuple[str, str], str] = {}
    for by in {one.arranged.by for one in defaults.values()}:
        decided = {one.arranged.project: one.arranged for one in defaults.values() if one.arranged.by == by}
        told = reasons(session, scope, Arrangements(by, decided), lang)
        found |= {(by.code, project): words for project, words in told.items()}
    return found


def propose_as_arranged(session: Session, actor: Actor, scope: Scope, ids: Sequence[int], note: str = "") -> Proposed:
    """Propose for each line that nobody reviewed what the approved scenario arranges for it, all or none.

    Raises `InvalidError`: `finance.nothing_arranged` when no line has a default, and what `decide_each` refuses.
    """
    require_some(actor, "review.decide")
    revision.bump(session)
    held = held_lines(session, scope, ids)
    require_for(session, actor, "review.decide", (line["project_id"] for line in held))
    defaults = line_defaults(session, scope, [line for line in held if line["state"] == ASKED])
    verdicts = {}
    for line in held:
        one = defaults.get(line["id"])
        if one is not None and one.default is not None:
            verdicts[line["id"]] = _verdict(one.arranged, one.default, line["asked"], note)
    if not verdicts:
        raise InvalidError("finance.nothing_arranged")
    return Proposed(decide_each(session, actor, scope, verdicts), len(held) - len(verdicts))


def _verdict(one: Arranged, default: Default, asked: int, note: str) -> Verdict:
    reason = REASONS.get(default.why, "") if default.amount < asked else ""
    told = " ".join(part for part in (one.by.code, one.by.doc_no, note.strip()) if part)
    return Verdict("propose", default.amount, reason=reason, note=told[:500])


def _deciding(session: Session, scope: Scope, year: int, lines: Iterable[LineRecord]) -> dict[str, Arranged]:
    """Project → the decision on it for `year`: that of the approved scenario of the newest edition which holds the
    year."""
    statement = (
        select(Edition)
        .join(Scenario, col(Scenario.edition_id) == col(Edition.id))
        .where(col(Scenario.state) == APPROVED, col(Edition.base_year) <= year)
        .where(col(Edition.base_year) + col(Edition.years) > year)
        .order_by(col(Edition.base_year).desc(), col(Edition.id).desc())
    )
    edition = session.execute(statement).scalars().first()
    by: InForce | None = None if edition is None else in_force(session, edition)
    if edition is None or by is None:
        return {}
    wanted = {line["project"] for line in lines if line["year"] == year}
    return decided_by(session, scope, by, _present(session, edition), wanted)


def _present(session: Session, edition: Edition) -> Edition:
    """The edition that stands for it now: the last one approved within the year that amends it, else itself."""
    here = edition
    while True:
        amends = (col(Edition.parent_id) == here.id, col(Edition.base_year) == here.base_year)
        statement = select(Edition).where(*amends, col(Edition.state).in_(FROZEN)).order_by(col(Edition.id).desc())
        later = session.execute(statement).scalars().first()
        if later is None:
            return here
        here = later


def _granted_before(session: Session, lines: Sequence[tuple[int, InForce]]) -> dict[int, int]:
    """Line → what it was granted (yuan, less what was reversed) before the scenario that decides on it was approved."""
    found: dict[int, int] = {}
    for by in dict.fromkeys(by for _, by in lines):
        ids = [number for number, one in lines if one == by]
        for start in range(0, len(ids) if by.since else 0, BATCH):
            statement = (
                select(col(Decision.line_id), func.sum(col(Decision.amount)))
                .where(col(Decision.line_id).in_(ids[start : start + BATCH]), col(Decision.kind) == "grant")
                .where(col(Decision.at) < by.since, col(Decision.entry_id).not_in(_UNDONE))
                .group_by(col(Decision.line_id))
            )
            found |= {number: int(amount) for number, amount in session.execute(statement)}
    return found


_UNDONE = select(col(LedgerEntry.reverses_id)).where(col(LedgerEntry.reverses_id).is_not(None))
