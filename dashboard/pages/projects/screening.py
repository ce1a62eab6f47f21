"""A project's gates with evidence and acts, its score down to the facts, and what is stated of it."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, html

from dashboard.components.gate_badges import badge
from dashboard.components.graph import graph
from dashboard.components.links import address, card, choices
from dashboard.components.offers import offered
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.figures.criteria import bars_figure
from dashboard.form import Done, Form, on_submit
from dashboard.pages.projects import gate_acts
from dashboard.pages.projects.fact_places import place
from dashboard.questions.screening import ScreeningTab, screening_tab, state_criteria
from portfolio.core.formatting import moment, number, points, with_unit
from portfolio.core.i18n import has_text
from portfolio.screening.explaining import Explained
from portfolio.screening.policies import policy_name
from portfolio.screening.records import GateRecord, PolicyRecord
from portfolio.screening.rules import books
from portfolio.screening.rules.gating import OPEN


def content(context: Context, code: str) -> list[Any]:
    """The tab."""
    tab = screening_tab(code, context.value("policy") or "default")
    return [
        dmc.GridCol(_gates(context, tab, code), span=12),
        dmc.GridCol(_score(context, tab, code), span={"base": 12, "lg": 8}),
        dmc.GridCol(
            html.Div([_tornado(context, tab.score), _criteria(context, tab), _kept(context, tab)], className="stack"),
            span={"base": 12, "lg": 4},
        ),
    ]


def _gates(context: Context, tab: ScreeningTab, code: str) -> dmc.Card:
    order = {state: place for place, state in enumerate(("veto", "unknown", "explain", "lifted", "justified", "pass"))}
    ranked = sorted(tab.gates, key=lambda row: order.get(row["state"], len(order)))
    rows = [_gate_row(context, tab, row, code) for row in ranked]
    heads = ("screening-gate", "screening-result", "screening-evidence", "screening-rule", "screening-acts")
    grave = [row for row in tab.gates if row["state"] in OPEN]
    title = context.text("screening-tab-gates", open=str(len(grave)))
    parts = [
        table(context, heads, rows, "screening-empty", tall=True),
        gate_acts.form(context, tab),
    ]
    return card(title, parts, "card-project-gates", context.text("screening-both-visible"))


def _gate_row(context: Context, tab: ScreeningTab, row: GateRecord, code: str) -> list[Any]:
    gate = books.gates()[row["gate"]]
    result: list[Any] = [badge(context, row["state"])]
    if row["raw"] != row["state"]:
        result.append(html.Div([context.text("screening-by-rule"), badge(context, row["raw"])], className="by-rule"))
    rule = [
        html.Div(gate.source(context.lang)),
        html.Div(f"{gate.row['valid_from']} · {books.version()}", className="silent"),
    ]
    name = [html.Div(gate.words("name", context.lang), className="lead")]
    if row["state"] in OPEN:
        name.append(html.Div(gate.words("remedy", context.lang), className="silent"))
    return [
        html.Div(name),
        html.Div(result),
        html.Div([facts(context, row["evidence"], tuple(row["illustrative"])), _missing(context, row, code)]),
        html.Div(rule),
        html.Div([gate_acts.line(context, tab, one) for one in row["acts"]]),
    ]


def _missing(context: Context, row: GateRecord, code: str) -> Any:
    """The facts for want of which the gate is not known, each with the way to where it is stated."""
    if not row["missing"]:
        return None
    links: list[Any] = [html.Span(context.text("screening-missing-here"))]
    for name in row["missing"]:
        words = context.text("screening-state-fact", name=books.fact_name(name, context.lang))
        href = place(code, name)
        links.append(dmc.Anchor(words, href=href, refresh=href.startswith("#"), size="sm"))
    return html.Div(links, className="missing")


def facts(context: Context, evidence: dict[str, float | None], made_up: tuple[str, ...] = ()) -> html.Div:
    """Facts with their values and units; what nobody reported says so."""
    return html.Div([html.Div(_fact(context, name, value, name in made_up)) for name, value in evidence.items()])


def _fact(context: Context, name: str, value: float | None, illustrative: bool) -> str:
    mark = f" {context.text('illustrative-mark')}" if illustrative and value is not None else ""
    row = books.facts().get(name)
    unit = row["unit"] if row else ""
    if value is None:
        shown = context.text("screening-not-reported")
    elif unit == "flag":
        shown = context.text("yes" if value else "no")
    elif unit == "share":
        shown = f"{number(value * 100, context.lang, 1)}%"
    else:
        words = context.text(f"fact-unit-{unit}") if unit and has_text(f"fact-unit-{unit}") else ""
        figure = number(value, context.lang, 2)
        shown = with_unit(figure, words) if words else figure
    return context.text("screening-fact", name=books.fact_name(name, context.lang), value=shown + mark)


def _score(context: Context, tab: ScreeningTab, code: str) -> dmc.Card:
    found, lang = tab.score, context.lang
    groups = {group.code: group.name(lang) for group in found.policy.groups}
    names = {criterion.code: criterion.name(lang) for criterion in found.policy.criteria}
    rows = [
        [
            groups[part.group],
            html.Span(names[part.criterion], className="lead"),
            points(part.weight, lang),
            context.text("screening-floor") if part.unknown else f"{number(part.percent, lang, 1)}%",
            points(part.points, lang),
            facts(context, part.evidence, part.illustrative),
        ]
        for part in found.parts
    ]
    heads = ("policy-group", "policy-criterion", "policy-weight>", "policy-earned>", "policy-points>")
    totals = ["", context.text("plan-sum"), "", "", points(found.points, lang), ""]
    shown = table(context, (*heads, "screening-evidence"), rows, "screening-empty", "score-parts", totals)
    picked = [
        (f"{policy_name(row, lang)} @{row['version']}", _with_policy(code, row), _key(row) == found.policy.key)
        for row in tab.policies
    ]
    profile = next(one.name(lang) for one in found.policy.profiles if one.code == found.profile)
    said = {"rank": str(found.rank), "projects": str(found.projects), "points": points(found.points, lang)}
    head = context.text("screening-score-head", **said, profile=profile)
    vetoed = badge(context, "veto") if found.vetoed else None
    parts = [
        choices(context.text("policy-choose"), picked),
        dmc.Group([dmc.Text(head, fw=600), vetoed], mb="xs"),
        shown,
    ]
    return card(context.text("screening-score"), parts, "card-score", context.text("screening-score-note"))


def _key(row: PolicyRecord) -> str:
    return f"{row['code']}@{row['version']}"


def _with_policy(code: str, row: PolicyRecord) -> str:
    return address(f"/projects/{code}", {"tab": "screening", "policy": _key(row)})


def _tornado(context: Context, found: Explained) -> Any:
    if not found.bars:
        return None
    title = context.text("policy-tornado")
    figure = tornado_of(context, found)
    plot = graph(context, "project-tornado", figure, title, 90 + 34 * len(found.bars), context.text("unit-points"))
    return card(title, [plot], "card-project-tornado", context.text("policy-tornado-note"))


def tornado_of(context: Context, found: Explained) -> Any:
    """The figure of a score's bars."""
    names = {group.code: group.name(context.lang) for group in found.policy.groups}
    return bars_figure(context.lang, context.theme, found.points, found.bars, names)


