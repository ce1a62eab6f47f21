"""Plain tables: heads and rows in, a table that scrolls sideways where it must."""

import re
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.states import empty
from dashboard.context import Context

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def table(
    context: Context,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    empty_key: str,
    identity: str = "",
    totals: Sequence[Any] = (),
    tall: bool = False,
) -> Any:
    """A table; without rows, what `empty_key` says. `tall` keeps a long one in a pane of its own.

    A head ending in `>` is a figure and set to the right; one that begins with `=` is the words themselves, not a key.
    """
    if not rows:
        return empty(context, empty_key)
    right = [head.endswith(">") for head in heads]
    head = dmc.TableTr(
        [
            dmc.TableTh(_words(context, name.rstrip(">")), className="right" if figure else None)
            for name, figure in zip(heads, right, strict=True)
        ]
    )
    body = [_row(cells, right) for cells in rows]
    parts = [dmc.TableThead(head), dmc.TableTbody(body)]
    if totals:
        parts.append(dmc.TableTfoot(_row(totals, right), className="totals"))
    content = dmc.Table(parts, striped=True, highlightOnHover=True, stickyHeader=tall, className="figures")
    if tall:
        return html.Div(content, className="tall", tabIndex="0")
    # What scrolls must be reached by keyboard, else nobody without a mouse sees its right-hand columns.
    reached = {"viewportProps": {"tabIndex": 0}}
    named = {"id": identity} if identity else {}
    return dmc.TableScrollContainer(content, minWidth=90 * len(heads), scrollAreaProps=reached, **named)


def _words(context: Context, head: str) -> str:
    return head[1:] if head.startswith("=") else context.text(head)


def _row(cells: Sequence[Any], right: Sequence[bool]) -> dmc.TableTr:
    return dmc.TableTr([_cell(cell, figure) for cell, figure in zip(cells, right, strict=True)])


def _cell(cell: Any, figure: bool) -> dmc.TableTd:
    """A figure stands to the right; a day is not broken at its hyphens."""
    day = isinstance(cell, str) and DAY.fullmatch(cell)
    return dmc.TableTd(cell, className="right" if figure else "day" if day else None)
