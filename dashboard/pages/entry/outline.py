"""What of the form stands in sight, and the index at its side: how much of each section is there, and the way to it.

A block is a field with its input, or a list (scales, persons, a basis), the map, the needs. In sight are those the
record's stage asks for, those that hold something or are at fault, and those that decide whose the record is; the
others of a section are folded until somebody wants them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria, data
from dashboard.context import Context
from dashboard.pages.entry.sections import AGREED, BLOCKS, COMPANIONS, LEADING, place_class
from dashboard.pages.entry.values import Needs, Read, for_rules
from dashboard.words.fields import inputs_of
from portfolio.projects.rules.works import BUILT
from portfolio.reporting.rules import NOTHING, Completeness, required

CARDS = {"needs": "entry-needs-card"}


def block_of(name: str) -> str:
    """The block an input stands in: `scales.2.unit` in the scales, `need:fund.own:2027` in the needs."""
    group, _, rest = name.partition(".")
    if group == "bases":
        return f"bases.{rest.partition('.')[0]}"
    return "needs" if group.partition(":")[0] in ("need", "needs") else group


def asked_inputs(read: Read) -> set[str]:
    """The inputs that the record's stage asks for."""
    return {inputs_of(name) for name in required(for_rules(read.stated), read.stated["stage"])}


def in_sight(typed: Mapping[str, Any], needs: Needs, asked: Iterable[str], faults: Iterable[str]) -> set[str]:
    """The blocks that stand open whether their section is folded or not."""
    found = {*LEADING, *(block_of(name) for name in (*asked, *faults))}
    found |= {block_of(name) for name, value in typed.items() if value not in NOTHING}
    if needs.closed or any(any(by_year.values()) for by_year in needs.cells.values()):
        found.add("needs")
    if typed.get("stage") in BUILT or typed.get("actual_start_month"):
        found.add("yearly")  # what was completed is asked of works that have begun
    if any(typed.get(name) == "yes" for name in AGREED):
        found.add("documents")
    return found | {one for one, leader in COMPANIONS.items() if leader in found}


def classes(ids: Iterable[Mapping[str, str]], sight: set[str], due: set[str]) -> list[str]:
    """The classes of the blocks of a page, in their order: whether in sight, and whether something due is lacking."""
    return [place_class(one["name"], one["name"] in sight, one["name"] in due) for one in ids]


def due_blocks(complete: Completeness) -> set[str]:
    """The blocks where something is lacking that the stage asks for."""
    return {block_of(inputs_of(one.name)) for one in complete.now}


def folded(section: str, sight: set[str]) -> int:
    """How many blocks of a section are out of sight."""
    return len([name for name in BLOCKS[section] if name not in sight and name not in COMPANIONS])


def more_words(context: Context, count: int) -> list[Any]:
    """What the button of a section says, folded and open."""
    return [
        html.Span(context.text("entry-more", count=str(count)), className="when-folded"),
        html.Span(context.text("entry-fewer"), className="when-open"),
    ]


def counted(context: Context, section: str, complete: Completeness) -> str:
    """How much of a section is there, `3/5`; in words where nothing of it is asked."""
    part = complete.of(section)
    if not part.answers:
        return context.text("entry-optional")
    return f"{len(part.answers) - len(part.missing)}/{len(part.answers)}"


def index(context: Context, complete: Completeness) -> list[Any]:
    """A link to each section with how much of it is there, and how much of what is lacking is due at this stage."""
    made = []
    for name in BLOCKS:
        part = complete.of(name)
        due = context.text("entry-due", count=str(len(part.now))) if part.now else ""
        parts = [
            html.Span(context.text(f"entry-section-{name}"), className="jump-name"),
            html.Span(due, className="jump-due"),
            html.Span(counted(context, name, complete), className="jump-count"),
        ]
        state = "due" if part.now else "whole" if part.answers and not part.missing else ""
        made.append(html.A(parts, href=f"#{card_id(name)}", className=f"entry-jump {state}", **data(section=name)))
    return made


def card_id(section: str) -> str:
    """The id of a section's card."""
    return CARDS.get(section, f"entry-{section}")


def panel(context: Context, gauge: list[Any], complete: Completeness) -> html.Div:
    """What stays in sight at the side, on a phone at the top: completeness, the index, whether all is kept."""
    return html.Div(
        [
            dmc.Title(context.text("project-complete"), order=2, size="h5"),
            html.Div(gauge, id="entry-gauge", className="stack-sm"),
            html.Nav(index(context, complete), id="entry-index", **aria(label=context.text("entry-index"))),
            html.Div(id="entry-status", className="quiet", role="status"),
        ],
        className="entry-outline",
    )
