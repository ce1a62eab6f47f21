"""Scenarios: made, answered, compared, approved."""

from dashboard.page import Nav, Page
from dashboard.pages.scenarios import answer, scenarios

PAGES = (
    Page(
        "/allocation",
        answer.layout,
        answer.register_callbacks,
        nav=Nav("allocation", "puzzle", "plan", 3),
        needs="scenario.read",
    ),
    Page(
        "/scenarios",
        scenarios.layout,
        scenarios.register_callbacks,
        nav=Nav("scenarios", "versions", "plan", 4),
        needs="scenario.read",
    ),
)
