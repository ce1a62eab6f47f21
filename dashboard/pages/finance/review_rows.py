"""Review lines and their sums as the queue shows them."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.behind import total
from dashboard.components.amounts import amount
from dashboard.components.gate_badges import shown
from dashboard.components.links import name_of
from dashboard.context import Context
from dashboard.data import References
from dashboard.questions.finance import ReviewPage
from dashboard.words.places import city_name
from portfolio.core.frames import records
from portfolio.core.units import from_base
from portfolio.scenarios.following.review import LineDefault
from portfolio.scenarios.following.words import whole
from portfolio.scenarios.rules.holding import CAPPED, DELAYED
from portfolio.vocabulary.codes import label


def still_open(page: ReviewPage) -> dict[str, int]:
    """Of the set's sums in every state, in yuan: what waits to be decided, and what was proposed and not granted."""
    by_state = {row["state"]: row for row in records(page.by_state)}
    waiting = sum(int(by_state[state]["asked"]) for state in ("asked", "returned") if state in by_state)
    whole = {name: sum(int(row[name]) for row in by_state.values()) for name in ("asked", "trimmed", "granted")}
    return {"waiting": waiting, "ungranted": whole["asked"] - whole["trimmed"] - waiting - whole["granted"]}


def sums(context: Context, of: dict[str, int], count: int, open_: dict[str, int]) -> dmc.Group:
    """The set's figures in one line; `open_` where the set holds every state."""
    lines = context.text("review-lines", count=str(count))
    parts: list[Any] = [dmc.Text(html.Span(lines, **total("lines", count)), fw=600)]
    shown = {name: of.get(name, 0) for name in ("asked", "trimmed", "proposed", "granted", "gap")}
    words = {name: context.text(f"review-sum-{name}") for name in shown}
    if not context.value("state"):
        shown |= open_
        words |= {name: context.text(f"waterfall-{name}") for name in open_}
    for name, value in shown.items():
        said = html.Strong(amount(value, context.lang), **total(name, value))
        parts.append(dmc.Text([f"{words[name]} ", said], size="sm"))
    parts.append(dmc.Text(context.text("unit-wan-note"), size="xs", c="dimmed"))
    return dmc.Group(parts, gap="md", mb="xs")


def rows(context: Context, page: ReviewPage, refs: References) -> list[dict[str, Any]]:
    """Lines as the grid shows them; amounts are numbers of 万元, so that the grid can sort them."""
    found = []
    for line in page.lines:
        trimmed = None if line["proposed"] is None else line["asked"] - line["proposed"]
        figures = {"asked": line["asked"], "proposed": line["proposed"], "granted": line["granted"], "trimmed": trimmed}
        told = page.defaults.get(line["id"])
        figures |= {"reserved": line["reserved"], "default": told.default.amount if told and told.default else None}
        found.append(
            {
                "id": str(line["id"]),
                "code": line["project"],
                "name": name_of(context, line),
                "city": city_name(line["city_code"], context, refs),
                "item": page.tree.by_code[line["item"]].name(context.lang),
                "year": line["year"],
                "state": context.text(f"review-state-{line['state']}"),
                "gate": shown(context, page.gates.get(line["project"])),
                "version": line["version"],
                "arranged": _arranged(context, page, told) if told else "",
                **{name: None if v is None else float(from_base(v, "wan_yuan")) for name, v in figures.items()},
            }
        )
    return found


def _arranged(context: Context, page: ReviewPage, told: LineDefault) -> str:
    """What the approved scenario says of a line, and why its default is not simply that."""
    one = told.arranged
    said = whole(one, page.why.get((one.by.code, one.project), ""), context.lang)
    why = told.default.why if told.default else ""
    if why in (CAPPED, DELAYED):
        said = context.text("arranged-but", said=said, state=context.text(f"review-default-why-{why}"))
    return f"{said} · {one.by.code}"


def group_name(context: Context, page: ReviewPage, refs: References, group: str, value: Any) -> str:
    """The name of a row of the set's sums."""
    if group == "item":
        return page.tree.by_code[value].name(context.lang)
    if group == "level":
        return context.text(f"level-{value}")
    if group == "city":
        return city_name(value, context, refs) or context.text("none-stated")
    return label("sectors", value, context.lang) or context.text("none-stated")
