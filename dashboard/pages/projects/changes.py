"""Journalled changes of steps, details and financing as lines of a project's history."""

from typing import Any

from dashboard.components.amounts import amount
from dashboard.components.detail_words import detail_value
from dashboard.context import Context
from dashboard.data import References
from dashboard.words.stated_changes import stated_changes
from portfolio.journal.queries import HistoryEntry
from portfolio.needs.rules.attributes import attributes
from portfolio.projects.rules.facts import FILED
from portfolio.readiness.rules.templates import statuses, step_kinds
from portfolio.vocabulary.codes import label

STEP_FIELDS = ("status", "planned_on", "actual_on", "valid_until", "doc_no", "authority", "note", "basis")


def account_changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    """The lines of an entry of readiness, needs' details or finance."""
    if entry.action == "step":
        return _steps(context, entry)
    if entry.room == "attachments":
        return [_file(context, entry)]
    if entry.action == "attach":
        return [
            f"{step_kinds()[step].name(context.lang)}: {file['name']}" for step, file in (entry.after or {}).items()
        ]
    if entry.action == "details":
        return [_detail(context, key, entry, references) for key in entry.after or {}]
    if entry.action == "financing":
        return [_financing(context, entry)]
    return stated_changes(context, entry, references)


def _file(context: Context, entry: HistoryEntry) -> str:
    told = entry.after or entry.before or {}
    step = told.get("code", "").partition("/")[2] if told.get("kind") == "step" else ""
    place = step_kinds()[step].name(context.lang) + " " if step in step_kinds() else ""
    if told.get("kind") in FILED[1:]:
        place = context.text(f"files-{told['kind']}") + " "
    return f"{place}{told.get('name', '')}"


def _steps(context: Context, entry: HistoryEntry) -> list[str]:
    found = []
    for step, fresh in (entry.after or {}).items():
        name = step_kinds()[step].name(context.lang)
        before = (entry.before or {}).get(step) or {}
        for field in (one for one in STEP_FIELDS if one in fresh):
            old, new = (_said(context, field, values.get(field)) for values in (before, fresh))
            if old != new:
                words = f"{name} {context.text(f'column-steps-{field}')}"
                found.append(context.text("history-change", name=words, before=old, after=new))
    return found


def _said(context: Context, field: str, value: Any) -> str:
    if not value:
        return "—"
    if field == "status":
        return statuses()[value][f"name_{context.lang}"]
    return label("bases", value, context.lang) if field == "basis" else str(value)


def _detail(context: Context, key: str, entry: HistoryEntry, references: References) -> str:
    item, _, attribute = key.partition(" ")
    node = references.tree.by_code.get(item)
    values = [detail_value(context, attribute, (source or {}).get(key)) for source in (entry.before, entry.after)]
    name = f"{node.name(context.lang) if node else item} {attributes()[attribute].name(context.lang)}"
    return context.text("history-change", name=name, before=values[0], after=values[1])


def _financing(context: Context, entry: HistoryEntry) -> str:
    sides = [
        "—"
        if side is None
        else f"{context.text('instrument-' + side['instrument'])} {amount(side['amount_yuan'], context.lang)}"
        for side in (entry.before, entry.after)
    ]
    name = context.text("financing-title")
    return context.text("history-change", name=name, before=sides[0], after=sides[1])
