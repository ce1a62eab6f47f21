"""Where a fact of a project is stated: the page that leads out of "not known"."""

from dashboard.components.links import address
from portfolio.screening.rules import books

TABS = {"details": "elements", "finance": "finance", "readiness": "readiness"}
CRITERIA = "#card-criteria"


def place(code: str, fact: str) -> str:
    """The address at which `fact` of project `code` is stated; a criterion is stated further down the same page."""
    row = books.facts().get(fact)
    source = row["source"] if row else "criteria"
    if source == "criteria":
        return CRITERIA
    if source in TABS:
        return address(f"/projects/{code}", {"tab": TABS[source]})
    return f"/projects/{code}/edit"
