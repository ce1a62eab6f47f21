"""What follows from an approval, line by line, for whoever is to sign it."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.context import Context
from dashboard.data import references
from dashboard.pages.programme.parts import tab_address
from portfolio.core.formatting import headline_words
from portfolio.rolling.ahead import Ahead

NAMED = 6
COUNTED = ("entries", "unknown", "joins", "leaves", "stages", "reserves")


def consequences(context: Context, found: Ahead) -> dmc.Box:
    """Frozen, replaced and moved; then what is still open, each matter leading to where it is dealt with."""
    money = {name: headline_words(yuan, "money", context.lang) for name, yuan in _sums(found).items()}
    counts = {name: str(getattr(found, name)) for name in COUNTED}
    lines: list[Any] = [context.text("ahead-frozen", **counts, **money), context.text("ahead-moved", **counts)]
    if found.unknown:
        lines.insert(1, context.text("ahead-unknown", **counts))
    if found.replaced:
        lines.append(context.text("ahead-replaced", parent=found.replaced))
    if found.illustrative:
        lines.append(context.text("ahead-illustrative"))
    open_ = _open(context, found) or [context.text("ahead-nothing-open")]
    title = html.H3(context.text("ahead-open"), className="section")
    return dmc.Box([_list(lines), title, _list(open_)], id="approve-ahead", mb="md")


def _list(lines: list[Any]) -> dmc.List:
    return dmc.List([dmc.ListItem(one) for one in lines], size="sm", spacing=4)


def _sums(found: Ahead) -> dict[str, int]:
    return {"annual": found.annual_yuan, "total": found.total_yuan}


def _open(context: Context, found: Ahead) -> list[Any]:
    matters = (
        ("undecided", found.undecided, tab_address(found.code, "proposals", decision="proposed")),
        ("vetoes", found.vetoes, ""),
        ("kept", found.kept, ""),
        ("comments", found.comments, tab_address(found.code, "consultation") + "#card-comments"),
        ("silent", len(found.silent), tab_address(found.code, "consultation") + "#card-asked"),
        ("unreported", found.unreported, "/reporting"),
        ("untold", found.untold.unreported, ""),
        ("running", found.untold.running, ""),
    )
    lines = []
    for name, count, href in matters:
        if count:
            words = context.text(f"ahead-{name}", count=str(count), **_named(context, name, found))
            lines.append(dmc.Anchor(words, href=href, refresh=False, size="sm") if href else words)
    return lines


def _named(context: Context, name: str, found: Ahead) -> dict[str, str]:
    """The first of the units that have not answered."""
    if name != "silent":
        return {}
    units = [references().units.name(unit, context.lang) for unit in found.silent[:NAMED]]
    return {"units": context.listed(units) + ("…" if len(found.silent) > NAMED else "")}
