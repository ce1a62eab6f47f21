"""The board: an edition's categories side by side; a card is moved by hand or by form, always with the reason."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.behind import led
from dashboard.components.aria import aria, data
from dashboard.components.gate_badges import mark
from dashboard.components.links import card, name_of
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.programme.parts import (
    OPEN,
    choice,
    city_options,
    entry_link,
    filters_of,
    register_narrowing,
    search_box,
    tab_address,
)
from dashboard.questions import edition as questions
from dashboard.questions import edition_acts as acts
from dashboard.words.places import city_name
from portfolio.core.formatting import headline, headline_words
from portfolio.rolling.records import PlacedEntry
from portfolio.rolling.rules.editions import CATEGORIES

FIRST, MORE = 12, 60


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    open_ = context.value("more")
    limits = {name: MORE if name == open_ else FIRST for name in CATEGORIES}
    page = questions.board(code, filters_of(context), limits)
    refs = references()
    editable = page.head["state"] in OPEN
    lanes = [_lane(context, page, refs, name, editable) for name in CATEGORIES]
    note = context.text("prog-board-how") if editable else context.text("prog-board-frozen")
    return html.Div(
        [
            html.Div(
                [
                    search_box(context, "board"),
                    choice(context, "board", "city", context.text("filter-city"), city_options(context)),
                ],
                className="filters",
            ),
            html.Div(lanes, className="lanes", tabIndex="0"),
            dmc.Text(note, size="xs", c="dimmed", mt=4),
            html.Div(style={"height": 16}),
            _mismatches(context, page),
            _dialog(context),
        ]
    )


def _lane(context: Context, page: questions.Board, refs: References, name: str, editable: bool) -> html.Section:
    rows, total = page.lanes[name]
    code, kept = page.head["code"], {"q": context.value("q"), "city": context.value("city")}
    by = {"tab": "proposals", "category": name, "standing": "1"}
    title = context.text(f"category-{name}")
    annual, unit = headline(page.sums[name], "money", context.lang)
    count = dmc.Anchor(str(total), **led("board.count", total, kept, code, **by), className="chip", underline="never")
    inside = [html.Span(annual, className="figure"), html.Span(f" {unit}", className="unit")]
    head: list[Any] = [
        html.H2([title, count], className="lane-title"),
        dmc.Anchor(inside, **led("board.annual", page.sums[name], kept, code, **by), underline="never", c="inherit")
        if name != "preparatory"
        else dmc.Text(context.text("board-no-annual"), size="xs", c="dimmed"),
    ]
    cards = [_card(context, page, refs, row, editable) for row in rows]
    below: list[Any] = []
    if total > len(rows) and len(rows) < MORE:
        href = tab_address(code, "board", **kept, more=name)
        below.append(
            dmc.Anchor(context.text("prog-more", count=str(total - len(rows))), href=href, refresh=False, size="sm")
        )
    elif total > len(rows):
        href = tab_address(code, "proposals", **kept, category=name)
        below.append(dmc.Anchor(context.text("prog-all", count=str(total)), href=href, refresh=False, size="sm"))
    label = data(category=name, editable="1" if editable else "")
    return html.Section(
        [*head, html.Div(cards, className="cards"), *below],
        className=f"lane plan-{name}",
        id=f"category-{name}",
        **label,
        **aria(label=title),
    )


def _card(context: Context, page: questions.Board, refs: References, row: PlacedEntry, editable: bool) -> html.Div:
    name = name_of(context, row)
    quiet = [city_name(row["city_code"], context, refs)]
    if row["annual_yuan"]:
        quiet.append(headline_words(int(row["annual_yuan"]), "money", context.lang))
    under = mark(context, row["code"], page.gates.get(row["code"]))
    marks: list[Any] = [under] if under is not None else []
    if row["category"] != row["derived"]:
        words = context.text("prog-overridden", category=context.text(f"category-{row['derived']}"))
        marks.append(html.Span(words, className="override", title=row["reason"]))
    if row["project_id"] in page.made_up:
        marks.append(html.Span(context.text("illustrative-mark"), className="made-up"))
    told = data(project=row["code"], name=name, **{"from": row["category"]})
    button = html.Button(
        context.text("prog-move"),
        className="move",
        type="button",
        **told,
        **aria(label=f"{context.text('prog-move')} {name}"),
    )
    return html.Div(
        [
            entry_link(page.head["code"], row["code"], name),
            html.Div([" · ".join(part for part in quiet if part), button if editable else None], className="quiet"),
            html.Div(marks, className="marks") if marks else None,
        ],
        className="entry-card",
        draggable="true" if editable else "false",
        **told,
    )


def _mismatches(context: Context, page: questions.Board) -> dmc.Card:
    rows, total = page.mismatches
    shown = [
        [
            entry_link(page.head["code"], row["code"], name_of(context, row)),
            context.text(f"category-{row['derived']}"),
            context.text(f"category-{row['category']}"),
            row["reason"],
            row["approver"],
        ]
        for row in rows
    ]
    heads = ("col-name", "prog-derived", "prog-set", "board-reason", "prog-by")
    title = context.text("prog-mismatches", count=str(total))
    return card(title, [table(context, heads, shown, "prog-mismatches-none", "mismatches")], "card-mismatches")


def _dialog(context: Context) -> html.Div:
    categories = [{"value": name, "label": context.text(f"category-{name}")} for name in CATEGORIES]
    fields = dmc.Stack(
        [
            dmc.Text(id="move-what", fw=600),
            dmc.Select(id="move-category", label=context.text("prog-move-to"), data=categories, allowDeselect=False),
            dmc.Textarea(id="move-reason", label=context.text("board-reason"), autosize=True, minRows=2),
            html.Div(id="move-result", role="status"),
            dmc.Button(context.text("prog-move"), id="move-send"),
        ]
    )
    modal = dmc.Modal(
        fields,
        id="move-dialog",
        title=context.text("prog-move-title"),
        opened=False,
        closeButtonProps={"aria-label": context.text("prog-close")},
    )
    return html.Div([modal, dcc.Store(id="board-move")])


def register_callbacks(app: Dash) -> None:
    """Narrow, ask for the reason of a move, and move."""
    register_narrowing(app, "board", ("q", "city"))

    @app.callback(
        Output("move-dialog", "opened"),
        Output("move-what", "children"),
        Output("move-category", "value"),
        Output("move-result", "children"),
        Input("board-move", "data"),
        prevent_initial_call=True,
    )
    def ask(moved: dict[str, str] | None) -> Any:
        if not moved:
            return (no_update,) * 4
        return True, moved["name"], moved["to"], None

    form = Form(
        by=(Input("move-send", "n_clicks"),),
        reads=(
            State("board-move", "data"),
            State("move-category", "value"),
            State("move-reason", "value"),
            State("edition-of", "data"),
        ),
        said="move-result",
    )

    @on_submit(app, form)
    def move(context: Context, moved: dict[str, str] | None, to: str, reason: str, code: str) -> Done | None:
        if not moved:
            return None
        acts.override(code, moved["project"], to, reason or "")
        return Done(context.text("prog-moved", name=moved["name"], category=context.text(f"category-{to}")))
