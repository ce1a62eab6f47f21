"""The explanation of one project: what was decided, why, and what would change that."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.links import name_of, project_link
from dashboard.context import Context
from dashboard.pages.scenarios.compare import decided
from dashboard.questions.allocation import ProjectAnswer
from portfolio.core.formatting import headline_words, number


def nothing_chosen(context: Context) -> dmc.Text:
    """Before a project is chosen."""
    return dmc.Text(context.text("allocation-choose-project"), c="dimmed", size="sm")


def explanation(context: Context, found: ProjectAnswer, open_: bool) -> html.Div:
    """One project's answer; `open_`: whether it may be asked further."""
    row = found.row
    facts = {
        "scenario-col-points": number(row["points"], context.lang, 2),
        "scenario-col-rung": context.text(f"allocation-rung-{row['rung']}"),
        "allocation-needs-fund": headline_words(int(row["fund_yuan"]), "money", context.lang),
        **{
            f"headline-{one}": headline_words(row[f"{one}_m2"], "area", context.lang)
            for one in ("land", "sea", "forest")
        },
        "allocation-ranked": context.text("allocation-in" if row["ranked"] else "allocation-out"),
    }
    parts: list[Any] = [
        project_link(context, row["code"], name_of(context, row), "screening"),
        dmc.Group([decided(context, int(row["delay"])), dmc.Text(row["code"], size="xs", c="dimmed")], my=6),
        dmc.Text(found.reason, size="sm", fw=600),
    ]
    if row["pin_reason"]:
        parts.append(dmc.Text(context.text("allocation-pinned-because", reason=row["pin_reason"]), size="sm"))
    parts += [dmc.Text(words, size="sm", mt=6) for words in found.said]
    parts.append(html.Dl([_fact(context, key, value) for key, value in facts.items()], className="facts"))
    ask = dmc.Button(context.text("allocation-ask"), id="project-ask", size="sm", mt="sm")
    if row["delay"] < 0 and not found.settled and open_:
        parts += [ask, html.Div(id="project-asked", role="status")]
    return html.Div(parts)


def _fact(context: Context, key: str, value: str) -> html.Div:
    return html.Div([html.Dt(context.text(key)), html.Dd(value)])
