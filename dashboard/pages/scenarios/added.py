"""Pools that a scenario adds to those of the ledger: what if there were one."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update

from dashboard.components.answers import again, attempt, beside, notice, typed
from dashboard.components.aria import aria
from dashboard.context import Context, request_context
from dashboard.data import references
from dashboard.questions import allocation as questions
from dashboard.words.places import city_name
from portfolio.core.errors import FieldError, InvalidError
from portfolio.finance.rules.books import LEVELS
from portfolio.scenarios.pools import NewPool

FIELDS = ("pool", "item", "year", "region_code", "level", "quantity")
OFF = {"type": "added-off", "pool": ALL}
WHOLE = "450000"
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
    regions = [{"value": WHOLE, "label": text("level-region")}]
    regions += [{"value": code, "label": city_name(code, context, refs) or code} for code in cities]
    levels = [{"value": level, "label": text(f"level-{level}")} for level in LEVELS]
    return [
        dmc.TextInput(id="added-pool", label=text("column-pools-pool")),
        dmc.Select(id="added-item", label=text("column-needs-item"), data=items, searchable=True, limit=MOST_OFFERED),
        dmc.Select(id="added-year", label=text("finance-year"), data=years, value=years[0]),
        dmc.Select(id="added-region_code", label=text("column-pools-region_code"), data=regions, value=WHOLE),
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

    @app.callback(
        *(Output(f"added-{name}", "error") for name in FIELDS),
        Output("added-result", "children"),
        Output("url", "search", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input("added-add", "n_clicks"),
        *(State(f"added-{name}", "value") for name in FIELDS),
        State("added-carries", "checked"),
        State("allocation-of", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def add(clicks: int | None, *given: Any) -> Any:
        if not clicks:
            return [no_update] * (len(FIELDS) + 3)
        *values, code, search = given
        context = request_context()
        stated = dict(zip((*FIELDS, "carries"), values, strict=True))
        _, said, refused = beside(context, lambda: questions.add_pool(code, _pool(stated)), FIELDS)
        if refused or any(said):
            return [*said, refused, no_update, no_update]
        return [*said, None, again(search), [notice(context.text("allocation-limit-set"))]]

    @app.callback(
        Output("added-result", "children", allow_duplicate=True),
        Output("url", "search", allow_duplicate=True),
        Output("notices", "sendNotifications", allow_duplicate=True),
        Input(OFF, "n_clicks"),
        State("allocation-of", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def remove(clicks: list[int | None], code: str, search: str) -> Any:
        if not any(clicks) or not ctx.triggered_id:
            return [no_update] * 3
        context, pool = request_context(), ctx.triggered_id["pool"]
        _, refused = attempt(context, lambda: questions.remove_pool(code, pool))
        if refused:
            return [refused, no_update, no_update]
        return [None, again(search), [notice(context.text("allocation-limit-set"))]]
