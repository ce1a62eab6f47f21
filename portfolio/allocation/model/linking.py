"""Which pool stands behind which: the narrowest of those that may pay all that a pool pays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portfolio.allocation.model.binding import binds_item
from portfolio.allocation.model.chain import narrowest_first
from portfolio.allocation.model.problem import Pool
from portfolio.finance.rules.paying import known_items
from portfolio.vocabulary.codes import WHOLE_REGION


def linked(pools: Sequence[Pool], paths: Mapping[str, tuple[str, ...]]) -> tuple[Pool, ...]:
    """The pools, each with the code of the next wider one of its year: every item and region of it lies in that.

    `paths` gives for a region itself and those that hold it. Pools of equal reach stand behind each other by code.
    """
    by_year: dict[tuple[int, str], list[int]] = {}
    reach = [_reach(pool) for pool in pools]
    for place in narrowest_first(pools):
        by_year.setdefault((pools[place].year, pools[place].item.partition(".")[0]), []).append(place)
    behind: dict[int, str] = {}
    for places in by_year.values():
        for rank, place in enumerate(places):
            wider = (other for other in places[rank + 1 :] if reach[place] <= reach[other])
            held = (other for other in wider if _holds(pools[other].region, pools[place].region, paths))
            found = next(held, None)
            behind[place] = "" if found is None else pools[found].code
    return tuple(replace(pool, behind=behind[place]) for place, pool in enumerate(pools))


def _reach(pool: Pool) -> frozenset[str]:
    return frozenset(item for item in known_items() if binds_item(pool, item))


def _holds(wide: str, narrow: str, paths: Mapping[str, tuple[str, ...]]) -> bool:
    return wide == WHOLE_REGION or wide in paths.get(narrow, (narrow,))
