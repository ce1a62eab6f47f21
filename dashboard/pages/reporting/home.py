"""What is expected of whoever is signed in: drafts, returned, waiting, due; each figure opens its list."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.behind import led, total
from dashboard.components.aria import aria
from dashboard.components.icon import icon
from dashboard.components.links import address, card, in_language, name_of
from dashboard.components.project_filters import band_name
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import may, references
from dashboard.pages.programme.parts import tab_address
from dashboard.pages.projects.workflow import state_badge
from dashboard.questions import reporting as questions
from dashboard.questions.consultation import owed
from dashboard.questions.duties import duties
from portfolio.core.formatting import moment, number
from portfolio.reporting.drafts import is_new
from portfolio.reporting.home import Home
from portfolio.reporting.narrowing import COMPLETE_BANDS

LISTED = 12


def layout(context: Context) -> Any:
    """The page."""
    found = questions.own_home()
    cards = [dmc.GridCol(one, span={"base": 12, "lg": 6}) for one in _cards(context, found) if one is not None]
    return html.Div(
        [
            dmc.Title(context.text("nav-home"), order=1, size="h3", mb="sm"),
            _figures(context, found),
            dmc.Grid(cards, gutter="md", mt="md"),
        ]
    )


def _figures(context: Context, found: Home) -> dmc.SimpleGrid:
    figures: list[tuple[str, int, dict[str, Any], str]] = []
    if may("project.edit"):
        figures.append(("unsaved", len(found.drafts), led("home.unsaved", len(found.drafts)), "edit"))
        for state, symbol in (("draft", "list-check"), ("returned", "history")):
            figures.append((state, found.states[state], led("home.state", found.states[state], state=state), symbol))
    if found.waiting is not None:
        figures.append(("waiting", found.waiting, led("home.waiting", found.waiting), "inbox"))
    if may("project.submit"):
        figures.append(("week", found.expected, _expected_at(found), "clock"))
    figures += [
        (duty.name, duty.count, led(f"home.{duty.name}", duty.count, **duty.by), duty.symbol) for duty in duties()
    ]
    name = "projects" if may("project.edit") else "readable"
    figures.append((name, found.projects, led("home.projects", found.projects), "list-search"))
    return dmc.SimpleGrid([_figure(context, *one) for one in figures], cols={"base": 2, "sm": 3, "xl": 6}, spacing="sm")


def _expected_at(found: Home) -> dict[str, Any]:
    """The list behind the figure: the one round's reminder list, or the card with each round's own figure."""
    if len(found.week) == 1:
        return led("home.week", found.expected, round=found.week[0].round["code"])
    return led("home.weeks", found.expected)


def _figure(context: Context, name: str, value: int, leads: dict[str, Any], symbol: str) -> dmc.Anchor:
    label = dmc.Group(
        [icon(symbol), dmc.Text(context.text(f"home-{name}"), size="sm", c="dimmed")], gap=6, wrap="nowrap"
    )
    figure = html.Span(number(value, context.lang), className="figure")
    content = dmc.Card([label, figure], withBorder=True, padding="sm", className="headline")
    return dmc.Anchor(content, **leads, underline="never", id=f"home-{name}")


def _cards(context: Context, found: Home) -> list[Any]:
    return [
        _returned(context, found) if may("project.edit") else None,
        _unsaved(context, found) if may("project.edit") else None,
        _due(context, found) if may("project.submit") else None,
        _consultations(context) if may("edition.comment") else None,
        _bands(context, found),
        _ready(context, found),
        _states(context, found),
    ]


def _returned(context: Context, found: Home) -> dmc.Card:
    rows = [
        [_to_form(context, row), moment(row["since"], context.lang)]
        for row in [*found.returned, *found.with_office][:LISTED]
    ]
    states = [state_badge(context, row["state"]) for row in [*found.returned, *found.with_office][:LISTED]]
    lines = [[*row, state] for row, state in zip(rows, states, strict=True)]
    heads = ("home-project", "home-since", "workflow-state")
    return card(context.text("home-to-do"), [table(context, heads, lines, "home-nothing-to-do")], "card-to-do")


def _to_form(context: Context, row: dict[str, Any]) -> dmc.Anchor:
    return dmc.Anchor(name_of(context, row), href=f"/projects/{row['code']}/edit", refresh=False, size="sm")


def _unsaved(context: Context, found: Home) -> dmc.Card:
    lines = []
    for one in found.drafts[:LISTED]:
        new = address("/projects/new", {"draft": one.subject})
        href = new if is_new(one.subject) else f"/projects/{one.subject}/edit"
        typed = one.content.get("typed", {})
        chinese = typed.get("name_zh") or context.text("entry-new")
        name = in_language(context, chinese, typed.get("name_en") or "")
        lines.append([dmc.Anchor(name, href=href, refresh=False, size="sm"), moment(one.saved_at, context.lang)])
    shown = table(context, ("home-project", "home-saved-at"), lines, "home-nothing-unsaved")
    rest = len(found.drafts) - len(lines)
    note = context.text("readiness-more", count=str(rest)) if rest > 0 else ""
    return card(
        context.text("home-unsaved"), [html.Div(shown, **total("unsaved", len(found.drafts)))], "card-unsaved", note
    )


def _due(context: Context, found: Home) -> dmc.Card:
    lines = []
    for one in found.due[:LISTED]:
        title = one.round["title_en"] or one.round["title_zh"] if context.lang == "en" else one.round["title_zh"]
        late = one.outstanding and one.round["days_left"] < 0
        days = html.Span(days_words(context, one.round["days_left"]), className="overdue" if late else "")
        href = address("/reporting", {"round": one.round["code"]})
        link = dmc.Anchor(title, href=href, refresh=False, size="sm")
        lines.append([link, one.round["due_on"], days, f"{one.expected - len(one.outstanding)} / {one.expected}"])
    heads = ("rounds-title", "rounds-due_on", "rounds-days", "home-reported")
    shown = table(context, heads, lines, "home-nothing-due")
    return card(context.text("home-due"), [html.Div(shown, **total("expected", found.expected))], "card-due")


def _consultations(context: Context) -> dmc.Card | None:
    """The editions that one's unit is asked about; nothing while none is."""
    lines, units = [], references().units
    for one in owed():
        days = html.Span(
            days_words(context, one.asked.days_left), className="overdue" if one.asked.days_left < 0 else ""
        )
        link = dmc.Anchor(one.edition, href=tab_address(one.edition, "consultation"), refresh=False, size="sm")
        reminded = number(one.asked.reminders, context.lang) if one.asked.reminders else ""
        lines.append([link, units.name(one.asked.unit, context.lang), one.asked.due_on, days, reminded])
    if not lines:
        return None
    heads = ("editions-code", "asked-unit", "asked-due_on", "rounds-days", "asked-reminders>")
    shown = html.Div(table(context, heads, lines, "asked-nobody"), **total("consultations", len(lines)))
    return card(context.text("home-consultations"), [shown], "card-consultations")


