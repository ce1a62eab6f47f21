"""Gates and scores: the matrix, and the policies behind it."""

from dashboard.page import Nav, Page
from dashboard.pages.screening import policy, screening

PAGES = (
    Page("/screening", screening.layout, screening.register_callbacks, nav=Nav("screening", "filter", "plan", 1)),
    Page("/policy", policy.layout, policy.register_callbacks, nav=Nav("policy", "adjustments", "plan", 2)),
)
