"""Review lines and their sums as the queue shows them."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.amounts import amount
from dashboard.components.gate_badges import shown
from dashboard.components.links import name_of
from dashboard.context import Context
from dashboard.data import References
from dashboard.questions.finance import ReviewPage
from dashboard.words.places import city_name
from portfolio.core.units import from_base
from portfolio.scenarios.following.review import LineDefault
from portfolio.scenarios.following.words import whole
from portfolio.scenarios.rules.holding import CAPPED, DELAYED
from portfolio.vocabulary.codes import label


def sums(context: Context, of: dict[str, int], total: int) -> dmc.Group:
    """The set's figures in one line."""
    names = ("asked", "trimmed", "proposed", "granted", "gap")
    parts: list[Any] = [dmc.Text(context.text("review-lines", count=str(total)), fw=600)]
    for name in names:
        words = context.text(f"review-sum-{name}")
        parts.append(dmc.Text([f"{words} ", html.Strong(amount(of.get(name, 0), context.lang))], size="sm"))
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
