"""One edition: its head, and its tabs, each kept in the address."""

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

from dashboard.components.icon import icon
from dashboard.components.links import choices
from dashboard.components.states import illustrative_note
from dashboard.components.step_bar import step_bar
from dashboard.context import Context
from dashboard.pages.programme import annual as edition_annual
from dashboard.pages.programme import board as edition_board
from dashboard.pages.programme import consultation as edition_consultation
from dashboard.pages.programme import entry as edition_entry
from dashboard.pages.programme import exits as edition_exits
from dashboard.pages.programme import lists as edition_lists
from dashboard.pages.programme import proposals as edition_proposals
from dashboard.pages.programme import schedule as edition_schedule
from dashboard.pages.programme import tasks as edition_tasks
from dashboard.pages.programme.parts import batch_name, path_of, tab_address
from dashboard.questions.edition import head, not_told
from dashboard.questions.way import standing_of
from portfolio.core.formatting import headline_words
from portfolio.rolling.records import EditionRecord

TABS: dict[str, Callable[[Context, str], Any]] = {
    "board": edition_board.content,
    "proposals": edition_proposals.content,
    "consultation": edition_consultation.content,
    "annual": edition_annual.content,
    "schedule": edition_schedule.content,
    "tasks": edition_tasks.content,
    "exits": edition_exits.content,
    "lists": edition_lists.content,
}
ENTRY = "entry"
SHORT_HASH = 12


def layout(context: Context, code: str) -> Any:
    """The tab of edition `code` that the address names, the board by default."""
    held = head(code)
    asked = context.value("tab")
    tab = asked if asked in TABS else "board"
    content = edition_entry.content if asked == ENTRY else TABS[tab]
    options = [
        (context.text(f"prog-tab-{name}"), tab_address(code, name), asked != ENTRY and name == tab) for name in TABS
    ]
    return html.Div(
        [
            _title(context, held),
            illustrative_note(context) if held["basis"] == "illustrative" else None,
            step_bar(context, standing_of(code)),
            _years_before(context, held),
            choices(context.text("prog-tabs"), options),
            content(context, code),
            dcc.Store(id="edition-of", data=code),
        ],
        className="edition",
    )


def _title(context: Context, held: EditionRecord) -> html.Div:
    window = f"{held['base_year']}—{held['base_year'] + held['years'] - 1}"
    badges = [window, batch_name(context, held["batch"])]
    state = html.Span(context.text(f"edition-{held['state']}"), className=f"state-mark {held['state']}")
    marks: list[Any] = [dmc.Badge(words, variant="light", tt="none", radius="sm") for words in badges]
    if held["basis"] == "illustrative":
        marks.append(html.Span(context.text("illustrative-mark"), className="made-up"))
    return html.Div(
        [
            dmc.Group([dmc.Title(held["code"], order=1, size="h3"), state, *marks], mt="xs", gap="xs"),
            dmc.Text(_told(context, held), size="xs", c="dimmed", mb="xs"),
        ]
    )


def _years_before(context: Context, held: EditionRecord) -> dmc.Alert | None:
    """Which year is still running or who closed it, and what of the years before is not known."""
    if held["open_year"] is None:
        return None
    found, lines = not_told(held["code"]), list[str]()
    if held["closed_by"]:
        told = {"year": str(held["open_year"] - 1), "person": held["closed_by"], "reason": held["closed_reason"]}
        lines.append(context.text("prog-closed-by", **told))
    if held["open_year"] < held["base_year"]:
        lines.append(context.text("prog-open-year", year=str(held["open_year"])))
    for name, count, yuan in (
        ("unreported", found.unreported, found.unreported_yuan),
        ("running", found.running, found.running_yuan),
    ):
        if count:
            shown = headline_words(yuan, "money", context.lang)
            lines.append(context.text(f"prog-untold-{name}", count=str(count), amount=shown))
    if not lines:
        return None
    words = [html.Div(line) for line in lines]
    return dmc.Alert(words, id="years-before", color="gray", variant="light", icon=icon("info-circle"), mb="sm")


def _told(context: Context, held: EditionRecord) -> list[Any]:
    """Document, parent, how it was made."""
    parts: list[Any] = []
    if held["doc_no"]:
        parts.append(context.text("prog-head-doc", doc=held["doc_no"], day=held["approved_on"] or ""))
    if held["parent"]:
        link = dmc.Anchor(held["parent"], href=path_of(held["parent"]), refresh=False, size="xs")
        parts.append(html.Span([context.text("editions-parent"), " ", link]))
    named = (("maker", held["maker"]), ("approver", held["approver"]))
    parts += [context.text(f"prog-head-{name}", person=person) for name, person in named if person]
    if held["inputs_hash"]:
        short = held["inputs_hash"][:SHORT_HASH]
        parts.append(html.Span(context.text("prog-head-hash", hash=short), title=held["inputs_hash"]))
    parts.append(context.text("prog-head-rules", version=held["rules_version"]))
    if held["later_years"]:
        parts.append(context.text("prog-later-years"))
    if held["note"]:
        parts.append(held["note"])
    return [part for one in parts for part in (one, " · ")][:-1]


def register_callbacks(app: Dash) -> None:
    """Every tab's own."""
    for page in (
        edition_board,
        edition_proposals,
        edition_consultation,
        edition_schedule,
        edition_lists,
        edition_entry,
    ):
        page.register_callbacks(app)
