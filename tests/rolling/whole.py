"""A programme rolled as a whole; the product rolls its cases one by one, in chunks."""

from portfolio.rolling.rules.roll import Inputs, Proposal, roll_case


def roll(inputs: Inputs) -> list[Proposal]:
    """The proposed entries of the next edition by project code: every parent entry once, and who should join."""
    rolled = (roll_case(inputs.calendar, inputs.rules, case) for case in inputs.cases())
    return [one for one in rolled if one is not None]
