"""The review queue: a filtered set of a round's lines, and what finance decides of them, singly or together."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, html

from dashboard.behind import led
from dashboard.components.amounts import amounts
from dashboard.components.aria import aria
from dashboard.components.gate_badges import gate_column
from dashboard.components.grid import FIGURE, marking_grid
from dashboard.components.links import address, card, choices
from dashboard.components.offers import offered
from dashboard.components.project_filters import CITIES
from dashboard.components.states import empty
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import References, references
from dashboard.pages.finance import review_forms as finance_review_forms
from dashboard.pages.finance.overview import frame
from dashboard.pages.finance.review_rows import group_name, rows, still_open, sums
from dashboard.questions.finance import ReviewPage, review_page
from dashboard.words.places import city_name
from portfolio.core.errors import NotFoundError
from portfolio.core.frames import records
from portfolio.finance.lines import STATES, LineFilters
from portfolio.finance.records import RoundRecord
from portfolio.projects.filters import ProjectFilters

PATH = "/finance/review"
GROUPS = ("item", "level", "city", "sector")
SUMS = ("asked", "proposed", "trimmed", "granted", "gap")


def filters_of(context: Context, code: str) -> LineFilters:
    """The filtered set the address names, in round `code`."""
    projects = ProjectFilters(city=context.values("city"), sector=context.values("sector"))
    year = int(context.value("year")) if context.value("year").isdigit() else None
    return LineFilters(code, context.value("state"), context.value("item"), year, projects)


def layout(context: Context) -> Any:
    """The queue of the round in the address, else of the newest open one."""
    asked = context.value("round")
    group = context.value("by") if context.value("by") in GROUPS else "item"
    page = review_page(filters_of(context, asked) if asked else None, group, context.lang)
    if not page.rounds:
        form = offered("review.open", finance_review_forms.open_form(context))
        start = [empty(context, "review-no-round"), form]
        return frame(context, "review", [card(context.text("review-open-title"), start, "card-open")])
    code = asked or page.lines[0]["round"] if page.lines else asked or _newest(page)
    if not asked:
        page = review_page(filters_of(context, code), group, context.lang)
    held = next((one for one in page.rounds if one["code"] == code), None)
    if held is None:
        raise NotFoundError("finance.no_round", code=code)
    content = _content(context, page, held, references())
    content.insert(-1, _totals(context, page, references(), group))
    return frame(context, "review", content)


def _totals(context: Context, page: ReviewPage, refs: References, group: str) -> Any:
    """The set's sums by source, level, city or sector."""
    kept = {name: value for name, value in context.query.items() if name not in ("by", "seen")}
    options = [(context.text(f"plan-by-{one}"), address(PATH, {**kept, "by": one}), one == group) for one in GROUPS]
    shown = [
        [
            group_name(context, page, refs, group, row[group]),
            str(row["lines"]),
            *amounts([row[n] for n in SUMS], context.lang),
        ]
        for row in records(page.by_group)
    ]
    heads = (f"plan-by-{group}", "review-count>", *(f"review-sum-{name}>" for name in SUMS))
    parts = [choices(context.text("plan-by"), options), table(context, heads, shown, "review-none", "review-totals")]
    return html.Div(card(context.text("review-totals"), parts, "card-totals"), style={"marginTop": 16})


def _newest(page: ReviewPage) -> str:
    open_ones = [one for one in page.rounds if one["state"] == "open"]
    return str((open_ones or page.rounds)[0]["code"])


def _content(context: Context, page: ReviewPage, held: RoundRecord, refs: References) -> list[Any]:
    code = held["code"]
    rounds = [
        (one["name"] or one["code"], address(PATH, {"round": one["code"]}), one["code"] == code) for one in page.rounds
    ]
    return [
        choices(context.text("review-rounds"), rounds),
        _states(context, page, code),
        _narrowing(context, page, refs),
        html.Div(sums(context, page.sums, page.total, still_open(page)), id="review-sums", role="status"),
        _grid(context, page, refs),
        offered("review.ask", finance_review_forms.decide_form(context, page, held)),
        html.Div(id="review-result", role="status"),
        html.Div(id="review-steps"),
        offered("review.open", _open_below(context)),
    ]


