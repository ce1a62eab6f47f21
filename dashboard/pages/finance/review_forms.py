"""What finance decides in the queue: propose, return, comment, grant; marked lines or the whole filtered set."""

from decimal import Decimal, InvalidOperation
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.amounts import amount
from dashboard.components.answers import NotANumber, typed
from dashboard.components.links import address
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.data import may, references
from dashboard.form import Done, Form, on_submit
from dashboard.pages.finance.review_rows import rows, still_open, sums
from dashboard.questions import finance as questions
from portfolio.core.clock import today
from portfolio.core.formatting import moment
from portfolio.finance.granting import Grant
from portfolio.finance.lines import LineFilters
from portfolio.finance.records import RoundRecord
from portfolio.finance.rounds import Verdict
from portfolio.finance.rules.books import by_code
from portfolio.projects.filters import ProjectFilters

NEEDED = {
    "arranged": "review.decide",
    "propose": "review.decide",
    "return": "review.decide",
    "comment": "review.decide",
    "grant": "review.grant",
    "resubmit": "review.ask",
}
FILTERS = ("state", "item", "city", "sector", "year")
ACTIONS = tuple(NEEDED)


def open_form(context: Context) -> html.Div:
    """Open a round."""
    year = today().year + 1
    return html.Div(
        [
            html.Div(
                [
                    dmc.NumberInput(
                        id="round-year", label=context.text("finance-year"), value=year, min=2000, max=2060
                    ),
                    dmc.TextInput(id="round-code", label=context.text("review-code"), value=str(year)),
                    dmc.TextInput(id="round-name", label=context.text("review-name")),
                    dmc.Button(context.text("review-open"), id="round-open"),
                ],
                className="form",
            ),
            dmc.Text(context.text("review-open-note"), size="xs", c="dimmed", mt=4),
            html.Div(id="round-result", role="status"),
        ]
    )


def decide_form(context: Context, page: questions.ReviewPage, held: RoundRecord) -> Any:
    """The form under the queue; a closed round has none."""
    if held["state"] != "open":
        return dmc.Alert(context.text("review-closed"), color="gray", mt="sm")
    text, lang = context.text, context.lang
    reasons = [{"value": code, "label": row[f"name_{lang}"]} for code, row in by_code("reasons").items()]
    actions = [{"value": name, "label": text(f"review-do-{name}")} for name in ACTIONS if may(NEEDED[name])]
    first = "propose" if may("review.decide") else "resubmit"
    if may("review.decide") and any(one.default is not None for one in page.defaults.values()):
        first = "arranged"  # what was approved is the default
    fields = [
        dmc.Select(id="review-action", label=text("review-action"), data=actions, value=first, allowDeselect=False),
        html.Div(dmc.TextInput(id="review-percent", label=text("review-percent"), value="100"), id="in-percent"),
        html.Div(dmc.TextInput(id="review-amount", label=text("review-amount")), id="in-amount"),
        html.Div(
            dmc.Select(id="review-reason", label=text("review-reason"), data=reasons, clearable=True), id="in-reason"
        ),
        html.Div(_pool(context, page), id="in-pool"),
        html.Div(dmc.TextInput(id="review-doc", label=text("column-pools-doc_no")), id="in-doc"),
        html.Div(
            dmc.DateInput(
                valueFormat="YYYY-MM-DD", id="review-date", label=text("review-date"), value=today().isoformat()
            ),
            id="in-date",
        ),
        dmc.TextInput(id="review-note", label=text("review-note")),
    ]
    buttons = dmc.Group(
        [
            dmc.Button(text("review-selected", count="0"), id="review-some", disabled=True),
            dmc.Button(text("review-filtered", count=str(page.total)), id="review-every", variant="default"),
            offered("review.open", dmc.Button(text("review-close"), id="review-close", variant="subtle", color="red")),
        ],
        mt="sm",
    )
    stores = [
        dcc.Store(id="review-round", data=held["code"]),
        dcc.Store(id="review-total", data=page.total),
        dcc.Store(id="review-filter", data={name: list(context.values(name)) for name in FILTERS}),
    ]
    return dmc.Card([html.Div(fields, className="form"), buttons, *stores], withBorder=True, padding="md", mt="sm")


def _pool(context: Context, page: questions.ReviewPage) -> dmc.Select:
    """From which pool comes what the reserves of a line lack."""
    pools = [
        {"value": pool["code"], "label": f"{pool['name'] or pool['code']}  {amount(pool['free'], context.lang)}"}
        for pool in page.pools
    ]
    told = {"label": context.text("review-pool"), "description": context.text("review-pool-note")}
    return dmc.Select(id="review-pool", data=pools, searchable=True, clearable=True, **told)


def _filters(code: str, kept: dict[str, list[str]]) -> LineFilters:
    projects = ProjectFilters(city=tuple(kept["city"]), sector=tuple(kept["sector"]))
    return LineFilters(code, "".join(kept["state"][:1]), "".join(kept["item"][:1]), _year(kept), projects)


def _year(kept: dict[str, list[str]]) -> int | None:
    asked = "".join(kept["year"][:1])
    return int(asked) if asked.isdigit() else None


def _carried_out(context: Context, lines: Any, expected: int, given: dict[str, Any]) -> str:
    """Do what the form says; returns what was done to how many lines, in words."""
    if given["action"] == "grant":
        amount_yuan = typed(given["amount"])
        data = Grant(given["pool"] or "", given["doc"] or "", given["date"] or "", amount_yuan, given["note"] or "")
        count, made = questions.grant_lines(lines, expected, data)
        sums = {"reserve": amount(made.from_reserve, context.lang), "free": amount(made.from_free, context.lang)}
        return context.text("review-granted", count=str(count), **sums)
    if given["action"] == "arranged":
        done = questions.propose_arranged(lines, expected, given["note"] or "")
        return context.text("review-arranged-done", count=str(done.decided), left=str(done.left))
    if given["action"] == "resubmit":
        count = questions.resubmit(lines, expected, given["note"] or "")
    else:
        count = questions.decide_lines(lines, expected, _verdict(given))
    return context.text("review-done", count=str(count))


