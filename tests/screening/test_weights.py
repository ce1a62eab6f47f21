"""Ways to weights."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.screening.rules.weights import centroid, hundred, matrix, most_contrary, pairwise

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


def test_the_judgement_that_contradicts_the_others_is_named() -> None:
    """The first outweighs the last eight times by way of all others: that it should be outweighed by it is odd."""
    shares = np.array([8.0, 4.0, 2.0, 1.0])
    table = shares[:, None] / shares[None, :]
    table[0, 3], table[3, 0] = 1 / 8, 8.0
    found = pairwise(table)
    row, column, implied = most_contrary(table)
    assert not found.consistent
    assert (row, column) == (0, 3)
    assert implied == pytest.approx(8)
