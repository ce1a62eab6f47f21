"""What a roll proposes, a filtered set at a time: rows on demand, and what the planner decides of them."""

from decimal import Decimal
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.behind import led, total
from dashboard.components.gate_badges import gate_column
from dashboard.components.gate_badges import shown as shown_state
from dashboard.components.grid import FIGURE, HEIGHTS, MARKING, grid_locale, grid_theme
from dashboard.components.links import choices, name_of
from dashboard.components.offers import offered
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.pages.programme import decide as edition_decide
from dashboard.pages.programme.arranged import arranged_words
from dashboard.pages.programme.parts import (
    DECISIONS,
    OPEN,
    choice,
    city_options,
    filters_of,
    register_narrowing,
    search_box,
    tab_address,
)
from dashboard.questions import edition as questions
from dashboard.words.places import city_name
from portfolio.core.errors import PortfolioError
from portfolio.core.formatting import headline_words, number
from portfolio.core.units import from_base
from portfolio.rolling.entry_pages import SORTS
from portfolio.rolling.records import PlacedEntry
from portfolio.rolling.rules.editions import CATEGORIES, CHANGES

BLOCK = 100
NARROWED = ("q", "city", "category", "change", "rule")
RARE = ("task", "standing", "overridden")
SORT_OF = {"name": "name_zh"}


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    page = questions.proposals(code, filters_of(context))
    parts: list[Any] = [
        _decisions(context, page, code),
        html.Div(_filters(context, page), className="filters"),
        _rest(context, code),
        dmc.Text(
            context.text("prog-set-count", count=str(page.total), waiting=str(page.waiting)),
            id="proposal-count",
            size="sm",
            mb="xs",
            **total("entries", page.total),
        ),
        dmc.Text(
            context.text("prog-set-annual", amount=headline_words(page.annual_yuan, "money", context.lang)),
            size="sm",
            mb="xs",
            **total("annual", page.annual_yuan),
        ),
        _grid(context, page),
    ]
    if page.head["state"] in OPEN:
        parts.append(offered("edition.decide", edition_decide.forms(context, page)))
    return html.Div(
        [*parts, html.Div(id="board-result", role="status"), dcc.Store(id="edition-filters", data=_kept(context))]
    )


def _kept(context: Context) -> dict[str, list[str]]:
    return {name: list(context.values(name)) for name in (*NARROWED, "decision", *RARE)}


def _decisions(context: Context, page: questions.Proposals, code: str) -> html.Nav:
    kept = {name: context.values(name) for name in (*NARROWED, *RARE)}
    chosen = context.value("decision")
    every = str(sum(page.decisions.values()))
    leads = led("proposals.decision", sum(page.decisions.values()), kept, code, tab="proposals")
    options = [(f"{context.text('prog-every')} {every}", leads, not chosen)]
    for name in DECISIONS:
        words = f"{context.text(f'decision-{name}')} {page.decisions.get(name, 0)}"
        leads = led("proposals.decision", page.decisions.get(name, 0), kept, code, tab="proposals", decision=name)
        options.append((words, leads, chosen == name))
    return choices(context.text("board-decision"), options)


def _filters(context: Context, page: questions.Proposals) -> list[Any]:
    text = context.text
    categories = [(name, text(f"category-{name}")) for name in CATEGORIES]
    changes = [(name, text(f"change-{name}")) for name in CHANGES]
    rules = [(name, f"{text(f'rule-{name}')} {count}") for name, count in sorted(page.rules.items())]
    return [
        search_box(context, "proposal"),
        choice(context, "proposal", "city", text("filter-city"), city_options(context)),
        choice(context, "proposal", "category", text("board-category"), categories),
        choice(context, "proposal", "change", text("board-change"), changes),
        choice(context, "proposal", "rule", text("board-rule"), rules),
    ]


def _rest(context: Context, code: str) -> dmc.Group | None:
    """What narrows the set without a control of its own, and the way out of it."""
    words = [context.text(f"prog-only-{name}", value=context.value(name)) for name in RARE if context.value(name)]
    if not words:
        return None
    clear = dmc.Anchor(context.text("filter-clear"), href=tab_address(code, "proposals"), refresh=False, size="sm")
    return dmc.Group([*(dmc.Badge(one, variant="light", tt="none", radius="sm") for one in words), clear], mb="xs")


