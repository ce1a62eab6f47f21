"""What the pages ask of hand-overs."""

from dashboard.data import me, mine, read, write
from portfolio.succession import queries, service


def ended() -> list[queries.Ended]:
    """Units that ended and still bear something."""
    return read(lambda session: queries.ended_units(session, mine()))


def borne(code: str) -> queries.Borne:
    """What the unit `code` would hand over."""
    return read(lambda session: queries.borne(session, mine(), code))


def hand_over(data: service.HandOver) -> queries.Borne:
    """Hand a unit's accounts and projects over."""
    return write(lambda session: service.hand_over_unit(session, me(), data))


def held_by(name: str) -> queries.Held:
    """What an account would hand over."""
    return read(lambda session: queries.held_by(session, mine(), name))


def hand_over_account(data: service.HandOver, disable: bool) -> queries.Held:
    """Hand an account's work over."""
    return write(lambda session: service.hand_over_account(session, me(), data, disable))
