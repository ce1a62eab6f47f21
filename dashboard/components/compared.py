"""What is proposed beside what was accepted: fields, needs and details, each with both sides."""

from typing import Any

from dash import html

from dashboard.components.amounts import amount
from dashboard.components.detail_words import detail_value
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.words.stated_values import input_name, shown
from portfolio.core.formatting import NONE_MARK, number, unit_name
from portfolio.core.units import OUTER_UNIT, from_base
from portfolio.needs.rules.attributes import attributes
from portfolio.reporting.records import Comparison
from portfolio.vocabulary.tree import ElementTree


def compared(context: Context, changes: Comparison, tree: ElementTree, what: str = "compare") -> list[Any]:
    """A table each of what would change, or with `since` of what has changed; what changes nothing is left out."""
    fields = [
        [_name(context, changes, name, name), _before(shown(context, name, was)), shown(context, name, now)]
        for name, was, now in changes.fields
    ]
    needs = [_need(context, changes, tree, *change) for change in changes.needs]
    heads = ("compare-field", "compare-before", "compare-now")
    need_heads = ("needs-item", "compare-year", "needs-unit", "compare-before>", "compare-now>")
    parts = [
        ("compare-fields", heads, fields),
        ("compare-needs", need_heads, needs),
        ("compare-details", ("needs-item", *heads), _details(context, changes, tree)),
        ("compare-financing", heads[1:], [_financing(context, *change) for change in changes.financing]),
    ]
    found: list[Any] = []
    for name, columns, rows in parts:
        if rows:
            title = html.H3(context.text(name.replace("compare", what)), className="section")
            found += [title, table(context, columns, rows, name, name.replace("compare", what))]
    return found or [html.P(context.text("compare-same"))]


def _name(context: Context, changes: Comparison, name: str, key: str) -> Any:
    """What changes, marked when its accepted value is another by now."""
    words = input_name(context, name)
    return [words, _overtaken(context)] if key in changes.overtaken else words


def _overtaken(context: Context) -> html.Span:
    return html.Span(context.text("compare-overtaken"), className="changed-since")


def _details(context: Context, changes: Comparison, tree: ElementTree) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for item, attribute, was, now in changes.details:
        name: Any = attributes()[attribute].name(context.lang)
        if f"{item} {attribute}" in changes.overtaken:
            name = [name, _overtaken(context)]
        before, after = (detail_value(context, attribute, side) for side in (was, now))
        rows.append([tree.path_name(item, context.lang), name, _before(before), after])
    return rows


def _financing(context: Context, _number: str, was: Any, now: Any) -> list[Any]:
    def said(record: Any) -> str:
        if record is None:
            return NONE_MARK
        words = [context.text(f"instrument-{record['instrument']}"), amount(record["amount_yuan"], context.lang)]
        return " ".join([*words, str(record["first_year"]), context.text(f"financing-{record['status']}")])

    return [_before(said(was)), said(now)]


def _before(words: str) -> html.Span:
    return html.Span(words, className="" if words == "—" else "changed-before")


def _need(
    context: Context, changes: Comparison, tree: ElementTree, item: str, year: int | None, was: Any, now: Any
) -> list[Any]:
    name: Any = tree.path_name(item, context.lang)
    if f"{item} {year or ''}".strip() in changes.overtaken:
        name = [name, _overtaken(context)]
    if year is None:
        sides = [context.text("need-not-applicable") if side else "—" for side in (was, now)]
        return [name, "—", "—", *sides]
    unit = OUTER_UNIT[tree.by_code[item].dimension]
    values = [NONE_MARK if side is None else number(from_base(side, unit), context.lang, 4) for side in (was, now)]
    return [name, str(year), unit_name(unit, context.lang), _before(values[0]), values[1]]
