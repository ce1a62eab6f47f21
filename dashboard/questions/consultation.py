"""What the pages ask of a consultation's addressees, and what follows from an approval."""

from dashboard.data import me, mine, read, write
from portfolio.rolling import addressees
from portfolio.rolling.ahead import Ahead, approval_ahead


def usual(code: str) -> addressees.Invitation:
    """Whom a consultation asks when nobody says otherwise."""
    return read(lambda session: addressees.usual_invitation(session, code))


def asked(code: str) -> list[addressees.Addressed]:
    """Who is asked, those that have not answered first."""
    return read(lambda session: addressees.addressed(session, code))


def owed() -> list[addressees.Owed]:
    """What consultations ask of whoever is signed in."""
    return read(lambda session: addressees.owed(session, me()))


def ahead(code: str) -> Ahead:
    """What follows from approving a draft."""
    return read(lambda session: approval_ahead(session, mine(), code))


def ask(code: str, invitation: addressees.Invitation) -> list[str]:
    """Ask further units."""
    return write(lambda session: addressees.address(session, me(), code, invitation))


def remind(code: str) -> list[str]:
    """Remind all who have not answered."""
    return write(lambda session: addressees.remind(session, me(), code))


def no_objection(code: str, unit: str) -> None:
    """Answer 无意见 for a unit."""
    write(lambda session: addressees.answer_no_objection(session, me(), code, unit))
