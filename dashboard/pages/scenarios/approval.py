"""The approval of a scenario, on its own page and on the list: what it would write, what refuses it, then the act."""

from collections import Counter
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, dcc, html

from dashboard.components.links import card, project_link
from dashboard.components.persons import where_names_are_typed
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.form import Done, Form, on_submit
from dashboard.questions import allocation as questions
from portfolio.briefing.scenario_lines import areas_words
from portfolio.core.clock import today
from portfolio.core.formatting import NONE_MARK, headline_words, quantity
from portfolio.core.units import OUTER_UNIT
from portfolio.scenarios.approval.plan import Draft, Hold
from portfolio.scenarios.approval.service import Approval

FIELDS = {"person": "approve-person", "doc_no": "approve-doc", "on_date": "approve-day"}
ELEMENTS = ("fund", "land", "sea", "forest")


def panel(context: Context, code: str) -> Any:
    """What approving `code` would write and the form that does it; raises when there is nothing to approve."""
    ahead = questions.approval_ahead(code, context.lang)
    parts: list[Any] = [_refusals(context, ahead)] if ahead.refusals else []
    parts += [_summary(context, ahead), _by_pool(context, ahead), _details(context, ahead)]
    if not ahead.refusals:
        parts.append(_form(context))
    parts += [html.Div(id="approve-result", role="status"), dcc.Store(id="approve-of", data=code)]
    title = context.text("approval-title", code=code)
    return card(title, parts, "card-approval", context.text("allocation-approve-note"))


def _refusals(context: Context, ahead: questions.ApprovalAhead) -> dmc.Alert:
    words = [html.Div(context.error(one.code, **_named(ahead, one.params))) for one in ahead.refusals]
    return dmc.Alert(words, title=context.text("approval-refused"), color="yellow", mb="sm", id="approve-refusals")


def _named(ahead: questions.ApprovalAhead, params: Any) -> dict[str, Any]:
    """What a refusal names, by name: pools and projects, their codes behind."""
    known = {**ahead.names.pools, **ahead.names.projects}
    value = params.get("value")
    return {**params, "value": f"{known[value]} {value}"} if value in known else dict(params)


def _summary(context: Context, ahead: questions.ApprovalAhead) -> html.Div:
    plan = ahead.plan
    sums = Counter[str]()
    for hold in plan.reserves:
        sums[hold.element] += hold.quantity
    money = headline_words(sums["fund"], "money", context.lang)
    area = areas_words({f"{one}_m2": sums[one] for one in ELEMENTS[1:]}, context.lang)
    counts = {"projects": str(len(plan.delays)), "proposals": str(len(plan.proposals))}
    lines = [context.text("approval-writes", **counts, reserves=str(len(plan.reserves)), money=money, area=area)]
    if plan.earlier:
        lines.append(context.text("approval-returns", code=plan.earlier, count=str(len(plan.back))))
    return html.Div([dmc.Text(line, size="sm") for line in lines], id="approve-writes")


def _by_pool(context: Context, ahead: questions.ApprovalAhead) -> Any:
    """What each pool would reserve and get back."""
    plan, rows = ahead.plan, []
    for pool, dimension in sorted({(one.pool, one.dimension) for one in (*plan.reserves, *plan.back)}):
        new, back = ([one for one in held if one.pool == pool] for held in (plan.reserves, plan.back))
        sums = (sum(one.quantity for one in held) for held in (new, back))
        shown = [_quantity(context, total, dimension) for total in sums]
        rows.append([ahead.names.pools.get(pool, pool), str(len({one.project for one in new})), *shown])
    heads = ("allocation-pool", "scenarios-in>", "approval-reserve>", "approval-return>")
    return table(context, heads, rows, "approval-no-reserves", tall=True)


def _quantity(context: Context, base: int, dimension: str) -> str:
    return quantity(base, dimension, context.lang, OUTER_UNIT[dimension]) if base else NONE_MARK


def _details(context: Context, ahead: questions.ApprovalAhead) -> html.Details:
    """Every proposal and every reserve, folded."""
    text = context.text
    proposals = _proposals(context, ahead)
    of_each = (f"scenario-col-{one}>" for one in ELEMENTS)
    heads = ("col-name", "approval-years", "scenario-col-delay>", *of_each)
    return html.Details(
        [
            html.Summary(text("approval-each")),
            html.H3(text("approval-proposals", count=str(len(ahead.plan.proposals))), className="section"),
            table(context, heads, proposals, "approval-no-proposals", tall=True),
            html.H3(text("approval-reserves", count=str(len(ahead.plan.reserves))), className="section"),
            table(
                context,
                ("col-name", "allocation-pool", "prog-quantity>"),
                [_hold(context, ahead, one) for one in ahead.plan.reserves],
                "approval-no-reserves",
                tall=True,
            ),
        ],
        style={"margin": "10px 0"},
    )


def _proposals(context: Context, ahead: questions.ApprovalAhead) -> list[list[Any]]:
    """A row a project: the years its needs come in, the delay, and what they come to."""
    by_project = dict[str, list[Draft]]()
    for one in ahead.plan.proposals:
        by_project.setdefault(one.project, []).append(one)
    rows = []
    for project, drafts in sorted(by_project.items()):
        years = sorted({one.year for one in drafts})
        sums = dict.fromkeys(ELEMENTS, 0)
        for one in drafts:
            sums[ahead.tree.by_code[one.item].element] += one.quantity
        name = project_link(context, project, ahead.names.projects.get(project, project))
        shown = [_quantity(context, sum_, "money" if one == "fund" else "area") for one, sum_ in sums.items()]
        rows.append([name, f"{years[0]}—{years[-1]}", str(drafts[0].delay), *shown])
    return rows


def _hold(context: Context, ahead: questions.ApprovalAhead, one: Hold) -> list[Any]:
    name = ahead.names.projects.get(one.project, one.project)
    return [
        project_link(context, one.project, name),
        ahead.names.pools.get(one.pool, one.pool),
        _quantity(context, one.quantity, one.dimension),
    ]


def _form(context: Context) -> html.Div:
    text = context.text
    fields = [
        where_names_are_typed(dmc.TextInput(id="approve-person", label=text("allocation-approver"))),
        dmc.TextInput(id="approve-doc", label=text("column-pools-doc_no")),
        dmc.DateInput(
            id="approve-day", label=text("allocation-day"), valueFormat="YYYY-MM-DD", value=today().isoformat()
        ),
        dmc.Button(text("allocation-approve"), id="approve-do", color="teal"),
    ]
    return html.Div(fields, className="form")


def register(app: Dash) -> None:
    """Approve what the panel shows."""

    form = Form(
        by=(Input("approve-do", "n_clicks"),),
        reads=(
            State("approve-person", "value"),
            State("approve-doc", "value"),
            State("approve-day", "value"),
            State("approve-of", "data"),
        ),
        said="approve-result",
        beside=FIELDS,
    )

    @on_submit(app, form)
    def approve(context: Context, person: str, doc: str, day: str, code: str) -> Done:
        done = questions.approve(code, Approval(person or "", doc or "", day or ""))
        counts = {"projects": str(done.projects), "reserves": str(done.reserves)}
        return Done(context.text("allocation-approved", **counts))
