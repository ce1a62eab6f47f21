"""The forms of a round of reporting: open one, change the chosen one, close it and open it again."""

from datetime import timedelta
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, State, ctx, dcc, html

from dashboard.components.answers import again
from dashboard.components.links import address, card
from dashboard.context import Context
from dashboard.data import References
from dashboard.form import Done, Form, on_submit
from dashboard.questions import reporting as questions
from dashboard.words.places import city_name
from portfolio.core.clock import today
from portfolio.reporting.rounds import RoundData
from portfolio.reporting.rules import ANNUAL, STAGES
from portfolio.vocabulary.codes import label

FIELDS = ("code", "title_zh", "title_en", "stage", "cities", "units", "opens_on", "due_on")
USUAL_DAYS = 14


def stage_name(context: Context, stage: str) -> str:
    """The name of a stage of required fields."""
    return context.text("rounds-annual") if stage == ANNUAL else label("stages", stage, context.lang)


def opening(context: Context, lists: References) -> dmc.Card:
    """Open a round."""
    blank = {"opens_on": today().isoformat(), "due_on": (today() + timedelta(days=USUAL_DAYS)).isoformat()}
    send = dmc.Button(context.text("rounds-open"), id="round-send", variant="default")
    fields = [*_fields(context, lists, "round", blank), send]
    content = [html.Div(fields, className="form"), html.Div(id="round-result", role="status")]
    return card(context.text("rounds-new"), content, "card-round")


def changing(context: Context, lists: References, held: dict[str, Any]) -> dmc.Card:
    """Change the chosen round; its code is for life."""
    text = context.text
    given = {**held, **{name: [one for one in held[name].split(";") if one] for name in ("cities", "units")}}
    buttons = [
        dmc.Button(text("save"), id="change-save", variant="default"),
        dmc.Button(
            text("rounds-reopen" if held["closed"] else "rounds-close"),
            id="change-close",
            variant="subtle",
            color="teal" if held["closed"] else "red",
        ),
    ]
    content = [
        html.Div([*_fields(context, lists, "change", given), dmc.Group(buttons, gap="xs")], className="form"),
        html.Div(id="change-result", role="status"),
        dcc.Store(id="change-held", data={"version": held["version"], "closed": held["closed"]}),
    ]
    return card(text("rounds-change", code=held["code"]), content, "card-change", text("rounds-close-note"))


def _fields(context: Context, lists: References, prefix: str, given: dict[str, Any]) -> list[Any]:
    text = context.text
    cities = [
        {"value": c, "label": city_name(c, context, lists)} for c, one in lists.regions.items() if one.level == "city"
    ]
    units = [{"value": code, "label": lists.units.name(code, context.lang)} for code in lists.units.by_code]
    stages = [{"value": one, "label": stage_name(context, one)} for one in (*STAGES, ANNUAL)]
    fields: dict[str, Any] = {
        name: dmc.TextInput(id=f"{prefix}-{name}", label=text(f"rounds-{name}"), value=given.get(name, ""))
        for name in ("code", "title_zh", "title_en")
    }
    fields["code"].disabled = "version" in given
    fields["stage"] = dmc.Select(
        id=f"{prefix}-stage", label=text("rounds-stage"), data=stages, value=given.get("stage") or None, clearable=True
    )
    for name, options in (("cities", cities), ("units", units)):
        fields[name] = dmc.MultiSelect(
            id=f"{prefix}-{name}",
            label=text(f"rounds-{name}"),
            data=options,
            searchable=True,
            value=given.get(name, []),
        )
    for name in ("opens_on", "due_on"):
        fields[name] = dmc.DateInput(
            id=f"{prefix}-{name}", label=text(f"rounds-{name}"), value=given[name], valueFormat="YYYY-MM-DD"
        )
    return list(fields.values())


def _data(form: tuple[Any, ...]) -> RoundData:
    given = dict(zip(FIELDS, form, strict=True))
    cities, units = (tuple(given.pop(name) or ()) for name in ("cities", "units"))
    return RoundData(**{name: str(value or "") for name, value in given.items()}, cities=cities, units=units)


def _called(context: Context, field: str, *_: Any) -> str:
    return context.text(f"rounds-{field}")


def register_callbacks(app: Dash) -> None:
    """Open a round; save, close or open again the chosen one."""
    opening = Form(
        by=(Input("round-send", "n_clicks"),),
        reads=tuple(State(f"round-{name}", "value") for name in FIELDS),
        said="round-result",
        named=_called,
    )
    changing = Form(
        by=(Input("change-save", "n_clicks"), Input("change-close", "n_clicks")),
        reads=(
            State("change-held", "data"),
            State("url", "search"),
            *(State(f"change-{name}", "value") for name in FIELDS),
        ),
        said="change-result",
        named=_called,
    )

    @on_submit(app, opening)
    def opened(context: Context, *given: Any) -> Done:
        data = _data(given)
        questions.new_round(data)
        return Done(context.text("saved"), to=address("", {"round": data.code}))

    @on_submit(app, changing)
    def changed(context: Context, held: dict[str, Any], search: str, *given: Any) -> Done:
        data = _data(given)
        closed = held["closed"] != (ctx.triggered_id == "change-close")
        questions.changed_round(data, closed, held["version"])
        named = "round=" in (search or "")
        return Done(context.text("saved"), to="" if named else again(address("", {"round": data.code})))
