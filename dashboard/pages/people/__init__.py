"""Who comes in: accounts of persons, one's own account, the journal."""

from dashboard.page import Nav, Page
from dashboard.pages.people import account, hand_over, journal, people

PAGES = (
    Page("/people", people.layout, people.register_callbacks, nav=Nav("people", "users", "system"), needs="user.read"),
    Page(
        "/journal",
        journal.layout,
        journal.register_callbacks,
        nav=Nav("journal", "history", "system", 1),
        needs="journal.read",
    ),
    Page(
        hand_over.PATH,
        hand_over.layout,
        hand_over.register_callbacks,
        above="/tasks",
        title="hand-over-page",
        needs="unit.hand_over",
    ),
    Page("/account", account.layout, account.register_callbacks),
)
