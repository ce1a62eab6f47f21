"""Two to four scenarios side by side: figures, who changes, totals by city, sector and year, the use of pools."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
import pandas as pd
from dash import html

from dashboard.components.graph import graph
from dashboard.components.icon import icon
from dashboard.components.links import address, card, name_of, project_link
from dashboard.components.states import empty, illustrative_note
from dashboard.components.table import table
from dashboard.context import Context
from dashboard.data import references
from dashboard.figures.allocation import beside
from dashboard.questions import allocation as questions
from dashboard.words.places import city_name
from portfolio.core.formatting import NONE_MARK, headline_words, large_money, number, percent
from portfolio.core.frames import records
from portfolio.core.stored_words import stored_name
from portfolio.scenarios.comparing import CHANGES, Comparison
from portfolio.scenarios.words import precedence_words
from portfolio.vocabulary.codes import label

HA = 10**4


def comparison(context: Context, codes: Sequence[str]) -> html.Div:
    """The page of scenarios `codes` side by side."""
    found, pools = questions.comparison(codes, context.lang)
    shown = list(found.heads)
    title = context.text("compare-title", names=context.listed(shown))
    made_up = any(head["basis"] == "illustrative" for head in found.heads.values())
    half = {"base": 12, "lg": 6}
    back = [icon("arrow-left"), html.Span(context.text("nav-scenarios"))]
    sectors = {code: label("sectors", code, context.lang) for code in found.by_sector["group"].dropna()}
    refs = references()
    cities = {code: city_name(code, context, refs) or "" for code in found.by_city["group"].dropna()}
    return html.Div(
        [
            dmc.Anchor(back, href="/scenarios", refresh=False, className="back", size="sm"),
            dmc.Title(title, order=1, size="h3", my="xs"),
            illustrative_note(context) if made_up else None,
            _figures(context, found, shown),
            dmc.Grid(
                [
                    dmc.GridCol(_rungs(context, found, shown), span=half),
                    dmc.GridCol(_limits(context, found, shown, pools), span=half),
                ]
            ),
            _changes(context, found, shown),
            dmc.Grid(
                [
                    dmc.GridCol(_totals(context, found.by_city, cities, shown, "city"), span=half),
                    dmc.GridCol(_totals(context, found.by_sector, sectors, shown, "sector"), span=half),
                    dmc.GridCol(_years(context, found, shown), span=half),
                    dmc.GridCol(_pools(context, found, shown, pools), span=half),
                ]
            ),
        ],
        className="stack",
    )


def _figures(context: Context, found: Comparison, shown: list[str]) -> dmc.Card:
    lang, heads = context.lang, found.heads
    rows: list[list[Any]] = [
        [
            dmc.Anchor(code, href=address("/allocation", {"scenario": code}), refresh=False, size="sm"),
            context.text(f"scenario-state-{heads[code]['state']}"),
            context.text(f"allocation-status-{heads[code]['status']}") if heads[code]["status"] else NONE_MARK,
            heads[code]["policy"],
            str(heads[code]["options"].max_delay),
            str(heads[code]["pins"]),
            number(heads[code]["value"], lang, 2),
            number(heads[code]["bound"], lang, 2),
            f"{heads[code]['supported']} / {heads[code]['projects']}",
        ]
        for code in shown
    ]
    heads_shown = ("scenarios-code", "scenarios-state", "scenarios-status", "scenarios-policy", "scenarios-delay>")
    more = ("scenarios-pins>", "scenarios-value>", "scenarios-bound>", "scenarios-in>")
    content = table(context, (*heads_shown, *more), rows, "scenarios-empty")
    return card(context.text("compare-figures"), [content], "card-figures")


def _rungs(context: Context, found: Comparison, shown: list[str]) -> dmc.Card:
    """Value by rung, the total below, and why a total is lower where a higher rung gains."""
    lang = context.lang
    cells = {(row["rung"], row["scenario"]): row for row in records(found.rungs)}
    rows = [
        [_rung_name(context, rung), *(_of_rung(context, cells.get((rung, code))) for code in shown)]
        for rung in dict.fromkeys(rung for rung, _ in cells)
    ]
    if rows:
        rows.append([context.text("compare-total"), *(number(found.heads[code]["value"], lang, 2) for code in shown)])
    content: list[Any] = [
        table(context, ("scenario-col-rung", *(f"={code}>" for code in shown)), rows, "scenarios-empty")
    ]
    content += [
        dmc.Text(precedence_words(one, lang), size="sm", mt=6, className="precedence") for one in found.precedence
    ]
    return card(context.text("compare-by-rung"), content, "card-by-rung")


def _rung_name(context: Context, rung: str) -> str:
    return (
        context.text("compare-changes-off") if rung == CHANGES else stored_name("allocation-rung", rung, context.lang)
    )


def _of_rung(context: Context, row: dict[str, Any] | None) -> str:
    if row is None:
        return NONE_MARK
    value = number(row["value"], context.lang, 2)
    if row["projects"] is None:
        return value
    return context.text("compare-of-rung", value=value, count=str(int(row["projects"])))


def _limits(context: Context, found: Comparison, shown: list[str], names: dict[str, str]) -> dmc.Card:
    """The pools that do not have the same limit in all; the change too where there are two scenarios."""
    rows = list[list[Any]]()
    for one in found.limits:
        dimension, held = one.pool["dimension"], [one.quantities[code] for code in shown]
        cells = [NONE_MARK if each is None else headline_words(each, dimension, context.lang) for each in held]
        if len(shown) == 2:
            change = (held[1] or 0) - (held[0] or 0)
            sign = "+" if change > 0 else "−"
            cells.append(f"{sign}{headline_words(abs(change), dimension, context.lang)}")
        rows.append([names[one.pool["pool"]], *cells])
    changed = ("compare-change>",) if len(shown) == 2 else ()
    heads = ("allocation-pool", *(f"={code}>" for code in shown), *changed)
    content = table(context, heads, rows, "compare-same-limits", tall=True)
    return card(context.text("compare-limits", count=str(len(rows))), [content], "card-limits")


def _changes(context: Context, found: Comparison, shown: list[str]) -> dmc.Card:
    rows = [
        [
            project_link(context, row["code"], name_of(context, row)),
            context.text(f"allocation-rung-{row['rung']}"),
            number(row["points"], context.lang, 2),
            *(decided(context, int(row[code])) for code in shown),
        ]
        for row in records(found.changes)
    ]
    heads = ("col-name", "scenario-col-rung", "scenario-col-points>", *(f"={code}" for code in shown))
    title = context.text("compare-changes", count=str(len(rows)))
    return card(title, [table(context, heads, rows, "compare-no-change", tall=True)], "card-changes")


def decided(context: Context, delay: int) -> dmc.Badge:
    """In, in later, or out."""
    if delay < 0:
        return dmc.Badge(context.text("allocation-out"), color="gray", variant="light", tt="none")
    words = context.text("allocation-later", years=str(delay)) if delay else context.text("allocation-in")
    return dmc.Badge(words, color="yellow" if delay else "teal", variant="light", tt="none")


def _totals(context: Context, frame: pd.DataFrame, names: dict[str, str], shown: list[str], by: str) -> dmc.Card:
    title = context.text(f"compare-by-{by}")
    if frame.empty:
        return card(title, [empty(context, "scenarios-empty")], f"card-by-{by}")
    wide = {(row["group"], row["scenario"]): int(row["fund_yuan"]) for row in records(frame)}
    whole = dict[str | None, int]()
    for (group, _), yuan in wide.items():
        whole[group] = whole.get(group, 0) + yuan
    scale, axis = large_money(context.lang)
    rows = []
    for group in sorted(whole, key=lambda one: -whole[one]):
        row: dict[str, Any] = {"label": names.get(group or "", context.text("none-stated"))}
        for code in shown:
            yuan = wide.get((group, code), 0)
            row |= {code: yuan / scale, f"{code}_text": headline_words(yuan, "money", context.lang)}
        rows.append(row)
    figure = beside(pd.DataFrame(rows), shown, axis, context.theme)
    height = 120 + 26 * len(rows) * len(shown) // 2
    plot = graph(context, {"type": "still", "name": f"compare-{by}"}, figure, title, height, axis)
    return card(title, [plot], f"card-by-{by}")


def _years(context: Context, found: Comparison, shown: list[str]) -> dmc.Card:
    wide = {(row["element"], row["year"], row["scenario"]): int(row["quantity"]) for row in records(found.years)}
    keys = sorted({(element, year) for element, year, _ in wide})
    rows = []
    for element, year in keys:
        dimension = "money" if element == "fund" else "area"
        cells = [headline_words(wide.get((element, year, code), 0), dimension, context.lang) for code in shown]
        rows.append([context.text(f"element-{element}"), str(year), *cells])
    heads = ("compare-element", "finance-year", *(f"={code}>" for code in shown))
    title = context.text("compare-by-year")
    return card(title, [table(context, heads, rows, "scenarios-empty", tall=True)], "card-by-year")


def _pools(context: Context, found: Comparison, shown: list[str], names: dict[str, str]) -> dmc.Card:
    rows = list[list[Any]]()
    by_pool: dict[str, dict[str, dict[str, Any]]] = {}
    for row in records(found.pools):
        by_pool.setdefault(row["pool"], {})[row["scenario"]] = row
    for pool, of in by_pool.items():
        rows.append([names[pool], *(_use(context, of.get(code)) for code in shown)])
    heads = ("allocation-pool", *(f"={code}>" for code in shown))
    title = context.text("compare-pools")
    return card(title, [table(context, heads, rows, "scenarios-empty", tall=True)], "card-pools")


def _use(context: Context, row: dict[str, Any] | None) -> str:
    if row is None or row["used"] is None:
        return NONE_MARK
    used, limit = int(row["used"]), int(row["quantity"])
    return f"{headline_words(used, row['dimension'], context.lang)} ({percent(used, limit, context.lang)})"
