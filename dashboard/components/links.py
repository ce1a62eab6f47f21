"""Rows of links: tabs of a page, years, states; the chosen one is marked. The view is kept in the address."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from dashboard.components.aria import aria
from dashboard.context import Context


def address(path: str, query: Mapping[str, Any]) -> str:
    """`path` with the parameters of `query` that say something."""
    kept = {name: value for name, value in query.items() if value not in ("", None, ())}
    return path + ("?" + urlencode(kept, doseq=True) if kept else "")


def choices(label: str, options: Sequence[tuple[str, str | Mapping[str, Any], bool]]) -> html.Nav:
    """Links as (text, address, whether chosen); in place of the address what makes the link a figure."""
    anchors = [
        dmc.Anchor(
            text,
            **({"href": href, "refresh": False} if isinstance(href, str) else href),
            underline="never",
            className="choice chosen" if chosen else "choice",
            **(aria(current="page") if chosen else {}),
        )
        for text, href, chosen in options
    ]
    return html.Nav(anchors, className="choices", **aria(label=label))


def project_link(context: Context, code: str, name: str, tab: str = "") -> dmc.Anchor:
    """A project's name, leading to its page."""
    return dmc.Anchor(name, href=address(f"/projects/{code}", {"tab": tab}), refresh=False, size="sm")


def card(title: str, content: Sequence[Any], identity: str, note: str = "") -> dmc.Card:
    """A card with its title and a quiet note."""
    below = dmc.Text(note, size="xs", c="dimmed", mt=4) if note else None
    return dmc.Card(
        [dmc.Title(title, order=2, size="h5", mb="xs"), *content, below],
        withBorder=True,
        padding="md",
        h="100%",
        id=identity,
    )


def name_of(context: Context, row: Mapping[str, Any]) -> str:
    """The name of a row with `name_zh` and `name_en` in the page's language."""
    return in_language(context, row["name_zh"], row["name_en"])


def in_language(context: Context, chinese: str, english: str) -> str:
    """A name in the page's language; the Chinese one where it has no English one."""
    return str((english or chinese) if context.lang == "en" else chinese)
