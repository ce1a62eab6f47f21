"""The facts of an edition's way from draft to publication, and the steps they make."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from portfolio.access.local import EVERYTHING
from portfolio.finance.progress import LineCounts, line_counts
from portfolio.journal.queries import done_with
from portfolio.rolling.queries import get_edition
from portfolio.rolling.rules.editions import FROZEN
from portfolio.rolling.standing import standing
from portfolio.rolling.tables import Comment, Edition, EditionEntry
from portfolio.rolling.vetoes import vetoed_entries
from portfolio.scenarios.following.arranged import in_force
from portfolio.scenarios.rules.way import Facts, Step, way
from portfolio.scenarios.tables import APPROVED, SOLVED, SUPERSEDED, Scenario
from portfolio.screening.tables import ScoreRun


@dataclass(frozen=True)
class Way:
    """Where an edition stands: its steps, the scenario it goes by or the newest over it, and the round of its year."""

    edition: str
    steps: tuple[Step, ...]
    scenario: str | None
    round: str | None


def year_way(session: Session, code: str) -> Way:
    """Where edition `code` stands; raises `NotFoundError`.

    It is the same for every reader: counts of the whole edition, and no name or amount.
    """
    edition = get_edition(session, code)
    by, solved = in_force(session, edition), _scenarios(session, edition)
    here = (col(EditionEntry.edition_id) == edition.id, standing())
    lines = line_counts(session, edition.base_year, select(col(EditionEntry.project_id)).where(*here))
    facts = _facts(session, edition, solved, by is not None, lines)
    newest = next(iter(solved), None)
    return Way(code, way(facts), by.code if by else newest, lines.round)


def _facts(session: Session, edition: Edition, scenarios: dict[str, str], arranged: bool, lines: LineCounts) -> Facts:
    entries = (col(EditionEntry.edition_id) == edition.id, standing())
    comments = (col(Comment.edition_id) == edition.id,)
    made = _count(session, Comment, *comments)
    answered = [one for one in scenarios.values() if one in (SOLVED, APPROVED, SUPERSEDED)]
    in_round = edition.state == "consultation"
    return Facts(
        entries=_count(session, EditionEntry, *entries),
        undecided=_count(session, EditionEntry, entries[0], col(EditionEntry.decision) == "proposed"),
        consulted=bool(made) or in_round or _moved_to(session, edition, "consultation"),
        in_round=in_round,
        comments=made,
        waiting=_count(session, Comment, *comments, col(Comment.state) == "open"),
        vetoes=sum(one.undecided for one in vetoed_entries(session, EVERYTHING, edition.code)),
        scored=bool(answered) or bool(_count(session, ScoreRun, col(ScoreRun.at) >= edition.made_at)),
        scenarios=len(scenarios),
        solved=len(answered),
        arranged=arranged,
        approved=edition.state in FROZEN,
        round=lines.round is not None,
        lines=lines.lines,
        unreviewed=lines.unreviewed,
        ungranted=lines.ungranted,
        granted=lines.granted,
        issued=edition.state == "issued" or _moved_to(session, edition, "issued"),
        replaced=edition.state == "superseded",
    )


def _scenarios(session: Session, edition: Edition) -> dict[str, str]:
    """Scenario over an edition → its state, the newest first."""
    statement = select(col(Scenario.code), col(Scenario.state)).where(col(Scenario.edition_id) == edition.id)
    return {code: state for code, state in session.execute(statement.order_by(col(Scenario.id).desc()))}


def _moved_to(session: Session, edition: Edition, state: str) -> bool:
    """Whether the journal knows that the edition came into a state it may have left since."""
    return any(said.get("state") == state for said in done_with(session, "rolling", edition.code, "state"))


def _count(session: Session, table: type[Any], *here: Any) -> int:
    return int(session.execute(select(func.count()).select_from(table).where(*here)).scalar_one())
