"""Two ways to weights: an order alone (rank-order centroid), and pairwise comparisons with their consistency."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from dashboard.components.aria import aria
from dashboard.components.links import card
from dashboard.context import Context, request_context
from dashboard.questions.policy import policy_page
from portfolio.core.formatting import number
from portfolio.screening.rules.policy import Policy
from portfolio.screening.rules.weights import (
    CONSISTENT,
    Comparison,
    Floats,
    centroid,
    hundred,
    matrix,
    most_contrary,
    pairwise,
)

PAIR = {"type": "policy-pair", "pair": ALL}
JUDGEMENTS = ("9", "7", "5", "3", "2", "1", "1/2", "1/3", "1/5", "1/7", "1/9")


def cards(context: Context, policy: Policy) -> list[tuple[dict[str, int], dmc.Card]]:
    """Both ways with their widths; a policy of one group needs neither."""
    if len(policy.weighed) < 2:
        return []
    narrow, wide = {"base": 12, "lg": 4}, {"base": 12, "lg": 8}
    return [(narrow, order_card(context, policy)), (wide, pairwise_card(context, policy))]


def order_card(context: Context, policy: Policy) -> dmc.Card:
    """Groups picked in the order of their importance."""
    options = [{"value": group.code, "label": group.name(context.lang)} for group in policy.weighed]
    parts = [
        dmc.MultiSelect(id="policy-order", label=context.text("policy-order-label"), data=options, clearable=True),
        html.Div(id="policy-order-said", role="status"),
        html.Div(dmc.Button(context.text("policy-use"), id="policy-order-use", variant="default", mt="sm")),
    ]
    return card(context.text("policy-order"), parts, "card-order", context.text("policy-order-note"))


def pairwise_card(context: Context, policy: Policy) -> dmc.Card:
    """The upper half of the matrix; the lower is its reciprocal."""
    groups = policy.weighed
    heads = [html.Td(), *(html.Th(group.name(context.lang), scope="col") for group in groups[1:])]
    rows = [
        html.Tr(
            [html.Th(groups[row].name(context.lang), scope="row")]
            + [_cell(context, policy, row, column) for column in range(1, len(groups))]
        )
        for row in range(len(groups) - 1)
    ]
    grid = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="pairs")
    parts = [
        html.Div(grid, className="scroll", tabIndex="0"),
        html.Div(id="policy-pairs-said", role="status"),
        html.Div(dmc.Button(context.text("policy-use"), id="policy-pairs-use", variant="default", mt="sm")),
    ]
    return card(context.text("policy-pairs"), parts, "card-pairs", context.text("policy-pairs-note"))


def _cell(context: Context, policy: Policy, row: int, column: int) -> html.Td:
    if column <= row:
        return html.Td()
    names = [policy.weighed[place].name(context.lang) for place in (row, column)]
    select = dmc.Select(
        id={"type": "policy-pair", "pair": f"{row}-{column}"},
        data=list(JUDGEMENTS),
        value="1",
        allowDeselect=False,
        size="xs",
        **aria(label=context.text("policy-pair", first=names[0], second=names[1])),
    )
    return html.Td(select)


def judgements(policy: Policy, values: Sequence[str]) -> Floats:
    """The matrix the selects hold, row by row."""
    size = len(policy.weighed)
    pairs = combinations(range(size), 2)
    return matrix(size, {pair: _number(value) for pair, value in zip(pairs, values, strict=True)})


def _number(text: str) -> float:
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or 1)


def ordered(policy: Policy, picked: Sequence[str]) -> dict[str, float]:
    """Centroid weights of the groups in the order picked; those not picked follow in the policy's order."""
    codes = [group.code for group in policy.weighed]
    order = [*picked, *(code for code in codes if code not in picked)]
    weights = hundred(centroid(len(order)))
    return {code: float(weight) for code, weight in zip(order, weights, strict=True)}


def _said(context: Context, policy: Policy, weights: dict[str, float]) -> dmc.Text:
    names = {group.code: group.name(context.lang) for group in policy.weighed}
    shown = context.listed(f"{names[code]} {number(weight, context.lang, 2)}" for code, weight in weights.items())
    return dmc.Text(shown, size="sm", mt="xs")


def pair_weights(policy: Policy, found: Comparison) -> dict[str, float]:
    """The weights of a comparison by group."""
    parts = hundred(found.weights)
    return {group.code: float(part) for group, part in zip(policy.weighed, parts, strict=True)}


def register_callbacks(app: Dash) -> None:
    """What an order and a matrix come to, and taking either over."""
    _register_saying(app)

    @app.callback(
        Output({"type": "policy-weight", "group": ALL}, "value"),
        Input("policy-order-use", "n_clicks"),
        Input("policy-pairs-use", "n_clicks"),
        State("policy-order", "value"),
        State(PAIR, "value"),
        State("policy-of", "data"),
        State({"type": "policy-weight", "group": ALL}, "value"),
        prevent_initial_call=True,
    )
    def used(order: int | None, pairs: int | None, picked: Any, values: list[str], held: list[str], now: Any) -> Any:
        if not (order or pairs):
            return [no_update] * len(now)
        policy = policy_page(held[0]).policy
        if ctx.triggered_id == "policy-order-use":
            weights = ordered(policy, picked or ())
        else:
            found = pairwise(judgements(policy, values))
            if not found.consistent:
                return [no_update] * len(now)
            weights = pair_weights(policy, found)
        return [weights[group.code] for group in policy.weighed]


def _register_saying(app: Dash) -> None:
    @app.callback(
        Output("policy-order-said", "children"),
        Input("policy-order", "value"),
        State("policy-of", "data"),
        prevent_initial_call=True,
    )
    def said_order(picked: list[str] | None, held: list[str]) -> Any:
        policy = policy_page(held[0]).policy
        return _said(request_context(), policy, ordered(policy, picked or ()))

    @app.callback(
        Output("policy-pairs-said", "children"),
        Output("policy-pairs-use", "disabled"),
        Input(PAIR, "value"),
        State("policy-of", "data"),
        prevent_initial_call=True,
    )
    def said_pairs(values: list[str], held: list[str]) -> Any:
        context, policy = request_context(), policy_page(held[0]).policy
        table = judgements(policy, values)
        found = pairwise(table)
        parts = [_ratio(context, found), _said(context, policy, pair_weights(policy, found))]
        if not found.consistent:
            parts.insert(1, _contrary(context, policy, table))
        return parts, not found.consistent


def _ratio(context: Context, found: Comparison) -> html.Div:
    key = "policy-consistent" if found.consistent else "policy-inconsistent"
    words = context.text(key, ratio=f"{found.ratio:.3f}", limit=f"{CONSISTENT:g}")
    return html.Div(words, className="yes" if found.consistent else "no")


def _contrary(context: Context, policy: Policy, table: Floats) -> html.Div:
    """The judgement to look at first, with what the others make of it."""
    row, column, implied = most_contrary(table)
    names = [policy.weighed[place].name(context.lang) for place in (row, column)]
    said = {"first": names[0], "second": names[1], "implied": number(implied, context.lang, 1)}
    return html.Div(context.text("policy-contrary", **said))
