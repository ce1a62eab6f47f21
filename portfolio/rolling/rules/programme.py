"""An edition as columns: facts of its standing projects and their needs as integers, for comparing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portfolio.rolling.rules.closing import EXPECTED, LEDGER, RUNNING, STATED, UNREPORTED

Ints = NDArray[np.int64]
# What a need rests on, as a number: the place in this list. The years ahead rest on nothing yet.
BASES = ("", LEDGER, STATED, EXPECTED, UNREPORTED, RUNNING)


@dataclass(frozen=True)
class Span:
    """The years of an edition: its base year, how many its window has, and the first that was not over (if asked).

    `closes`: it was rolled, so that what is known of the years before stands in them; one published elsewhere does not.
    """

    base_year: int
    years: int
    open_year: int | None = None
    closes: bool = True

    @property
    def last_year(self) -> int:
        """The last year of the window."""
        return self.base_year + self.years - 1


@dataclass(frozen=True)
class Facts:
    """What a comparison needs to know of a project in an edition; `change` is empty when it was rejected.

    `annual_yuan` is its target in the edition's year.
    """

    code: str
    category: str
    start_month: str | None
    finish_month: str | None
    total_yuan: int | None = None
    rung: str = ""
    change: str = ""
    annual_yuan: int = 0


@dataclass(frozen=True)
class Programme:
    """`facts` by project id; needs by project id, item, year and base units, no two of the same cell, in any order.

    `carried` is the part of each need that came over from years before, `basis` what it rests on (a place in `BASES`).
    `gone` has the change of every entry that does not stand (`completed`, `exited`, …), by project id.
    """

    facts: dict[int, Facts]
    span: Span
    gone: Mapping[int, str]
    project: Ints
    item: Ints
    year: Ints
    required: Ints
    carried: Ints
    basis: Ints

    def of(self, projects: Sequence[int]) -> "Programme":
        """The same with some projects alone."""
        wanted = set(projects)
        here = np.isin(self.project, np.array(sorted(wanted), np.int64))
        columns = (self.project, self.item, self.year, self.required, self.carried, self.basis)
        facts = {number: one for number, one in self.facts.items() if number in wanted}
        gone = {number: change for number, change in self.gone.items() if number in wanted}
        return Programme(facts, self.span, gone, *(column[here] for column in columns))
