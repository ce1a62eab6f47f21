"""Good rows of a needs file as columns, and the memory of which keys the file has named."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.needs.rules.items import FIRST_YEAR, LAST_YEAR

YEARS = LAST_YEAR - FIRST_YEAR + 1


@dataclass
class NeedRows:
    """Project ids, item ids, years, required (base units), bases and line numbers, all of one length."""

    project: list[int]
    item: list[int]
    year: list[int]
    required: list[int]
    basis: list[str]
    line: Sequence[int]

    def kept(self, good: NDArray[np.bool_]) -> "NeedRows":
        """The rows where `good` is true."""
        columns: list[list[Any]] = [list(compress(column, good)) for column in self.__dict__.values()]
        return NeedRows(*columns)


class SeenKeys:
    """One bit for every project × leaf × year, so that its size depends on the library and not on the file."""

    def __init__(self, project_ids: list[int], leaf_ids: list[int]) -> None:
        self._project = {project: place for place, project in enumerate(project_ids)}
        self._leaf = {leaf: place for place, leaf in enumerate(leaf_ids)}
        self._bits = np.zeros(len(project_ids) * len(leaf_ids) * YEARS // 8 + 1, np.uint8)

    def first_time(self, rows: NeedRows) -> NDArray[np.bool_]:
        """Which rows name a key for the first time; all keys are remembered."""
        projects, leaves = self._project, self._leaf
        keys = np.array(list(map(projects.__getitem__, rows.project)), np.int64) * len(leaves)
        keys += np.array(list(map(leaves.__getitem__, rows.item)), np.int64)
        keys = keys * YEARS + np.array(rows.year, np.int64) - FIRST_YEAR
        unique, first = np.unique(keys, return_index=True)
        masks = np.left_shift(1, unique & 7).astype(np.uint8)
        fresh = np.zeros(len(keys), np.bool_)
        fresh[first[(self._bits[unique >> 3] & masks) == 0]] = True
        np.bitwise_or.at(self._bits, unique >> 3, masks)
        return fresh
