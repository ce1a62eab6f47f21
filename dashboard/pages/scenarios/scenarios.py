"""Scenarios: the list with what each was answered, made, copied, solved, stopped and dropped; live while they run."""

from collections.abc import Callable
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.answers import again
from dashboard.components.aria import aria
from dashboard.components.links import address, card
from dashboard.components.offers import offered
from dashboard.components.persons import where_names_are_typed
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context, request_context
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.scenarios import approval as scenario_approval
from dashboard.pages.scenarios.compare import comparison
from dashboard.pages.scenarios.progress import gap_text, live
from dashboard.questions import allocation as questions
from portfolio.core.formatting import NONE_MARK, number
from portfolio.scenarios.options import Options
from portfolio.scenarios.queries import UNDER_WAY
from portfolio.scenarios.records import ScenarioRecord
from portfolio.scenarios.service import NewScenario
from portfolio.screening.policies import policy_name

MARK = {"type": "scenario-mark", "code": ALL}
HEADS = (
    "scenarios-mark",
    "scenarios-code",
    "editions-code",
    "scenarios-state",
    "scenarios-status",
    "scenarios-value>",
    "scenarios-bound>",
    "scenarios-gap>",
    "scenarios-in>",
    "scenarios-policy",
    "scenarios-parent",
    "scenarios-maker",
)
TICK = 1000
FAULTY = {
    "max_delay": "scenario-delay",
    "time_limit": "scenario-limit",
    "gap": "scenario-gap",
    "code": "scenario-code",
}


def layout(context: Context) -> Any:
    """The list, or the scenarios the address names side by side."""
    codes = context.values("code")
    if len(codes) > 1:
        return comparison(context, codes)
    page = questions.scenarios_page()
    running = [one for one in page.scenarios if one["job"] and one["job"]["state"] in UNDER_WAY]
    made_up = any(one["basis"] == "illustrative" for one in page.scenarios)
    rows = [_row(context, one) for one in page.scenarios]
    return html.Div(
        [
            dmc.Title(context.text("nav-scenarios"), order=1, size="h3", mb="sm"),
            illustrative_note(context) if made_up else None,
            card(
                context.text("scenarios-list"),
                [
                    table(context, HEADS, rows, "scenarios-empty", "scenarios-table"),
                    _actions(context) if rows else None,
                    html.Div(id="approval-panel", style={"marginTop": 12}),
                    html.Div(id="scenarios-result", role="status"),
                ],
                "card-scenarios",
            ),
            html.Div(live(context), id="scenarios-live", **aria(live="polite")),
            offered("scenario.make", _form(context, page) if page.editions else _no_edition(context)),
            dcc.Interval(id="scenarios-tick", interval=TICK, disabled=not running),
        ],
        className="stack",
    )


def _row(context: Context, one: ScenarioRecord) -> list[Any]:
    lang, text = context.lang, context.text
    mark = dmc.Checkbox(
        id={"type": "scenario-mark", "code": one["code"]},
        size="sm",
        **aria(label=text("scenarios-choose", code=one["code"])),
    )
    link = dmc.Anchor(one["code"], href=address("/allocation", {"scenario": one["code"]}), refresh=False, size="sm")
    name: list[Any] = [link, f" {one['name']}"]
    if one["basis"] == "illustrative":
        name += [" ", html.Span(text("illustrative-mark"), className="made-up")]
    job = one["job"]
    busy = job["state"] if job and job["state"] in UNDER_WAY else ""
    status = text(f"job-{busy}") if busy else text(f"allocation-status-{one['status']}") if one["status"] else ""
    return [
        mark,
        html.Span(name),
        one["edition"],
        text(f"scenario-state-{one['state']}"),
        status,
        number(one["value"], lang, 2),
        number(one["bound"], lang, 2),
        gap_text(one["gap"], lang),
        f"{one['supported']} / {one['projects']}" if one["projects"] else NONE_MARK,
        one["policy"],
        one["parent"] or "",
        one["maker"],
    ]


def _no_edition(context: Context) -> dmc.Card:
    """A scenario chooses among an edition's projects: without one there is nothing to make."""
    link = dmc.Anchor(context.text("nav-editions"), href="/editions", refresh=False)
    return card(context.text("scenarios-make"), [empty(context, "scenarios-no-edition", link)], "card-make-scenario")


def _actions(context: Context) -> html.Div:
    text = context.text
    return html.Div(
        [
            offered(
                "scenario.make",
                [
                    dmc.Button(text("scenarios-solve"), id="scenarios-solve"),
                    dmc.Button(text("scenarios-stop"), id="scenarios-stop", variant="default"),
                ],
            ),
            dmc.Button(text("scenarios-compare"), id="scenarios-compare", variant="default"),
            offered(
                "scenario.approve",
                dmc.Button(text("approval-open"), id="scenarios-approve", color="teal", variant="light"),
            ),
            offered(
                "scenario.make",
                [
                    dmc.TextInput(id="scenarios-copy-code", label=text("scenarios-copy-code")),
                    where_names_are_typed(dmc.TextInput(id="scenarios-copy-maker", label=text("scenarios-maker"))),
                    dmc.Button(text("scenarios-copy"), id="scenarios-copy", variant="default"),
                    dmc.Button(text("scenarios-drop"), id="scenarios-drop", color="red", variant="subtle"),
                ],
            ),
        ],
        className="form",
        style={"marginTop": 12},
    )


