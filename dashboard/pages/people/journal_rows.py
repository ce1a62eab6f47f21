"""The journal's columns and rows: who, what, of which object, from what to what, why, and where it came from."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dashboard.context import Context
from dashboard.data import References
from dashboard.pages.projects.history import action_name, actor_name, changes_in_words
from portfolio.core.formatting import moment
from portfolio.core.i18n import has_text
from portfolio.journal.queries import HistoryEntry
from portfolio.people.sign_in_journal import ADDRESS_MARK, STRANGERS, account_of

WIDTHS = {
    "at": 175,
    "actor": 120,
    "done": 150,
    "subject": 150,
    "changes": 420,
    "reason": 180,
    "import_id": 110,
    "address": 130,
    "request_id": 150,
    "id": 90,
}
OF_WORDS = {"done", "subject"}
ALL_WORDS = 12
ROOM_PAGES = {"rolling": "/editions/{}", "ledger": "/accounts", "scheme": "/tasks", "finance": "/finance"}


def column_definitions(context: Context) -> list[dict[str, Any]]:
    """The grid's columns."""
    found: list[dict[str, Any]] = []
    for name, width in WIDTHS.items():
        definition: dict[str, Any] = {
            "field": name,
            "headerName": context.text(f"journal-{name}"),
            "width": context.width(width) if name in OF_WORDS else width,
            "tooltipField": name,
        }
        if name == "subject":
            definition["cellRenderer"] = "ObjectLink"
        if name == "changes":
            definition |= {"flex": 1, "minWidth": 420}
        found.append(definition)
    return found


def grid_rows(
    context: Context, entries: Sequence[HistoryEntry], projects: frozenset[str], references: References
) -> list[dict[str, Any]]:
    """Entries as the grid shows them; `projects` are the codes among their objects that lead to a page."""
    return [_row(context, entry, projects, references) for entry in entries]


def _row(context: Context, entry: HistoryEntry, projects: frozenset[str], references: References) -> dict[str, Any]:
    words = changes_in_words(context, entry, references)
    more = [context.text("history-more", count=str(len(words) - ALL_WORDS))] if len(words) > ALL_WORDS else []
    return {
        "id": str(entry.id),
        "at": moment(entry.at, context.lang),
        "actor": actor_name(context, entry.actor),
        "done": action_name(context, entry),
        "subject": _object_name(context, entry.subject),
        "href": _page_of(entry, projects),
        "changes": "; ".join([*words[:ALL_WORDS], *more]),
        "reason": entry.reason or "",
        "import_id": (entry.import_id or "")[:8],
        "address": entry.address,
        "request_id": entry.request_id,
    }


def _object_name(context: Context, subject: str) -> str:
    """An account or address in words; anything else by its code."""
    if subject == STRANGERS:
        return context.text("journal-strangers")
    if subject.startswith(ADDRESS_MARK):
        return context.text("journal-of-address", address=subject.removeprefix(ADDRESS_MARK))
    name = account_of(subject)
    return subject if name is None else context.text("journal-account", name=name)


def _page_of(entry: HistoryEntry, projects: frozenset[str]) -> str:
    if entry.subject in projects:
        return f"/projects/{quote(entry.subject)}"
    if entry.room == "rolling" and entry.action == "drop":
        return ""
    return ROOM_PAGES.get(entry.room, "").format(quote(entry.subject))


def room_name(context: Context, room: str) -> str:
    """A room's name; its own when it has no words yet."""
    key = f"journal-room-{room}"
    return context.text(key) if has_text(key, context.lang) else room
