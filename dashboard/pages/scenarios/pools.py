"""The pools of a scenario: limit, used and left as bars, another limit, and what more of one would buy."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html

from dashboard.components.answers import typed
from dashboard.components.aria import aria
from dashboard.components.links import card
from dashboard.components.states import empty
from dashboard.context import Context, request_context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.scenarios import added as allocation_added
from dashboard.questions import allocation as questions
from portfolio.core.formatting import headline_words, percent
from portfolio.core.units import outer_text
from portfolio.scenarios.records import ScenarioPoolRecord
from portfolio.scenarios.words import curve_words


def pools_card(context: Context, page: questions.AllocationPage) -> dmc.Card:
    """The pools with their bars, and the form that changes one."""
    title = context.text("allocation-pools", count=str(len(page.pools)))
    if not page.pools:
        more = [allocation_added.form(context, page)] if page.changeable else []
        return card(title, [empty(context, "allocation-no-pools"), *more], "card-pools")
    bars = [_bar(context, page, row) for row in page.pools if row["quantity"] or row["original"] or row["used"]]
    hidden = len(page.pools) - len(bars)
    note = context.text("allocation-empty-pools", count=str(hidden)) if hidden else ""
    parts: list[Any] = [html.Div(bars, className="tall pools", tabIndex="0")]
    if page.changeable:
        parts.append(_form(context, page))
        parts.append(allocation_added.form(context, page))
    parts.append(_bought(context, page))
    return card(title, parts, "card-pools", note)


def _bar(context: Context, page: questions.AllocationPage, row: ScenarioPoolRecord) -> html.Div:
    used, limit = int(row["used"] or 0), int(row["quantity"])
    share = min(100.0, 100 * used / limit) if limit else (100.0 if used else 0.0)
    shown = [headline_words(value, row["dimension"], context.lang) for value in (used, limit)]
    words = context.text("allocation-used-of", used=shown[0], limit=shown[1])
    if row["quantity"] != row["original"]:
        ledger = headline_words(row["original"], row["dimension"], context.lang)
        words += " · " + context.text("allocation-ledger-has", quantity=ledger)
    if row["carried_in"]:
        before = headline_words(row["carried_in"], row["dimension"], context.lang)
        words += " · " + context.text("allocation-carried-in", quantity=before)
    if row["carries"]:
        words += " · " + context.text("allocation-carries")
    name = page.names.pools[row["pool"]]
    colour = "red" if share > 99.5 else "yellow" if share > 90 else "blue"
    return html.Div(
        [
            dmc.Group(
                [dmc.Text(name, size="sm"), dmc.Text(percent(used, limit, context.lang), size="sm", c="dimmed")],
                justify="space-between",
                wrap="nowrap",
            ),
            dmc.Progress(value=round(share, 1), color=colour, size="md", **aria(label=f"{name}: {words}")),
            dmc.Text(words, size="xs", c="dimmed", mb=8),
        ]
    )


def _form(context: Context, page: questions.AllocationPage) -> html.Div:
    text = context.text
    pools = [{"value": row["pool"], "label": page.names.pools[row["pool"]]} for row in page.pools]
    return html.Div(
        [
            dmc.Select(id="pool-chosen", label=text("allocation-pool"), data=pools, searchable=True),
            dmc.TextInput(id="pool-limit", label=text("allocation-limit")),
            dmc.Button(text("allocation-set-limit"), id="pool-set", size="sm"),
            dmc.Button(text("allocation-ask-pool"), id="pool-ask", size="sm", variant="default"),
            dmc.Button(text("allocation-renew"), id="pool-renew", size="sm", variant="subtle"),
            html.Div(id="pool-result", role="status"),
        ],
        className="form",
        style={"marginTop": 10},
    )


def _bought(context: Context, page: questions.AllocationPage) -> html.Div:
    """What was found out about pools, a sentence each."""
    said = [
        dmc.Text(curve_words(found, page.names), size="sm") for (kind, _), found in page.known.items() if kind == "pool"
    ]
    return html.Div(said, id="pools-bought", className="stack", style={"marginTop": 10})


def register(app: Dash) -> None:
    """Set a limit, read the ledger again, ask what more would buy; show the limit of the pool chosen."""

    @app.callback(
        Output("pool-limit", "value"),
        Input("pool-chosen", "value"),
        State("allocation-of", "data"),
        prevent_initial_call=True,
    )
    def chosen(pool: str | None, code: str) -> Any:
        page = questions.allocation_page(code, request_context().lang)
        row = next((row for row in page.pools if row["pool"] == pool), None)
        return outer_text(row["quantity"], row["dimension"]) if row else ""

    form = Form(
        by=(Input("pool-set", "n_clicks"),),
        reads=(State("pool-chosen", "value"), State("pool-limit", "value"), State("allocation-of", "data")),
        said="pool-result",
    )

    @on_submit(app, form)
    def set_limit(context: Context, pool: str | None, text: str, code: str) -> Done | None:
        if not pool:
            return None
        dimension = "money" if _item(code, pool, context.lang).startswith("fund") else "area"
        questions.set_limit(code, pool, typed(text, dimension) or 0)
        return Done(context.text("allocation-limit-set"))

    _register_questions(app)


def _item(code: str, pool: str, lang: str) -> str:
    page = questions.allocation_page(code, lang)
    return next((str(row["item"]) for row in page.pools if row["pool"] == pool), "fund")


def _register_questions(app: Dash) -> None:
    asking = Form(
        by=(Input("pool-ask", "n_clicks"),),
        reads=(State("pool-chosen", "value"), State("allocation-of", "data")),
        said="pool-result",
        leads="",
        shows=(Output("allocation-tick", "disabled", allow_duplicate=True),),
    )
    renewing = Form(by=(Input("pool-renew", "n_clicks"),), reads=(State("allocation-of", "data"),), said="pool-result")

    @on_submit(app, asking)
    def ask(context: Context, pool: str | None, code: str) -> Done | None:
        if not pool:
            return None
        questions.ask(code, "pool", pool)
        return Done(said=context.text("allocation-working"), shown=[False])

    @on_submit(app, renewing)
    def renew(context: Context, code: str) -> Done:
        return Done(context.text("allocation-renewed", count=str(questions.renew(code))))
