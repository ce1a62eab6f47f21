"""Every figure of every page and the list it opens: which total of that list equals it, and in which unit.

A page draws a figure by its name here (`led`, `point`), a list its totals (`total`), and both say the exact value; the
tests follow each figure to its list and compare. A figure without an entry cannot be drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from dashboard.components.aria import data
from dashboard.components.links import address


@dataclass(frozen=True)
class Figure:
    """A figure of `page`: the list it `opens`, what the address narrows that list by, and the `total` equal to it.

    `opens` may name a part of the page by `#`, and hold `{code}` where the list is one of a record. The value is a
    whole number of `unit`; `base` means yuan or square metres, as the item has it.
    """

    page: str
    opens: str
    by: tuple[str, ...]
    total: str
    unit: str


LIBRARY, GATES, FINANCE, ACCOUNTS, REVIEW = "/projects", "/screening", "/finance", "/accounts", "/finance/review"
EDITION, ENTRIES, GAPS, ITEM_YEAR = "/editions/{code}", "#pool-totals", "/finance#card-gaps", ("item", "year")
STAGES = ("asked", "granted", "delivered", "used")
STEPS = ("asked", "trimmed", "waiting", "ungranted", "granted")
PARTS = ("used", "delivered", "granted", "reserved", "free")

FIGURES: Mapping[str, Figure] = {
    "overview.projects": Figure("/", LIBRARY, (), "projects", "projects"),
    "overview.investment": Figure("/", LIBRARY, ("sort",), "investment", "yuan"),
    "overview.element": Figure("/", LIBRARY, ("item",), "needed", "base"),
    "overview.year": Figure("/", LIBRARY, ITEM_YEAR, "needed", "base"),
    "overview.city": Figure("/", LIBRARY, ("city",), "projects", "projects"),
    "overview.sector": Figure("/", LIBRARY, ("sector",), "projects", "projects"),
    "overview.stage": Figure("/", LIBRARY, ("stage",), "projects", "projects"),
    "overview.form.projects": Figure("/", LIBRARY, ("form",), "projects", "projects"),
    "overview.form.investment": Figure("/", LIBRARY, ("form", "sort"), "investment", "yuan"),
    "overview.form.element": Figure("/", LIBRARY, ("form", "item"), "needed", "base"),
    "overview.vetoed": Figure("/", GATES, ("result",), "projects", "projects"),
    "overview.proposed": Figure("/", LIBRARY, ("standing",), "projects", "projects"),
    "home.state": Figure("/home", LIBRARY, ("state",), "projects", "projects"),
    "home.projects": Figure("/home", LIBRARY, (), "projects", "projects"),
    "home.complete": Figure("/home", LIBRARY, ("complete",), "projects", "projects"),
    "home.ready": Figure("/home", LIBRARY, ("ready",), "projects", "projects"),
    "home.unsaved": Figure("/home", "/home#card-unsaved", (), "unsaved", "drafts"),
    "home.waiting": Figure("/home", "/review", (), "waiting", "projects"),
    "home.week": Figure("/home", "/reporting#card-outstanding", ("round",), "outstanding", "projects"),
    "home.weeks": Figure("/home", "/home#card-due", (), "expected", "projects"),
    "home.consultation": Figure("/home", "/home#card-consultations", (), "consultations", "consultations"),
    "home.asked": Figure("/home", REVIEW, ("round", "state"), "lines", "lines"),
    "home.recovery": Figure("/home", ACCOUNTS + "#card-recovery", ("element",), "due", "reserves"),
    "home.locked": Figure("/home", "/people", ("state",), "locked", "accounts"),
    "home.journal": Figure("/home", "/journal", ("first",), "changes", "changes"),
    "hand_over.projects": Figure("/hand-over", LIBRARY, ("unit",), "projects", "projects"),
    "tasks.task": Figure("/tasks", LIBRARY, ("task",), "projects", "projects"),
    "tasks.lead": Figure("/tasks", LIBRARY, ("lead_unit",), "projects", "projects"),
    "readiness.waiting": Figure("/readiness", LIBRARY, ("waits",), "projects", "projects"),
    "readiness.begun": Figure("/readiness", LIBRARY, ("ready",), "projects", "projects"),
    "readiness.step": Figure("/readiness", LIBRARY, ("waits",), "projects", "projects"),
    "screening.gate": Figure("/screening", GATES, ("gate", "result"), "projects", "projects"),
    "screening.fact": Figure("/screening", GATES, ("gate", "result", "fact"), "projects", "projects"),
    "finance.asked": Figure("/finance", LIBRARY, ITEM_YEAR, "needed", "yuan"),
    "finance.gap": Figure("/finance", GAPS, ("year",), "gap_fiscal", "yuan"),
    "finance.envelope": Figure("/finance", "/finance/budget", ("year",), "envelope", "yuan"),
    **{f"finance.{stage}": Figure("/finance", ACCOUNTS, ("element", "year"), stage, "yuan") for stage in STAGES[1:]},
    **{f"finance.year.{stage}": Figure("/finance", FINANCE, ("year",), stage, "yuan") for stage in STAGES},
    "finance.source.asked": Figure("/finance", LIBRARY, ITEM_YEAR, "needed", "yuan"),
    "finance.source.granted": Figure("/finance", ACCOUNTS, ("element", "year", "item"), "granted", "yuan"),
    "finance.flow": Figure("/finance", LIBRARY, ("item", "sector", "year"), "needed", "yuan"),
    "finance.certainty": Figure("/finance", GAPS, ("year", "certainty"), "projects", "projects"),
    "finance.heat": Figure("/finance", "/projects/{code}#card-life", ("tab", "year"), "gap_fiscal", "yuan"),
    **{f"finance.step.{step}": Figure("/finance", REVIEW, ("round", "year"), step, "yuan") for step in STEPS},
    **{
        f"accounts.pool.{part}": Figure(
            "/accounts", ACCOUNTS + ENTRIES, ("element", "year", "pool"), f"pool_{part}", "base"
        )
        for part in PARTS
    },
    "review.state": Figure(REVIEW, REVIEW, ("state",), "lines", "lines"),
    "proposals.decision": Figure("/editions/{code}?tab=proposals", EDITION, ("tab", "decision"), "entries", "entries"),
    "accounts.asked": Figure("/accounts", LIBRARY, ("item", "year", "city"), "needed", "base"),
    "annual.table": Figure("/editions/{code}?tab=annual", EDITION, ("tab", "by", "table"), "items", "entries"),
    "annual.city": Figure("/editions/{code}?tab=annual", EDITION, ("tab", "city", "standing"), "entries", "entries"),
    "board.count": Figure("/editions/{code}?tab=board", EDITION, ("tab", "category", "standing"), "entries", "entries"),
    "board.annual": Figure("/editions/{code}?tab=board", EDITION, ("tab", "category", "standing"), "annual", "yuan"),
    "decomposed.task": Figure(
        "/editions/{code}?tab=tasks", EDITION, ("tab", "task", "city", "standing"), "entries", "entries"
    ),
}

# Charts that open no list, and why not.
STILL: Mapping[str, str] = {
    "editions": "its points are editions, not numbers: each leads to its edition",
    "bridge": "its causes are listed below it on the same page",
    "compare-city": "what scenarios would do; each scenario's own list is behind its name",
    "compare-sector": "what scenarios would do; each scenario's own list is behind its name",
    "solving": "the course of a computation",
    "timeline": "what a scenario would do; its list stands above",
    "frontier": "answers of other budgets, of which no list is kept",
    "curve": "answers of other limits, of which no list is kept",
    "path": "one project's steps, listed below",
    "chance": "chances of one project",
    "project-tornado": "one project's scores, listed below",
    "policy-bars": "scores; the ranking stands beside it, and each bar leads to its project",
    "policy-tornado-figure": "weights of a policy",
    "entry-map": "where a project lies; not a number",
}


def opened(name: str, kept: Mapping[str, Any] | None = None, code: str = "", **by: Any) -> str:
    """The address of the list behind figure `name`, narrowed by `by` and by what the page itself is narrowed by."""
    figure = FIGURES[name]
    unknown = by.keys() - set(figure.by)
    if unknown:
        raise KeyError(f"{name}: {sorted(unknown)}")
    path, mark, part = figure.opens.partition("#")
    return address(path.replace("{code}", quote(code, safe="")), {**(kept or {}), **by}) + mark + part


def led(
    name: str, value: int | None, kept: Mapping[str, Any] | None = None, code: str = "", **by: Any
) -> dict[str, Any]:
    """What makes an anchor the figure `name` of `value` (None: not known): its address, and what the tests compare."""
    said = "" if value is None else str(value)
    return {"href": opened(name, kept, code, **by), "refresh": False, **data(figure=name, value=said)}


def point(name: str, value: int | None, code: str = "", **by: Any) -> list[str]:
    """What a point of a chart carries: the address of its list first, then what the tests compare."""
    return [opened(name, None, code, **by), name, "" if value is None else str(value)]


def total(name: str, value: int | None) -> dict[str, Any]:
    """What marks the total `name` of a list; `value` None says that nobody stated any of it."""
    return data(total=name, sum="" if value is None else str(value))
