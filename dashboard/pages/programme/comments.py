"""Comments of units as rows of a table."""

from typing import Any

from dash import html

from dashboard.context import Context
from dashboard.data import references
from dashboard.pages.programme.parts import entry_link
from portfolio.core.formatting import moment


def comment_rows(
    context: Context, code: str, comments: list[dict[str, Any]], named: bool = True
) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Heads and rows of comments, open ones first; `named` says which project each is on."""
    units = references().units
    rows = []
    for one in comments:
        name = (one["name_en"] or one["name_zh"]) if context.lang == "en" else one["name_zh"]
        state = context.text(f"prog-comment-{one['state']}")
        required = html.Span(context.text("prog-required"), className="must") if one["required"] else ""
        answer = [one["answer"], html.Div(_by(context, one["answered_by"], one["answered_at"]), className="unit")]
        rows.append(
            [
                str(one["id"]),
                *([entry_link(code, one["code"], name)] if named else []),
                units.name(one["unit"], context.lang),
                html.Div(
                    [required, one["words"], html.Div(_by(context, one["actor"], one["made_at"]), className="unit")]
                ),
                html.Span(state, className=f"comment-{one['state']}"),
                html.Div(answer) if one["answer"] else "",
            ]
        )
    heads = (
        "prog-comment-number",
        *(("col-name",) if named else ()),
        "prog-comment-unit",
        "prog-comment-words",
        "editions-state",
        "prog-comment-answer",
    )
    return heads, rows


def _by(context: Context, who: str, when: Any) -> str:
    return f"{who} {moment(when.to_pydatetime() if hasattr(when, 'to_pydatetime') else when, context.lang)}"
