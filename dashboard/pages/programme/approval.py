"""Approval under a document: what still refuses it is told before, and what adoption would recover."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.amounts import amount
from dashboard.components.gate_badges import gate_names
from dashboard.components.links import card, name_of, project_link
from dashboard.components.persons import where_names_are_typed
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.programme.ahead import consequences
from dashboard.pages.programme.parts import entry_link, tab_address
from dashboard.questions import consultation
from dashboard.questions import edition as questions
from dashboard.questions import edition_acts as acts
from dashboard.questions.edition_acts import Signed
from portfolio.core.clock import today
from portfolio.rolling.adoption import Reserve


def content(context: Context, page: questions.Round) -> dmc.Card:
    """The form with everything it depends on."""
    text, ahead = context.text, consultation.ahead(page.head["code"])
    fields = html.Div(
        [
            where_names_are_typed(dmc.TextInput(id="approve-person", label=text("ahead-person"))),
            dmc.TextInput(id="approve-doc", label=text("column-pools-doc_no")),
            dmc.DateInput(
                id="approve-date", label=text("prog-date"), valueFormat="YYYY-MM-DD", value=today().isoformat()
            ),
            dmc.Checkbox(id="approve-seen", label=text("ahead-seen"), checked=False),
            dcc.Store(id="approve-mark", data=ahead.mark),
            dmc.Button(text("board-approve"), id="board-approve", color="teal"),
            dcc.ConfirmDialogProvider(
                dmc.Button(text("board-drop"), color="red", variant="subtle"),
                id="board-drop",
                message=text("prog-drop-sure", code=page.head["code"]),
            ),
        ],
        className="form",
    )
    told = [html.H3(text("ahead-title"), className="section"), consequences(context, ahead)]
    parts = [
        _refused(context, page),
        *_vetoed(context, page),
        *told,
        fields,
        html.Div(id="approve-result", role="status"),
    ]
    parts += [html.H3(text("prog-reserves"), className="section"), reserve_table(context, page.reserves)]
    return card(text("prog-approval"), parts, "card-approval", text("prog-approval-note"))


def _refused(context: Context, page: questions.Round) -> dmc.Alert:
    """What refuses, undecided proposals as a count with their list."""
    words: list[Any] = []
    if page.waiting:
        href = tab_address(page.head["code"], "proposals", decision="proposed")
        told = context.text("prog-undecided", count=str(page.waiting))
        words.append(html.Div(dmc.Anchor(told, href=href, refresh=False, size="sm")))
    undecided = sum(one.undecided for one in page.vetoed)
    if undecided:
        words.append(html.Div(context.text("veto-undecided", count=str(undecided))))
    rest = [fault for fault in page.refusals if fault.code != "rolling.undecided"]
    words += [html.Div(context.error(fault.code, **_named(context, page, fault.params))) for fault in rest]
    if not words:
        return dmc.Alert(context.text("prog-nothing-refuses"), color="teal", id="approve-refusals")
    return dmc.Alert(
        words, title=context.text("prog-refuses"), color="yellow", id="approve-refusals", className="illustrative"
    )


def _vetoed(context: Context, page: questions.Round) -> list[Any]:
    """What stands under a veto, those to decide on first, each leading to where it is decided."""
    if not page.vetoed:
        return []
    rows = [
        [
            entry_link(page.head["code"], one.code, name_of(context, vars(one))),
            gate_names(context, one.vetoes),
            context.text("veto-open" if one.undecided else "veto-kept"),
            " ".join(part for part in (one.decided.person, one.decided.doc_no) if part) if one.decided else "",
            one.decided.reason if one.decided else "",
        ]
        for one in sorted(page.vetoed, key=lambda one: not one.undecided)
    ]
    heads = ("col-name", "veto-gates", "veto-decision", "prog-by", "board-reason")
    title = html.H3(context.text("veto-title", count=str(len(rows))), className="section")
    return [title, html.Div(table(context, heads, rows, "board-none", tall=len(rows) > 8), id="approve-vetoed")]


def _named(context: Context, page: questions.Round, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal names, by name: projects that were commented on, and units."""
    names = {one["code"]: name_of(context, one) for one in page.comments}
    shown = {name: names.get(value, value) for name, value in params.items()}
    return {**shown, "unit": references().units.name(shown.get("unit"), context.lang)}


def reserve_table(context: Context, reserves: list[Reserve]) -> Any:
    """What projects that leave still reserve, by pool."""
    tree = references().tree.by_code
    rows = [
        [
            project_link(context, one.project, name_of(context, vars(one))),
            one.pool,
            tree[one.item].name(context.lang),
            str(one.year),
            context.text(f"prog-bucket-{one.bucket}"),
            amount(one.quantity, context.lang, tree[one.item].dimension),
        ]
        for one in reserves
    ]
    heads = ("col-name", "prog-pool", "column-needs-item", "finance-year", "prog-bucket", "prog-quantity>")
    return table(context, heads, rows, "prog-no-reserves", "reserves")


def register_callbacks(app: Dash) -> None:
    """Approve, or drop the draft."""

    approval = Form(
        by=(Input("board-approve", "n_clicks"),),
        reads=(
            *(State(f"approve-{name}", "value") for name in ("doc", "date", "person")),
            State("approve-seen", "checked"),
            State("approve-mark", "data"),
            State("edition-of", "data"),
        ),
        said="approve-result",
        leads="href",
        beside={"person": "approve-person", "doc_no": "approve-doc", "on_date": "approve-date", "seen": "approve-seen"},
    )
    dropping = Form(
        by=(Input("board-drop", "submit_n_clicks"),),
        reads=(State("edition-of", "data"),),
        said="approve-result",
        leads="href",
    )

    @on_submit(app, approval)
    def approve(
        context: Context, doc: str, day: str | None, who: str, seen: bool, mark: str, code: str
    ) -> Done | Unsent:
        if not seen:
            return Unsent(errors=(None, None, None, context.text("ahead-look-first")))
        acts.approve(code, Signed(doc or "", day or "", who or "", mark or ""))
        return Done(to="/editions")

    @on_submit(app, dropping)
    def drop(_context: Context, code: str) -> Done:
        acts.drop(code)
        return Done(to="/editions")
