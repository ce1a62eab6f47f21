"""Ways to weights."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.screening.weights import centroid, hundred, matrix, pairwise

SHARES = st.lists(st.floats(0.05, 1.0), min_size=3, max_size=9)


@given(SHARES)
def test_consistent_judgements_give_their_weights_back(shares: list[float]) -> None:
    weights = np.array(shares) / sum(shares)
    found = pairwise(weights[:, None] / weights[None, :])
    np.testing.assert_allclose(found.weights, weights, atol=1e-9)
    assert found.ratio == pytest.approx(0, abs=1e-9)


def test_judgements_in_a_circle_are_flagged() -> None:
    found = pairwise(matrix(3, {(0, 1): 9, (1, 2): 9, (0, 2): 1 / 9}))
    assert not found.consistent
    np.testing.assert_allclose(found.weights, [1 / 3] * 3, atol=1e-9)


def test_a_published_example() -> None:
    """Saaty's school example in small: 1, 3, 5 / 1, 3 / 1 gives 0.637, 0.258, 0.105 with CR 0.033."""
    found = pairwise(matrix(3, {(0, 1): 3, (0, 2): 5, (1, 2): 3}))
    np.testing.assert_allclose(found.weights, [0.637, 0.258, 0.105], atol=5e-4)
    assert found.ratio == pytest.approx(0.033, abs=5e-4)
    assert found.consistent


@given(st.integers(1, 15))
def test_centroid_weights_fall_and_add_up(size: int) -> None:
    weights = centroid(size)
    assert sum(weights) == pytest.approx(1)
    assert list(weights) == sorted(weights, reverse=True)


def test_centroid_of_three() -> None:
    assert centroid(3) == pytest.approx((11 / 18, 5 / 18, 2 / 18))


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=15))
def test_hundredths_add_up_to_exactly_100(weights: list[float]) -> None:
    assert sum(hundred(weights)) == Decimal(100)
