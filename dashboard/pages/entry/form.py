"""Enter a project: a form in sections that checks as one types, keeps what was typed, and says what is lacking."""

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, dcc, html

from dashboard.components.completeness import gauge
from dashboard.components.graph import graph
from dashboard.context import Context
from dashboard.data import References, may, references
from dashboard.figures.pin import pin_map
from dashboard.pages.entry import amounts as entry_amounts
from dashboard.pages.entry import checks as entry_checks
from dashboard.pages.entry import grid_steps, outline
from dashboard.pages.entry import rows as entry_rows
from dashboard.pages.entry import saving as entry_saving
from dashboard.pages.entry.needs import needs_card
from dashboard.pages.entry.sections import SECTIONS, block, framed, section
from dashboard.pages.entry.values import UNITS, Needs, Typed, needs_of, read_form, stated_of, typed_of
from dashboard.pages.projects import files as project_files
from dashboard.pages.projects import yearly
from dashboard.questions import entry as questions
from portfolio.core.clock import today
from portfolio.core.errors import ForbiddenError
from portfolio.core.formatting import moment
from portfolio.core.records import picked
from portfolio.projects.records import ProjectRecord
from portfolio.projects.rules.works import MONTHS
from portfolio.reporting.drafts import KeptDraft

YEARS = 5
CO_AGREED = "co_agreed"  # the kind of document most often laid there


def layout(context: Context, code: str | None = None) -> Any:
    """The form of project `code`, or of a new one."""
    page, lists = questions.form_page(code, context.value("draft")), references()
    _require(page, code)
    title = context.text("entry-new") if code is None else context.text("entry-edit", code=code)
    head = [
        dmc.Title(title, order=1, size="h3", mt="xs", mb="sm"),
    ]
    if page.barred:
        words = context.error(page.barred, project=code or "")
        return html.Div([*head, dmc.Alert(words, color="yellow", title=context.text("entry-barred"))])
    base = stated_of(page.record) if page.record else {}
    versions: dict[str, int | None] = {"version": None, "needs_version": None}
    if page.record:
        versions = picked(page.record.project, versions)
    begun = _begun(page, lists, base, versions)
    project = page.record.project if page.record else None
    stores = _stores(context, begun, page.subject)
    return html.Div(
        [*head, _returned(context, page), *_body(context, lists, begun, project, page.reviewed), *stores],
        id="entry-form",
    )


def _returned(context: Context, page: questions.FormPage) -> Any:
    """What the reviewer said, above the form that is to be corrected."""
    if page.returned is None:
        return None
    words = context.text("entry-returned", who=page.returned["actor"], reason=page.returned["reason"])
    at = moment(page.returned["at"], context.lang)
    return dmc.Alert(words, color="orange", title=at, mb="sm", id="entry-returned")


def _require(page: questions.FormPage, code: str | None) -> None:
    if not (
        may("project.create") if code is None else may("project.edit", page.record.project if page.record else None)
    ):
        raise ForbiddenError("access.not_yours", action="project.create" if code is None else "project.edit")


class _Begun:
    """What the form begins with: the inputs' values, the grid, the record they are compared with, a restored draft."""

    def __init__(self, typed: Typed, needs: Needs, base: dict[str, Any], draft: KeptDraft | None) -> None:
        self.typed, self.needs, self.base, self.draft = typed, needs, base, draft


def _begun(page: questions.FormPage, lists: References, base: dict[str, Any], versions: dict[str, Any]) -> _Begun:
    draft = _live(page, lists)
    if draft is not None:
        return _Begun(draft.content["typed"], Needs(**draft.content["needs"]), draft.base, draft)
    city_of = {code: region.city_code for code, region in lists.regions.items()}
    needs = needs_of(base, lists.tree, UNITS, _years(base))
    return _Begun(typed_of(base, UNITS, city_of), needs, {"stated": base, **versions}, None)


def _live(page: questions.FormPage, lists: References) -> KeptDraft | None:
    """The draft, unless all it holds has been saved since: then it is forgotten."""
    draft = page.draft
    if draft is None or not {"typed", "needs"} <= draft.content.keys():  # kept over HTTP in a shape of its own
        return None
    stated = read_form(draft.content["typed"], Needs(**draft.content["needs"]), lists.tree).stated
    became = page.record or questions.same_name(stated["name_zh"])
    if became is not None and entry_checks.same(stated, stated_of(became)):
        questions.forget(draft.subject)
        return None
    return draft


