"""Change a project's facts in the page."""

from collections.abc import Callable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from dashboard import data
from dashboard.components.answers import NotANumber, typed
from dashboard.components.aria import data as marks
from dashboard.components.icon import icon
from dashboard.components.reason import reason_input
from dashboard.context import Context, request_context
from dashboard.form import Done, Form, on_submit
from dashboard.pages.projects.needs import plain
from portfolio.core.errors import PortfolioError, StaleError
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.works import MONTHS
from portfolio.vocabulary.codes import entries

TEXTS = (
    "name_zh",
    "name_en",
    "owner",
    "capacity_zh",
    "national_code",
    *MONTHS,
    "total_investment",
)
CHOICES = {"kind": "kinds", "stage": "stages", "nature": "natures", "approval_type": "approval_types"}
FIELDS = (*TEXTS, *CHOICES)


def button(context: Context) -> dmc.Button:
    """Opens the dialog."""
    return dmc.Button(
        context.text("edit"), id="edit-open", leftSection=icon("edit"), variant="light", size="compact-md"
    )


def dialog(context: Context, project: ProjectRecord) -> dmc.Modal:
    """The form, filled with what is stored."""
    amount = project["total_investment_yuan"]
    values = {**project, "total_investment": "" if amount is None else plain(amount, "wan_yuan")}
    inputs = [_input(context, name, values[name]) for name in FIELDS]
    reason = reason_input(context, "edit-reason", project["code"], always=True)
    foot = dmc.Group(
        [
            dmc.Button(context.text("cancel"), id="edit-cancel", variant="default", **marks(discards="typed")),
            dmc.Button(context.text("save"), id="edit-save", leftSection=icon("device-floppy")),
        ],
        justify="flex-end",
        mt="md",
    )
    faults = html.Div(id="edit-faults", role="alert")
    stored = dcc.Store(id="edit-stored", data=[one.value for one in inputs])
    return dmc.Modal(
        [dmc.SimpleGrid(inputs, cols={"base": 1, "sm": 2}, spacing="sm"), reason, faults, foot, stored],
        id="edit-dialog",
        title=context.text("edit-title"),
        size="lg",
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": context.text("close")},
    )


def _input(context: Context, name: str, value: Any) -> Any:
    label = context.text(f"col-{name}") if name != "name_zh" else context.text("col-name")
    if name in CHOICES:
        column = "name_en" if context.lang == "en" else "name_zh"
        options = [{"value": code, "label": row[column]} for code, row in entries(CHOICES[name]).items()]
        return dmc.Select(id=f"edit-{name}", label=label, data=options, value=value, clearable=True, searchable=True)
    hints = dict(zip(MONTHS, ("2024-03", "2026-12", "2024-03", "2026-12"), strict=True))
    return dmc.TextInput(id=f"edit-{name}", label=label, value=value or "", placeholder=hints.get(name, ""))


def register_callbacks(app: Dash, page: Callable[[Context, str], Any]) -> None:
    """Open, close, save; `page` makes the project's page anew."""

    @app.callback(
        Output("edit-dialog", "opened"),
        Input("edit-open", "n_clicks"),
        Input("edit-cancel", "n_clicks"),
        State("edit-dialog", "opened"),
        prevent_initial_call=True,
    )
    def toggle(_open: int | None, _cancel: int | None, opened: bool) -> bool:
        return not opened

    # What was typed and given up is not there when the dialog is opened again.
    app.clientside_callback(
        ClientsideFunction("dialogs", "stored"),
        *[Output(f"edit-{name}", "value") for name in FIELDS],
        Output("edit-reason", "value"),
        Input("edit-dialog", "opened"),
        State("edit-stored", "data"),
        prevent_initial_call=True,
    )

    form = Form(
        by=(Input("edit-save", "n_clicks"),),
        reads=(
            *(State(f"edit-{name}", "value") for name in FIELDS),
            State("edit-reason", "value"),
            State("project-code", "data"),
            State("project-version", "data"),
        ),
        said="edit-faults",
        leads="",
        shows=(Output("content", "children", allow_duplicate=True),),
        refused=_faults,
    )

    @on_submit(app, form)
    def save(context: Context, *read: Any) -> Done:
        *given, reason, code, version = read
        data.change_project(code, _changes(given), version, reason or None)
        made = page(request_context(f"/projects/{code}"), code)
        words = "saved-proposed" if data.proposing(code) else "saved"
        return Done(context.text(words), notice=True, shown=[made])


def _changes(values: Sequence[Any]) -> dict[str, Any]:
    """What the form states of the record; raises `NotANumber`."""
    given = dict(zip(FIELDS, values, strict=True))
    changes: dict[str, Any] = {name: (value or "").strip() for name, value in given.items() if name in TEXTS}
    changes |= {name: given[name] or None for name in CHOICES}
    for name in ("national_code", *MONTHS):
        changes[name] = changes[name] or None
    changes["total_investment_yuan"] = typed(changes.pop("total_investment"))
    return changes


def _faults(context: Context, error: NotANumber | PortfolioError, *read: Any) -> list[dmc.Text]:
    """What is wrong with the form, field by field."""
    return [dmc.Text(one, c="red", size="sm") for one in _words(context, error, read[: len(FIELDS)])]


def _words(context: Context, error: NotANumber | PortfolioError, values: Sequence[Any]) -> list[str]:
    if isinstance(error, NotANumber):
        return [f"{context.text('col-total_investment')}：{context.text('needs-not-a-number', value=str(error))}"]
    if isinstance(error, StaleError):
        return [context.error(error.code, **error.params), *_differences(context, error.current, _changes(values))]
    found = [f"{_name(context, fault.field)}：{context.error(fault.code, **fault.params)}" for fault in error.fields]
    return found or [context.error(error.code, **error.params)]


def _name(context: Context, field: str) -> str:
    if field == "reason":
        return context.text("edit-reason")
    return context.text("col-" + {"total_investment_yuan": "total_investment", "name_zh": "name"}.get(field, field))


def _differences(context: Context, current: dict[str, Any], changes: dict[str, Any]) -> list[str]:
    """Field by field, what is stored now beside what was about to be saved."""
    return [
        context.text("edit-differs", name=_name(context, name), now=str(current[name] or "—"), yours=str(value or "—"))
        for name, value in changes.items()
        if (current[name] or None) != (value or None)
    ]
