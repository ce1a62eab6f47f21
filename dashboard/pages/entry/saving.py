"""Save the form: likely duplicates first, two editors' work merged field by field, and on to the record."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update

from dashboard.components.aria import data
from dashboard.components.icon import icon
from dashboard.components.links import address, project_link
from dashboard.components.reason import reason_input
from dashboard.context import Context
from dashboard.data import references
from dashboard.form import Done, Form, Unsent, on_submit
from dashboard.pages.entry.checks import INPUTS, faults_of, input_of
from dashboard.pages.entry.values import Needs, Read, entered, read_form, stated_of
from dashboard.questions import entry as questions
from dashboard.words.stated_values import input_name, shown
from portfolio.core.errors import FieldError, PortfolioError, StaleError
from portfolio.reporting.drafts import is_new, new_subject
from portfolio.reporting.duplicates import Likeness
from portfolio.reporting.rules import Merged, merge


def panel(context: Context, code: str | None, reviewed: bool) -> html.Div:
    """The one thing to do with what is typed, and beside it saving and discarding; what became of it.

    What is `reviewed` is submitted; who has the last word on the record saves it, and it is so.
    """
    text = context.text
    save = dmc.Button(
        text("entry-save"),
        id="entry-save",
        leftSection=icon("device-floppy"),
        variant="default" if reviewed else "filled",
        fullWidth=True,
    )
    submit = dmc.Button(text("entry-submit"), id="entry-submit", leftSection=icon("upload"), fullWidth=True)
    discard = dmc.Button(
        text("entry-discard"),
        id="entry-discard",
        variant="subtle",
        color="gray",
        size="compact-sm",
        **data(discards="always"),
    )
    reason = (
        reason_input(context, "entry-reason", code, always=True)
        if code
        else html.Div(dmc.TextInput(id="entry-reason"), hidden=True)
    )
    parts = [
        reason,
        submit if reviewed else html.Div(id="entry-submit"),
        save,
        discard,
        dcc.Store(id="entry-asked"),
    ]
    told = [
        html.Div(id="entry-alike"),
        dmc.Checkbox(id="entry-other", label=text("entry-other"), checked=False, display="none", my="xs"),
        html.Div(id="entry-result", role="alert"),
    ]
    card = dmc.Card([*told, dmc.Stack(parts, gap="xs")], withBorder=True, padding="md")
    return html.Div(card, className="entry-panel")


def words(context: Context, subject: str) -> html.Div:
    """What the page's own script says of keeping, and under which name it keeps what the server does not hold yet."""
    said = {name: context.text(f"entry-{name}") for name in ("keeping", "unkept", "here")}
    said["restored"] = said.pop("here")
    return html.Div(id="entry-words", hidden=True, **data(subject=subject, **said))


def dialog(context: Context) -> dmc.Modal:
    """Where two editors' values are chosen from, field by field."""
    return dmc.Modal(
        [html.Div(id="entry-merge-body"), html.Div(id="entry-merge-result", role="alert")],
        id="entry-merge",
        title=context.text("entry-merge-title"),
        size="lg",
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": context.text("close")},
    )


def register_callbacks(app: Dash) -> None:
    """Save, submit, choose between two editors' values, discard; hold the draft of a new record for one tab."""
    app.clientside_callback(
        ClientsideFunction("entry", "held"),
        Output("entry-subject", "id"),
        Input("entry-subject", "data"),
        Input("url", "pathname"),
    )
    _register_saving(app)
    _register_merging(app)
    # What was said of the last attempt is over as soon as something is typed.
    app.clientside_callback(
        "function() { return null; }",
        Output("entry-result", "children", allow_duplicate=True),
        Input(INPUTS, "value"),
        prevent_initial_call=True,
    )

    form = Form(by=(Input("entry-discard", "n_clicks"),), reads=(State("entry-subject", "data"),), leads="href")

    @on_submit(app, form)
    def discard(_context: Context, subject: str) -> Done:
        questions.forget(subject)
        return Done(
            to=address("/projects/new", {"draft": new_subject()}) if is_new(subject) else f"/projects/{subject}"
        )


