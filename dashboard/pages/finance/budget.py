"""Budget envelopes by level and year, rolled forward as actuals come in, and the cooperation work funds of units."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html

from dashboard.behind import total
from dashboard.components.amounts import amount, amounts
from dashboard.components.answers import typed
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.finance.overview import chosen_year, frame
from dashboard.questions.finance import (
    BudgetPage,
    budget_page,
    ppp_limits,
    put_capacity,
    put_envelope,
    put_work_fund,
    roll_envelopes,
)
from dashboard.words.places import city_name
from portfolio.core.clock import today
from portfolio.core.records import picked
from portfolio.finance.envelopes import Closing, EnvelopeData
from portfolio.finance.rules.books import LEVELS, MARKET
from portfolio.scheme.rules import SIX_CITIES

AMOUNTS = ("own", "carried", "total", "asked", "granted", "delivered", "free")


def layout(context: Context) -> Any:
    """The page."""
    return frame(context, "budget", [html.Div(_content(context, budget_page()), id="budget-content")])


def _content(context: Context, page: BudgetPage) -> list[Any]:
    space = html.Div(style={"height": 16})
    return [
        _narrowed(context, context.value("year")),
        _part(context, "envelope", _envelopes(context, page), offered("budget.edit", _envelope_form(context))),
        space,
        _part(context, "work", _work_funds(context, page), offered("workfund.edit", _work_form(context))),
        space,
        _part(context, "ppp", _limits(context), offered("capacity.edit", _ppp_form(context))),
    ]


def _part(context: Context, name: str, rows: Any, form: html.Div) -> dmc.Card:
    """The card of what is kept under `name`: its rows, the form that changes them, what became of it."""
    content = [html.Div(rows, id=f"{name}-rows"), form, html.Div(id=f"{name}-result", role="status")]
    return card(context.text(f"{name}-title"), content, f"card-{name}", context.text(f"{name}-note"))


def _limits(context: Context) -> Any:
    year = chosen_year(context)
    rows = []
    for city, one in ppp_limits(year):
        mark = {True: "yes", False: "no", None: "unknown"}[one.ok]
        share = "—" if one.value is None else f"{one.value}%"
        answer = html.Span(context.text(f"check-is-{mark}"), className=mark)
        rows.append([city_name(city, context, references()), str(year), share, f"{one.limit}%", answer])
    heads = ("col-city", "finance-year", "ppp-share>", "ppp-limit>", "check-answer")
    return table(context, heads, rows, "life-none")


def _ppp_form(context: Context) -> html.Div:
    text = context.text
    cities = [{"value": code, "label": city_name(code, context, references())} for code in SIX_CITIES]
    return html.Div(
        [
            dmc.Select(id="ppp-region", label=text("col-city"), data=cities, value=SIX_CITIES[0], allowDeselect=False),
            dmc.NumberInput(id="ppp-year", label=text("finance-year"), value=today().year, min=2000, max=2060),
            dmc.TextInput(id="ppp-budget", label=text("ppp-budget")),
            dmc.TextInput(id="ppp-doc", label=text("column-pools-doc_no")),
            dmc.Button(text("envelope-set"), id="ppp-set"),
        ],
        className="form",
    )


def _envelopes(context: Context, page: BudgetPage) -> Any:
    heads = ("finance-year", "envelope-level", *(f"envelope-{name}>" for name in AMOUNTS), "column-pools-doc_no")
    year = context.value("year") if context.value("year").isdigit() else ""
    held = [row for row in page.envelopes if not year or row["year"] == int(year)]
    rows = [
        [
            str(row["year"]),
            context.text(f"level-{row['level']}"),
            *amounts(picked(row, AMOUNTS[:-1]).values(), context.lang),
            html.Span(amount(row["free"], context.lang), className="overdue" if row["free"] < 0 else None),
            row["doc_no"],
        ]
        for row in held
    ]
    sums = {name: sum(picked(row, AMOUNTS)[name] for row in held) for name in AMOUNTS}
    named = {"total": "envelope"}
    totals = [
        context.text("plan-sum"),
        "",
        *(
            html.Span(amount(value, context.lang), **total(named.get(name, name), value))
            for name, value in sums.items()
        ),
        "",
    ]
    return table(context, heads, rows, "envelope-none", totals=totals) if rows else _no_envelope(context, year)


def _no_envelope(context: Context, year: str) -> html.Div:
    words = context.text("envelope-none-in", year=year) if year else context.text("envelope-none")
    return html.Div(words, className="silent", **total("envelope", 0))


def _narrowed(context: Context, year: str) -> Any:
    """The year that the list is narrowed to, and the way out of it."""
    if not year:
        return None
    clear = dmc.Anchor(context.text("filter-clear"), href="/finance/budget", refresh=False, size="sm")
    return dmc.Group([dmc.Badge(year, variant="light", tt="none", radius="sm"), clear], mb="xs")


def _work_funds(context: Context, page: BudgetPage) -> Any:
    units = references().units
    rows = [
        [
            str(row["year"]),
            units.name(row["unit_code"], context.lang),
            row["purpose"],
            *amounts([row["asked_yuan"], row["granted_yuan"]], context.lang),
            row["doc_no"],
        ]
        for row in page.work_funds
    ]
    heads = (
        "finance-year",
        "work-unit",
        "work-purpose",
        "stage-of-asked>",
        "stage-of-granted>",
        "column-pools-doc_no",
    )
    return table(context, heads, rows, "work-none")


def _envelope_form(context: Context) -> html.Div:
    levels = [{"value": code, "label": context.text(f"level-{code}")} for code in LEVELS if code != MARKET]
    text = context.text
    return html.Div(
        [
            dmc.Select(
                id="envelope-level", label=text("envelope-level"), data=levels, value="region", allowDeselect=False
            ),
            dmc.NumberInput(id="envelope-year", label=text("finance-year"), value=today().year, min=2000, max=2060),
            dmc.TextInput(id="envelope-own", label=text("envelope-own-wan")),
            dmc.TextInput(id="envelope-doc", label=text("column-pools-doc_no")),
            dmc.Button(text("envelope-set"), id="envelope-set"),
            dmc.TextInput(id="envelope-closed-by", label=text("envelope-closed-by")),
            dmc.TextInput(id="envelope-closed-reason", label=text("envelope-closed-reason")),
            dmc.Button(text("envelope-roll"), id="envelope-roll", variant="default"),
        ],
        className="form",
    )


def _work_form(context: Context) -> html.Div:
    text = context.text
    units = [
        {"value": unit.code, "label": references().units.name(unit.code, context.lang)}
        for unit in references().units.units
    ]
    return html.Div(
        [
            dmc.Select(id="work-unit", label=text("work-unit"), data=units, searchable=True),
            dmc.NumberInput(id="work-year", label=text("finance-year"), value=today().year, min=2000, max=2060),
            dmc.TextInput(id="work-purpose", label=text("work-purpose")),
            dmc.TextInput(id="work-asked", label=text("work-asked-wan")),
            dmc.TextInput(id="work-granted", label=text("work-granted-wan")),
            dmc.TextInput(id="work-doc", label=text("column-pools-doc_no")),
            dmc.Button(text("work-save"), id="work-save"),
        ],
        className="form",
    )


def register_callbacks(app: Dash) -> None:
    """Set and roll envelopes, set work funds and budgets; the page comes back with what now stands."""
    _register_envelopes(app)
    _register_funds(app)


def _register_envelopes(app: Dash) -> None:
    rows = Output("envelope-rows", "children", allow_duplicate=True)
    setting = Form(
        by=(Input("envelope-set", "n_clicks"),),
        reads=tuple(State(f"envelope-{name}", "value") for name in ("level", "year", "own", "doc")),
        said="envelope-result",
        leads="",
        shows=(rows,),
    )
    rolling = Form(
        by=(Input("envelope-roll", "n_clicks"),),
        reads=(
            State("envelope-year", "value"),
            State("envelope-closed-by", "value"),
            State("envelope-closed-reason", "value"),
        ),
        said="envelope-result",
        leads="",
        shows=(rows,),
    )

    @on_submit(app, setting)
    def set_(context: Context, level: str, year: int, own: str, doc: str) -> Done:
        put_envelope(EnvelopeData(level, int(year or 0), typed(own) or 0, doc or ""))
        return Done(context.text("saved"), shown=[_envelopes(context, budget_page())])

    @on_submit(app, rolling)
    def roll(context: Context, year: int, closed_by: str, reason: str) -> Done:
        rolled = roll_envelopes(int(year or 0), Closing(closed_by or "", reason or ""))
        carried = sum(row["carried"] or 0 for row in rolled)
        words = context.text("envelope-rolled", year=str(year), amount=amount(carried, context.lang))
        unknown = [context.text(f"level-{row['level']}") for row in rolled if row["carried"] is None]
        if unknown:
            words = f"{words} " + context.text("envelope-unknown", levels=context.listed(unknown))
        return Done(words, shown=[_envelopes(context, budget_page())])


def _register_funds(app: Dash) -> None:
    work = Form(
        by=(Input("work-save", "n_clicks"),),
        reads=tuple(State(f"work-{name}", "value") for name in ("unit", "year", "purpose", "asked", "granted", "doc")),
        said="work-result",
        leads="",
        shows=(Output("work-rows", "children"),),
    )
    capacity = Form(
        by=(Input("ppp-set", "n_clicks"),),
        reads=tuple(State(f"ppp-{name}", "value") for name in ("region", "year", "budget", "doc")),
        said="ppp-result",
        leads="",
        shows=(Output("ppp-rows", "children"),),
    )

    @on_submit(app, work)
    def save(context: Context, unit: str, year: int, purpose: str, asked: str, granted: str, doc: str) -> Done:
        values = {"asked_yuan": typed(asked) or 0, "granted_yuan": typed(granted), "doc_no": doc or ""}
        put_work_fund(unit or "", int(year or 0), purpose or "", values)
        return Done(context.text("saved"), shown=[_work_funds(context, budget_page())])

    @on_submit(app, capacity)
    def limit(context: Context, region: str, year: int, budget: str, doc: str) -> Done:
        put_capacity(region or "", int(year or 0), typed(budget) or 0, doc or "")
        return Done(context.text("saved"), shown=[_limits(context)])
