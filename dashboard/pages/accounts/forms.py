"""Forms of the accounts: post an entry, reverse one, open a pool, take back what the list names."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.answers import typed
from dashboard.components.links import card
from dashboard.components.offers import offered
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import accounts as questions
from dashboard.words.places import city_name
from portfolio.core.clock import today
from portfolio.ledger.rules import LEVELS, MOVES, POOL_KINDS
from portfolio.ledger.service import PoolData, Posting
from portfolio.scheme.rules import SIX_CITIES
from portfolio.vocabulary.codes import WHOLE_REGION

KINDS = (*(kind for kind in MOVES if kind != "transfer"), "transfer", "reverse")
POST = ("kind", "pool", "project", "quantity", "date", "doc", "note", "counter", "entry")
OPEN = ("code", "item", "region", "level", "kind", "quantity", "doc", "date", "until")


def day_form(context: Context, on: str) -> dmc.Group:
    """Which day's balances are shown; today's when none is chosen."""
    picker = dmc.DateInput(
        id="accounts-on",
        valueFormat="YYYY-MM-DD",
        value=on or None,
        clearable=True,
        maxDate=today().isoformat(),
        placeholder=context.text("accounts-on-today"),
        label=context.text("accounts-on"),
        w=220,
    )
    note = dmc.Alert(context.text("accounts-on-note", day=on), color="blue", py=6) if on else None
    return dmc.Group([picker, note], align="end", mb="sm")


def posting_card(context: Context, page: questions.AccountsPage, element: str, pool: str) -> html.Div:
    """Post one entry against a pool of the page."""
    text = context.text
    kinds = [{"value": kind, "label": text(f"entry-kind-{kind}")} for kind in KINDS]
    pools = [{"value": one["code"], "label": one["name"] or one["code"]} for one in page.pools]
    unit = text("unit-wan_yuan" if element == "fund" else "unit-ha")
    fields = [
        dmc.Select(id="post-kind", label=text("column-ledger-kind"), data=kinds, value="lock", allowDeselect=False),
        dmc.Select(id="post-pool", label=text("accounts-pool"), data=pools, value=pool or None, searchable=True),
        html.Div(
            dmc.TextInput(id="post-project", label=text("accounts-project"), placeholder="GX-2018-0001"),
            id="of-project",
        ),
        html.Div(dmc.TextInput(id="post-quantity", label=f"{text('accounts-quantity')} ({unit})"), id="of-quantity"),
        dmc.DateInput(
            valueFormat="YYYY-MM-DD", id="post-date", label=text("column-ledger-on_date"), value=today().isoformat()
        ),
        dmc.TextInput(id="post-doc", label=text("column-ledger-doc_no")),
        dmc.TextInput(id="post-note", label=text("review-note")),
        html.Div(dmc.Select(id="post-counter", label=text("column-ledger-counter_pool"), data=pools), id="of-counter"),
        html.Div(dmc.TextInput(id="post-entry", label=text("column-ledger-entry")), id="of-entry"),
        dmc.Checkbox(id="post-confirmed", label=text("accounts-confirmed"), checked=False),
        dmc.Button(text("accounts-post"), id="post-send"),
    ]
    stores = [dcc.Store(id="post-element", data=element)]
    content = [html.Div(fields, className="form"), html.Div(id="post-result", role="status"), *stores]
    return offered(
        "ledger.post", card(text("accounts-posting"), content, "card-posting", text("accounts-posting-note"))
    )


def opening_card(context: Context, page: questions.AccountsPage, element: str, year: int) -> html.Div:
    """Open a pool of the element."""
    text, lang = context.text, context.lang
    nodes = [node for node in page.tree.nodes if node.element == element and node.depth <= 2]
    items = [{"value": node.code, "label": page.tree.path_name(node.code, lang)} for node in nodes]
    regions = [{"value": WHOLE_REGION, "label": text("level-region")}]
    regions += [{"value": code, "label": city_name(code, context, references())} for code in SIX_CITIES]
    levels = [{"value": code, "label": text(f"level-{code}")} for code in LEVELS]
    kinds = [{"value": code, "label": text(f"pool-kind-{code}")} for code in POOL_KINDS]
    kind = "budget" if element == "fund" else "quota"
    unit = text("unit-wan_yuan" if element == "fund" else "unit-ha")
    fields = [
        dmc.TextInput(id="open-code", label=text("column-pools-pool")),
        dmc.Select(id="open-item", label=text("column-pools-item"), data=items, value=element, searchable=True),
        dmc.Select(id="open-region", label=text("column-pools-region_code"), data=regions, value=WHOLE_REGION),
        dmc.Select(id="open-level", label=text("column-pools-level"), data=levels, value="region"),
        dmc.Select(id="open-kind", label=text("column-pools-kind"), data=kinds, value=kind),
        dmc.TextInput(id="open-quantity", label=f"{text('accounts-quantity')} ({unit})"),
        dmc.TextInput(id="open-doc", label=text("column-pools-doc_no")),
        dmc.DateInput(
            valueFormat="YYYY-MM-DD", id="open-date", label=text("column-pools-on_date"), value=f"{year}-01-01"
        ),
        dmc.DateInput(
            valueFormat="YYYY-MM-DD", id="open-until", label=text("column-pools-valid_until"), clearable=True
        ),
        dmc.Checkbox(id="open-carries", label=text("accounts-carries"), checked=False),
        dmc.Button(text("accounts-open"), id="open-send", variant="default"),
    ]
    content: list[Any] = [html.Div(fields, className="form"), html.Div(id="open-result", role="status")]
    content.append(dcc.Store(id="open-year", data=year))
    return offered("pool.open", card(text("accounts-opening"), content, "card-opening"))


def recovery_form(context: Context, element: str, by: date, expected: int) -> html.Div:
    """Take the list back by a document."""
    text = context.text
    return html.Div(
        [
            html.Div(
                [
                    dmc.TextInput(id="recover-doc", label=text("column-ledger-doc_no")),
                    dmc.DateInput(
                        valueFormat="YYYY-MM-DD",
                        id="recover-date",
                        label=text("column-ledger-on_date"),
                        value=by.isoformat(),
                    ),
                    dmc.Button(text("accounts-recover", count=str(expected)), id="recover-send", color="orange"),
                ],
                className="form",
            ),
            html.Div(id="recover-result", role="status"),
            dcc.Store(id="recover-list", data={"element": element, "by": by.isoformat(), "expected": expected}),
        ]
    )


def register_callbacks(app: Dash) -> None:
    """Every form answers beside itself; what was written is seen when the page is made again."""
    _register_posting(app)
    _register_pools(app)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("accounts-on", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def on_day(on: str | None, search: str) -> Any:
        kept = [(name, value) for name, value in parse_qsl((search or "").lstrip("?")) if name != "on"]
        wanted = "?" + urlencode([*kept, ("on", on)] if on else kept)
        return no_update if wanted == (search or "?") else wanted


def _register_posting(app: Dash) -> None:
    @app.callback(
        *(Output(f"of-{name}", "style") for name in ("project", "quantity", "counter", "entry")),
        Input("post-kind", "value"),
    )
    def fitting(kind: str) -> Any:
        move = MOVES.get(kind)
        wanted = {
            "project": move is not None and move.project,
            "quantity": move is not None,
            "counter": kind == "transfer",
            "entry": kind == "reverse",
        }
        return [{} if show else {"display": "none"} for show in wanted.values()]

    form = Form(
        by=(Input("post-send", "n_clicks"),),
        reads=(
            State("post-element", "data"),
            State("post-confirmed", "checked"),
            *(State(f"post-{name}", "value") for name in POST),
        ),
        said="post-result",
    )

    @on_submit(app, form)
    def posted(context: Context, element: str, confirmed: bool, *given: Any) -> Done:
        _post(element, dict(zip(POST, given, strict=True)), bool(confirmed))
        return Done(context.text("accounts-posted"))


def _post(element: str, given: dict[str, Any], confirmed: bool) -> None:
    texts = (given["date"] or "", given["doc"] or "", given["note"] or "")
    if given["kind"] == "reverse":
        number = str(given["entry"] or "").strip()
        questions.reverse_entry(int(number) if number.isdigit() else 0, *texts)
        return
    quantity = typed(given["quantity"], "money" if element == "fund" else "area") or 0
    project = (given["project"] or "").strip() if MOVES[given["kind"]].project else None
    counter = given["counter"] if given["kind"] == "transfer" else None
    on_date, doc, note = texts
    questions.post_entry(
        Posting(
            given["kind"],
            given["pool"] or "",
            quantity,
            on_date,
            project or None,
            doc_no=doc,
            note=note,
            counter_pool=counter,
            confirmed=confirmed,
        )
    )


def _open(element: str, year: int, given: dict[str, Any], carries: bool) -> None:
    named = {name: given[name] or "" for name in ("code", "item", "level", "kind")}
    questions.new_pool(
        PoolData(
            **named,
            year=year,
            region_code=given["region"] or "",
            quantity=typed(given["quantity"], "money" if element == "fund" else "area") or 0,
            doc_no=given["doc"] or "",
            on_date=given["date"] or "",
            valid_until=given["until"] or None,
            carries=carries,
        )
    )


def _register_pools(app: Dash) -> None:
    opening = Form(
        by=(Input("open-send", "n_clicks"),),
        reads=(
            State("open-year", "data"),
            State("post-element", "data"),
            State("open-carries", "checked"),
            *(State(f"open-{name}", "value") for name in OPEN),
        ),
        said="open-result",
    )
    recovery = Form(
        by=(Input("recover-send", "n_clicks"),),
        reads=(State("recover-list", "data"), State("recover-doc", "value"), State("recover-date", "value")),
        said="recover-result",
    )

    @on_submit(app, opening)
    def opened(context: Context, year: int, element: str, carries: bool, *given: Any) -> Done:
        _open(element, year, dict(zip(OPEN, given, strict=True)), bool(carries))
        return Done(context.text("saved"))

    @on_submit(app, recovery)
    def recovered(context: Context, listed: dict[str, Any], doc: str, on_date: str) -> Done:
        by = date.fromisoformat(listed["by"])
        questions.take_back(listed["element"], by, listed["expected"], on_date or "", doc or "")
        return Done(context.text("saved"))
