"""Pools that a scenario adds to those of the ledger: what if there were one."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, State, ctx, html

from dashboard.components.answers import typed
from dashboard.components.aria import aria
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, on_submit
from dashboard.questions import allocation as questions
from dashboard.words.places import city_name
from portfolio.core.errors import FieldError, InvalidError
from portfolio.finance.rules.books import LEVELS
from portfolio.scenarios.pools import NewPool
from portfolio.vocabulary.codes import WHOLE_REGION

FIELDS = ("pool", "item", "year", "region_code", "level", "quantity")
OFF = {"type": "added-off", "pool": ALL}
MOST_OFFERED = 60


def form(context: Context, page: questions.AllocationPage) -> html.Details:
    """The pools added so far, and the form that adds one, folded."""
    text = context.text
    added = [row["pool"] for row in page.pools if row["added"]]
    lines = [
        dmc.Group(
            [
                dmc.Text(f"{page.names.pools[pool]} ({pool})", size="sm"),
                dmc.Button(
                    text("rules-off"),
                    id={"type": "added-off", "pool": pool},
                    size="compact-sm",
                    variant="subtle",
                    color="red",
                    **aria(label=text("rules-off-one", name=pool)),
                ),
            ],
            gap="xs",
        )
        for pool in added
    ]
    fields = html.Div(_fields(context, page), className="form")
    result = html.Div(id="added-result", role="status")
    note = dmc.Text(text("added-note"), size="xs", c="dimmed", mt=4)
    title = html.Summary(text("added-title", count=str(len(added))))
    return html.Details([title, *lines, fields, note, result], id="allocation-added", style={"marginTop": 10})


def _fields(context: Context, page: questions.AllocationPage) -> list[Any]:
    text, refs, head = context.text, references(), page.head
    items = [{"value": node.code, "label": refs.tree.path_name(node.code, context.lang)} for node in refs.tree.nodes]
    years = [str(year) for year in range(head["base_year"], head["base_year"] + head["years"])]
    cities = [one.code for one in refs.regions.values() if one.level == "city"]
    regions = [{"value": WHOLE_REGION, "label": text("level-region")}]
    regions += [{"value": code, "label": city_name(code, context, refs) or code} for code in cities]
    levels = [{"value": level, "label": text(f"level-{level}")} for level in LEVELS]
    return [
        dmc.TextInput(id="added-pool", label=text("column-pools-pool")),
        dmc.Select(id="added-item", label=text("column-needs-item"), data=items, searchable=True, limit=MOST_OFFERED),
        dmc.Select(id="added-year", label=text("finance-year"), data=years, value=years[0]),
        dmc.Select(id="added-region_code", label=text("column-pools-region_code"), data=regions, value=WHOLE_REGION),
        dmc.Select(id="added-level", label=text("column-pools-level"), data=levels, clearable=True),
        dmc.TextInput(id="added-quantity", label=text("allocation-limit")),
        dmc.Checkbox(id="added-carries", label=text("allocation-carries"), checked=False),
        dmc.Button(text("added-add"), id="added-add", size="sm", variant="default"),
    ]


def _pool(given: dict[str, Any]) -> NewPool:
    """The pool of the form; raises `InvalidError` for blanks and a quantity that is none."""
    item, tree = given["item"] or "", references().tree.by_code
    found = [FieldError(name, "field.required") for name in ("pool", "item", "quantity") if not given[name]]
    quantity: int | None = None
    try:
        quantity = typed(given["quantity"], tree[item].dimension if item in tree else "money")
    except ValueError as error:
        found.append(FieldError("quantity", "field.not_a_number", {"value": str(error)}))
    if found or quantity is None:
        raise InvalidError("allocation.bad_scenario", found)
    place = {name: given[name] or "" for name in ("region_code", "level")}
    carries = bool(given["carries"])
    return NewPool((given["pool"] or "").strip(), item, int(given["year"] or 0), quantity, carries=carries, **place)


def register(app: Dash) -> None:
    """Add a pool, take one away."""

    adding = Form(
        by=(Input("added-add", "n_clicks"),),
        reads=(
            *(State(f"added-{name}", "value") for name in FIELDS),
            State("added-carries", "checked"),
            State("allocation-of", "data"),
        ),
        said="added-result",
        beside={name: f"added-{name}" for name in FIELDS},
    )
    removal = Form(by=(Input(OFF, "n_clicks"),), reads=(State("allocation-of", "data"),), said="added-result")

    @on_submit(app, adding)
    def add(context: Context, *given: Any) -> Done:
        *values, code = given
        questions.add_pool(code, _pool(dict(zip((*FIELDS, "carries"), values, strict=True))))
        return Done(context.text("allocation-limit-set"))

    @on_submit(app, removal)
    def remove(context: Context, code: str) -> Done:
        questions.remove_pool(code, ctx.triggered_id["pool"])
        return Done(context.text("allocation-limit-set"))
