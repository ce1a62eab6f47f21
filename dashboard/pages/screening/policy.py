"""Policy: weights being set with the ranking that moves, ways to weights, robustness, and saving a version."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.aria import aria
from dashboard.components.links import address, card, choices
from dashboard.components.offers import offered
from dashboard.components.states import illustrative_note
from dashboard.context import Context
from dashboard.data import any_illustrative
from dashboard.form import Done, Form, on_submit
from dashboard.pages.screening import policy_ranking, policy_versions, policy_ways
from dashboard.questions.policy import PolicyPage, policy_page, ranking, reweighed, save, scaled
from portfolio.core.formatting import number
from portfolio.screening.policies import policy_name
from portfolio.screening.rules.policy import Policy, Profile

PATH = "/policy"
WEIGHT = {"type": "policy-weight", "group": ALL}


def layout(context: Context) -> Any:
    """The policy and profile of the address."""
    page = policy_page(context.value("policy") or "default")
    policy = page.policy
    profile = next((one for one in policy.profiles if one.code == context.value("profile")), None)
    shown, every = profile or policy.profiles[0], len({_plain(one) for one in policy.profiles}) == 1
    scope = profile.code if profile else ("" if every else policy.profiles[0].code)
    found, half = ranking(policy.key, scope, {}), {"base": 12, "lg": 6}
    return html.Div(
        [
            dmc.Group(
                [
                    dmc.Title(context.text("nav-policy"), order=1, size="h3"),
                    dmc.Text(f"{policy.name(context.lang)} @{policy.version}", c="dimmed"),
                ],
                align="baseline",
                mb="sm",
            ),
            illustrative_note(context) if any_illustrative() else None,
            _choose(context, page, scope, every),
            dmc.Grid(
                [
                    dmc.GridCol(_weights(context, policy, shown), span={"base": 12, "lg": 5}),
                    dmc.GridCol(policy_ranking.ranking_card(context, found), span={"base": 12, "lg": 7}),
                    dmc.GridCol(policy_ranking.bars_card(context, policy, found), span=12),
                    dmc.GridCol(policy_ranking.core_card(context, policy, scope), span=half),
                    dmc.GridCol(policy_ranking.tornado_card(context, policy, scope, found), span=half),
                    *(dmc.GridCol(way, span=span) for span, way in policy_ways.cards(context, policy)),
                    dmc.GridCol(_criteria(context, policy, shown), span=12),
                    dmc.GridCol(policy_versions.definition_card(context, policy), span={"base": 12, "lg": 7}),
                    dmc.GridCol(policy_versions.runs_card(context, page), span={"base": 12, "lg": 5}),
                ],
                gutter="md",
            ),
            dcc.Store(id="policy-of", data=[policy.key, scope]),
        ]
    )


def _plain(profile: Profile) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(profile.weights.items()))


def _choose(context: Context, page: PolicyPage, scope: str, every: bool) -> html.Div:
    policy, lang = page.policy, context.lang
    versions = [
        (
            f"{policy_name(row, lang)} @{row['version']} · {context.text('policy-' + row['state'])}",
            address(PATH, {"policy": f"{row['code']}@{row['version']}"}),
            (row["code"], row["version"]) == (policy.code, policy.version),
        )
        for row in page.policies
    ]
    whole = [("", context.text("policy-every-profile"))] if every else []
    picked = [*whole, *((one.code, one.name(lang)) for one in policy.profiles)]
    profiles = [(name, address(PATH, {"policy": policy.key, "profile": code}), code == scope) for code, name in picked]
    several = choices(context.text("policy-profile"), profiles) if len(policy.profiles) > 1 else None
    return html.Div([choices(context.text("policy-choose"), versions), several])


def _weights(context: Context, policy: Policy, profile: Profile) -> dmc.Card:
    rows = [
        _weight(group.code, group.name(context.lang), profile.weights.get(group.code, 0.0)) for group in policy.weighed
    ]
    save_form = html.Div(
        [
            dmc.TextInput(id="policy-code", label=context.text("policy-code"), value=policy.code),
            dmc.TextInput(id="policy-note", label=context.text("policy-note")),
            dmc.Button(context.text("policy-save"), id="policy-save"),
        ],
        className="form",
    )
    parts: list[Any] = [
        html.Div(rows, className="weights"),
        dmc.Group(
            [
                html.Div(total_words(context, sum(profile.weights.values())), id="policy-total", role="status"),
                dmc.Button(context.text("policy-scale"), id="policy-scale", variant="default", size="xs"),
                dmc.Button(context.text("policy-reset"), id="policy-reset", variant="subtle", size="xs"),
            ],
            my="sm",
        ),
        html.Div(id="policy-problems", role="status"),
        offered("policy.edit", save_form),
        html.Div(id="policy-saved", role="status"),
    ]
    return card(context.text("policy-weights"), parts, "card-weights", context.text("policy-weights-note"))


def _weight(group: str, name: str, value: float) -> html.Div:
    slider = dmc.Slider(
        id={"type": "policy-slider", "group": group},
        value=value,
        min=0,
        max=60,
        step=0.5,
        label=None,
        thumbLabel=name,
        updatemode="mouseup",
    )
    typed = dmc.NumberInput(
        id={"type": "policy-weight", "group": group},
        value=value,
        min=0,
        max=100,
        decimalScale=2,
        size="xs",
        debounce=500,
        **aria(label=name),
    )
    return html.Div([html.Span(name), slider, typed], className="weight")


def total_words(context: Context, total: float) -> html.Span:
    """What the weights add up to, and whether that is 100."""
    right = abs(total - 100) < 0.005
    words = context.text("policy-total", total=number(total, context.lang, 2))
    return html.Span(words, className="yes" if right else "no")


def _criteria(context: Context, policy: Policy, profile: Profile) -> dmc.Card:
    return card(
        context.text("policy-criteria"),
        [policy_ranking.criteria_table(context, policy, profile)],
        "card-policy-criteria",
        context.text("policy-criteria-note", source=policy.basis(context.lang)),
    )


def register_callbacks(app: Dash) -> None:
    """Slider and number together, ways to weights, live ranking, saving."""
    app.clientside_callback(
        """function(slid, typed) {
            const was = window.dash_clientside.callback_context.triggered[0];
            const same = slid === typed || typed === '' || typed === null;
            if (!was || same) { return [window.dash_clientside.no_update, window.dash_clientside.no_update]; }
            return was.prop_id.includes('policy-slider')
                ? [window.dash_clientside.no_update, slid] : [Math.min(60, typed), window.dash_clientside.no_update];
        }""",
        Output({"type": "policy-slider", "group": MATCH}, "value"),
        Output({"type": "policy-weight", "group": MATCH}, "value"),
        Input({"type": "policy-slider", "group": MATCH}, "value"),
        Input({"type": "policy-weight", "group": MATCH}, "value"),
        prevent_initial_call=True,
    )
    _register_setting(app)
    _register_saving(app)
    policy_ranking.register_callbacks(app)
    policy_ways.register_callbacks(app)
    policy_versions.register_callbacks(app)


def _register_setting(app: Dash) -> None:
    @app.callback(
        Output(WEIGHT, "value", allow_duplicate=True),
        Input("policy-scale", "n_clicks"),
        Input("policy-reset", "n_clicks"),
        State(WEIGHT, "value"),
        State("policy-of", "data"),
        prevent_initial_call=True,
    )
    def set_weights(scale: int | None, reset: int | None, values: list[Any], held: list[str]) -> Any:
        if not (scale or reset):
            return [no_update] * len(values)
        policy = policy_page(held[0]).policy
        if ctx.triggered_id == "policy-scale":
            policy = scaled(reweighed(policy, held[1], policy_ranking.typed_weights(policy, values)))
        profile = next((one for one in policy.profiles if one.code == held[1]), policy.profiles[0])
        return [profile.weights.get(group.code, 0.0) for group in policy.weighed]


def _register_saving(app: Dash) -> None:
    form = Form(
        by=(Input("policy-save", "n_clicks"),),
        reads=(
            State(WEIGHT, "value"),
            State("policy-code", "value"),
            State("policy-note", "value"),
            State("policy-of", "data"),
        ),
        said="policy-saved",
        leads="href",
    )

    @on_submit(app, form)
    def saved(context: Context, values: list[Any], code: str, note: str, held: list[str]) -> Done:
        weights = policy_ranking.typed_weights(policy_page(held[0]).policy, values)
        made = save(held[0], held[1], weights, code or "", note or "")
        href = address(PATH, {"policy": made.key, "profile": held[1]})
        return Done(context.text("policy-was-saved", policy=made.key), to=href)
