"""The ranking under the weights being set, its bars, how robust it is, and one project's tornado."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.answers import asked
from dashboard.components.graph import graph
from dashboard.components.links import address, card, name_of, project_link
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.figures.criteria import bars_figure
from dashboard.figures.scores import breakdown
from dashboard.questions import policy as questions
from dashboard.questions.policy import Core, Ranking, Weights
from portfolio.core.formatting import number, points
from portfolio.screening.rules.policy import Curve, Policy, Profile
from portfolio.screening.rules.robust import Limit

WEIGHT = {"type": "policy-weight", "group": ALL}
TOP_CUT = 50
LONGEST = 14
TICK_MS = 1000


def typed_weights(policy: Policy, values: Sequence[Any]) -> dict[str, float]:
    """The weights in the inputs by group; what is blank weighs nothing."""
    groups = [group.code for group in policy.weighed]
    return {group: float(value or 0) for group, value in zip(groups, values, strict=True)}


def ranking_card(context: Context, found: Ranking) -> dmc.Card:
    """The first projects with their rank before and now."""
    content = html.Div(ranking_table(context, found), id="policy-ranking", role="status")
    return card(context.text("policy-ranking"), [content], "card-ranking", context.text("policy-ranking-note"))


def ranking_table(context: Context, found: Ranking) -> list[Any]:
    """How many moved, and the table."""
    rows = [
        [
            str(row["rank"]),
            _moved(row["before"], row["rank"]),
            project_link(context, row["code"], name_of(context, row), "screening"),
            points(row["points"], context.lang),
            str(row["missing"]) if row["missing"] else "",
        ]
        for row in found.rows
    ]
    heads = ("policy-rank>", "policy-before", "col-name", "policy-points>", "policy-missing>")
    moved = dmc.Text(context.text("policy-moved", count=str(found.moved)), size="sm", c="dimmed", mb=4)
    return [moved, table(context, heads, rows, "screening-empty", tall=True)]


def _moved(before: int, now: int) -> html.Span:
    if before == now:
        return html.Span("=", className="silent")
    up = now < before
    return html.Span(f"{before} {'↑' if up else '↓'} {abs(before - now)}", className="yes" if up else "no")


def bars_card(context: Context, policy: Policy, found: Ranking) -> dmc.Card:
    """Points of the first projects by group."""
    title = context.text("policy-bars")
    figure = bars(context, policy, found)
    return card(title, [graph(context, "policy-bars", figure, title, 560, context.text("unit-points"))], "card-bars")


def bars(context: Context, policy: Policy, found: Ranking) -> Any:
    """The figure of a ranking."""
    names = {group.code: group.name(context.lang) for group in policy.groups}
    label = {row["code"]: f"{row['rank']} {_short(name_of(context, row))}" for row in found.rows}
    frame = found.groups.assign(
        label=found.groups["code"].map(label),
        text=[points(part, context.lang) for part in found.groups["points"]],
        link=[address(f"/projects/{code}", {"tab": "screening"}) for code in found.groups["code"]],
    )
    return breakdown(frame, names, list(label.values()), context.theme)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def core_card(context: Context, policy: Policy, profile: str) -> dmc.Card:
    """Who makes the cut for sure, and between whom it is open; while that is worked out the page asks each second."""
    asker = uuid4().hex
    form = html.Div(
        [
            dmc.NumberInput(id="policy-top", label=context.text("policy-top"), value=TOP_CUT, min=1),
            dmc.NumberInput(id="policy-envelope", label=context.text("policy-envelope"), min=0, decimalScale=4),
        ],
        className="form",
    )
    found = questions.core(policy.key, profile, {}, Limit(TOP_CUT), asker)
    content = html.Div(core_content(context, found), id="policy-core", role="status")
    tick = dcc.Interval(id="policy-core-tick", interval=TICK_MS, disabled=found is not None)
    parts = [form, content, tick, dcc.Store(id="policy-core-asker", data=asker)]
    return card(context.text("policy-core"), parts, "card-core", context.text("policy-core-note"))


def core_content(context: Context, found: Core | None) -> Any:
    """The core, or what stands in its place while a long list is drawn."""
    if found is None:
        return dmc.Group([dmc.Loader(size="xs"), dmc.Text(context.text("policy-core-waiting"), c="dimmed")])
    return core_table(context, found)


def core_table(context: Context, found: Core) -> list[Any]:
    """The projects around the cut."""
    rows = [
        [
            str(row["rank"]),
            project_link(context, row["code"], name_of(context, row), "screening"),
            f"{number(row['share'] * 100, context.lang, 1)}%",
            f"{row['low_rank']}—{row['high_rank']}",
        ]
        for row in found.rows
    ]
    said = context.text("policy-core-said", sure=str(found.sure), open=str(found.open), drawn=str(found.drawn))
    heads = ("policy-rank>", "col-name", "policy-share>", "policy-span>")
    return [dmc.Text(said, my="xs", fw=600), table(context, heads, rows, "screening-empty", tall=True)]


def tornado_card(context: Context, policy: Policy, profile: str, found: Ranking) -> dmc.Card:
    """Which weight moves one project most."""
    options = [{"value": row["code"], "label": f"{row['rank']} {name_of(context, row)}"} for row in found.rows]
    first = options[0]["value"] if options else None
    select = dmc.Select(
        id="policy-project", label=context.text("policy-project"), data=options, value=first, searchable=True
    )
    plot = html.Div(_tornado(context, policy, profile, {}, first), id="policy-tornado")
    return card(context.text("policy-tornado"), [select, plot], "card-tornado", context.text("policy-tornado-note"))


def _tornado(context: Context, policy: Policy, profile: str, weights: Weights, code: str | None) -> Any:
    if not code:
        return None
    rank, score, found = questions.swings(policy.key, profile, weights, code)
    names = {group.code: group.name(context.lang) for group in policy.groups}
    figure = bars_figure(context.lang, context.theme, score, found, names)
    said = context.text("policy-end", points=points(score, context.lang), rank=str(rank))
    title = context.text("policy-tornado")
    unit, height = context.text("unit-points"), 90 + 34 * len(found)
    return [dmc.Text(said, my="xs"), graph(context, "policy-tornado-figure", figure, title, height, unit)]


def criteria_table(context: Context, policy: Policy, profile: Profile) -> Any:
    """What the policy looks at: weight in the profile, expression, curve, floor."""
    groups = {group.code: group for group in policy.groups}
    rows = [
        [
            groups[one.group].name(context.lang),
            one.name(context.lang),
            f"{number(profile.shares.get(one.code, 0.0), context.lang, 1)}%",
            html.Code(one.value),
            _curve(context, one.curve),
            number(one.floor, context.lang, 1),
        ]
        for one in policy.criteria
        if profile.shares.get(one.code)
    ]
    heads = ("policy-group", "policy-criterion", "policy-share-in-group>", "policy-expression", "policy-curve")
    return table(context, (*heads, "policy-floor>"), rows, "screening-empty", tall=True)


def _curve(context: Context, curve: Curve) -> str:
    kind = context.text(f"policy-curve-{curve.kind}")
    points = "  ".join(f"{x:g}→{y:g}%" for x, y in curve.points)
    return f"{kind} {points}"


def problems(context: Context, found: Ranking) -> Any:
    """The findings about the policy as it is being set."""
    if not found.findings:
        return None
    told = dict.fromkeys(context.error(fault.code, **fault.params) for fault in found.findings)
    words = [html.Div(word) for word in told]
    return dmc.Alert(words, color="yellow", title=context.text("policy-findings"), mb="sm")


def register_callbacks(app: Dash) -> None:
    """The ranking, the core and the tornado follow the weights."""
    _register_ranking(app)
    _register_core(app)


def _register_ranking(app: Dash) -> None:
    @app.callback(
        Output("policy-total", "children"),
        Output("policy-problems", "children"),
        Output("policy-ranking", "children"),
        Output("policy-bars", "figure"),
        Input(WEIGHT, "value"),
        State("policy-of", "data"),
        prevent_initial_call=True,
    )
    def ranked(values: list[Any], held: list[str]) -> Any:
        context, policy = request_context(), questions.policy_page(held[0]).policy
        weights = typed_weights(policy, values)
        found = questions.ranking(held[0], held[1], weights)
        total = sum(weights.values())
        words = context.text("policy-total", total=number(total, context.lang, 2))
        said = html.Span(words, className="yes" if abs(total - 100) < 0.005 else "no")
        return said, problems(context, found), ranking_table(context, found), bars(context, policy, found)


def _register_core(app: Dash) -> None:
    @app.callback(
        Output("policy-core", "children"),
        Output("policy-core-tick", "disabled"),
        Input(WEIGHT, "value"),
        Input("policy-top", "value"),
        Input("policy-envelope", "value"),
        Input("policy-core-tick", "n_intervals"),
        State("policy-of", "data"),
        State("policy-core-asker", "data"),
        prevent_initial_call=True,
    )
    def around(values: list[Any], top: Any, envelope: Any, _ticks: int, held: list[str], asker: str) -> Any:
        if not top:
            return no_update, no_update
        context, policy = request_context(), questions.policy_page(held[0]).policy
        limit, weights = Limit(int(top), float(envelope) if envelope else None), typed_weights(policy, values)
        found, refused = asked(context, lambda: questions.core(held[0], held[1], weights, limit, asker))
        if refused:
            return refused, True
        if found is None and ctx.triggered_id == "policy-core-tick":
            return no_update, no_update
        return core_content(context, found), found is not None

    @app.callback(
        Output("policy-tornado", "children"),
        Input(WEIGHT, "value"),
        Input("policy-project", "value"),
        State("policy-of", "data"),
        prevent_initial_call=True,
    )
    def moved(values: list[Any], code: str | None, held: list[str]) -> Any:
        context, policy = request_context(), questions.policy_page(held[0]).policy
        return _tornado(context, policy, held[1], typed_weights(policy, values), code)
