"""A policy's text to be edited as a whole, and the scores that were kept."""

from typing import Any
from urllib.parse import quote

import dash_mantine_components as dmc
import msgspec
from dash import Dash, Input, Output, State, ctx, dcc, html

from dashboard.components.answers import asked, done
from dashboard.components.icon import icon
from dashboard.components.links import address, card
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.questions.policy import PolicyPage, check, keep, policy_text, save_definition
from portfolio.core.errors import FieldError
from portfolio.core.formatting import moment
from portfolio.screening.rules.policy import Policy, encode

PATH = "/policy"
LARGEST = 1_000_000


def definition_card(context: Context, policy: Policy) -> dmc.Card:
    """The text with criteria, curves and shares."""
    text = msgspec.json.format(encode(policy), indent=2)
    area = dmc.Textarea(
        id="policy-definition",
        label=context.text("policy-definition-label"),
        value=text,
        autosize=True,
        minRows=12,
        maxRows=24,
    )
    buttons = dmc.Group(
        [
            dmc.Button(context.text("policy-check"), id="policy-check", variant="default"),
            offered("policy.edit", dmc.Button(context.text("policy-save"), id="policy-save-definition")),
            _upload(context),
            _download(context, policy),
        ],
        mt="sm",
    )
    parts = [area, buttons, html.Div(id="policy-definition-said", role="status")]
    return card(context.text("policy-definition"), parts, "card-definition", context.text("policy-definition-note"))


def _upload(context: Context) -> dcc.Upload:
    """A policy's file, laid into the text to be looked over; nothing is saved by it."""
    words = [icon("upload"), html.Span(context.text("policy-from-file"))]
    return dcc.Upload(html.Button(words, className="button"), id="policy-file", accept=".json", max_size=LARGEST)


def _download(context: Context, policy: Policy) -> html.A:
    """This version as a file that can be brought in again, here, over HTTP and by `portfolio screen --policy`."""
    words = [icon("download"), html.Span(context.text("policy-to-file"))]
    href = f"/api/v1/policies/{quote(policy.key)}"
    return html.A(words, href=href, download=f"{policy.key}.json", className="button", id="policy-download")


def runs_card(context: Context, page: PolicyPage) -> dmc.Card:
    """What was kept, the newest first, and keeping the scores as they now are."""
    rows = [
        [str(row["run"]), moment(row["at"], context.lang), row["policy"], str(row["projects"]), row["note"]]
        for row in page.runs
    ]
    heads = ("policy-run>", "policy-kept-at", "policy-choose", "policy-projects>", "policy-note")
    keeping = html.Div(
        [
            dmc.TextInput(id="policy-keep-note", label=context.text("policy-note")),
            dmc.Button(context.text("policy-keep"), id="policy-keep"),
        ],
        className="form",
    )
    form = offered("screening.score", keeping)
    parts = [form, html.Div(id="policy-kept-said", role="status"), table(context, heads, rows, "policy-none-kept")]
    return card(context.text("policy-kept"), parts, "card-kept", context.text("policy-kept-note"))


def _told(context: Context, found: list[FieldError]) -> Any:
    if not found:
        return done(context, context.text("policy-right"))
    words = [html.Div(f"{fault.field} {context.error(fault.code, **fault.params)}") for fault in found]
    return dmc.Alert(words, color="yellow", title=context.text("policy-not-ready"), mt="sm")


def register_callbacks(app: Dash) -> None:
    """Look over a text, save it, keep scores."""
    _register_definition(app)

    form = Form(
        by=(Input("policy-keep", "n_clicks"),),
        reads=(State("policy-keep-note", "value"), State("policy-of", "data")),
        said="policy-kept-said",
    )

    @on_submit(app, form)
    def kept(context: Context, note: str, held: list[str]) -> Done:
        return Done(context.text("policy-was-kept", run=str(keep(held[0], note or ""))))


def _register_definition(app: Dash) -> None:
    bringing = Form(
        by=(Input("policy-file", "contents"),),
        reads=(State("policy-file", "contents"),),
        said="policy-definition-said",
        leads="",
        shows=(Output("policy-definition", "value"),),
    )
    saving = Form(
        by=(Input("policy-check", "n_clicks"), Input("policy-save-definition", "n_clicks")),
        reads=(State("policy-definition", "value"), State("policy-note", "value")),
        said="policy-definition-said",
        leads="href",
    )

    @on_submit(app, bringing)
    def brought(context: Context, contents: str) -> Unsent:
        text = policy_text(contents)
        found, refused = asked(context, lambda: check(text))
        return Unsent(refused or _told(context, found or []), shown=[text])

    @on_submit(app, saving)
    def looked_over(context: Context, text: str, note: str) -> Done | Unsent:
        if ctx.triggered_id == "policy-check":
            return Unsent(_told(context, check(text or "")))
        made = save_definition(text or "", note or "")
        return Done(to=address(PATH, {"policy": made.key}))
