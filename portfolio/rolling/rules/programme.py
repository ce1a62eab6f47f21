"""An edition as columns: facts of its standing projects and their needs as integers, for comparing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Facts:
    """What a comparison needs to know of a project in an edition; `change` is empty when it was rejected."""

    code: str
    category: str
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None = None
    rung: str = ""
    change: str = ""


@dataclass(frozen=True)
class Programme:
    """`facts` by project id; needs by project id, item, year and base units, no two of the same cell, in any order."""

    facts: dict[int, Facts]
    project: Ints
    item: Ints
    year: Ints
    required: Ints

    def of(self, projects: Sequence[int]) -> "Programme":
        """The same with some projects alone."""
        wanted = set(projects)
        here = np.isin(self.project, np.array(sorted(wanted), np.int64))
        columns = (self.project[here], self.item[here], self.year[here], self.required[here])
        return Programme({number: one for number, one in self.facts.items() if number in wanted}, *columns)
