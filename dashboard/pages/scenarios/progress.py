"""How solves come on: incumbent, bound and gap as they come, the rung they are at, and what interrupted them."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.graph import graph
from dashboard.components.links import card
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.figures.allocation import solving
from dashboard.questions import allocation as questions
from portfolio.core.clock import utc_now
from portfolio.core.formatting import NONE_MARK, number, percent
from portfolio.core.records import picked
from portfolio.scenarios.queries import UNDER_WAY
from portfolio.scenarios.records import JobRecord, StepRecord

SHOWN = 12


def gap_text(gap: float | None, lang: str) -> str:
    """A relative gap in per cent."""
    return NONE_MARK if gap is None else percent(round(gap * 1_000_000), 1_000_000, lang)


def live(context: Context) -> list[Any]:
    """A card for every scenario that is being solved."""
    found = questions.scenarios_page().scenarios
    return [progress_card(context, one["code"]) for one in found if one["job"] and one["job"]["state"] in UNDER_WAY]


def progress_card(context: Context, code: str) -> Any:
    """How the newest solve of a scenario is coming on: where it stands, the way there, and its newest steps."""
    job = questions.job_steps(code)
    if job is None:
        return None
    title = context.text("scenarios-solving", code=code)
    steps = job["progress"]
    parts: list[Any] = [dmc.Text(_words(context, job), size="sm")]
    if job["attempts"] > 1:
        parts.append(dmc.Text(context.text("scenarios-anew", count=str(job["attempts"])), size="xs", c="dimmed"))
    if steps:
        names = {name: context.text(f"scenarios-{name}") for name in ("value", "bound", "seconds")}
        figure = solving([*(picked(step, names) for step in steps), *_now(job)], names, context.theme)
        name, unit = {"type": "still", "name": f"solving-{code}"}, context.text("unit-points")
        parts += [graph(context, name, figure, title, 220, unit), _steps(context, steps)]
    return card(title, parts, f"card-solving-{code}")


def _words(context: Context, job: JobRecord) -> str:
    last = job["progress"][-1] if job["progress"] else None
    figures = {name: number(last[name] if last else None, context.lang, 2) for name in ("value", "bound")}
    seconds = elapsed_seconds(job)
    words = context.text(
        "scenarios-progress",
        state=context.text("scenarios-stop-asked" if job["stopping"] else f"job-{job['state']}"),
        **figures,
        gap=gap_text(last["gap"] if last else None, context.lang),
        seconds=number(seconds, context.lang, 0),
    )
    if last and last["rung"]:
        words += " · " + context.text("scenarios-at-rung", rung=context.text(f"allocation-rung-{last['rung']}"))
    return words


def elapsed_seconds(job: JobRecord) -> float:
    """Seconds since a job was first taken up, up to its end; 0 while it waits."""
    if job["started_at"] is None:
        return 0.0
    return float(((job["ended_at"] or utc_now()) - job["started_at"]).total_seconds())


def _now(job: JobRecord) -> list[dict[str, Any]]:
    """The last step once more, at this moment: a line that stands still shows that nothing better was found."""
    if not job["progress"] or job["state"] not in UNDER_WAY or job["attempts"] > 1:
        return []
    last = job["progress"][-1]
    return [{**last, "seconds": max(last["seconds"], elapsed_seconds(job))}]


def _steps(context: Context, steps: list[StepRecord]) -> html.Details:
    """The newest steps as a table, folded."""
    lang = context.lang
    rows = [
        [
            number(step["seconds"], lang, 1),
            context.text(f"allocation-rung-{step['rung']}") if step["rung"] else NONE_MARK,
            number(step["value"], lang, 2),
            number(step["bound"], lang, 2),
            gap_text(step["gap"], lang),
        ]
        for step in reversed(steps[-SHOWN:])
    ]
    heads = ("scenarios-seconds>", "scenario-col-rung", "scenarios-value>", "scenarios-bound>", "scenarios-gap>")
    title = html.Summary(context.text("scenarios-steps", count=str(len(steps))))
    return html.Details([title, table(context, heads, rows, "scenarios-empty")])
