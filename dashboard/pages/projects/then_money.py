"""The steps and the money of a project as they stood on a day: read only."""

import dash_mantine_components as dmc

from dashboard.components.amounts import amount
from dashboard.components.ledger_entries import entries_table
from dashboard.components.links import card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.questions.journal import ThenPage
from portfolio.core.formatting import moment
from portfolio.readiness.rules.templates import statuses, step_kinds
from portfolio.vocabulary.tree import ElementTree


def steps_card(context: Context, page: ThenPage) -> dmc.Card:
    """What had been said of each step."""
    name = f"name_{context.lang}"
    kinds, shown = step_kinds(), page.steps
    rows = [
        [
            kinds[step].name(context.lang),
            statuses()[shown[step]["status"]][name],
            *(shown[step][part] or "" for part in ("planned_on", "actual_on", "valid_until", "doc_no", "note")),
        ]
        for step in kinds
        if step in shown
    ]
    heads = ("step", "status", "planned_on", "actual_on", "valid_until", "doc_no", "note")
    content = [table(context, [f"column-steps-{head}" for head in heads], rows, "then-no-steps", "then-steps")]
    return card(context.text("ready-steps"), content, "card-steps-then")


def financing_card(context: Context, page: ThenPage) -> dmc.Card:
    """The financing records."""
    rows = [
        [
            context.text(f"instrument-{one['instrument']}"),
            amount(one["amount_yuan"], context.lang),
            str(one["first_year"] or ""),
            one["partner"],
            context.text(f"financing-{one['status']}"),
            one["doc_no"],
        ]
        for one in page.money.records
    ]
    heads = (
        "suggest-instrument",
        "review-amount>",
        "finance-year",
        "financing-partner",
        "column-steps-status",
        "column-pools-doc_no",
    )
    content = [table(context, heads, rows, "financing-none", "then-financing")]
    return card(context.text("financing-title"), content, "card-financing-then", context.text("unit-wan-note"))


def decisions_card(context: Context, page: ThenPage, tree: ElementTree) -> dmc.Card:
    """The decisions on its review lines up to then."""
    rows = [
        [
            moment(one["at"], context.lang),
            one["round"],
            tree.by_code[one["item"]].name(context.lang),
            str(one["year"]),
            context.text(f"review-did-{one['kind']}"),
            amount(one["amount"], context.lang),
            one["doc_no"],
        ]
        for one in page.money.decisions
    ]
    heads = (
        "policy-kept-at",
        "review-round",
        "column-needs-item",
        "finance-year",
        "then-step",
        "review-amount>",
        "column-pools-doc_no",
    )
    content = [table(context, heads, rows, "then-no-decisions", "then-decisions", tall=len(rows) > 14)]
    return card(context.text("then-decisions"), content, "card-decisions-then", context.text("unit-wan-note"))


def entries_card(context: Context, page: ThenPage, tree: ElementTree) -> dmc.Card:
    """The ledger's entries for it up to then."""
    content = [entries_table(context, tree, page.money.entries, "then-entries")]
    return card(context.text("accounts-of-project"), content, "card-entries-then")