def days_words(context: Context, days: int) -> str:
    """Days left, or how many days it is past."""
    return context.text("rounds-past", days=str(-days)) if days < 0 else context.text("rounds-left", days=str(days))


def _of_whom(context: Context, key: str) -> str:
    """The title of a card, with whose projects it counts."""
    return context.text(key, whose=context.text("home-projects" if may("project.edit") else "home-readable"))


def _bands(context: Context, found: Home) -> dmc.Card:
    lines = []
    for band, count in zip(COMPLETE_BANDS, found.bands, strict=True):
        link = dmc.Anchor(band_name(band), **led("home.complete", count, complete=band), size="sm")
        lines.append([link, *_share(context, count, found.projects, band_name(band))])
    heads = ("project-complete", "home-share", "home-count>")
    return card(
        _of_whom(context, "home-complete"), [table(context, heads, lines, "home-nothing-to-do")], "card-complete"
    )


def _share(context: Context, count: int, whole: int, words: str) -> list[Any]:
    bar = dmc.Progress(value=100 * count / max(1, whole), size="lg", **aria(label=words))
    return [bar, number(count, context.lang)]


def _ready(context: Context, found: Home) -> dmc.Card:
    lines = []
    for name, count in found.ready.items():
        words = context.text(f"home-ready-{name}")
        link = dmc.Anchor(words, **led("home.ready", count, ready=name), size="sm")
        lines.append([link, *_share(context, count, found.projects, words)])
    heads = ("home-ready-when", "home-share", "home-count>")
    return card(_of_whom(context, "home-ready"), [table(context, heads, lines, "home-nothing-to-do")], "card-ready")


def _states(context: Context, found: Home) -> dmc.Card:
    lines = [
        [
            dmc.Anchor(state_badge(context, state), **led("home.state", count, state=state)),
            number(count, context.lang),
        ]
        for state, count in found.states.items()
    ]
    return card(
        _of_whom(context, "home-states"),
        [table(context, ("workflow-state", "home-count>"), lines, "home-nothing-to-do")],
        "card-states",
    )


def register_callbacks(app: Dash) -> None:
    """The page only shows."""
