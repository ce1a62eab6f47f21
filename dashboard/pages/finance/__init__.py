"""Finance: capital, envelopes, the review of what is asked, the budget."""

from dashboard.page import Nav, Page
from dashboard.pages.finance import budget, overview, plan, reserves, review

PAGES = (
    Page("/finance", overview.layout, overview.register_callbacks, nav=Nav("finance", "coin", "elements")),
    Page("/finance/review", review.layout, review.register_callbacks, above="/finance", title="finance-tab-review"),
    Page(
        "/finance/reserves",
        reserves.layout,
        reserves.register_callbacks,
        above="/finance",
        title="finance-tab-reserves",
    ),
    Page("/finance/plan", plan.layout, plan.register_callbacks, above="/finance", title="finance-tab-plan"),
    Page("/finance/budget", budget.layout, budget.register_callbacks, above="/finance", title="finance-tab-budget"),
)
