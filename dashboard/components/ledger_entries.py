"""A project's entries in the ledger as a table: the same columns on the day that is now and on a day that was."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.components.amounts import amount
from dashboard.components.table import table
from dashboard.context import Context
from portfolio.core.units import OUTER_UNIT
from portfolio.vocabulary.tree import ElementTree

HEADS = (
    "column-ledger-on_date",
    "column-ledger-kind",
    "column-ledger-item",
    "column-ledger-year",
    "accounts-quantity>",
    "accounts-unit",
    "accounts-pool",
    "column-ledger-doc_no",
)
TALL = 14


def entries_table(context: Context, tree: ElementTree, entries: Sequence[Mapping[str, Any]], name: str) -> Any:
    """`entries`: `on_date`, `kind`, `item`, `year`, `quantity` in base units with its `dimension`, `pool`, `doc_no`."""
    rows = [_row(context, tree, entry) for entry in entries]
    return table(context, HEADS, rows, "accounts-no-entry", name, tall=len(rows) > TALL)


def _row(context: Context, tree: ElementTree, entry: Mapping[str, Any]) -> list[Any]:
    return [
        entry["on_date"],
        context.text(f"entry-kind-{entry['kind']}"),
        tree.by_code[entry["item"]].name(context.lang),
        str(entry["year"]),
        amount(entry["quantity"], context.lang, entry["dimension"]),
        context.text(f"unit-{OUTER_UNIT[entry['dimension']]}"),
        entry["pool"],
        entry["doc_no"],
    ]