# What stands in the form, what it began from, whose record it is and why it is changed.
ENTERED = (
    State(INPUTS, "value"),
    State(INPUTS, "id"),
    State("entry-needs-held", "data"),
    State("entry-base", "data"),
    State("entry-subject", "data"),
    State("entry-reason", "value"),
)
SAVING = Form(
    by=(Input("entry-asked", "data"),),
    reads=(
        State("entry-asked", "data"),
        *ENTERED,
        State("entry-other", "checked"),
    ),
    said="entry-result",
    leads="href",
    shows=(
        Output("entry-alike", "children"),
        Output("entry-other", "display"),
        Output("entry-merge", "opened"),
        Output("entry-merge-body", "children"),
    ),
)


def _register_saving(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("entry", "asked"),
        Output("entry-asked", "data"),
        Input("entry-save", "n_clicks"),
        Input("entry-submit", "n_clicks"),
        prevent_initial_call=True,
    )

    @on_submit(app, SAVING)
    def save(
        context: Context,
        asked: dict[str, Any],
        values: list[Any],
        ids: list[dict[str, str]],
        held: dict[str, Any],
        base: dict[str, Any],
        subject: str,
        reason: str | None,
        other: bool,
    ) -> Done | Unsent:
        typed = {one["name"]: value for one, value in zip(ids, values, strict=True)}
        read = read_form(typed, Needs(**held), references().tree)
        code = None if is_new(subject) else subject
        if read.faults:
            return _refused(context, list(faults_of(read, typed, code).values()), typed)
        found = questions.alike(read.stated, code) if code is None and not other else []
        if found:
            return Unsent(shown=(alike_list(context, found), "block", False, None))
        return _saved(context, read, base, typed, subject, reason, bool(asked["submit"]))


def _saved(
    context: Context,
    read: Read,
    base: Mapping[str, Any],
    typed: Mapping[str, Any],
    subject: str,
    reason: str | None,
    submit: bool,
) -> Done | Unsent:
    code = None if is_new(subject) else subject
    try:
        saved = questions.save(code, entered(base["stated"], read.stated, base), reason or None, submit, subject)
    except StaleError:
        body = merge_body(context, code or "", base["stated"], read.stated, submit)
        return Unsent(shown=(None, "none", True, body))
    except PortfolioError as error:
        return _refused(context, _faults(error), typed)
    words = context.text("entry-submitted" if submit else "saved")
    return Done(words, to=f"/projects/{saved.project['code']}", shown=(None, "none", False, None))


def _faults(error: PortfolioError) -> list[FieldError]:
    return list(error.fields) or [FieldError("", error.code, error.params)]


def _refused(context: Context, faults: list[FieldError], typed: Mapping[str, Any]) -> Unsent:
    return Unsent(_alert(context, faults, typed), shown=(None, no_update, False, None))


def _alert(context: Context, faults: list[FieldError], typed: Mapping[str, Any], **look: str) -> dmc.Alert:
    lines = [html.Div(_line(context, fault, typed)) for fault in faults]
    return dmc.Alert(lines, color="red", title=context.text("refused"), **look)


def _line(context: Context, fault: FieldError, typed: Mapping[str, Any]) -> str:
    words = context.error(fault.code, **fault.params)
    name = input_name(context, fault.field if fault.field.startswith("need:") else input_of(fault.field, typed))
    return context.text("entry-fault", name=name, words=words) if name else words


def alike_list(context: Context, found: list[Likeness]) -> dmc.Alert:
    """Records that may be the same, with why; of those out of reach only the reporting unit."""
    units = references().units
    lines = []
    for one in found:
        name = (one.name_en or one.name_zh) if context.lang == "en" else one.name_zh
        whose = units.name(one.office_unit, context.lang)
        shown: Any = project_link(context, one.code, name) if one.code else context.text("entry-alike-other")
        why = context.text(f"alike-{one.why}")
        lines.append(html.Li([shown, dmc.Text(f"{why} · {whose}", size="xs", c="dimmed")]))
    return dmc.Alert(html.Ul(lines, className="plain"), color="yellow", title=context.text("entry-alike"), mt="xs")