def _verdict(given: dict[str, Any]) -> Verdict:
    percent: Decimal | None = None
    amount_yuan = typed(given["amount"]) if given["action"] == "propose" else None
    if given["action"] == "propose" and amount_yuan is None:
        try:
            percent = Decimal((given["percent"] or "").strip() or "100")
        except InvalidOperation as error:
            raise NotANumber(given["percent"]) from error
    return Verdict(given["action"], amount_yuan, percent, given["reason"] or "", given["note"] or "")


def _steps(context: Context, line: str) -> Any:
    steps = questions.line_decisions(int(line))
    reasons = by_code("reasons")
    shown = [
        [
            moment(step["at"], context.lang),
            step["actor"],
            context.text(f"review-did-{step['kind']}"),
            amount(step["amount"], context.lang) if step["amount"] is not None else "",
            reasons[step["reason"]][f"name_{context.lang}"] if step["reason"] else "",
            step["note"],
            step["doc_no"],
        ]
        for step in steps
    ]
    heads = (
        "review-at",
        "review-who",
        "review-action",
        "review-amount>",
        "review-reason",
        "review-note",
        "column-pools-doc_no",
    )
    return dmc.Card(
        [dmc.Title(context.text("review-steps"), order=2, size="h5"), table(context, heads, shown, "review-no-steps")],
        withBorder=True,
        padding="md",
        mt="sm",
    )


def register_callbacks(app: Dash) -> None:
    """Marking, narrowing, deciding, opening and closing."""
    _register_marking(app)
    _register_deciding(app)
    _register_rounds(app)


def _register_marking(app: Dash) -> None:
    @app.callback(
        Output("review-some", "children"),
        Output("review-some", "disabled"),
        Output("review-steps", "children"),
        Input("review-grid", "selectedRows"),
        prevent_initial_call=True,
    )
    def marked(selected: list[dict[str, Any]] | None) -> Any:
        context, count = request_context(), len(selected or [])
        steps = _steps(context, selected[-1]["id"]) if selected else None
        return context.text("review-selected", count=str(count)), count == 0, steps

    @app.callback(
        *(Output(f"in-{name}", "style") for name in ("percent", "amount", "reason", "pool", "doc", "date")),
        Input("review-action", "value"),
    )
    def fitting(action: str) -> Any:
        wanted = {
            "propose": {"percent", "amount", "reason"},
            "return": {"reason"},
            "grant": {"amount", "pool", "doc", "date"},
        }.get(action, set())
        names = ("percent", "amount", "reason", "pool", "doc", "date")
        return [{} if name in wanted else {"display": "none"} for name in names]

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("review-item", "value"),
        Input("review-city", "value"),
        State("review-round", "data"),
        State("review-filter", "data"),
        prevent_initial_call=True,
    )
    def narrowed(item: str | None, city: str | None, code: str, kept: dict[str, list[str]]) -> Any:
        if [item or ""] == (kept["item"] or [""]) and [city or ""] == (kept["city"] or [""]):
            return no_update
        state = "".join(kept["state"][:1])
        year = kept["year"][:1]
        return address("/finance/review", {"round": code, "state": state, "item": item, "city": city, "year": year})


def _register_deciding(app: Dash) -> None:
    names = ("action", "percent", "amount", "reason", "pool", "doc", "date", "note")

    form = Form(
        by=(Input("review-some", "n_clicks"), Input("review-every", "n_clicks")),
        reads=(
            State("review-grid", "selectedRows"),
            State("review-round", "data"),
            State("review-total", "data"),
            State("review-filter", "data"),
            *(State(f"review-{name}", "value") for name in names),
        ),
        said="review-result",
        leads="",
        shows=(
            Output("review-grid", "rowData"),
            Output("review-grid", "selectedRows"),
            Output("review-sums", "children"),
            Output("review-total", "data"),
        ),
    )

    @on_submit(app, form)
    def decided(
        context: Context,
        selected: list[dict[str, Any]] | None,
        code: str,
        total: int,
        kept: dict[str, list[str]],
        *given: Any,
    ) -> Done:
        filters = _filters(code, kept)
        lines = [int(row["id"]) for row in selected or []] if ctx.triggered_id == "review-some" else filters
        words = _carried_out(context, lines, total, dict(zip(names, given, strict=True)))
        page = questions.review_page(filters, lang=context.lang)
        shown: tuple[Any, ...] = (
            rows(context, page, references()),
            [],
            sums(context, page.sums, page.total, still_open(page)),
            page.total,
        )
        return Done(words, shown=shown)


def _register_rounds(app: Dash) -> None:
    opening = Form(
        by=(Input("round-open", "n_clicks"),),
        reads=tuple(State(f"round-{name}", "value") for name in ("code", "year", "name")),
        said="round-result",
        leads="href",
    )
    closing = Form(
        by=(Input("review-close", "n_clicks"),),
        reads=(State("review-round", "data"),),
        said="review-result",
        leads="href",
    )

    @on_submit(app, opening)
    def opened(_context: Context, code: str, year: int, name: str) -> Done:
        questions.start_round(code or "", int(year or 0), name or "")
        return Done(to=address("/finance/review", {"round": code}))

    @on_submit(app, closing)
    def closed(_context: Context, code: str) -> Done:
        questions.end_round(code)
        return Done(to=address("/finance", {}))