def _criteria(context: Context, tab: ScreeningTab) -> dmc.Card:
    rows = [
        [
            books.fact_name(name, context.lang),
            number(row.value, context.lang, 4),
            context.text("illustrative-mark") if row.basis == "illustrative" else "",
        ]
        for name, row in sorted(tab.criteria.items())
    ]
    heads = ("policy-criterion", "screening-value>", "screening-basis")
    options = [
        {"value": code, "label": books.fact_name(code, context.lang)}
        for code in books.facts()
        if books.is_criterion(code)
    ]
    form = html.Div(
        [
            dmc.Select(id="criterion-of", label=context.text("policy-criterion"), data=options, searchable=True),
            dmc.NumberInput(id="criterion-value", label=context.text("screening-value"), hideControls=True),
            dmc.Button(context.text("screening-state"), id="criterion-save"),
        ],
        className="form",
    )
    parts = [
        table(context, heads, rows, "screening-no-criteria"),
        offered("screening.score", form, tab.project),
        html.Div(id="criterion-result", role="status"),
    ]
    return card(context.text("screening-criteria"), parts, "card-criteria", context.text("screening-criteria-note"))


def _kept(context: Context, tab: ScreeningTab) -> dmc.Card:
    """The project's kept scores."""
    rows = [
        [
            moment(row["at"], context.lang),
            row["policy"],
            f"{row['rank']}/{row['projects']}",
            points(row["points"], context.lang),
        ]
        for row in tab.kept
    ]
    heads = ("policy-kept-at", "policy-choose", "policy-rank>", "policy-points>")
    return card(context.text("policy-kept"), [table(context, heads, rows, "policy-none-kept")], "card-project-kept")


def register_callbacks(app: Dash) -> None:
    """Lift, justify, restore; state a criterion."""
    gate_acts.register(app)
    _register_criteria(app)


def _register_criteria(app: Dash) -> None:
    form = Form(
        by=(Input("criterion-save", "n_clicks"),),
        reads=(State("criterion-of", "value"), State("criterion-value", "value"), State("project-code", "data")),
        said="criterion-result",
    )

    @on_submit(app, form)
    def stated(_context: Context, name: str | None, value: Any, code: str) -> Done:
        state_criteria(code, {name or "": None if value in (None, "") else float(value)})
        return Done()
