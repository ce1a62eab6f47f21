"""Rules of editions: the category of a year, the rung of the ladder, what a batch and a state may be."""

from collections.abc import Mapping
from pathlib import Path

from portfolio.core.rulebook import Rulebook
from portfolio.projects.rules.works import Works

BOOK = Rulebook(Path(__file__).parents[1] / "data", ("rules", "reasons", "adoption", "exit_recovery", "lists", "curve"))
CATEGORIES = ("completing", "continuing", "new_start", "preparatory")
RUNG_OF = {"completing": "finishing", "continuing": "continuing", "new_start": "ready", "preparatory": "preparatory"}
IDEA = "idea"
STATES = ("draft", "consultation", "approved", "issued", "superseded")
FROZEN = ("approved", "issued", "superseded")
CHANGES = ("kept", "added", "supplemented", "promoted", "adjusted", "suspended", "exited", "completed")
JOINS = ("added", "supplemented")
LEAVES = ("exited", "completed")
RUNNING = ("completing", "continuing")
BY_HAND = ("kept", "suspended", "exited")
BATCHES = ("annual", "midyear")
SUPPLEMENT = "supplement-"
CARRIES = ("pro_rata", "next_year", "end")
MAX_YEARS = 15


def rule_values() -> Mapping[str, str]:
    """The rules in force by their code."""
    return {row["code"]: row["value"] for row in BOOK.rows("rules")}


def category(year: int, works: Works) -> str:
    """The plan category of `year`: finishes in it, runs through it, starts in it, else preparatory.

    It goes by when works did begin and end, where that is stated, else by when they are planned to. A start that was
    planned for an earlier year and has not come about makes no project a running one.
    """
    start = int(works.start[:4]) if works.start else None
    finish = int(works.finish[:4]) if works.finish else None
    stopped = works.stage in ("completed", "suspended") and start is not None and start < year
    actual = works.actual_start is not None and int(works.actual_start[:4]) < year
    begun = works.stage == "under_construction" or stopped or actual
    if begun and finish is not None and finish <= year:
        return "completing"
    if begun:
        return "continuing"
    if start == year:
        return "completing" if finish == year else "new_start"
    return "preparatory"


def slip(old: str | None, new: str | None) -> int | None:
    """Months from one month to another, None when either is not stated."""
    if not old or not new:
        return None
    return (int(new[:4]) - int(old[:4])) * 12 + int(new[5:7]) - int(old[5:7])


def rung(category_: str, stage: str | None) -> str:
    """The rung of the ladder: an unreadied preparatory project is an idea."""
    if category_ == "preparatory" and stage in (None, "planning"):
        return IDEA
    return RUNG_OF[category_]


def batch_fits(batch: str) -> bool:
    """Whether a batch is `annual`, `midyear` or `supplement-1` and on."""
    number = batch.removeprefix(SUPPLEMENT)
    return batch in BATCHES or (batch.startswith(SUPPLEMENT) and number.isdigit() and int(number) > 0)


def within_year(batch: str) -> bool:
    """Whether a batch amends an edition of the same year."""
    return batch != "annual"


def is_supplement(batch: str) -> bool:
    """Whether a batch only adds to its parent."""
    return batch.startswith(SUPPLEMENT)


def published_table(category_: str, finish_month: str | None, base_year: int) -> str:
    """The table of the published list: as the category, but works left over from a finish in an earlier year apart."""
    late = finish_month is not None and int(finish_month[:4]) < base_year
    return "winding_up" if category_ == "completing" and late else category_
