"""Allocation: one scenario. Pools on the left, in and out in the middle, one project's explanation on the right."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

from dashboard.components.grid import FIGURE, marking_grid
from dashboard.components.links import address, card, choices, name_of
from dashboard.components.states import empty, illustrative_note
from dashboard.components.step_bar import step_bar
from dashboard.context import Context
from dashboard.pages.scenarios import acts as allocation_acts
from dashboard.pages.scenarios import added as allocation_added
from dashboard.pages.scenarios import figures as allocation_figures
from dashboard.pages.scenarios import pools as allocation_pools
from dashboard.pages.scenarios.progress import gap_text
from dashboard.pages.scenarios.project import explanation, nothing_chosen
from dashboard.questions import allocation as questions
from dashboard.questions.way import standing_of
from portfolio.briefing.scenario_lines import gained, hectares
from portfolio.core.formatting import NONE_MARK, number
from portfolio.core.frames import records
from portfolio.core.units import from_base
from portfolio.scenarios.comparing import beside_ranked_cut
from portfolio.scenarios.records import ScenarioHead
from portfolio.scenarios.words import finding_words, reason_words

SHOWN = 8


def layout(context: Context) -> Any:
    """The scenario of the address, else the newest."""
    code = context.value("scenario")
    if not code:
        listed = questions.scenarios_page().scenarios
        if not listed:
            return _nothing(context)
        code = listed[0]["code"]
    page = questions.allocation_page(code, context.lang)
    head = page.head
    third, middle = {"base": 12, "lg": 3}, {"base": 12, "lg": 6}
    return html.Div(
        [
            _title(context, head),
            _choices(context, page),
            step_bar(context, standing_of(head["edition"])),
            illustrative_note(context) if head["basis"] == "illustrative" else None,
            allocation_acts.bar(context, page),
            _heads(context, page),
            _findings(context, page),
            dmc.Grid(
                [
                    dmc.GridCol(allocation_pools.pools_card(context, page), span=third),
                    dmc.GridCol(_projects(context, page), span=middle),
                    dmc.GridCol(
                        card(
                            context.text("allocation-explanation"),
                            [html.Div(_explained(context, code), id="allocation-explained")],
                            "card-explanation",
                        ),
                        span=third,
                    ),
                    *allocation_figures.columns(context, page),
                ]
            ),
            dcc.Store(id="allocation-of", data=code),
            dcc.Store(id="allocation-shown", data=page.ended),
            dcc.Store(id="allocation-project", data=context.value("project") or None),
        ],
        className="stack",
    )


def _explained(context: Context, code: str) -> Any:
    """The explanation of the project in the address."""
    project = context.value("project")
    found = questions.project_answer(code, project, context.lang) if project else None
    return explanation(context, found, True) if found else nothing_chosen(context)


def _nothing(context: Context) -> html.Div:
    action = dmc.Anchor(context.text("scenarios-make"), href="/scenarios", refresh=False)
    title = dmc.Title(context.text("nav-allocation"), order=1, size="h3", mb="sm")
    return html.Div([title, empty(context, "scenarios-empty", action)])


def _title(context: Context, head: ScenarioHead) -> dmc.Group:
    status = context.text(f"allocation-status-{head['status']}") if head["status"] else ""
    window = f"{head['edition']} · {head['base_year']}—{head['base_year'] + head['years'] - 1}"
    state = context.text(f"scenario-state-{head['state']}")
    badges = [f"{head['code']} {head['name']}".strip(), window, state, status, head["policy"], head["maker"]]
    if head["doc_no"]:
        badges += [head["doc_no"], head["approver"]]
    return dmc.Group(
        [
            dmc.Title(context.text("nav-allocation"), order=1, size="h3"),
            *(dmc.Badge(words, variant="light", tt="none") for words in badges if words),
        ],
        gap="xs",
    )


def _choices(context: Context, page: questions.AllocationPage) -> Any:
    links = [
        (one["code"], address("/allocation", {"scenario": one["code"]}), one["code"] == page.head["code"])
        for one in page.others[:SHOWN]
    ]
    return choices(context.text("nav-scenarios"), links)


def _heads(context: Context, page: questions.AllocationPage) -> Any:
    head, lang = page.head, context.lang
    if head["value"] is None:
        return None
    answer, cut = beside_ranked_cut(page.projects)
    more = gained(answer, cut, lang)
    figures = (
        ("value", number(head["value"], lang, 2), ""),
        ("gap", gap_text(head["gap"], lang), context.text("allocation-bound-is", bound=number(head["bound"], lang, 2))),
        ("in", f"{head['supported']} / {head['projects']}", ""),
        ("gained", f"{more['value']} ({more['percent']})", context.text("allocation-gained", **more)),
    )
    cards = [
        dmc.Card(
            [
                dmc.Text(context.text(f"allocation-head-{name}"), size="sm", c="dimmed"),
                html.Span(figure, className="figure"),
                dmc.Text(note, size="xs", c="dimmed") if note else None,
            ],
            withBorder=True,
            padding="sm",
            id=f"allocation-{name}",
        )
        for name, figure, note in figures
    ]
    return dmc.SimpleGrid(cards, cols={"base": 1, "xs": 2, "lg": 4}, spacing="sm")


def _findings(context: Context, page: questions.AllocationPage) -> Any:
    """What the answer has to be told with: conflicts, faults, and needs that no pool covers."""
    outcome = page.head["outcome"]
    shown: list[Any] = []
    if outcome["conflict"]:
        lines = [html.Li(reason_words(one, page.names)) for one in outcome["conflict"]]
        shown.append(dmc.Alert(html.Ul(lines), title=context.text("allocation-conflict"), color="red"))
    severe = [one for one in outcome["findings"] if one["severe"]]
    if severe:
        lines = [html.Li("  →  ".join(finding_words(one, context.lang))) for one in severe]
        shown.append(dmc.Alert(html.Ul(lines), title=context.text("allocation-faults"), color="red"))
    rest = [one for one in outcome["findings"] if not one["severe"]]
    if rest:
        lines = [html.Li(finding_words(one, context.lang)[0]) for one in rest]
        folded = html.Details(
            [html.Summary(context.text("allocation-uncovered", count=str(len(rest)))), html.Ul(lines, className="tall")]
        )
        shown.append(dmc.Alert(folded, color="yellow", variant="light", id="allocation-uncovered"))
    return html.Div(shown, className="stack") if shown else None


def _projects(context: Context, page: questions.AllocationPage) -> dmc.Card:
    title = context.text("allocation-projects")
    if page.projects.empty:
        return card(title, [empty(context, "allocation-unsolved")], "card-projects")
    text = context.text
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": text("col-name"), "flex": 1, "minWidth": 180},
        {"field": "decision", "headerName": text("allocation-decision"), "width": 110},
        {"field": "points", "headerName": text("scenario-col-points"), "width": 90, **FIGURE},
        {"field": "rung", "headerName": text("scenario-col-rung"), "width": 100},
        {"field": "pin", "headerName": text("allocation-pin"), "width": 90},
        {"field": "fund", "headerName": text("scenario-col-fund"), "width": 150, **FIGURE},
        *(
            {"field": name, "headerName": text(f"scenario-col-{name}"), "width": 130, **FIGURE}
            for name in ("land", "sea", "forest")
        ),
        {"field": "reason", "headerName": text("scenario-col-reason"), "width": 320},
    ]
    rows = [_row(context, page, row) for row in records(page.projects)]
    grid = marking_grid(context, "allocation-grid", columns, rows, "code", 560, filtered=True)
    parts: list[Any] = [
        dmc.TextInput(id="allocation-search", placeholder=text("allocation-search"), size="sm", mb="xs", debounce=300),
        grid,
    ]
    if page.changeable:
        parts.append(allocation_acts.pin_form(context))
    return card(title, parts, "card-projects", text("allocation-click"))


def _row(context: Context, page: questions.AllocationPage, row: dict[str, Any]) -> dict[str, Any]:
    delay = int(row["delay"])
    later = context.text("allocation-later", years=str(delay)) if delay > 0 else context.text("allocation-in")
    pin = {True: "allocation-pinned-in", False: "allocation-pinned-out"}.get(row["pin"])
    return {
        "code": row["code"],
        "name": name_of(context, row),
        "decision": context.text("allocation-out") if delay < 0 else later,
        "points": round(float(row["points"]), 2),
        "rung": context.text(f"allocation-rung-{row['rung']}"),
        "pin": context.text(pin) if pin else context.text("allocation-vetoed") if row["vetoed"] else "",
        "fund": float(from_base(int(row["fund_yuan"]), "wan_yuan")),
        **{name: hectares(row[f"{name}_m2"]) for name in ("land", "sea", "forest")},
        "reason": reason_words(row["reason"], page.names) or NONE_MARK,
    }


def register_callbacks(app: Dash) -> None:
    """Solve, stop, approve; change pools and pins; explain."""
    allocation_acts.register(app)
    allocation_pools.register(app)
    allocation_added.register(app)
