"""Journalled changes of postings, decisions and editions as lines: field by field, named and with units."""

from collections.abc import Mapping
from typing import Any

from dashboard.context import Context
from dashboard.data import References
from dashboard.words.changes import fact_value, field_name, in_words, plain
from portfolio.core.formatting import NONE_MARK, quantity
from portfolio.core.i18n import has_text
from portfolio.finance.rules.books import by_code
from portfolio.journal.queries import HistoryEntry
from portfolio.screening.rules.books import facts

MONEY = frozenset(
    {"asked", "proposed", "granted", "amount", "budget_yuan", "own_yuan", "annual_yuan", "total_yuan", "carried_yuan"}
) | {"completed", "expected", "to_date"}
SILENT = frozenset({"project", "project_id", "version", "line", "entry", "id", "sha256", "inputs_hash"})
Coded = Mapping[str, tuple[str, ...]]
CODED: Coded = {
    "kind": ("entry-kind-{}", "review-did-{}", "pool-kind-{}"),
    "level": ("level-{}",),
    "source": ("bucket-{}",),
    "target": ("bucket-{}",),
    "decision": ("decision-{}",),
    "category": ("category-{}",),
    "batch": ("batch-{}",),
    "change": ("change-{}",),
    "state": ("review-state-{}", "edition-{}"),
    "way": ("journal-way-{}",),
    "owes": ("journal-owes-{}",),
    "role": ("role-{}",),
    "element": ("element-{}",),
}
RECORD_STATE = {"state": ("state-{}",)}
LONGEST = 160
PAIR = 2


def stated_changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    """A line for every field whose value differs before and after; what did not change is left out."""
    before, after = _flat(entry.before), _flat(entry.after)
    if not before and not after:
        return []
    coded = {**CODED, **(RECORD_STATE if entry.room == "reporting" else {})}
    item = str(after.get("item") or before.get("item") or "")
    found = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if name in SILENT or old == new or (_is_blank(old) and _is_blank(new)):
            continue
        values = [_value(context, references, name, value, item, coded) for value in (old, new)]
        if entry.before is None:
            found.append(context.text("history-stated", name=field_name(context, name), value=values[1]))
        else:
            found.append(
                context.text("history-change", name=field_name(context, name), before=values[0], after=values[1])
            )
    return found


def _flat(values: Any) -> dict[str, Any]:
    """The fields of a value; a mapping inside it gives its own fields."""
    if not isinstance(values, dict):
        return {}
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= value if name == "decision" and isinstance(value, dict) else {name: value}
    return found


def _value(context: Context, references: References, name: str, value: Any, item: str, coded: Coded) -> str:
    if _is_blank(value):
        return NONE_MARK
    # A figure of a year is named with it: `to_date 2025`.
    if name.partition(" ")[0] in MONEY and isinstance(value, int):
        return quantity(value, "money", context.lang)
    if name == "quantity" and isinstance(value, int):
        node = references.tree.by_code.get(item)
        return quantity(value, node.dimension if node else "money", context.lang)
    if name == "item":
        node = references.tree.by_code.get(str(value))
        return references.tree.path_name(node.code, context.lang) if node else str(value)
    if name == "reason" and value in by_code("reasons"):
        return str(by_code("reasons")[value][f"name_{context.lang}"])
    if isinstance(value, bool):
        return context.text("yes" if value else "no")
    return in_words(context, references, name, value) or _coded(context, name, value, coded)


def _coded(context: Context, name: str, value: Any, coded: Coded) -> str:
    if name in facts() and isinstance(value, list) and len(value) == PAIR:
        return fact_value(context, name, value)
    if isinstance(value, dict | list):
        return plain(context, value)[:LONGEST]
    keys = (key.format(value) for key in coded.get(name, ()))
    known = next((key for key in keys if has_text(key, context.lang)), None)
    return context.text(known) if known else str(value)


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})