def _years(base: dict[str, Any]) -> list[int]:
    months = [base.get(name) for name in MONTHS]
    held = [int(month[:4]) for month in months if month]
    return list(range(min(held), max(held) + 1)) if held else list(range(today().year, today().year + YEARS))


def _body(
    context: Context, lists: References, begun: _Begun, project: ProjectRecord | None, reviewed: bool
) -> list[Any]:
    typed, code = begun.typed, project["code"] if project else None
    restored = None
    if begun.draft is not None:
        restored = dmc.Alert(
            context.text("entry-restored", at=moment(begun.draft.saved_at, context.lang)),
            color="blue",
            mb="sm",
            id="entry-restored",
        )
    seen = entry_checks.look(typed, begun.needs, code)
    return [
        restored,
        html.Div(id="entry-meanwhile", role="status"),
        html.Div(
            [
                outline.panel(context, gauge(context, seen.complete, False), seen.complete),
                html.Div(_sections(context, lists, begun, seen.sight, project), className="entry-main stack"),
                entry_saving.panel(context, code, reviewed),
            ],
            className="entry-layout",
        ),
        entry_saving.dialog(context),
    ]


def _sections(
    context: Context, lists: References, begun: _Begun, sight: set[str], project: ProjectRecord | None
) -> list[Any]:
    made = []
    for name in SECTIONS:
        extra = _extra(context, name, begun.typed, project, sight)
        content = section(context, lists, name, begun.typed, sight, extra)
        made.append(framed(context, name, outline.card_id(name), content, _more(context, name, sight)))
    return [*made, needs_card(context, lists, begun.needs, sight, _more(context, "needs", sight))]


def _more(context: Context, name: str, sight: set[str]) -> list[Any]:
    return outline.more_words(context, outline.folded(name, sight))


def _extra(context: Context, name: str, typed: Typed, project: ProjectRecord | None, sight: set[str]) -> list[Any]:
    if name == "agreement":
        return [block("documents", _documents(context, project), sight)]
    if name == "investment":
        later = [dmc.Text(context.text("entry-yearly-later"), size="sm", c="dimmed")]
        return [block("yearly", later if project is None else yearly.stating(context, project), sight)]
    return [block("map", _map(context, typed), sight)] if name == "location" else []


def _documents(context: Context, project: ProjectRecord | None) -> list[Any]:
    """The documents of what was agreed, beside the fields that name them: a record must be there to hang them on."""
    title = html.H3(context.text("entry-documents"), className="section")
    if project is None:
        return [title, dmc.Text(context.text("entry-documents-later"), size="sm", c="dimmed")]
    return [
        title,
        *project_files.laying(context, project, CO_AGREED),
        dcc.Store(id="project-code", data=project["code"]),
    ]


def _map(context: Context, typed: Typed) -> list[Any]:
    lon, lat = (_degrees(typed.get(one)) for one in ("lon", "lat"))
    figure = pin_map(lon, lat, context.lang, context.theme)
    plot = graph(context, "entry-map", figure, context.text("entry-map"), 300, context.text("unit-degrees"))
    note = dmc.Text(f"{context.text('entry-map-note')} {context.text('map-note')}", size="xs", c="dimmed")
    return [html.Div(plot, id="entry-map-frame", className="pinnable"), note]


def _degrees(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _stores(context: Context, begun: _Begun, subject: str) -> list[Any]:
    return [
        dcc.Store(id="entry-base", data=begun.base),
        dcc.Store(id="entry-subject", data=subject),
        dcc.Store(id="entry-mark"),
        dcc.Store(id="entry-kept"),
        dcc.Store(id="entry-restore"),
        entry_saving.words(context, subject),
    ]


def register_callbacks(app: Dash) -> None:
    """Checks while typing, the grid, saving."""
    entry_checks.register_callbacks(app)
    grid_steps.register_callbacks(app)
    entry_rows.register_callbacks(app)
    entry_amounts.register_callbacks(app)
    entry_saving.register_callbacks(app)
