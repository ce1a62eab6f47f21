"""What the pages of entry and review ask: where a record stands, the queue, rounds, batches, one's own home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from dashboard.data import me, mine, read, write
from portfolio.attachments.records import AttachmentRecord
from portfolio.core.errors import FieldError
from portfolio.filing import service as attaching
from portfolio.projects.filters import ProjectFilters
from portfolio.projects.proposals import Said as ProposedBy
from portfolio.projects.proposals import said_by
from portfolio.projects.queries import get_project
from portfolio.projects.rules.facts import FILED
from portfolio.projects.rules.workflow import STATES, Step, Transition, steps
from portfolio.projects.states import Said, Standing, life, standing
from portfolio.reporting import batches, home, rounds
from portfolio.reporting.discarding import take_out
from portfolio.reporting.queries import QueueFilters, Waiting, by_state, queue
from portfolio.reporting.records import Comparison, WholeRecord, compare, whole_record
from portfolio.reporting.remarks import remarks
from portfolio.reporting.rules import lacking
from portfolio.reporting.service import Taken, act, act_on_many, open_actions
from portfolio.reporting.since import since_returned
from portfolio.scheme.directory import unit_directory
from portfolio.vocabulary.elements import element_tree
from portfolio.vocabulary.regions import region_directory
from portfolio.vocabulary.tree import ElementTree


@dataclass(frozen=True)
class Life:
    """Where a record stands, the steps of its review, what one may do next, and how it came here."""

    standing: Standing
    path: tuple[Step, ...]
    actions: list[Transition]
    steps: list[dict[str, Any]]


def record_life(code: str) -> Life:
    """The life of a project's record."""

    def question(session: Session) -> Life:
        project = get_project(session, mine(), code)
        held = standing(session, project["id"])
        return Life(held, steps(project), open_actions(me(), project, held), life(session, code))

    return read(question)


def take(code: str, action: str, said: Said, version: int) -> Standing:
    """Take a step with a record."""
    return write(lambda session: act(session, me(), mine(), code, action, said, version))


def discard(code: str, reason: str | None, version: int, needs_version: int) -> None:
    """Throw a draft away with its needs; raises what the service raises."""
    write(lambda session: take_out(session, me(), mine(), code, reason, version, needs_version))


def take_many(codes: Sequence[str], action: str, said: Said) -> list[Taken]:
    """Take the same step with many records."""
    return write(lambda session: act_on_many(session, me(), mine(), codes, action, said))


def waiting(filters: QueueFilters) -> list[Waiting]:
    """What waits for one's review."""
    return read(lambda session: queue(session, me(), filters))


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a record, who said so (by part), and the state it is in."""

    changes: Comparison
    said: dict[str, ProposedBy]
    state: str
    tree: ElementTree


def proposal(code: str) -> Proposal | None:
    """What is proposed for a record, for who may see it; None when nothing is."""

    def question(session: Session) -> Proposal | None:
        project = get_project(session, mine(), code)
        changes = compare(session, mine(), code)
        if changes.same:
            return None
        held = standing(session, project["id"])
        return Proposal(changes, said_by(session, project["id"]), held.state, element_tree(session))

    return read(question)


@dataclass(frozen=True)
class Beside:
    """A submitted record beside its last accepted state, with what it still lacks and what to look at.

    `since` is when it was last returned and what was changed after that; `files` lie beside the record.
    """

    record: WholeRecord
    changes: Comparison
    lacking: list[FieldError]
    remarks: list[FieldError]
    since: tuple[datetime, Comparison] | None
    files: list[AttachmentRecord]
    tree: ElementTree


def beside(code: str) -> Beside:
    """A record as its reviewer looks at it; raises `NotFoundError`."""

    def question(session: Session) -> Beside:
        record = whole_record(session, mine(), code)
        gaps = lacking(record.stated, record.project["stage"])
        changes, tree = compare(session, mine(), code), element_tree(session)
        files = [one for kind in FILED for one in attaching.listed(session, mine(), kind, code)]
        since = since_returned(session, mine(), code)
        directories = (tree, unit_directory(session), region_directory(session))
        return Beside(record, changes, gaps, remarks(record, changes, *directories), since, files, tree)

    return read(question)


def own_home() -> home.Home:
    """One's own home page."""
    return read(lambda session: home.home(session, me()))


def in_states(states: tuple[str, ...]) -> list[dict[str, Any]]:
    """The records one answers for that stand in one of `states`."""
    return read(lambda session: by_state(session, home.own_scope(me()), states))


def all_rounds() -> list[dict[str, Any]]:
    """Every round of reporting."""
    return read(rounds.list_rounds)


def reminders(code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who still owes what in a round, and every record it expects."""
    return read(lambda session: (rounds.reminders(session, mine(), code), rounds.expected_frame(session, mine(), code)))


def new_round(data: rounds.RoundData) -> dict[str, Any]:
    """Open a round."""
    return write(lambda session: rounds.open_round(session, me(), data))


def changed_round(data: rounds.RoundData, closed: bool, version: int) -> dict[str, Any]:
    """Change a round, close it or open it again."""
    return write(lambda session: rounds.change_round(session, me(), data, closed, version))


def all_batches() -> list[dict[str, Any]]:
    """The batches one sees a project of."""
    return read(lambda session: batches.list_batches(session, mine()))


def one_batch(code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A batch with those of its records one sees; raises `NotFoundError`."""

    def question(session: Session) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        found = batches.get_batch(session, mine(), code)
        filters = ProjectFilters(code=tuple(found["codes"]), proposed=None)
        return found, by_state(session, mine(), STATES, filters=filters)

    return read(question)


def send_batch(data: batches.BatchData) -> dict[str, Any]:
    """Submit records under a document."""
    return write(lambda session: batches.submit_batch(session, me(), mine(), data))