def _open_below(context: Context) -> dmc.Accordion:
    """The form of a new round, folded away below the present one."""
    panel = dmc.AccordionPanel(finance_review_forms.open_form(context))
    item = dmc.AccordionItem([dmc.AccordionControl(context.text("review-open-title")), panel], value="open")
    return dmc.Accordion([item], mt="md")


def _states(context: Context, page: ReviewPage, code: str) -> html.Nav:
    counts = dict(zip(page.by_state.get("state", []), page.by_state.get("lines", []), strict=True))
    kept: dict[str, Any] = {name: context.values(name) for name in ("item", "city", "year")} | {"round": code}
    every = (
        context.text("review-all", count=str(sum(counts.values()))),
        led("review.state", sum(counts.values()), kept),
        not context.value("state"),
    )
    options = [every]
    for state in STATES:
        words = f"{context.text(f'review-state-{state}')} {counts.get(state, 0)}"
        leads = led("review.state", int(counts.get(state, 0)), kept, state=state)
        options.append((words, leads, context.value("state") == state))
    return choices(context.text("review-states"), options)


def _narrowing(context: Context, page: ReviewPage, refs: References) -> html.Div:
    lang = context.lang
    items = [{"value": node.code, "label": node.name(lang)} for node in page.tree.children("fund")]
    cities = [{"value": one, "label": city_name(one, context, refs)} for one in CITIES]
    return html.Div(
        [
            dmc.Select(
                id="review-item",
                data=items,
                value=context.value("item") or None,
                placeholder=context.text("review-item"),
                clearable=True,
                searchable=True,
                **aria(label=context.text("review-item")),
            ),
            dmc.Select(
                id="review-city",
                data=cities,
                value=context.value("city") or None,
                placeholder=context.text("filter-city"),
                clearable=True,
                **aria(label=context.text("filter-city")),
            ),
            _of_year(context),
        ],
        className="filters",
    )


def _of_year(context: Context) -> Any:
    """The year that a figure narrowed the set to, and the way out of it."""
    if not context.value("year"):
        return None
    kept = {name: value for name, value in context.query.items() if name not in ("year", "seen")}
    clear = dmc.Anchor(context.text("filter-clear"), href=address(PATH, kept), refresh=False, size="sm")
    return dmc.Group([dmc.Badge(context.value("year"), variant="light", radius="sm"), clear])


def _grid(context: Context, page: ReviewPage, refs: References) -> Any:
    right = {"width": 120, **FIGURE}
    arranged = {
        "field": "arranged",
        "headerName": context.text("review-arranged"),
        "width": context.width(190),
        "tooltipField": "arranged",
    }
    columns: list[dict[str, Any]] = [
        {
            "field": "name",
            "headerName": context.text("col-name"),
            "cellRenderer": "ProjectLink",
            "flex": 1,
            "minWidth": context.width(220),
        },
        gate_column(context),
        {"field": "city", "headerName": context.text("col-city"), "width": context.width(100)},
        {"field": "item", "headerName": context.text("column-needs-item"), "width": context.width(170)},
        {"field": "year", "headerName": context.text("finance-year"), "width": 80},
        *(
            {"field": name, "headerName": context.text(f"review-sum-{name}"), **right}
            for name in ("asked", "default", "proposed", "trimmed", "granted", "reserved")
            if name != "default" or page.defaults
        ),
        *([arranged] if page.defaults else []),
        {"field": "state", "headerName": context.text("review-states"), "width": context.width(100)},
    ]
    return marking_grid(context, "review-grid", columns, rows(context, page, refs), "id", 440)


def register_callbacks(app: Dash) -> None:
    """The narrowing goes into the address; decisions are the forms' business."""
    finance_review_forms.register_callbacks(app)
