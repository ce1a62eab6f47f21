"""Where a year's programme stands on its way from draft to publication, what is next and who has to act.

Worked out from facts: nothing says by itself that a step is done.
"""

from collections.abc import Callable
from dataclasses import dataclass

STEPS = ("compile", "consult", "screen", "allocate", "approve", "grant", "publish")
DONE, NOW, OPEN, AHEAD, PASSED = "done", "now", "open", "ahead", "passed"
STATES = (DONE, NOW, OPEN, AHEAD, PASSED)
# What an approval closes: an edition that is frozen is not compiled, consulted on or screened any more.
CLOSED_BY_APPROVAL = ("compile", "consult", "screen")
PLANNER, UNITS, SECOND, FINANCE = "planner", "units", "second", "finance"


@dataclass(frozen=True)
class Facts:
    """What is known of an edition and what hangs on it.

    `entries` stand in it, `undecided` are proposals nobody decided on; `consulted`: it was sent round, `in_round` it
    is out now; `comments` were made, `waiting` stand open; `vetoes` nobody decided on; `scored`: scores were kept
    since it was made, or a scenario was solved by them; `scenarios` over it, `solved` of them with an answer,
    `arranged` by an approved one; `lines` of its first year that public money pays, `unreviewed` and `ungranted` of
    them, and `round`: whether any review has them.
    `replaced` by a later edition.
    """

    entries: int = 0
    undecided: int = 0
    consulted: bool = False
    in_round: bool = False
    comments: int = 0
    waiting: int = 0
    vetoes: int = 0
    scored: bool = False
    scenarios: int = 0
    solved: int = 0
    arranged: bool = False
    approved: bool = False
    round: bool = False
    lines: int = 0
    unreviewed: int = 0
    ungranted: int = 0
    granted: int = 0
    issued: bool = False
    replaced: bool = False


@dataclass(frozen=True)
class Found:
    """A step by itself: done or begun, what is lacking (a code) and of how many, and who has to act."""

    done: bool
    begun: bool
    lacks: str = ""
    count: int = 0
    who: str = PLANNER


@dataclass(frozen=True)
class Step:
    """A step on the way: its state (`STATES`), and of one that is not done what it lacks, of how many, who acts."""

    name: str
    state: str
    lacks: str = ""
    count: int = 0
    who: str = ""


def way(facts: Facts) -> tuple[Step, ...]:
    """The steps in their order. The first one that is not done and can still be done is `now`."""
    steps, before = list[Step](), False
    for name in STEPS:
        found = _BY_NAME[name](facts)
        closed = facts.replaced or (facts.approved and name in CLOSED_BY_APPROVAL)
        if found.done:
            steps.append(Step(name, DONE))
        elif closed:
            steps.append(Step(name, PASSED))
        else:
            state = NOW if not before else OPEN if found.begun else AHEAD
            steps.append(Step(name, state, found.lacks, found.count, found.who))
            before = True
    return tuple(steps)


def next_step(steps: tuple[Step, ...]) -> Step | None:
    """The step that is next; None when nothing is left to do."""
    return next((step for step in steps if step.state == NOW), None)


def _compile(facts: Facts) -> Found:
    if not facts.entries:
        return Found(False, False, "empty")
    return Found(not facts.undecided, True, "undecided", facts.undecided)


def _consult(facts: Facts) -> Found:
    if not facts.consulted:
        return Found(False, False, "not_sent")
    if facts.waiting:
        return Found(False, True, "waiting", facts.waiting)
    return Found(bool(facts.comments) or not facts.in_round, True, "no_comment", who=UNITS)


def _screen(facts: Facts) -> Found:
    if not facts.entries:
        return Found(False, False, "empty")
    if facts.vetoes:
        return Found(False, True, "vetoes", facts.vetoes)
    return Found(facts.scored, False, "unscored")


def _allocate(facts: Facts) -> Found:
    if facts.solved:
        return Found(facts.arranged, True, "unapproved", facts.solved, SECOND)
    return Found(facts.arranged, bool(facts.scenarios), "unsolved" if facts.scenarios else "no_scenario")


def _approve(facts: Facts) -> Found:
    refused = facts.undecided + facts.waiting + facts.vetoes
    return Found(facts.approved, False, "refused" if refused else "ready", refused, PLANNER if refused else SECOND)


def _grant(facts: Facts) -> Found:
    if not facts.round:
        return Found(False, False, "no_round", who=FINANCE)
    if facts.unreviewed:
        return Found(False, facts.unreviewed < facts.lines, "unreviewed", facts.unreviewed, FINANCE)
    if facts.ungranted:
        return Found(False, True, "ungranted", facts.ungranted, FINANCE)
    return Found(bool(facts.granted), facts.lines > 0, "nothing_to_grant", who=FINANCE)


def _publish(facts: Facts) -> Found:
    return Found(facts.issued, False, "ready" if facts.approved else "not_approved")


_BY_NAME: dict[str, Callable[[Facts], Found]] = {
    "compile": _compile,
    "consult": _consult,
    "screen": _screen,
    "allocate": _allocate,
    "approve": _approve,
    "grant": _grant,
    "publish": _publish,
}
