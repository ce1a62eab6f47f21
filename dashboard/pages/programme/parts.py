"""What the tabs of an edition share: its addresses, its filters in the address, and how a form starts again."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, no_update

from dashboard.components.aria import aria
from dashboard.components.links import address
from dashboard.components.project_filters import CITIES
from dashboard.context import Context
from dashboard.data import references
from dashboard.words.places import city_name
from portfolio.rolling.queries import EntryFilters
from portfolio.rolling.rules.editions import CATEGORIES, CHANGES

OPEN = ("draft", "consultation")
DECISIONS = ("proposed", "accepted", "rejected")
Options = Sequence[tuple[str, str]]


def path_of(code: str) -> str:
    """The page of an edition."""
    return f"/editions/{quote(code, safe='')}"


def tab_address(code: str, tab: str, **query: Any) -> str:
    """A tab of an edition, narrowed."""
    return address(path_of(code), {"tab": tab, **query})


def entry_link(code: str, project: str, name: str) -> dmc.Anchor:
    """A project's name, leading to what the edition says of it."""
    return dmc.Anchor(name, href=tab_address(code, "entry", project=project), refresh=False, size="sm")


def filters_of(context: Context, standing: bool = False) -> EntryFilters:
    """The filters the address holds; what it does not know is left out."""
    return EntryFilters(
        category=tuple(value for value in context.values("category") if value in CATEGORIES),
        change=tuple(value for value in context.values("change") if value in CHANGES),
        rule=context.values("rule"),
        decision=tuple(value for value in context.values("decision") if value in DECISIONS),
        city_code=context.values("city"),
        q=context.value("q")[:100],
        overridden=bool(context.value("overridden")),
        standing=standing or bool(context.value("standing")),
        task=context.value("task")[:20],
    )


def batch_name(context: Context, batch: str) -> str:
    """A batch's name with its number."""
    kind, _, number = batch.partition("-")
    return f"{context.text(f'batch-{kind}')} {number}".strip()


def city_options(context: Context) -> Options:
    """The reporting cities with their names."""
    refs = references()
    return [(code, city_name(code, context, refs)) for code in CITIES]


def choice(context: Context, prefix: str, name: str, label: str, options: Options) -> dmc.Select:
    """A filter of one value, kept in the address."""
    held = context.value(name)
    return dmc.Select(
        id=f"{prefix}-{name}",
        data=[{"value": value, "label": words} for value, words in options],
        value=held if held in {value for value, _ in options} else None,
        placeholder=label,
        clearable=True,
        searchable=len(options) > 8,
        size="sm",
        **aria(label=label),
    )


def search_box(context: Context, prefix: str) -> dmc.TextInput:
    """A filter by code or name."""
    label = context.text("prog-search")
    return dmc.TextInput(
        id=f"{prefix}-q", value=context.value("q"), placeholder=label, debounce=500, size="sm", **aria(label=label)
    )


def register_narrowing(app: Dash, prefix: str, names: Sequence[str]) -> None:
    """What is chosen in the filters `prefix-name` goes into the address, and the page follows."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        *(Input(f"{prefix}-{name}", "value") for name in names),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def narrow(*values: Any) -> Any:
        *chosen, search = values
        pairs = parse_qsl((search or "").lstrip("?"))
        held = dict(pairs)
        asked = {name: str(value or "").strip() for name, value in zip(names, chosen, strict=True)}
        if all(held.get(name, "") == value for name, value in asked.items()):
            return no_update
        kept = [(name, value) for name, value in pairs if name not in names and name not in ("from", "seen")]
        return "?" + urlencode([*kept, *((name, value) for name, value in asked.items() if value)])
