"""Where an edition stands, as its own page and those of its scenarios ask."""

from dashboard.data import read
from portfolio.scenarios.following.way import Way, year_way


def standing_of(edition: str) -> Way:
    """The steps of an edition on its way to publication."""
    return read(lambda session: year_way(session, edition))
