"""What offices state of a project's investment year by year: completed in the year, to date, expected by its end."""

from collections.abc import Mapping
from itertools import pairwise

COMPLETED, TO_DATE, EXPECTED = "completed", "to_date", "expected"
KINDS = (COMPLETED, TO_DATE, EXPECTED)
Figures = Mapping[tuple[str, int], int]


def completed_in(figures: Figures) -> dict[int, int]:
    """What was completed in each year of which that is known: as stated, else between two sums to date (yuan)."""
    found = {year: amount for (kind, year), amount in figures.items() if kind == COMPLETED}
    sums = {year: amount for (kind, year), amount in figures.items() if kind == TO_DATE}
    for year, amount in sums.items():
        if year - 1 in sums and year not in found:
            found[year] = amount - sums[year - 1]
    return found


def completed_to(figures: Figures, year: int) -> int | None:
    """What was completed to the end of `year`, None when it cannot be told (yuan).

    The last sum to date up to then, with what was completed in every year since; one year not told and it is not known.
    """
    sums = {of: amount for (kind, of), amount in figures.items() if kind == TO_DATE and of <= year}
    if not sums:
        return None
    last, yearly = max(sums), completed_in(figures)
    since = [yearly.get(of) for of in range(last + 1, year + 1)]
    return None if None in since else sums[last] + sum(amount or 0 for amount in since)


def expected_to(figures: Figures, first_open: int, year: int) -> int | None:
    """What will have been completed to the end of `year`: known up to the first open year, then as it is expected."""
    known = completed_to(figures, year)
    if known is not None or year < first_open:
        return known
    before = completed_to(figures, first_open - 1)
    ahead = [figures.get((EXPECTED, of)) for of in range(first_open, year + 1)]
    return None if before is None or None in ahead else before + sum(amount or 0 for amount in ahead)


def contradictions(figures: Figures) -> list[int]:
    """The years whose sum to date is less than one before it, or not the one before and what the year completed."""
    sums = sorted((year, amount) for (kind, year), amount in figures.items() if kind == TO_DATE)
    found = []
    for (before, was), (year, now) in pairwise(sums):
        told = [figures.get((COMPLETED, of)) for of in range(before + 1, year + 1)]
        least = was + sum(amount or 0 for amount in told)
        if now < least or (None not in told and now != least):
            found.append(year)
    return found