def merge_body(
    context: Context, code: str, base: Mapping[str, Any], mine: Mapping[str, Any], submit: bool
) -> list[Any]:
    """The other's and one's own value of every field both changed, with a choice; and what goes in by itself."""
    theirs = stated_of(questions.present(code))
    found = _merged(base, theirs, mine)
    parts: list[Any] = [dmc.Text(context.text("entry-merge-note"), size="sm", mb="sm")]
    for name, sides in found.conflicts.items():
        radios = [
            dmc.Radio(
                value=side,
                label=context.text(f"entry-{side}", value=shown(context, name, value)),
                mb=4,
            )
            for side, value in zip(("theirs", "mine"), sides, strict=True)
        ]
        choice = {"type": "entry-choice", "name": name}
        parts.append(dmc.RadioGroup(radios, id=choice, label=input_name(context, name), value="mine", mb="sm"))
    taken = [name for name in theirs if name not in found.conflicts and found.values.get(name) != mine.get(name)]
    if taken:
        names = context.listed(input_name(context, name) for name in taken)
        parts.append(dmc.Text(context.text("entry-merge-taken", names=names), size="sm", c="dimmed"))
    button = dmc.Button(context.text("entry-merge-save"), id="entry-merge-save", leftSection=icon("device-floppy"))
    return [
        *parts,
        dmc.Group([button], justify="flex-end", mt="md"),
        html.Div(submit, id="entry-merge-submit", hidden=True),
    ]


def _merged(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    names = {*base, *theirs, *mine}
    return merge(base, theirs, {name: mine.get(name) for name in sorted(names)})


def _register_merging(app: Dash) -> None:
    form = Form(
        by=(Input("entry-merge-save", "n_clicks"),),
        reads=(
            State({"type": "entry-choice", "name": ALL}, "value"),
            State({"type": "entry-choice", "name": ALL}, "id"),
            State("entry-merge-submit", "children"),
            *ENTERED,
        ),
        said="entry-merge-result",
        leads="href",
    )

    @on_submit(app, form)
    def merged(
        context: Context,
        choices: list[str],
        choice_ids: list[dict[str, str]],
        submit: bool | None,
        values: list[Any],
        ids: list[dict[str, str]],
        held: dict[str, Any],
        base: dict[str, Any],
        code: str,
        reason: str | None,
    ) -> Done | Unsent:
        typed = {one["name"]: value for one, value in zip(ids, values, strict=True)}
        mine = read_form(typed, Needs(**held), references().tree).stated
        chosen = {one["name"]: side for one, side in zip(choice_ids, choices, strict=True)}
        return _save_merged(context, code, base, mine, chosen, typed, reason, bool(submit))


def _save_merged(
    context: Context,
    code: str,
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    chosen: Mapping[str, str],
    typed: Mapping[str, Any],
    reason: str | None,
    submit: bool,
) -> Done | Unsent:
    """Save the merged values over what the other left; a third editor in between is met with the choice again."""
    record = questions.present(code)
    theirs = stated_of(record)
    found = _merged(base["stated"], theirs, mine)
    if found.conflicts.keys() != chosen.keys():
        return Unsent(dmc.Alert(context.text("entry-merge-again"), color="orange", mt="sm"))
    taken = {name: sides[0] for name, sides in found.conflicts.items() if chosen[name] == "theirs"}
    values = {**found.values, **taken}
    versions = {name: record.project[name] for name in ("version", "needs_version")}
    try:
        questions.save(code, entered(theirs, values, versions), reason or None, submit)
    except PortfolioError as error:
        return Unsent(_alert(context, _faults(error), typed, mt="sm"))
    return Done(context.text("entry-merged"), to=f"/projects/{code}")