def _grid(context: Context, page: questions.Proposals) -> dag.AgGrid:
    text = context.text
    arranged = {"field": "arranged", "headerName": text("arranged-column"), "width": 150, "tooltipField": "arranged"}
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": text("col-name"),
            "cellRenderer": "EntryLink",
            "flex": 1,
            "minWidth": context.width(220),
            "sortable": True,
        },
        gate_column(context),
        *([arranged] if page.arranged else []),
        {"field": "city", "headerName": text("col-city"), "width": context.width(120), "sortable": True},
        {"field": "category", "headerName": text("board-category"), "width": context.width(115), "sortable": True},
        {"field": "change", "headerName": text("board-change"), "width": context.width(100), "sortable": True},
        {"field": "rule", "headerName": text("board-rule"), "width": 250, "tooltipField": "rule", "sortable": True},
        {"field": "decision", "headerName": text("board-decision"), "width": context.width(90), "sortable": True},
        {"field": "annual", "headerName": text("editions-annual"), "width": 150, "sortable": True, **FIGURE},
        {"field": "reason", "headerName": text("board-reason"), "width": 180, "tooltipField": "reason"},
    ]
    marking = {**MARKING, "rowSelection": {"mode": "multiRow", "headerCheckbox": False, "enableClickSelection": False}}
    options = {
        **HEIGHTS,
        **marking,
        "pagination": False,
        "cacheBlockSize": BLOCK,
        "maxBlocksInCache": 20,
        "infiniteInitialRowCount": min(page.total, BLOCK) or 1,
        "suppressMultiSort": True,
        "localeText": grid_locale(context.lang) | {"noRowsToShow": text("board-none")},
    }
    return dag.AgGrid(
        id="edition-grid",
        columnDefs=columns,
        rowModelType="infinite",
        defaultColDef={"resizable": True, "sortable": False, "suppressHeaderMenuButton": True},
        dashGridOptions=options,
        getRowId="params.data.code",
        className=grid_theme(context),
        style={"height": 460},
    )


def block(context: Context, code: str, first: int, last: int, sort: str = "") -> dict[str, Any]:
    """Rows from place `first` up to `last` as the grid takes them, under the filters of the address."""
    rows, total, gates, told = questions.block(code, filters_of(context), first, last, sort, context.lang)
    refs = references()
    shown = [
        {
            "code": row["code"],
            "edition": code,
            "name": name_of(context, row),
            "city": city_name(row["city_code"], context, refs),
            "category": context.text(f"category-{row['category']}"),
            "change": context.text(f"change-{row['change']}"),
            "gate": shown_state(context, gates.get(row["code"])),
            "rule": why(context, row),
            "decision": context.text(f"decision-{row['decision']}"),
            "arranged": arranged_words(context, told, row["code"]),
            "annual": _annual(row),
            "reason": row["reason"],
        }
        for row in rows
    ]
    return {"rowData": shown, "rowCount": total}


def _annual(row: PlacedEntry) -> float | None:
    """The year's investment in 万元; preparatory entries have none."""
    if row["category"] == "preparatory":
        return None
    return float(from_base(int(row["annual_yuan"]), "wan_yuan"))


def why(context: Context, row: PlacedEntry) -> str:
    """The rule that made an entry, in words, with the figures it went by and the score it was proposed with."""
    told, milli = _rule_told(context, row), row.get("points_milli")
    if milli is None or milli != milli:
        return told
    return f"{told} · " + context.text("prog-why-score", points=number(Decimal(int(milli)) / 1000, context.lang, 2))


def _rule_told(context: Context, row: PlacedEntry) -> str:
    words, late = context.text(f"rule-{row['rule']}"), row.get("late_months")
    if late is not None and late == late:
        words = f"{words} · " + context.text("prog-why-late", months=str(int(late)))
    if row["rule"] == "exit_idle_years":
        return f"{words} · " + context.text("prog-why-idle", years=str(row["idle_years"]))
    if row["rule"] in ("join_ready", "join_under_way"):
        figures = {"ready": str(row["ready_percent"]), "complete": str(row["complete_percent"])}
        return f"{words} · " + context.text("prog-why-ready", **figures)
    return words


def _sort(model: list[dict[str, str]] | None) -> str:
    first = (model or [{}])[0]
    name = SORT_OF.get(first.get("colId", ""), first.get("colId", ""))
    return ("-" if first.get("sort") == "desc" else "") + name if name in SORTS else ""


def register_callbacks(app: Dash) -> None:
    """Rows of the address's set; the forms' own."""
    register_narrowing(app, "proposal", NARROWED)
    edition_decide.register_callbacks(app)

    @app.callback(
        Output("edition-grid", "getRowsResponse"),
        Input("edition-grid", "getRowsRequest"),
        State("edition-of", "data"),
        State("edition-filters", "data"),
        prevent_initial_call=True,
    )
    def rows(asked: dict[str, Any] | None, code: str, kept: dict[str, list[str]]) -> Any:
        if not asked:
            return no_update
        held = request_context()
        context = Context(held.lang, held.theme, "/editions", {name: tuple(values) for name, values in kept.items()})
        try:
            return block(context, code, asked["startRow"], asked["endRow"], _sort(asked.get("sortModel")))
        except PortfolioError:
            return {"rowData": [], "rowCount": 0}
