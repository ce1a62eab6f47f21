"""The network of a checklist against a plain longest-path search, by value and by property."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.readiness.rules.network import holding, schedule
from portfolio.readiness.rules.simulation import simulate
from portfolio.readiness.rules.templates import Template, TemplateStep, template


def longest(chosen: Template, days: dict[str, float], done: set[str]) -> dict[str, float]:
    finish: dict[str, float] = {}
    for step in chosen.steps:
        before = [finish[code] for code in step.after if code in finish]
        finish[step.code] = 0.0 if step.code in done else max([0.0, *before]) + days[step.code]
    return finish


@given(data=st.data(), kind=st.sampled_from(["approval", "verification", "filing"]))
def test_finish_days_are_the_longest_path(data: st.DataObject, kind: str) -> None:
    chosen = template(kind, "transport")
    days = {code: float(data.draw(st.integers(0, 200))) for code in chosen.codes}
    done = data.draw(st.sets(st.sampled_from(chosen.codes)))
    found = schedule(
        chosen, np.array([[days[code] for code in chosen.codes]]), np.array([[code in done for code in chosen.codes]])
    )
    expected = longest(chosen, days, done)
    assert dict(zip(chosen.codes, found.finish[0], strict=True)) == expected
    assert found.end[0] == max(expected.values())
    critical = [code for code, on in zip(chosen.codes, found.critical[0], strict=True) if on]
    assert sum(days[code] for code in critical) >= found.end[0] or not critical
    assert not set(critical) & done


def test_what_holds_it_up_is_the_first_step_not_done() -> None:
    chain = Template(
        "approval", "*", (TemplateStep("a", "always", (), (1, 2, 3)), TemplateStep("b", "always", ("a",), (1, 5, 9)))
    )
    days = np.array([[2.0, 5.0]] * 3)
    done = np.array([[False, False], [True, False], [True, True]])
    found = schedule(chain, days, done)
    assert found.end.tolist() == [7, 5, 0]
    assert holding(found).tolist() == [0, 1, -1]


def test_more_work_never_ends_earlier_and_the_same_seed_draws_the_same() -> None:
    chosen = template("approval", "transport")
    left, done = np.ones(len(chosen.codes)), np.zeros(len(chosen.codes), np.bool_)
    whole = simulate(chosen, left, done, seed=7)
    assert whole.end_days.tolist() == simulate(chosen, left, done, seed=7).end_days.tolist()
    done[chosen.codes.index("land_conversion")] = True
    less = simulate(chosen, left, done, seed=7)
    assert all(less.end_days <= whole.end_days)
    low = schedule(chosen, np.array([[step.days[0] for step in chosen.steps]], float), np.zeros((1, len(left)), bool))
    high = schedule(chosen, np.array([[step.days[2] for step in chosen.steps]], float), np.zeros((1, len(left)), bool))
    assert low.end[0] <= whole.end_days[0] <= whole.percentile(50) <= whole.percentile(90) <= high.end[0]
    assert whole.chance_by(int(high.end[0])) == 1.0
    assert whole.criticality["start_permit"] == 1.0
