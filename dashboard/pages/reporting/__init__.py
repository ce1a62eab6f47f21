"""Work at hand: one's own, the review queue, rounds of reporting."""

from dashboard.page import Nav, Page
from dashboard.pages.reporting import home, queue, rounds

PAGES = (
    Page("/home", home.layout, home.register_callbacks, nav=Nav("home", "inbox", "work", 1)),
    Page(
        "/review",
        queue.layout,
        queue.register_callbacks,
        nav=Nav("review", "clipboard-check", "work", 2),
        needs="project.review",
    ),
    Page("/reporting", rounds.layout, rounds.register_callbacks, nav=Nav("reporting", "calendar-due", "work", 3)),
)
