"""Editions of the rolling programme: rolled, decided, consulted on, approved, compared."""

from dashboard.page import Nav, Page
from dashboard.pages.programme import edition, editions

PAGES = (
    Page("/editions", editions.layout, editions.register_callbacks, nav=Nav("editions", "calendar-repeat", "plan")),
    Page("/editions/<code>", edition.layout, edition.register_callbacks, above="/editions"),
)
