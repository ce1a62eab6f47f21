"""Who changed what, when, from what to what."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.project_changes import account_changes
from portfolio.core.formatting import moment, quantity
from portfolio.journal.queries import HistoryEntry
from portfolio.vocabulary.codes import label

SHOWN = 8
CODED = {
    "kind": "kinds",
    "stage": "stages",
    "nature": "natures",
    "approval_type": "approval_types",
    "stage_basis": "bases",
    "schedule_basis": "bases",
    "investment_basis": "bases",
}
NAMES = {"total_investment_yuan": "total_investment", "region_codes": "regions"}


def history_card(context: Context, entries: list[HistoryEntry], references: References) -> dmc.Card:
    """The project's journal, newest first."""
    items = [_entry(context, entry, references) for entry in entries]
    body: Any = (
        html.Ol(items, className="history") if items else dmc.Text(context.text("history-none"), c="dimmed", size="sm")
    )
    title = dmc.Title(context.text("project-history"), order=2, size="h5", mb="xs")
    return dmc.Card([title, body], withBorder=True, padding="md", id="card-history")


def _entry(context: Context, entry: HistoryEntry, references: References) -> html.Li:
    actor = context.text(f"actor-{entry.actor}") if entry.actor in ("local", "system") else entry.actor
    head = f"{moment(entry.at, context.lang)}  {actor}  {context.text(f'action-{entry.room}-{entry.action}')}"
    changes = _changes(context, entry, references)
    lines = [html.Li(text) for text in changes[:SHOWN]]
    if len(changes) > SHOWN:
        more = html.Ul([html.Li(text) for text in changes[SHOWN:]])
        summary = context.text("history-more", count=str(len(changes) - SHOWN))
        lines.append(html.Li(html.Details([html.Summary(summary), more])))
    reason = (
        dmc.Text(context.text("history-reason", reason=entry.reason), size="sm", c="dimmed") if entry.reason else None
    )
    return html.Li([html.Strong(head), html.Ul(lines) if lines else None, reason])


def _changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    if entry.room == "needs" and entry.action != "details":
        return _need_changes(context, entry, references)
    if entry.room != "projects":
        return account_changes(context, entry, references)
    if not isinstance(entry.before, dict) or not isinstance(entry.after, dict):
        return []
    return [
        context.text(
            "history-change",
            name=_field(context, name),
            before=_value(context, references, name, entry.before.get(name)),
            after=_value(context, references, name, entry.after.get(name)),
        )
        for name in entry.after
    ]


def _field(context: Context, name: str) -> str:
    return context.text(f"col-{NAMES.get(name, name)}")


def _value(context: Context, references: References, name: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if name == "total_investment_yuan":
        return quantity(value, "money", context.lang)
    if isinstance(value, bool):
        return context.text("yes" if value else "no")
    if name in CODED:
        return label(CODED[name], value, context.lang)
    if name in ("lead_unit", "office_unit"):
        return references.units.name(value, context.lang)
    if name == "units":
        return context.listed(references.units.name(code, context.lang) for code in value)
    return context.listed(value) if isinstance(value, list) else str(value)


def _need_changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    before = {(cell["item"], cell["year"]): cell["value"] for cell in entry.before or []}
    found = []
    for cell in entry.after or []:
        node = references.tree.by_code.get(cell["item"])
        name = references.tree.path_name(node.code, context.lang) if node else cell["item"]
        dimension = node.dimension if node else "money"
        place = f"{name} {cell['year'] or ''}".strip()
        old = _cell(context, before.get((cell["item"], cell["year"])), dimension)
        found.append(
            context.text("history-change", name=place, before=old, after=_cell(context, cell["value"], dimension))
        )
    return found


def _cell(context: Context, value: Any, dimension: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return context.text("need-not-applicable")
    mark = context.text("illustrative-mark") if value["basis"] == "illustrative" else ""
    return f"{quantity(value['required'], dimension, context.lang)} {mark}".strip()
