"""Demonstration accounts, one of each role and a second planner, since nobody approves what they made.

They are known to all, so they open nothing from another machine.
"""

from sqlmodel import Session

from portfolio.access.rules import Actor
from portfolio.people.service import NewUser, add_user
from portfolio.people.sign_in import named

PASSWORD = "demo-2018"
ACCOUNTS = (
    ("office", "project_office", "GX-DOT", None, None),
    ("city", "city_reviewer", "CITY-450100", "450100", None),
    ("lead", "lead_reviewer", "GX-DOT", None, None),
    ("planner", "planner", "GX-DRC", None, None),
    ("approver", "planner", "GX-DRC", None, None),
    ("finance", "finance", "GX-DOF", None, None),
    ("land", "element_authority", "GX-DNR", None, "land"),
    ("leader", "leader", "GX-DRC", None, None),
    ("admin", "administrator", "GX-BBW", None, None),
    ("auditor", "auditor", "GX-DRC", None, None),
)


def add_people(session: Session, actor: Actor) -> int:
    """Make the accounts that are not there yet; returns how many."""
    made = 0
    for name, role, unit, city, element in ACCOUNTS:
        if named(session, f"demo.{name}") is None:
            data = NewUser(f"demo.{name}", role, "", unit, city, element, PASSWORD, None, False, True)
            add_user(session, actor, data)
            made += 1
    return made
