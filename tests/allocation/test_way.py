"""Where a year stands, by value: every state of every step, and laws that hold whatever the facts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.core.i18n import LANGUAGES, has_text
from portfolio.scenarios.rules.way import (
    AHEAD,
    DONE,
    FINANCE,
    NOW,
    OPEN,
    PASSED,
    PLANNER,
    SECOND,
    STEPS,
    UNITS,
    Facts,
    Step,
    next_step,
    way,
)

COMPILED = Facts(entries=3)
CONSULTED = replace(COMPILED, consulted=True, in_round=True, comments=2)
SCREENED = replace(CONSULTED, scored=True)
ARRANGED = replace(SCREENED, scenarios=1, solved=1, arranged=True)
APPROVED = replace(ARRANGED, approved=True, in_round=False)
GRANTED = replace(APPROVED, round=True, lines=4, granted=3)
ISSUED = replace(GRANTED, issued=True)


def states(facts: Facts) -> str:
    letters = {DONE: "d", NOW: "N", OPEN: "o", AHEAD: "-", PASSED: "p"}
    return "".join(letters[step.state] for step in way(facts))


@pytest.mark.parametrize(
    ("facts", "shown", "step"),
    [
        (Facts(), "N------", Step("compile", NOW, "empty", 0, PLANNER)),
        (Facts(entries=3, undecided=2), "N------", Step("compile", NOW, "undecided", 2, PLANNER)),
        (COMPILED, "dN-----", Step("consult", NOW, "not_sent", 0, PLANNER)),
        (replace(CONSULTED, comments=0), "dN-----", Step("consult", NOW, "no_comment", 0, UNITS)),
        (replace(CONSULTED, waiting=1), "dN-----", Step("consult", NOW, "waiting", 1, PLANNER)),
        (replace(CONSULTED, undecided=1), "Nd-----", Step("compile", NOW, "undecided", 1, PLANNER)),
        (CONSULTED, "ddN----", Step("screen", NOW, "unscored", 0, PLANNER)),
        (replace(SCREENED, vetoes=2), "ddN----", Step("screen", NOW, "vetoes", 2, PLANNER)),
        (SCREENED, "dddN---", Step("allocate", NOW, "no_scenario", 0, PLANNER)),
        (replace(SCREENED, scenarios=2), "dddN---", Step("allocate", NOW, "unsolved", 0, PLANNER)),
        (replace(SCREENED, scenarios=2, solved=1), "dddN---", Step("allocate", NOW, "unapproved", 1, SECOND)),
        (ARRANGED, "ddddN--", Step("approve", NOW, "ready", 0, SECOND)),
        (APPROVED, "dddddN-", Step("grant", NOW, "no_round", 0, FINANCE)),
        (replace(GRANTED, unreviewed=4), "dddddN-", Step("grant", NOW, "unreviewed", 4, FINANCE)),
        (replace(GRANTED, ungranted=1), "dddddN-", Step("grant", NOW, "ungranted", 1, FINANCE)),
        (replace(GRANTED, granted=0), "dddddN-", Step("grant", NOW, "nothing_to_grant", 0, FINANCE)),
        (GRANTED, "ddddddN", Step("publish", NOW, "ready", 0, PLANNER)),
        (ISSUED, "ddddddd", None),
        (replace(ISSUED, replaced=True), "ddddddd", None),
    ],
)
def test_each_place_on_the_way(facts: Facts, shown: str, step: Step | None) -> None:
    assert (states(facts), next_step(way(facts))) == (shown, step)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        # Approved without a consultation, scores or an allocation: what cannot be made up is passed, the rest is next.
        (Facts(entries=3, approved=True), "dppNd--"),
        # Issued before the money is granted.
        (replace(APPROVED, issued=True), "dddddNd"),
        # Money is granted while the edition still is a draft.
        (replace(COMPILED, round=True, lines=4, ungranted=2, granted=2), "dN---o-"),
        # An allocation is under way, a veto is open.
        (replace(SCREENED, scenarios=1, vetoes=1), "ddNo---"),
        # Replaced by a later edition: nothing is next.
        (replace(SCREENED, approved=True, replaced=True), "dddpdpp"),
    ],
)
def test_steps_out_of_their_order(facts: Facts, shown: str) -> None:
    assert states(facts) == shown


def test_an_approval_that_is_refused_says_of_how_much() -> None:
    steps = {step.name: step for step in way(replace(ARRANGED, undecided=2, waiting=1, vetoes=3))}
    assert steps["approve"] == Step("approve", AHEAD, "refused", 6, PLANNER)


NUMBERS = st.integers(0, 5)


@given(
    st.builds(
        Facts,
        *(NUMBERS, NUMBERS, st.booleans(), st.booleans(), NUMBERS, NUMBERS, NUMBERS, st.booleans(), NUMBERS, NUMBERS),
        *(st.booleans(), st.booleans(), st.booleans(), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans()),
        st.booleans(),
    )
)
def test_whatever_the_facts(facts: Facts) -> None:
    steps = way(facts)
    assert tuple(step.name for step in steps) == STEPS
    now = [step for step in steps if step.state == NOW]
    assert len(now) <= 1 and next_step(steps) == (now[0] if now else None)
    assert bool(now) == any(step.state in (NOW, OPEN, AHEAD) for step in steps)
    assert all(bool(step.lacks) == bool(step.who) == (step.state in (NOW, OPEN, AHEAD)) for step in steps)
    before = [step.state for step in steps[: steps.index(now[0])]] if now else []
    assert set(before) <= {DONE, PASSED}
    assert not (facts.replaced and now)
    for step in steps:
        keys = [f"way-{step.name}", f"way-state-{step.state}"]
        keys += [f"way-lacks-{step.name}-{step.lacks}", f"way-who-{step.who}"] if step.lacks else []
        assert all(has_text(key, lang) for key in keys for lang in LANGUAGES), step
