"""Who changed what, when, from what to what."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.projects.changes import account_changes
from dashboard.words.changes import field_name, in_words, plain
from portfolio.core.formatting import moment, quantity
from portfolio.core.i18n import has_text
from portfolio.journal.queries import HistoryEntry
from portfolio.journal.replay import REMOVED_AT_ONCE
from portfolio.projects.proposals import FACTS, NEEDS, ROOM
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
PROPOSED_AS = {FACTS: "projects", NEEDS: "needs"}
NAMES = {"total_investment_yuan": "entry-total_investment", "region_codes": "col-regions"}


def history_card(context: Context, entries: list[HistoryEntry], references: References, picker: Any = None) -> dmc.Card:
    """The project's journal, newest first; `picker` stands beside the title."""
    items = [_entry(context, entry, references) for entry in entries]
    body: Any = (
        html.Div(html.Ol(items, className="history"), className="tall", tabIndex="0")
        if items
        else dmc.Text(context.text("history-none"), c="dimmed", size="sm")
    )
    title = dmc.Title(context.text("project-history"), order=2, size="h5")
    head = dmc.Group([title, picker], justify="space-between", align="end", mb="xs")
    return dmc.Card([head, body], withBorder=True, padding="md", id="card-history")


def _entry(context: Context, entry: HistoryEntry, references: References) -> html.Li:
    head = f"{moment(entry.at, context.lang)}  {actor_name(context, entry.actor)}  {action_name(context, entry)}"
    changes = changes_in_words(context, entry, references)
    lines = [html.Li(text) for text in changes[:SHOWN]]
    if len(changes) > SHOWN:
        more = html.Ul([html.Li(text) for text in changes[SHOWN:]])
        summary = context.text("history-more", count=str(len(changes) - SHOWN))
        lines.append(html.Li(html.Details([html.Summary(summary), more])))
    notes = [context.text("history-reason", reason=entry.reason)] if entry.reason else []
    if entry.import_id:
        notes.append(context.text("history-import", number=entry.import_id[:8]))
    below = [dmc.Text(note, size="sm", c="dimmed") for note in notes]
    return html.Li([html.Strong(head), html.Ul(lines) if lines else None, *below])


def actor_name(context: Context, actor: str) -> str:
    """Who acted; the installation's own two have names in words."""
    return context.text(f"actor-{actor}") if actor in ("local", "system") else actor


def action_name(context: Context, entry: HistoryEntry) -> str:
    """What was done; an action that has no words yet by its own name."""
    key = f"action-{entry.room}-{entry.action}"
    return context.text(key) if has_text(key, context.lang) else f"{entry.room} {entry.action}"


def changes_in_words(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    """What was changed from what to what, a line a field, in the fields' names and units."""
    if _told_as(entry) == "needs" and entry.action not in ("details", REMOVED_AT_ONCE):
        return _need_changes(context, entry, references)
    if _told_as(entry) != "projects":
        return account_changes(context, entry, references)
    before, after = entry.before or {}, entry.after or {}
    return [
        context.text(
            "history-change",
            name=_field(context, name),
            before=_value(context, references, name, before.get(name)),
            after=_value(context, references, name, after.get(name)),
        )
        for name in {**before, **after}
        if not _is_blank(before.get(name)) or not _is_blank(after.get(name))
    ]


def _told_as(entry: HistoryEntry) -> str:
    """The room whose words tell an entry: what is proposed is told as the part that it would change."""
    return PROPOSED_AS.get(entry.action, entry.room) if entry.room == ROOM else entry.room


def _is_blank(value: Any) -> bool:
    return value in (None, "", [])


def _field(context: Context, name: str) -> str:
    key = NAMES.get(name, f"col-{name}")
    return context.text(key) if has_text(key, context.lang) else field_name(context, name)


def _value(context: Context, references: References, name: str, value: Any) -> str:
    if _is_blank(value):
        return "—"
    if name == "total_investment_yuan":
        return quantity(value, "money", context.lang)
    if isinstance(value, bool):
        return context.text("yes" if value else "no")
    if name in CODED:
        return label(CODED[name], value, context.lang)
    return in_words(context, references, name, value) or plain(context, value)


def _need_changes(context: Context, entry: HistoryEntry, references: References) -> list[str]:
    before = {(cell["item"], cell["year"]): cell["value"] for cell in entry.before or []}
    found = []
    after = {(cell["item"], cell["year"]): cell["value"] for cell in entry.after or []}
    for item, year in {**before, **after}:
        node = references.tree.by_code.get(item)
        name = references.tree.path_name(node.code, context.lang) if node else item
        dimension = node.dimension if node else "money"
        place = f"{name} {year or ''}".strip()
        old, new = (_cell(context, side.get((item, year)), dimension) for side in (before, after))
        found.append(context.text("history-change", name=place, before=old, after=new))
    return found


def _cell(context: Context, value: Any, dimension: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return context.text("need-not-applicable")
    mark = context.text("illustrative-mark") if value["basis"] == "illustrative" else ""
    return f"{quantity(value['required'], dimension, context.lang)} {mark}".strip()
