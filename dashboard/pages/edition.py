"""One edition: its categories side by side, proposals with their rule, and what the planner decides."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.amounts import amount, amounts
from dashboard.components.answers import again, attempt, notice
from dashboard.components.grid import FIGURE, marking_grid
from dashboard.components.icon import icon
from dashboard.components.links import card, name_of
from dashboard.components.offers import offered
from dashboard.components.states import illustrative_note
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.editions import batch_name
from dashboard.pages.library_rows import city_name
from dashboard.questions import rolling as questions
from portfolio.core.clock import today
from portfolio.core.formatting import headline, month
from portfolio.core.frames import records
from portfolio.core.units import from_base
from portfolio.rolling.rules import CATEGORIES

OPEN = ("draft", "consultation")


def layout(context: Context, code: str) -> Any:
    """The board of edition `code`."""
    page = questions.board_page(code)
    held = page.edition
    window = f"{held['base_year']}—{held['base_year'] + held['years'] - 1}"
    badges = [window, batch_name(context, held["batch"]), context.text(f"edition-{held['state']}"), held["doc_no"]]
    if held["basis"] == "illustrative":
        badges.append(context.text("illustrative-mark"))
    back = [icon("arrow-left"), html.Span(context.text("nav-editions"))]
    return html.Div(
        [
            dmc.Anchor(back, href="/editions", refresh=False, className="back", size="sm"),
            dmc.Group(
                [
                    dmc.Title(code, order=1, size="h3"),
                    *(dmc.Badge(words, variant="light", tt="none") for words in badges if words),
                ],
                my="xs",
            ),
            illustrative_note(context) if held["basis"] == "illustrative" else None,
            _categories(context, page),
            html.Div(style={"height": 16}),
            _proposals(context, page),
            html.Div(style={"height": 16}),
            _totals(context, page),
            dcc.Store(id="edition-of", data=code),
        ]
    )


def _categories(context: Context, page: questions.BoardPage) -> dmc.SimpleGrid:
    of = {row["category"]: row for row in records(page.by_category)}
    cards = []
    for name in CATEGORIES:
        row = of.get(name, {"projects": 0, "total_yuan": 0, "annual_yuan": 0})
        annual, unit = headline(int(row["annual_yuan"]), "money", context.lang)
        total = " ".join(headline(int(row["total_yuan"]), "money", context.lang))
        lines = [
            dmc.Text(f"{context.text(f'category-{name}')} · {row['projects']}", fw=600),
            dmc.Group(
                [html.Span(annual, className="figure"), html.Span(unit, className="unit")], gap=4, align="baseline"
            ),
            dmc.Text(f"{context.text('board-total')} {total}", size="xs", c="dimmed"),
        ]
        cards.append(dmc.Card(lines, withBorder=True, padding="sm", id=f"category-{name}"))
    return dmc.SimpleGrid(cards, cols={"base": 2, "lg": 4}, spacing="sm")


def rows(context: Context, page: questions.BoardPage) -> list[dict[str, Any]]:
    """Entries as the grid shows them."""
    refs = references()
    return [
        {
            "code": row["code"],
            "name": name_of(context, row),
            "city": city_name(row["city_code"], context, refs),
            "category": context.text(f"category-{row['category']}"),
            "change": context.text(f"change-{row['change']}"),
            "rule": context.text(f"rule-{row['rule']}"),
            "decision": context.text(f"decision-{row['decision']}"),
            "start": month(row["start_month"], context.lang),
            "finish": month(row["finish_month"], context.lang),
            "annual": float(from_base(int(row["annual_yuan"]), "wan_yuan")),
            "reason": row["reason"],
        }
        for row in sorted(records(page.entries), key=lambda row: (row["decision"] != "proposed", row["code"]))
    ]


def _proposals(context: Context, page: questions.BoardPage) -> dmc.Card:
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": context.text("col-name"),
            "cellRenderer": "ProjectLink",
            "flex": 1,
            "minWidth": 200,
        },
        {"field": "city", "headerName": context.text("col-city"), "width": 100},
        {"field": "category", "headerName": context.text("board-category"), "width": 110},
        {"field": "change", "headerName": context.text("board-change"), "width": 90},
        {"field": "rule", "headerName": context.text("board-rule"), "width": 200},
        {"field": "decision", "headerName": context.text("board-decision"), "width": 90},
        {"field": "start", "headerName": context.text("col-start_month"), "width": 110},
        {"field": "finish", "headerName": context.text("col-finish_month"), "width": 110},
        {
            "field": "annual",
            "headerName": context.text("editions-annual"),
            "width": 150,
            **FIGURE,
        },
        {"field": "reason", "headerName": context.text("board-reason"), "width": 150},
    ]
    grid = marking_grid(context, "edition-grid", columns, rows(context, page), "code", 460, filtered=True)
    waiting = int((page.entries["decision"] == "proposed").sum())
    parts: list[Any] = [grid]
    if page.edition["state"] in OPEN:
        parts.append(offered("edition.decide", _form(context)))
    parts.append(html.Div(id="board-result", role="status"))
    return card(
        context.text("board-proposals", count=str(waiting)), parts, "card-proposals", context.text("board-no-annual")
    )


def _form(context: Context) -> html.Div:
    text = context.text
    return html.Div(
        [
            dmc.TextInput(id="board-reason", label=text("board-reason")),
            dmc.Button(text("board-accept", count="0"), id="board-accept", disabled=True),
            dmc.Button(text("board-reject", count="0"), id="board-reject", disabled=True, variant="default"),
            dmc.TextInput(id="board-doc", label=text("column-pools-doc_no")),
            dmc.Button(text("board-approve"), id="board-approve", color="teal"),
            dmc.Button(text("board-drop"), id="board-drop", color="red", variant="subtle"),
        ],
        className="form",
    )


def _totals(context: Context, page: questions.BoardPage) -> dmc.Card:
    refs = references()
    shown = [
        [
            city_name(row["city_code"], context, refs) or context.text("none-stated"),
            context.text(f"category-{row['category']}"),
            str(row["projects"]),
            *amounts([int(row["total_yuan"]), int(row["annual_yuan"])], context.lang),
        ]
        for row in records(page.by_city)
    ]
    sums = [int(page.by_city[name].sum()) for name in ("projects", "total_yuan", "annual_yuan")]
    totals = [context.text("plan-sum"), "", str(sums[0]), *[amount(value, context.lang) for value in sums[1:]]]
    heads = ("col-city", "board-category", "editions-count>", "editions-total>", "editions-annual>")
    content = table(context, heads, shown, "board-none", "edition-totals", totals if shown else ())
    return card(context.text("board-totals"), [content], "card-totals")


def register_callbacks(app: Dash) -> None:
    """Mark, accept, reject, approve, drop."""
    _register_marking(app)
    _register_conclusion(app)


def _register_marking(app: Dash) -> None:
    @app.callback(
        Output("board-accept", "children"),
        Output("board-accept", "disabled"),
        Output("board-reject", "children"),
        Output("board-reject", "disabled"),
        Input("edition-grid", "selectedRows"),
        prevent_initial_call=True,
    )
    def marked(selected: list[dict[str, Any]] | None) -> Any:
        context, count = request_context(), len(selected or [])
        texts = [context.text(f"board-{name}", count=str(count)) for name in ("accept", "reject")]
        return texts[0], count == 0, texts[1], count == 0

    @app.callback(
        Output("board-result", "children"),
        Output("url", "search", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("board-accept", "n_clicks"),
        Input("board-reject", "n_clicks"),
        State("edition-grid", "selectedRows"),
        State("board-reason", "value"),
        State("edition-of", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def decided(
        accept: int | None,
        reject: int | None,
        selected: list[dict[str, Any]] | None,
        reason: str,
        code: str,
        search: str,
    ) -> Any:
        if not (accept or reject) or not selected:
            return (no_update,) * 3
        context = request_context()
        decision = "accepted" if ctx.triggered_id == "board-accept" else "rejected"
        projects = [row["code"] for row in selected]
        count, refused = attempt(context, lambda: questions.decide(code, projects, decision, reason or ""))
        if refused:
            return refused, no_update, no_update
        return None, again(search), [notice(context.text("board-decided", count=str(count)))]


def _register_conclusion(app: Dash) -> None:
    @app.callback(
        Output("board-result", "children", allow_duplicate=True),
        Output("url", "href", allow_duplicate=True),
        Input("board-approve", "n_clicks"),
        Input("board-drop", "n_clicks"),
        State("board-doc", "value"),
        State("edition-of", "data"),
        prevent_initial_call=True,
    )
    def concluded(approve: int | None, drop: int | None, doc: str, code: str) -> Any:
        if not (approve or drop):
            return no_update, no_update
        day = today().isoformat()
        if ctx.triggered_id == "board-drop":
            _, refused = attempt(request_context(), lambda: questions.drop(code))
        else:
            _, refused = attempt(request_context(), lambda: questions.approve(code, doc or "", day))
        return (refused, no_update) if refused else (no_update, "/editions")
