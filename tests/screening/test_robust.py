"""Robustness: what a clear lead and a tie look like, repeatability, and the tornado."""

from dataclasses import dataclass

import numpy as np
import pytest

from portfolio.screening.rules.robust import DRAWS, Ends, Limit, drawing_of, drawn, factors_of, shaken, tornado
from portfolio.screening.rules.scoring import Sheet, ranking, score
from tests.screening.plain import CODES, FACTS, SECTORS, policy


def ranked() -> tuple[Sheet, np.ndarray]:
    sheet = score(policy(), FACTS, SECTORS)
    return sheet, ranking(sheet, FACTS, CODES, np.zeros(4, np.bool_))


@dataclass(frozen=True)
class Robustness:
    """For each project in the order of the ranking: share of draws in which it makes the cut, 5 % and 95 % rank."""

    order: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


def robustness(
    sheet: Sheet,
    order: np.ndarray,
    limit: Limit,
    amounts: np.ndarray | None = None,
    draws: int = DRAWS,
) -> Robustness:
    """Rank all projects of `order` under `draws` sets of weights, each group's shaken by ±`spread`.

    The shaken weights of a profile are brought back to 100; equal points keep their order. `amounts` (万元, in the
    order of the sheet) are what an envelope pays. Draws are worked out in blocks: memory does not grow with them.
    """
    drawing = drawing_of(sheet, order, amounts)
    share, low, high = drawn(drawing, limit, factors_of(drawing, draws))
    return Robustness(order, share, low, high)


def test_shaken_weights_stay_within_the_spread_and_add_up() -> None:
    factors = np.random.default_rng(1).uniform(0.8, 1.2, (50, 3))
    found = shaken(drawing_of(*ranked()), factors)
    np.testing.assert_allclose(found[:, :2, :].sum(axis=1), 100)
    assert (found[:, 2, :] == 5).all()


def test_a_clear_lead_is_sure_and_the_same_seed_says_the_same() -> None:
    sheet, order = ranked()
    found = robustness(sheet, order, Limit(1), draws=2000)
    assert [CODES[place] for place in found.order] == ["P1", "P2", "P4", "P3"]
    assert found.share.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert (found.low[0], found.high[0]) == (1, 1)
    again = robustness(sheet, order, Limit(1), draws=2000)
    np.testing.assert_array_equal(found.share, again.share)


def test_shares_of_a_cut_add_up_to_its_places() -> None:
    sheet, order = ranked()
    assert robustness(sheet, order, Limit(3), draws=500).share.sum() == pytest.approx(3)


def test_an_envelope_pays_from_the_first_on() -> None:
    sheet, order = ranked()
    found = robustness(sheet, order, Limit(4, 300.0), FACTS["year_wan"], draws=500)
    assert dict(zip([CODES[n] for n in found.order], found.share, strict=True)) == {
        "P1": 1.0,
        "P2": 1.0,
        "P4": 0.0,
        "P3": 0.0,
    }


def test_draws_in_blocks_are_the_draws_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, order = ranked()
    whole = robustness(sheet, order, Limit(2), draws=700)
    monkeypatch.setattr("portfolio.screening.rules.robust.BLOCK_CELLS", 40)
    parts = robustness(sheet, order, Limit(2), draws=700)
    np.testing.assert_array_equal(whole.share, parts.share)
    np.testing.assert_array_equal(whole.high, parts.high)


def test_every_project_is_drawn_and_its_span_is_that_of_all_draws() -> None:
    """The ends that are kept give the very ranks that a whole table of ranks gives."""
    ranks = np.stack([np.random.default_rng(seed).permutation(3000) + 1 for seed in range(200)])
    ends = Ends(3000, 200)
    for start in range(0, 200, 7):
        ends.add(ranks[start : start + 7])
    low, high = ends.quantiles()
    whole = np.sort(ranks, axis=0)
    np.testing.assert_array_equal(low, whole[9])
    np.testing.assert_array_equal(high, whole[189])


def test_a_list_of_thousands_is_ranked_whole() -> None:
    chance, size = np.random.default_rng(7), 2500
    facts = {name: chance.choice(values, size) for name, values in FACTS.items()}
    sheet = score(policy(), facts, [SECTORS[0]] * size)
    order = ranking(sheet, facts, [f"{place:05}" for place in range(size)], np.zeros(size, np.bool_))
    found = robustness(sheet, order, Limit(40), draws=100)
    assert len(found.order) == size
    assert found.share.sum() == pytest.approx(40)


def test_tornado_by_hand() -> None:
    """P2 earns half of ripe (50) and 0.6375 of money (50): at 40:50 it has (20 + 31.875)/90 of 100, so 57.638…"""
    sheet, order = ranked()
    bars = {bar.group: bar for bar in tornado(sheet, order, 1)}
    assert bars["ripe"].low_points == pytest.approx((20 + 31.875) / 90 * 100)
    assert bars["ripe"].high_points == pytest.approx((30 + 31.875) / 110 * 100)
    assert set(bars) == {"ripe", "money"}
    assert (bars["ripe"].low_rank, bars["ripe"].high_rank) == (2, 2)
