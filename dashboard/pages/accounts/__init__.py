"""Quotas and budgets as accounts: pools, entries, recoveries."""

from dashboard.page import Nav, Page
from dashboard.pages.accounts import accounts

PAGES = (
    Page(
        "/accounts",
        accounts.layout,
        accounts.register_callbacks,
        nav=Nav("accounts", "map-2", "elements"),
        needs="pool.read",
    ),
)
