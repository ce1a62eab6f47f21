"""Cost against the first approved baseline, and what projects that leave still reserve."""

import dash_mantine_components as dmc
from dash import html

from dashboard.components.amounts import amount
from dashboard.components.links import card, name_of
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.pages.programme.approval import reserve_table
from dashboard.pages.programme.parts import entry_link, path_of
from dashboard.questions import edition as questions
from portfolio.core.formatting import number
from portfolio.core.frames import records
from portfolio.rolling.rules.editions import rule_values

SHOWN = 200


def content(context: Context, code: str) -> html.Div:
    """The tab."""
    frame, known, reserves = questions.baselines(code)
    flagged = int(frame["reappraise"].sum())
    rows = [
        [
            entry_link(code, row["code"], name_of(context, row)),
            dmc.Anchor(row["baseline"], href=path_of(row["baseline"]), refresh=False, size="sm"),
            amount(int(row["baseline_yuan"]), context.lang),
            amount(int(row["total_yuan"]), context.lang),
            f"{'+' if row['grown_permille'] > 0 else ''}{number(row['grown_permille'] / 10, context.lang, 1)}%",
            html.Span(context.text("prog-reappraise"), className="must") if row["reappraise"] else "",
        ]
        for row in records(frame.head(SHOWN))
    ]
    heads = ("col-name", "prog-baseline", "prog-baseline-total>", "editions-total>", "prog-grown>", "prog-flag")
    told = context.text(
        "prog-baselines-told",
        known=str(known),
        moved=str(len(frame)),
        flagged=str(flagged),
        percent=str(rule_values()["reappraisal_percent"]),
    )
    shown = table(context, heads, rows, "prog-no-growth", "baselines", tall=len(rows) > 14)
    return html.Div(
        [
            card(
                context.text("prog-baselines"),
                [dmc.Text(told, size="sm", mb="xs"), shown],
                "card-baselines",
                context.text("unit-wan-note"),
            ),
            card(
                context.text("prog-reserves"),
                [reserve_table(context, reserves)],
                "card-reserves",
                context.text("prog-reserves-note"),
            ),
        ],
        className="stack",
    )
