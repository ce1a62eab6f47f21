"""What is wrong with a problem before it is solved, each finding with its remedy in the catalogues."""

from portfolio.allocation.answer import Finding
from portfolio.allocation.problem import Problem


def check(problem: Problem) -> list[Finding]:
    """Every finding; `severe` ones stop the solving, the others (`uncovered`) are told beside the answer."""
    raise NotImplementedError