def _form(context: Context, page: questions.ScenariosPage) -> dmc.Card:
    text = context.text
    policies = [
        {"value": f"{one['code']}@{one['version']}", "label": f"{policy_name(one, context.lang)} @{one['version']}"}
        for one in page.policies
    ]
    newest = next((one["value"] for one in reversed(policies) if one["value"].startswith("default@")), None)
    fields = [
        dmc.TextInput(id="scenario-code", label=text("scenarios-code"), value=f"S{len(page.scenarios) + 1}"),
        dmc.TextInput(id="scenario-name", label=text("scenarios-name")),
        dmc.Select(
            id="scenario-edition",
            label=text("editions-code"),
            data=page.editions,
            value=page.editions[0] if page.editions else None,
            allowDeselect=False,
        ),
        dmc.Select(
            id="scenario-policy", label=text("scenarios-policy"), data=policies, value=newest, allowDeselect=False
        ),
        dmc.NumberInput(id="scenario-delay", label=text("scenarios-delay"), value=1, min=0, max=15),
        dmc.NumberInput(id="scenario-limit", label=text("scenarios-limit"), value=60, min=1, max=86400),
        dmc.NumberInput(id="scenario-gap", label=text("scenarios-asked-gap"), value=0.1, min=0, max=99, step=0.1),
        where_names_are_typed(dmc.TextInput(id="scenario-maker", label=text("scenarios-maker"))),
        dmc.Button(text("scenarios-make"), id="scenario-make"),
    ]
    content = [html.Div(fields, className="form"), html.Div(id="scenario-made", role="status")]
    return card(text("scenarios-make"), content, "card-make-scenario", text("scenarios-make-note"))


def register_callbacks(app: Dash) -> None:
    """Make, act on the marked, and watch what runs."""
    _register_making(app)
    _register_acts(app)
    _register_approval(app)
    _register_watch(app)


def _register_approval(app: Dash) -> None:
    form = Form(
        by=(Input("scenarios-approve", "n_clicks"),),
        reads=(State(MARK, "checked"), State(MARK, "id")),
        said="approval-panel",
        leads="",
    )

    @on_submit(app, form)
    def ahead(context: Context, checked: list[bool], ids: list[dict[str, str]]) -> Done | Unsent:
        marked = [one["code"] for one, on in zip(ids, checked, strict=True) if on]
        if len(marked) != 1:
            return Unsent(dmc.Alert(context.text("approval-mark-one"), color="yellow"))
        return Done(said=scenario_approval.panel(context, marked[0]))


def _register_making(app: Dash) -> None:
    names = ("code", "name", "edition", "policy", "delay", "limit", "gap", "maker")
    form = Form(
        by=(Input("scenario-make", "n_clicks"),),
        reads=tuple(State(f"scenario-{name}", "value") for name in names),
        said="scenario-made",
        leads="href",
        beside=FAULTY,
    )

    @on_submit(app, form)
    def make(_context: Context, *typed: Any) -> Done:
        given = dict(zip(names, typed, strict=True))
        options = Options(int(given["delay"] or 0), float(given["limit"] or 0) or None, float(given["gap"] or 0) / 100)
        data = NewScenario(
            (given["code"] or "").strip(),
            given["edition"] or "",
            given["policy"] or "default",
            given["name"] or "",
            options,
            given["maker"] or "",
        )
        return Done(to=address("/allocation", {"scenario": questions.make(data)}))


def _register_acts(app: Dash) -> None:
    form = Form(
        by=tuple(Input(f"scenarios-{name}", "n_clicks") for name in ("solve", "stop", "compare", "copy", "drop")),
        reads=(
            State(MARK, "checked"),
            State(MARK, "id"),
            State("scenarios-copy-code", "value"),
            State("scenarios-copy-maker", "value"),
            State("url", "search"),
        ),
        said="scenarios-result",
        leads="href",
    )

    @on_submit(app, form)
    def act(
        context: Context,
        checked: list[bool],
        ids: list[dict[str, str]],
        copy_code: str | None,
        maker: str | None,
        search: str,
    ) -> Done | Unsent:
        marked = [one["code"] for one, on in zip(ids, checked, strict=True) if on]
        name = str(ctx.triggered_id).removeprefix("scenarios-")
        if not marked or (name == "copy" and len(marked) != 1):
            return Unsent(dmc.Alert(context.text("scenarios-mark-first"), color="yellow", mt="sm"))
        if name == "compare":
            return Done(to=address("/scenarios", {"code": marked}))
        _carry_out(name, marked, copy_code or "", maker or "")
        words = context.text(f"scenarios-done-{name}", count=str(len(marked)))
        return Done(words, to=f"/scenarios{again(search)}")


def _carry_out(name: str, marked: list[str], copy_code: str, maker: str) -> None:
    acts: dict[str, Callable[[str], object]] = {
        "solve": questions.ask,
        "stop": questions.stop,
        "copy": lambda code: questions.copy(code, copy_code, maker),
        "drop": questions.drop,
    }
    for code in marked:
        acts[name](code)


def _register_watch(app: Dash) -> None:
    @app.callback(
        Output("scenarios-live", "children"),
        Output("scenarios-tick", "disabled"),
        Output("url", "search", allow_duplicate=True),
        Input("scenarios-tick", "n_intervals"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def tick(_: int | None, search: str) -> Any:
        """While something runs the cards move; when nothing does any more the page is made again, once."""
        context = request_context()
        cards = live(context)
        if cards:
            for one in questions.scenarios_page().scenarios:
                if one["job"] and one["job"]["state"] in UNDER_WAY:
                    questions.jobs_of(one["code"])
            return cards, False, no_update
        return [], True, again(search)
