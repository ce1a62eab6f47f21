"""The life of a record, as data: its states, the actions that move it, and the steps its review takes.

草稿 → 报送 → 审核 → 入库, with 退回, 撤回, 加锁, 转办, 暂缓 and 退出 (`data/transitions.csv`). Which steps a
review takes follows from where a project lies and whether it has a lead unit (`data/review_paths.csv`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from portfolio.access.rules import Row
from portfolio.core.errors import ConflictError
from portfolio.core.rulebook import Rulebook
from portfolio.vocabulary.codes import WHOLE_REGION

DRAFT, SUBMITTED, UNDER_REVIEW, RETURNED = "draft", "submitted", "under_review", "returned"
ACCEPTED, DEFERRED, EXITED = "accepted", "deferred", "exited"
STATES = (DRAFT, SUBMITTED, UNDER_REVIEW, RETURNED, ACCEPTED, DEFERRED, EXITED)
WAITING = frozenset({SUBMITTED, UNDER_REVIEW})
WITH_OFFICE = frozenset({DRAFT, RETURNED})
REVIEWING = frozenset({"project.review", "project.transfer"})
COMMISSION = "GX-DRC"
KEPT = "kept"
_BOOK = Rulebook(Path(__file__).parents[1] / "data", ("transitions", "review_paths"))


@dataclass(frozen=True)
class Transition:
    """One way on: `permission` is needed for it, a `reason` and a `document` where so marked.

    `when` is `more` or `last` of a review's steps, or `kept` for a record that was accepted before.
    `lock` puts a lock on or takes it off; `stage` is the project's stage from then on, `before` the one it had.
    """

    source: str
    action: str
    target: str
    when: str
    permission: str
    reason: bool
    document: bool
    lock: str
    stage: str


@dataclass(frozen=True)
class Step:
    """A step of a review: `city`, `lead` or `drc`, with the unit or the city whose reviewers take it."""

    code: str
    unit: str | None = None
    city: str | None = None

    @property
    def row(self) -> Row:
        """What a reviewer's reach is measured against."""
        return Row(lead=self.unit, city=self.city)


@lru_cache
def transitions() -> tuple[Transition, ...]:
    """Every way on, in the order of the table."""
    return tuple(
        Transition(
            row["from"],
            row["action"],
            row["to"],
            row["when"],
            row["permission"],
            row["reason"] == "yes",
            row["document"] == "yes",
            row["lock"],
            row["stage"],
        )
        for row in _BOOK.rows("transitions")
    )


def ways_on(state: str, accepted: bool) -> list[Transition]:
    """One transition for each action that the state knows, for a record that was ever `accepted` or not."""
    found: dict[str, Transition] = {}
    for one in transitions():
        if one.source == state and (accepted or one.when != KEPT):
            found.setdefault(one.action, one)
    return list(found.values())


def transition(state: str, action: str, last: bool = True, accepted: bool = True) -> Transition:
    """The way on from `state` by `action`; `last` says whether the review's last step is the one being taken.

    `accepted` says whether the record ever was.

    Raises `ConflictError` (`workflow.no_way`) when the state knows no such action.
    """
    wanted = ("", "last" if last else "more", *((KEPT,) if accepted else ()))
    for one in transitions():
        if one.source == state and one.action == action and one.when in wanted:
            return one
    raise ConflictError("workflow.no_way", state=state, action=action)


def steps(facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of a project's review by its reporting city and lead unit; there is always at least one."""
    city, lead = facts.get("city_code"), facts.get("lead_unit")
    place = "city" if city and city != WHOLE_REGION else "several"
    rows = _BOOK.rows("review_paths")
    path = next(row for row in rows if row["place"] == place and row["lead"] == ("yes" if lead else "no"))
    made = {"city": Step("city", city=city), "lead": Step("lead", unit=lead), "drc": Step("drc", unit=COMMISSION)}
    return tuple(made[code] for code in path["steps"].split(";"))


def next_step(path: tuple[Step, ...], code: str) -> Step | None:
    """The step after `code`, None after the last; a step the path no longer has counts as its last."""
    codes = [step.code for step in path]
    place = codes.index(code) + 1 if code in codes else len(path)
    return path[place] if place < len(path) else None
