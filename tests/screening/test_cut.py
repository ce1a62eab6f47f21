"""The cut drawn with few projects is the cut drawn with all of them, to the last draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.screening.rules import cut
from portfolio.screening.rules.cut import around_cut
from portfolio.screening.rules.robust import Drawing, Limit, drawn, factors_of, totals

DRAWS = 300


def drawing(seed: int, size: int, profiles: int, cap: float | None, steps: int) -> Drawing:
    """Scores on few steps, so that many are alike, some below zero; ordered by their points under the plain weights."""
    chance = np.random.default_rng(seed)
    scores = chance.integers(-1, steps + 1, (4, size)) / steps
    weights = np.vstack([chance.dirichlet(np.ones(3), profiles).T * 100, np.full((1, profiles), 5.0)])
    of = chance.integers(0, profiles, size)
    points = (weights[:, of] * scores).sum(axis=0)
    order = np.argsort(-points if cap is None else -np.minimum(points, cap), kind="stable")
    money = chance.integers(0, 50, size).astype(float)
    return Drawing(scores[:, order], of[order], weights, np.array([True, True, True, False]), cap, money[order])


def same_as_all(given: Drawing, limit: Limit) -> None:
    found = around_cut(given, limit, DRAWS)
    share, low, high = drawn(given, limit, factors_of(given, DRAWS))
    np.testing.assert_array_equal(found.share, share[found.places])
    np.testing.assert_array_equal(found.low, low[found.places])
    np.testing.assert_array_equal(found.high, high[found.places])
    assert (found.sure, found.drawn) == ((share >= 0.9).sum(), given.size)
    assert found.open == ((share < 0.9) & (share > 0.1)).sum()


@given(
    seed=st.integers(0, 10_000),
    size=st.integers(1, 700),
    profiles=st.integers(1, 3),
    cap=st.sampled_from([None, 40.0, 90.0]),
    steps=st.sampled_from([2, 7, 1000]),
    top=st.integers(1, 60),
)
def test_few_drawn_say_what_all_drawn_say(
    seed: int, size: int, profiles: int, cap: float | None, steps: int, top: int
) -> None:
    same_as_all(drawing(seed, size, profiles, cap, steps), Limit(top))


def test_a_list_longer_than_the_rivals_drops_most_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given_ = drawing(3, 6000, 1, None, 1000)
    widest, plain = [0], totals

    def counted(held: Drawing, weights: np.ndarray, places: np.ndarray) -> np.ndarray:
        widest[0] = max(widest[0], len(places))
        return plain(held, weights, places)

    monkeypatch.setattr(cut, "totals", counted)
    same_as_all(given_, Limit(20))
    assert widest[0] < 1500


def test_an_envelope_ranks_everybody() -> None:
    same_as_all(drawing(5, 300, 2, None, 7), Limit(300, 900.0))


def test_a_cut_wider_than_the_list_takes_everybody() -> None:
    found = around_cut(drawing(1, 30, 1, None, 7), Limit(100), DRAWS)
    assert (found.sure, found.open, found.drawn) == (30, 0, 30)
    assert set(found.share) <= {1.0}


def test_an_empty_list_has_an_empty_cut() -> None:
    nobody = Drawing(np.zeros((4, 0)), np.zeros(0, np.int64), np.ones((4, 1)), np.ones(4, np.bool_), None, None)
    found = around_cut(nobody, Limit(5), DRAWS)
    assert (len(found.places), found.sure, found.open, found.drawn) == (0, 0, 0, 0)
