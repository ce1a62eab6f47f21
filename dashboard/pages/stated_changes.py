"""Journalled changes of postings, decisions and editions as lines: field by field, named and with units."""

from typing import Any

import orjson

from dashboard.context import Context
from dashboard.data import References
from portfolio.core.formatting import NONE_MARK, quantity
from portfolio.core.i18n import has_text
from portfolio.finance.books import by_code
from portfolio.journal.queries import HistoryEntry

MONEY = frozenset({"asked", "proposed", "granted", "amount", "budget_yuan", "own_yuan", "annual_yuan", "total_yuan"})
SILENT = frozenset({"project", "project_id", "version", "line", "entry", "id", "sha256", "inputs_hash"})
CODED = {
    "kind": ("entry-kind-{}", "review-did-{}"),
    "source": ("bucket-{}",),
    "target": ("bucket-{}",),
    "decision": ("decision-{}",),
    "category": ("category-{}",),
    "change": ("change-{}",),
    "state": ("review-state-{}", "edition-{}"),
    "way": ("journal-way-{}",),
    "owes": ("journal-owes-{}",),
    "role": ("role-{}",),
    "element": ("element-{}",),
}
LONGEST = 80


def stated_changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    """A line for every field whose value differs before and after; what did not change is left out."""
    before, after = _flat(entry.before), _flat(entry.after)
    if not before and not after:
        return []
    item = str(after.get("item") or before.get("item") or "")
    found = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if name in SILENT or old == new or (_is_blank(old) and _is_blank(new)):
            continue
        values = [_value(context, references, name, value, item) for value in (old, new)]
        if entry.before is None:
            found.append(context.text("history-stated", name=_name(context, name), value=values[1]))
        else:
            found.append(context.text("history-change", name=_name(context, name), before=values[0], after=values[1]))
    return found


def _flat(values: Any) -> dict[str, Any]:
    """The fields of a value; a mapping inside it gives its own fields."""
    if not isinstance(values, dict):
        return {}
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= value if name == "decision" and isinstance(value, dict) else {name: value}
    return found


def _name(context: Context, name: str) -> str:
    for key in (f"journal-field-{name}", f"col-{name}"):
        if has_text(key, context.lang):
            return context.text(key)
    return name


def _value(context: Context, references: References, name: str, value: Any, item: str) -> str:
    if _is_blank(value):
        return NONE_MARK
    if name in MONEY and isinstance(value, int):
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
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()[:LONGEST]
    keys = (key.format(value) for key in CODED.get(name, ()))
    known = next((key for key in keys if has_text(key, context.lang)), None)
    return context.text(known) if known else str(value)


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})
