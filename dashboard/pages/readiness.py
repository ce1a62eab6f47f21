"""Readiness: who stands before which step, which office owns it, who could start next, and what runs out when."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.behind import led
from dashboard.components.links import card, in_language, name_of, project_link
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import any_illustrative
from dashboard.page import Nav, Page
from dashboard.questions.readiness import BoardPage, board_page
from portfolio.core.formatting import month, percent
from portfolio.core.frames import records
from portfolio.readiness.queries import Expiry, office, start_day
from portfolio.readiness.rules.templates import step_kinds
from portfolio.reporting.narrowing import ANY_STEP, waiting_key

FIRST = 4


def layout(context: Context) -> Any:
    """The board, the nearest starts and the calendar."""
    page = board_page()
    if page.waiting.empty and not page.begun:
        return empty(context, "readiness-empty", page="readiness")
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-readiness"), order=1, size="h3"),
                    dmc.Anchor(
                        context.text("readiness-head-waiting", count=str(len(page.waiting))),
                        **led("readiness.waiting", len(page.waiting), waits=ANY_STEP),
                        size="sm",
                    ),
                    dmc.Anchor(
                        context.text("readiness-head-begun", count=str(page.begun)),
                        **led("readiness.begun", page.begun, ready="begun"),
                        size="sm",
                    ),
                ],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if any_illustrative() else None,
            dmc.Grid(
                [
                    dmc.GridCol(_board(context, page), span=12),
                    dmc.GridCol(_nearest(context, page), span={"base": 12, "lg": 7}),
                    dmc.GridCol(_calendar(context, page), span={"base": 12, "lg": 5}),
                ],
                gutter="md",
            ),
        ]
    )


def _board(context: Context, page: BoardPage) -> dmc.Card:
    counts = page.waiting.groupby(["holding", "authority"]).size()
    order = {code: place for place, code in enumerate(step_kinds())}
    keys = sorted(page.lanes, key=lambda key: (order.get(key[0], -1), key[1]))
    lanes = [_lane(context, page, key, int(counts[key])) for key in keys]
    title = context.text("readiness-board")
    return card(title, [html.Div(lanes, className="board", tabIndex="0")], "card-board", context.text("readiness-note"))


def _lane(context: Context, page: BoardPage, key: tuple[str, int], count: int) -> html.Section:
    step, authority = key
    name = step_kinds()[step].name(context.lang) if step else context.text("readiness-all-done")
    items = [
        html.Li(
            [
                project_link(context, row["code"], name_of(context, row), "readiness"),
                dmc.Text(start_day(page.as_of, int(row["days_left"])).isoformat(), size="xs", c="dimmed"),
            ]
        )
        for row in records(page.lanes[key])
    ]
    more = count - len(items)
    parts: list[Any] = [
        html.H3(
            dmc.Anchor(f"{name} · {count}", **led("readiness.step", count, waits=waiting_key(step, authority)), fw=600)
        ),
        dmc.Text(office(step, authority, context.lang), size="xs", c="dimmed"),
        html.Ul(items),
    ]
    if more > 0:
        parts.append(dmc.Text(context.text("readiness-more", count=str(more)), size="xs", c="dimmed"))
    return html.Section(parts, className="lane")


def _nearest(context: Context, page: BoardPage) -> dmc.Card:
    rows = []
    for row in records(page.nearest):
        start = start_day(page.as_of, int(row["days_left"]))
        planned = row["start_month"]
        late = bool(planned) and start.isoformat()[:7] > planned
        rows.append(
            [
                project_link(context, row["code"], name_of(context, row), "readiness"),
                f"{row['done']}/{row['steps']} ({percent(int(row['done']), int(row['steps']), context.lang)})",
                html.Span(start.isoformat(), className="overdue" if late else None),
                month(planned, context.lang),
                step_kinds()[row["holding"]].name(context.lang) if row["holding"] else "",
                office(row["holding"], int(row["authority"]), context.lang),
            ]
        )
    heads = (
        "col-name",
        "readiness-done",
        "readiness-start",
        "readiness-planned",
        "readiness-holding",
        "readiness-office",
    )
    shown = table(context, heads, rows, "readiness-empty", tall=True)
    return card(context.text("readiness-nearest"), [shown], "card-nearest", context.text("readiness-late-note"))


def _calendar(context: Context, page: BoardPage) -> dmc.Card:
    title = context.text("readiness-calendar", count=str(sum(page.months.values())))
    if not page.months:
        return card(title, [empty(context, "readiness-no-expiry")], "card-calendar")
    months = [_month(context, page, key, count) for key, count in page.months.items()]
    return card(title, [html.Div(months, className="months tall", tabIndex="0")], "card-calendar")


def _month(context: Context, page: BoardPage, key: str, count: int) -> html.Section:
    items = [_expiry(context, page, one) for one in page.expiries[key]]
    parts: list[Any] = [html.H3(f"{month(key, context.lang)} · {count}"), html.Ul(items[:FIRST])]
    if len(items) > FIRST:
        words = html.Summary(context.text("readiness-more", count=str(len(items) - FIRST)))
        parts.append(html.Details([words, html.Ul(items[FIRST:])]))
    if count > len(items):
        rest = context.text("readiness-more", count=str(count - len(items)))
        parts.append(dmc.Text(rest, size="xs", c="dimmed"))
    return html.Section(parts, className="lane")


def _expiry(context: Context, page: BoardPage, one: Expiry) -> html.Li:
    past = one.valid_until < page.as_of.isoformat()
    return html.Li(
        [
            html.Span(one.valid_until, className="overdue" if past else None),
            f" {step_kinds()[one.step].name(context.lang)} ",
            project_link(context, one.project, in_language(context, one.name, one.name_en), "readiness"),
        ]
    )


def register_callbacks(app: Dash) -> None:
    """Nothing moves on this page."""


PAGES = (Page("/readiness", layout, register_callbacks, nav=Nav("readiness", "hourglass", "progress")),)
