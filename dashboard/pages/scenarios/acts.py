"""What is done to a scenario on its page: solve, stop, approve, pin; and asking why, as jobs that are watched."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard.components.answers import again
from dashboard.components.aria import aria
from dashboard.context import Context, request_context
from dashboard.data import may
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.scenarios import approval as scenario_approval
from dashboard.pages.scenarios import options as allocation_options
from dashboard.pages.scenarios import rules as allocation_rules
from dashboard.pages.scenarios.progress import progress_card
from dashboard.pages.scenarios.project import explanation, nothing_chosen
from dashboard.questions import allocation as questions
from portfolio.core.stored_words import stored_text
from portfolio.scenarios.queries import UNDER_WAY
from portfolio.scenarios.records import JobRecord

TICK = 1000
FILES = ("xlsx", "docx", "csv")


def bar(context: Context, page: questions.AllocationPage) -> html.Div:
    """The buttons of a scenario, its progress while something runs, and the form of its approval."""
    head, text = page.head, context.text
    left: list[Any] = []
    if page.changeable:
        left.append(dmc.Button(text("scenarios-solve"), id="allocation-solve"))
    if may("scenario.make"):
        off = not page.waiting
        left.append(dmc.Button(text("scenarios-stop"), id="allocation-stop", variant="default", disabled=off))
    if head["state"] == "solved" and head["value"] is not None and may("scenario.approve"):
        left.append(dmc.Button(text("approval-open"), id="approval-open", color="teal", variant="light"))
    files = [
        dmc.Anchor(
            text("allocation-file", suffix=suffix.upper()),
            href=f"/api/v1/scenarios/{head['code']}/result.{suffix}?lang={context.lang}",
            refresh=True,
            size="sm",
            target="_self",
        )
        for suffix in FILES
        if head["value"] is not None
    ]
    parts: list[Any] = [dmc.Group([*left, *files], gap="sm"), html.Div(id="approval-panel")]
    if page.changeable:
        parts += [allocation_options.form(context, head), allocation_rules.section(context, page)]
    lost = head["job"] if head["job"] and not head["status"] and not page.waiting else None
    parts += [
        html.Div(_fault(context, lost) if lost else None, id="allocation-result", role="status"),
        html.Div(_live(context, page) if page.waiting else [], id="allocation-live", **aria(live="polite")),
        dcc.Interval(id="allocation-tick", interval=TICK, disabled=not page.waiting),
    ]
    return html.Div(parts, className="stack")


def _live(context: Context, page: questions.AllocationPage) -> list[Any]:
    return [progress_card(context, page.head["code"])]


def pin_form(context: Context) -> html.Div:
    """Pins of the marked projects."""
    text = context.text
    return html.Div(
        [
            dmc.TextInput(id="pin-reason", label=text("board-reason")),
            dmc.Button(text("allocation-pin-in"), id="pin-in", size="sm"),
            dmc.Button(text("allocation-pin-out"), id="pin-out", size="sm", variant="default"),
            dmc.Button(text("allocation-unpin"), id="pin-off", size="sm", variant="subtle"),
            html.Div(id="pin-result", role="status"),
        ],
        className="form",
        style={"marginTop": 10},
    )


def register(app: Dash) -> None:
    """Bind what is done on the page."""
    _register_running(app)
    _register_approval(app)
    _register_pins(app)
    _register_explaining(app)
    scenario_approval.register(app)
    allocation_options.register(app)
    allocation_rules.register(app)
    app.clientside_callback(
        """function(text) {
            const grid = window.dash_ag_grid && window.dash_ag_grid.getApi('allocation-grid');
            if (grid) { grid.setGridOption('quickFilterText', text || ''); }
            return window.dash_clientside.no_update;
        }""",
        Output("allocation-search", "id"),
        Input("allocation-search", "value"),
        prevent_initial_call=True,
    )


def _register_running(app: Dash) -> None:
    of = State("allocation-of", "data")
    solving = Form(
        by=(Input("allocation-solve", "n_clicks"),),
        reads=(of,),
        said="allocation-result",
        leads="",
        shows=(Output("allocation-tick", "disabled"), Output("allocation-stop", "disabled")),
    )
    stopping = Form(by=(Input("allocation-stop", "n_clicks"),), reads=(of,), said="allocation-result", leads="")

    @on_submit(app, solving)
    def solve(_context: Context, code: str) -> Done:
        questions.ask(code)
        return Done(shown=(False, False))

    @on_submit(app, stopping)
    def stop(context: Context, code: str) -> Done:
        questions.stop(code)
        return Done(said=dmc.Text(context.text("allocation-stopping"), size="sm"))

    @app.callback(
        Output("allocation-live", "children"),
        Output("allocation-tick", "disabled", allow_duplicate=True),
        Output("allocation-result", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Input("allocation-tick", "n_intervals"),
        State("allocation-of", "data"),
        State("allocation-project", "data"),
        State("allocation-shown", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def tick(_: int | None, code: str, project: str | None, shown: int | None, search: str) -> Any:
        """While a job runs its card moves; when what was asked for is there, and when no job runs any more, the page is
        made again, once."""
        context = request_context()
        jobs = questions.jobs_of(code)
        if any(job["state"] in UNDER_WAY for job in jobs):
            solve = next((job for job in jobs if job["kind"] == "solve"), None)
            solving = solve is not None and solve["state"] in UNDER_WAY
            if questions.ended(jobs) != shown:
                return [], False, no_update, again(_with_project(search, project))
            return [progress_card(context, code)] if solving else [], False, no_update, no_update
        fault = _fault(context, jobs[0]) if jobs else None
        if fault is not None:
            return [], True, fault, no_update
        return [], True, no_update, again(_with_project(search, project))


def _with_project(search: str, project: str | None) -> str:
    """The address with the project that is being looked at."""
    kept = [(name, value) for name, value in parse_qsl((search or "").lstrip("?")) if name != "project"]
    return "?" + urlencode([*kept, *([("project", project)] if project else [])])


def _fault(context: Context, job: JobRecord) -> Any:
    if job["state"] != "failed":
        return None
    why = stored_text("error", job["fault"], context.lang, {"code": job["scenario"], "value": job["detail"]})
    words = context.text("allocation-job-failed", id=str(job["id"]), why=why)
    return dmc.Alert(words, color="red", mt="sm")


def _register_approval(app: Dash) -> None:
    form = Form(
        by=(Input("approval-open", "n_clicks"),),
        reads=(State("allocation-of", "data"),),
        said="approval-panel",
        leads="",
    )

    @on_submit(app, form)
    def ahead(context: Context, code: str) -> Done:
        return Done(said=scenario_approval.panel(context, code))


def _register_pins(app: Dash) -> None:
    form = Form(
        by=tuple(Input(f"pin-{name}", "n_clicks") for name in ("in", "out", "off")),
        reads=(
            State("allocation-grid", "selectedRows"),
            State("pin-reason", "value"),
            State("allocation-of", "data"),
        ),
        said="pin-result",
    )

    @on_submit(app, form)
    def pin(context: Context, selected: list[dict[str, Any]] | None, reason: str, code: str) -> Done | Unsent:
        if not selected:
            return Unsent(dmc.Text(context.text("allocation-mark-first"), size="sm"))
        inside = {"pin-in": True, "pin-out": False}.get(str(ctx.triggered_id))
        count = questions.pin(code, [row["code"] for row in selected], inside, reason or "")
        return Done(context.text("allocation-pins-set", count=str(count)))


def _register_explaining(app: Dash) -> None:
    @app.callback(
        Output("allocation-explained", "children"),
        Output("allocation-project", "data"),
        Input("allocation-grid", "cellClicked"),
        State("allocation-of", "data"),
        prevent_initial_call=True,
    )
    def chosen(cell: dict[str, Any] | None, code: str) -> Any:
        context = request_context()
        project = str((cell or {}).get("rowId") or "")
        found = questions.project_answer(code, project, context.lang) if project else None
        return (explanation(context, found, True), project) if found else (nothing_chosen(context), None)

    ticking = Output("allocation-tick", "disabled", allow_duplicate=True)
    of_project = Form(
        by=(Input("project-ask", "n_clicks"),),
        reads=(State("allocation-project", "data"), State("allocation-of", "data")),
        said="project-asked",
        leads="",
        shows=(ticking,),
    )
    of_frontier = Form(
        by=(Input("frontier-ask", "n_clicks"),),
        reads=(State("allocation-of", "data"),),
        said="frontier-asked",
        leads="",
        shows=(ticking,),
    )
    of_line = replace(of_frontier, by=(Input("line-ask", "n_clicks"),), said="line-asked")

    @on_submit(app, of_project)
    def ask(context: Context, project: str | None, code: str) -> Done | None:
        return _asked(context, code, "project", project) if project else None

    @on_submit(app, of_frontier)
    def frontier(context: Context, code: str) -> Done:
        return _asked(context, code, "frontier", "")

    @on_submit(app, of_line)
    def line(context: Context, code: str) -> Done:
        return _asked(context, code, "line", "")


def _asked(context: Context, code: str, kind: str, subject: str) -> Done:
    questions.ask(code, kind, subject)
    return Done(said=context.text("allocation-working"), shown=[False])
